/** The clients of the comparison with other servers, as far as they need none of those, and what counts and checks for all of them. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { importJWK, jwtVerify } from 'jose';
import { benchNames, fetchRequest, type HttpCall } from '../../bench/customers/customer.ts';
import { wosignFor } from '../../bench/customers/wosign.ts';
import { type HttpConnection, openConnection } from '../../bench/http-connection.ts';
import { runLoad } from '../../bench/load.ts';
import { backedUpKeys, tableOf } from '../../bench/peers/badger.ts';
import { type Issued, makeCertificate } from '../../bench/peers/certificates.ts';
import { createCfsslCustomer } from '../../bench/peers/cfssl.ts';
import { createOpenBaoCustomer } from '../../bench/peers/openbao.ts';
import type { SigningCustomer } from '../../bench/peers/peer.ts';
import { createStepCustomer } from '../../bench/peers/step-ca.ts';
import { anonymousMegabytes, cpuSeconds } from '../../bench/process-usage.ts';
import { makeRequests } from '../../bench/requests.ts';
import { checkCertificate } from '../../bench/signing/check.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { generateKey } from '../../src/pki/key.ts';
import { listen } from '../support/listen.ts';
import { startWorld } from '../support/world.ts';

const [name] = benchNames;

/** Answers everything so, and keeps what was sent. */
function answering(body: string): HttpConnection & { readonly sent: HttpCall[] } {
  const sent: HttpCall[] = [];
  return {
    sent,
    async send(call) {
      sent.push(call);
      return { status: 200, head: 'HTTP/1.1 200 OK', body };
    },
    close() {},
  };
}

describe('the client of', () => {
  let root: Issued;
  let intermediate: Issued;
  let leaf: Issued;
  let csrs: readonly string[];
  before(async () => {
    root = await makeCertificate({ name: 'Root', pathLength: 1 });
    intermediate = await makeCertificate({ name: 'Intermediate', issuer: root, pathLength: 0 });
    leaf = await makeCertificate({ name, issuer: intermediate });
    csrs = await makeRequests(3, () => [name]);
  });

  async function playOne(customer: SigningCustomer, reply: object): Promise<HttpCall> {
    const connection = answering(JSON.stringify(reply));
    const placed = await customer.place(connection, 1);
    assert.equal(placed.calls, 1);
    assert.equal(customer.certificateIn(placed.reply), leaf.certificatePem);
    assert.deepEqual(customer.authorities, {
      roots: root.certificatePem,
      intermediates: intermediate.certificatePem,
    });
    const [call] = connection.sent;
    assert.ok(call);
    return call;
  }

  test('step-ca sends each request with a token of its own, signed by the key of the provisioner', async () => {
    const key = createJwsKey((await generateKey({ type: 'ec', curve: 'P-256' })).privateKeyPkcs8);
    const url = 'https://localhost:9000';
    const customer = createStepCustomer({ url, key, authority: { root, intermediate }, supply: { csrs, orders: 3 } });
    const call = await playOne(customer, { crt: leaf.certificatePem, ca: intermediate.certificatePem });
    assert.deepEqual([call.method, call.path], ['POST', '/1.0/sign']);
    const { csr, ott } = JSON.parse(call.body ?? '');
    assert.equal(csr, csrs[1]);
    const rules = { issuer: 'bench', audience: `${url}/1.0/sign`, subject: name, typ: 'JWT' };
    const { payload, protectedHeader } = await jwtVerify(ott, await importJWK({ ...key.jwk }, 'ES256'), rules);
    assert.equal(protectedHeader.kid, key.thumbprint);
    assert.deepEqual(payload.sans, [name]);
    const other = answering(JSON.stringify({ crt: leaf.certificatePem }));
    await customer.place(other, 2);
    const { ott: second } = JSON.parse(other.sent[0]?.body ?? '');
    const { payload: next } = await jwtVerify(second, await importJWK({ ...key.jwk }, 'ES256'), rules);
    assert.notEqual(next.jti, payload.jti);
    await assert.rejects(
      customer.place(answering('{"status":401,"message":"The request lacked necessary authorization."}'), 1),
      /unexpected: .*401/,
    );
  });

  test('cfssl sends the request alone', async () => {
    const customer = createCfsslCustomer({ root, intermediate }, { csrs, orders: 3 });
    const reply = { success: true, result: { certificate: leaf.certificatePem }, errors: [], messages: [] };
    const call = await playOne(customer, reply);
    assert.deepEqual([call.method, call.path], ['POST', '/api/v1/cfssl/sign']);
    assert.deepEqual(JSON.parse(call.body ?? ''), { certificate_request: csrs[1] });
    const refusal =
      '{"success":false,"result":null,"errors":[{"code":9002,"message":"CSR Parsing failed"}],"messages":[]}';
    await assert.rejects(customer.place(answering(refusal), 1), /unexpected: .*9002/);
  });

  test('OpenBao sends the request with its token to the role', async () => {
    const customer = createOpenBaoCustomer({
      token: 's.secret',
      authority: { root, intermediate },
      supply: { csrs, orders: 3 },
    });
    const call = await playOne(customer, { data: { certificate: leaf.certificatePem } });
    assert.deepEqual([call.method, call.path], ['POST', '/v1/pki/sign/bench']);
    assert.deepEqual(call.headers, { 'X-Vault-Token': 's.secret' });
    assert.deepEqual(JSON.parse(call.body ?? ''), { csr: csrs[1], common_name: name });
    await assert.rejects(customer.place(answering('{"errors":["permission denied"]}'), 1), /unexpected: .*denied/);
  });
});

test('certmux by WoSign issues for one name what the comparison expects, and the check finds what is not', async () => {
  const lifetimeDays = 90;
  const world = await startWorld({ profiles: { 'private-dv': { maxValidityDays: lifetimeDays } } });
  after(() => world.close());
  const { url, dns, web, operatorToken: token } = world;
  const operator = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
  const csrs = await makeRequests(2, () => [name]);
  const [otherCsr = '', csr = ''] = csrs;
  const customer = await wosignFor([name]).enter({ url, operator, dns, web }, { csrs, orders: 2 });
  const connection = await openConnection(url);
  const { reply } = await customer.place(connection, 1);
  connection.close();
  const pem = JSON.parse(reply).certificate;
  const roots = await (await fetch(`${url}/pki/root.pem`)).text();
  const expected = { name, lifetimeDays, csr, authorities: { roots, intermediates: '' } };
  const { key, names } = await checkCertificate(pem, expected);
  assert.deepEqual([key, names], ['prime256v1', `DNS:${name}`]);

  const other = await makeCertificate({ name: 'Other Root', pathLength: 1 });
  const differences = [
    {
      change: { name: 'www.bench.example' },
      found: /subject alternative name: DNS:bench\.example instead of DNS:www\./,
    },
    { change: { lifetimeDays: 89 }, found: /days: \d+(?:\.\d+)? instead of 89/ },
    { change: { csr: otherCsr }, found: /for another key/ },
    { change: { authorities: { roots: other.certificatePem, intermediates: '' } }, found: /openssl verify/ },
  ];
  for (const { change, found } of differences) {
    await assert.rejects(checkCertificate(pem, { ...expected, ...change }), found);
  }
});

test('keys are read out of a backup of Badger, by table', () => {
  /** A field of protobuf that holds bytes. */
  const field = (number: number, content: Buffer) =>
    Buffer.concat([Buffer.from([(number << 3) | 2, content.length]), content]);
  const named = (text: string) => Buffer.concat([Buffer.from([text.length, 0]), Buffer.from(text)]);
  /** Key, value, then a version as a varint of two bytes. */
  const pair = (key: Buffer) =>
    field(1, Buffer.concat([field(1, key), field(2, Buffer.from('value')), Buffer.from([0x20, 0x80, 0x01])]));
  const list = (...keys: readonly Buffer[]) => {
    const pairs = Buffer.concat(keys.map(pair));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(pairs.length));
    return Buffer.concat([length, pairs]);
  };
  const inTable = (table: string, key: string) => Buffer.concat([named(table), named(key)]);
  const backup = Buffer.concat([
    list(inTable('x509_certs', '1'), inTable('x509_certs', '2')),
    list(inTable('used_ott', 'a'), named('used_ott')),
  ]);
  const tables = [...backedUpKeys(backup)].map(tableOf);
  assert.deepEqual(tables, ['x509_certs', 'x509_certs', 'used_ott', undefined]);
});

test('a load is distributed among the nodes', async () => {
  const counts = [0, 0];
  const servers = counts.map((_, index) =>
    createServer((_request, response) => {
      counts[index] = (counts[index] ?? 0) + 1;
      response.end('{}');
    }),
  );
  const ports = await Promise.all(servers.map((server) => listen(server, { address: '127.0.0.1' })));
  let left = 20;
  const { orders } = await runLoad({
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    connections: 4,
    durationMs: 60_000,
    nextOrder: () => (left > 0 ? left-- : undefined),
    customer: {
      calls: 1,
      async place(connection) {
        const { body } = await connection.send({ method: 'GET', path: '/' });
        return { calls: 1, reply: body };
      },
    },
  });
  for (const server of servers) server.close();
  assert.equal(orders, 20);
  assert.equal((counts[0] ?? 0) + (counts[1] ?? 0), 20);
  assert.ok(
    counts.every((count) => count >= 2),
    String(counts),
  );
});

test('what a process has started counts as its own', {
  skip: process.platform !== 'linux' && 'reads /proc',
}, async () => {
  const script = 'const held = Buffer.alloc(64 << 20, 1); console.log(held.length); setInterval(() => {}, 1000)';
  // The shell waits for a second command, and so does not become the first.
  const shell = spawn('sh', ['-c', `"$0" -e "$1" & wait`, process.execPath, script], { detached: true });
  try {
    await once(shell.stdout, 'data');
    assert.ok((await anonymousMegabytes([shell.pid])) > 64);
    assert.ok((await cpuSeconds([shell.pid])) > 0);
    assert.equal(await anonymousMegabytes([undefined]), 0);
  } finally {
    process.kill(-(shell.pid ?? 0), 'SIGKILL');
  }
});
