/** Orders at a server whose CA hangs under another one, and what a client makes of their certificates. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import type { OutsideCa } from './outside-ca.ts';
import { until } from './system.ts';
import type { World } from './world.ts';

export function clientOf({ url }: World, token: string): NativeClient {
  return createNativeClient({ baseUrl: url, token, language: 'en', fetch: (request) => fetch(request) });
}

export async function customerOf(world: World, operator: NativeClient): Promise<NativeClient> {
  const { id: account } = await operator.accounts.create({ name: 'customer', currency: 'USD' });
  const { clientSettings } = await operator.credentials.create({ account, roles: ['requester'] });
  return clientOf(world, Object.values(clientSettings).find((value) => value.startsWith('cmx_')) ?? '');
}

export async function place(world: World, customer: NativeClient, name: string) {
  const { csrPem, keyPem } = await makeKeyAndCsr([name]);
  const { number } = await customer.orders.place({ productCode: 'native:tls-dv', csr: csrPem });
  const order = String(number);
  world.dns.set(name, 'A', world.web.address);
  for (const { proofs } of (await customer.orders.show({ order })).names)
    for (const proof of proofs) if ('path' in proof) world.web.put(name, proof.path, proof.content);
  return { order, key: keyPem };
}

export async function summaryOf(customer: NativeClient, order: string): Promise<string> {
  return (await customer.orders.show({ order })).summary;
}

export interface Leaf {
  readonly certificate: string;
  readonly chain: string;
}

export async function issued(customer: NativeClient, order: string): Promise<Leaf> {
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

export async function saved({ folder }: OutsideCa, name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

/** As a client does that has the outside root only: with every list along the way, as they are served. */
export async function verify(ca: OutsideCa, world: World, { certificate, chain }: Leaf): Promise<void> {
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

export async function subjectsOf(ca: OutsideCa, chain: string): Promise<string> {
  return ca
    .openssl('crl2pkcs7', '-nocrl', '-certfile', await saved(ca, 'c.pem', chain), '-out', 'c.p7')
    .then(() => ca.openssl('pkcs7', '-in', 'c.p7', '-print_certs', '-noout'));
}

export async function handshake(
  { certificate, chain, key }: Leaf & { readonly key: string },
  ca: string,
): Promise<void> {
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
