/**
 * The CA hangs under a root that somebody else keeps, from the first day on: orders wait for its certificate, a TLS client trusts the
 * outside root, and at each step `openssl verify -crl_check_all` agrees.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connect, createServer } from 'node:tls';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import { type OutsideCa, startOutsideCa } from '../support/outside-ca.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

describe('A CA under an outside root', () => {
  test('from the first request to a renewal with another key', async () => {
    await using cleanup = new AsyncDisposableStack();
    const ca = await startOutsideCa({ extensions: ['nameConstraints = critical,permitted;DNS:customer.example'] });
    cleanup.defer(() => ca.remove());
    const world = await startWorld({ authority: { root: 'outside' } });
    cleanup.defer(() => world.close());
    const operator = clientOf(world, world.operatorToken);
    const customer = await customerOf(world, operator);

    // Nothing was made, and an order waits for the operator.
    assert.deepEqual((await operator.authorities.list({})).items, []);
    const first = await place(world, customer, 'www.customer.example');
    await until(
      async () => (await summaryOf(customer, first.order)).includes('has no certificate yet'),
      'it waits for the CA',
    );

    // A request, its certificate, and the order goes on by itself.
    const request = await operator.authorities.request({ commonName: 'Customer TLS CA 1' });
    assert.match(
      await ca.openssl('req', '-noout', '-text', '-verify', '-in', await saved(ca, 'r.csr', request.csr)),
      /CA:TRUE, pathlen:0[\s\S]*TLS Web Server Authentication/,
    );
    assert.deepEqual(
      (await operator.authorities.requests({})).items.map(({ id }) => id),
      [request.id],
    );
    const certificate = await ca.sign(request.csr);
    const files = [
      { name: 'sub.pem', pem: certificate },
      { name: 'root.pem', pem: ca.certificate },
    ];
    const dry = await operator.authorities.install({ files, dryRun: true });
    assert.deepEqual(
      dry.authorities.map(({ change, role, keyPlace }) => [change, role, keyPlace]),
      [
        ['made', 'intermediate', 'here'],
        ['made', 'root', 'outside'],
      ],
    );
    assert.deepEqual((await operator.authorities.list({})).items, [], 'a dry run changes nothing');
    await operator.authorities.install({ files });
    assert.deepEqual((await operator.authorities.requests({})).items, []);
    const leaf = await issued(customer, first.order);

    // Its list is made here, the root's comes from there.
    const [root, own] = ['root', 'intermediate'].map((role) => async () => {
      const found = (await operator.authorities.list({})).items.find((one) => one.role === role);
      assert.ok(found !== undefined);
      return found;
    });
    assert.ok(root !== undefined && own !== undefined);
    await until(async () => (await own()).crl !== null, 'its first list is made');
    await operator.authorities.uploadList({ authority: (await root()).id, list: await ca.list() });
    await verify(ca, world, leaf);
    await handshake({ ...leaf, key: first.key }, ca.certificate);

    // Names outside of the root's constraints are refused when they are ordered, before anything is charged.
    await assert.rejects(place(world, customer, 'www.other.example'), /permits only customer\.example/);

    // The same key, certified again: what was issued goes on being served with a chain that verifies.
    const again = await operator.authorities.request({ renews: (await own()).id, sameKey: true });
    const renewed = await ca.sign(again.csr);
    const result = await operator.authorities.install({ files: [{ name: 'renewed.pem', pem: renewed }] });
    assert.deepEqual(
      result.authorities.map(({ change }) => change),
      ['renewed', 'kept'],
    );
    await until(async () => (await issued(customer, first.order)).chain.includes(renewed.trim()), 'chains follow');
    await verify(ca, world, await issued(customer, first.order));

    // Another key: the new one signs, the former keeps its list.
    const next = await operator.authorities.request({ renews: (await own()).id, commonName: 'Customer TLS CA 2' });
    const successor = await operator.authorities.install({
      files: [{ name: 'next.pem', pem: await ca.sign(next.csr) }],
    });
    assert.deepEqual(
      successor.authorities.map(({ change }) => change),
      ['made', 'kept', 'retired'],
    );
    const second = await place(world, customer, 'shop.customer.example');
    const later = await issued(customer, second.order);
    assert.match(await subjectsOf(ca, later.chain), /Customer TLS CA 2/);
    await until(
      async () => (await operator.authorities.list({})).items.filter(({ crl }) => crl !== null).length === 3,
      'each has its list',
    );
    for (const one of [await issued(customer, first.order), later]) await verify(ca, world, one);
    await handshake({ ...later, key: second.key }, ca.certificate);

    // The root revokes the new one: it signs no more, and clients see it.
    const revoked = (await operator.authorities.list({})).items.find(({ id }) => id === next.id);
    await ca.revoke(revoked?.pem ?? '');
    const uploaded = await operator.authorities.uploadList({ authority: (await root()).id, list: await ca.list() });
    assert.deepEqual(uploaded.revoked, [next.subject]);
    await assert.rejects(verify(ca, world, later), /certificate revoked/);
    const third = await place(world, customer, 'api.customer.example');
    await until(
      async () => (await summaryOf(customer, third.order)).includes('has no certificate yet'),
      'nothing signs now',
    );
  });
});

function clientOf({ url }: World, token: string): NativeClient {
  return createNativeClient({ baseUrl: url, token, language: 'en', fetch: (request) => fetch(request) });
}

async function customerOf(world: World, operator: NativeClient): Promise<NativeClient> {
  const { id: account } = await operator.accounts.create({ name: 'customer', currency: 'USD' });
  const { clientSettings } = await operator.credentials.create({ account, roles: ['requester'] });
  return clientOf(world, Object.values(clientSettings).find((value) => value.startsWith('cmx_')) ?? '');
}

async function place(world: World, customer: NativeClient, name: string) {
  const { csrPem, keyPem } = await makeKeyAndCsr([name]);
  const { number } = await customer.orders.place({ productCode: 'native:tls-dv', csr: csrPem });
  const order = String(number);
  world.dns.set(name, 'A', world.web.address);
  for (const { proofs } of (await customer.orders.show({ order })).names)
    for (const proof of proofs) if ('path' in proof) world.web.put(name, proof.path, proof.content);
  return { order, key: keyPem };
}

async function summaryOf(customer: NativeClient, order: string): Promise<string> {
  return (await customer.orders.show({ order })).summary;
}

interface Leaf {
  readonly certificate: string;
  readonly chain: string;
}

async function issued(customer: NativeClient, order: string): Promise<Leaf> {
  let found: Leaf | undefined;
  await until(async () => {
    const { certificate } = await customer.orders.show({ order });
    if (certificate === null) return false;
    const shown = await customer.certificates.show({ certificate: certificate.id });
    found = { certificate: shown.pem, chain: shown.chain.join('') };
    return true;
  }, 'the certificate is issued');
  assert.ok(found !== undefined);
  return found;
}

async function saved({ folder }: OutsideCa, name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

/** As a client does that has the outside root only: with every list along the way, as they are served. */
async function verify(ca: OutsideCa, world: World, { certificate, chain }: Leaf): Promise<void> {
  const lists: string[] = [];
  for (const { id } of (await clientOf(world, world.operatorToken).authorities.list({})).items) {
    const response = await fetch(`${world.url}/pki/${id}.crl`);
    if (response.status !== 200) continue;
    await writeFile(join(ca.folder, 'one.crl'), Buffer.from(await response.arrayBuffer()));
    lists.push(await ca.openssl('crl', '-inform', 'DER', '-in', 'one.crl'));
  }
  await saved(ca, 'lists.pem', lists.join(''));
  await saved(ca, 'chain.pem', chain);
  await saved(ca, 'leaf.pem', certificate);
  const trust = ['-CAfile', 'ca.pem', '-untrusted', 'chain.pem', '-CRLfile', 'lists.pem'];
  await ca.openssl('verify', '-crl_check_all', '-x509_strict', ...trust, 'leaf.pem');
}

async function subjectsOf(ca: OutsideCa, chain: string): Promise<string> {
  return ca
    .openssl('crl2pkcs7', '-nocrl', '-certfile', await saved(ca, 'c.pem', chain), '-out', 'c.p7')
    .then(() => ca.openssl('pkcs7', '-in', 'c.p7', '-print_certs', '-noout'));
}

async function handshake({ certificate, chain, key }: Leaf & { readonly key: string }, ca: string): Promise<void> {
  const server = createServer({ cert: certificate + chain, key }, (socket) => socket.end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  try {
    await new Promise<void>((resolve, reject) => {
      const [, servername = ''] = /DNS:([^,]+)/.exec(new X509Certificate(certificate).subjectAltName ?? '') ?? [];
      const socket = connect({ port: address.port, host: '127.0.0.1', servername, ca }, () => {
        socket.end();
        resolve();
      });
      socket.on('error', reject);
    });
  } finally {
    server.close();
  }
}
