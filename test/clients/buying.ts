/**
 * certmux as the client of a CA, whole and over real sockets: a server on loopback whose issuer is the CA, a customer who orders from it,
 * gets another certificate for another key, and revokes. What came of it is read from both.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import type { WireOrder } from '../../src/dialects/native/schema.ts';
import { makeKeyAndCsr } from '../../src/quickstart/certificate-files.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { askServer } from '../../src/quickstart/zone-server.ts';
import { createRandomness } from '../../src/system/index.ts';
import { checkNow } from '../support/check-now.ts';
import { freePort, operatorToken, startServerProcess } from '../support/server-process.ts';
import { until } from '../support/system.ts';
import type { Manner, RunningCa } from './upstreams.ts';

const zone = 'acme.certs.example';
const upstream = 'ca';
const names = ['a.buyer.example', 'b.buyer.example'];
/** Only behind a delegation: no file proves it. */
const wildcard = '*.w.buyer.example';
/** Half of the nonces refused is a lot of patience. */
const patienceMs = 4 * 60_000;

/** @throws what went wrong */
export async function buy({ mode, start }: Manner): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-buying-'));
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => rmSync(folder, { recursive: true, force: true }));
  const dns = await startLoopbackDns();
  cleanup.defer(() => dns.close());
  const zoneServer = { address: '127.0.0.1', port: await freePort() };
  dns.delegate(zone, askServer(zoneServer, createRandomness()));
  for (const name of names) dns.set(name, 'A', '127.0.0.1');

  const resolver = `${dns.address}:${dns.port}`;
  const httpPort = await freePort();
  const ofCa = join(folder, 'ca');
  mkdirSync(ofCa);
  const ca = await start({ folder: ofCa, resolver, httpPort });
  cleanup.defer(async () => void (await ca.stop()));
  const directory = join(folder, 'certmux');
  mkdirSync(directory);
  const config = {
    dns: { resolvers: [resolver] },
    validation: { httpPort, dangerAllowAddresses: ['127.0.0.0/8'] },
    ...configOf(ca, { mode, folder, zonePort: zoneServer.port, httpPort }),
  };
  const server = await startServerProcess({ directory, port: await freePort(), isCheap: true, config });
  cleanup.defer(async () => void (await server.stop()));
  const token = await operatorToken(directory);
  await buyFrom(createNativeClient({ baseUrl: server.url, token, fetch: (request) => fetch(request) }), {
    ca,
    dns,
    wanted: mode === 'alias' ? [...names, wildcard] : names,
  });
}

interface ConfigOptions extends Pick<Manner, 'mode'> {
  readonly folder: string;
  readonly zonePort: number;
  readonly httpPort: number;
}

function configOf({ settings, tlsRoots }: RunningCa, { mode, folder, zonePort, httpPort }: ConfigOptions) {
  const caFile = join(folder, 'roots.pem');
  if (tlsRoots !== undefined) writeFileSync(caFile, tlsRoots);
  const trust = tlsRoots === undefined ? {} : { caFile };
  const issuer = { kind: 'acme', mode, termsAgreed: true, contacts: ['ops@certs.example'], ...settings, ...trust };
  const issuers = { [upstream]: issuer };
  if (mode !== 'alias') return { issuers, serve: { listen: [`http://127.0.0.1:${httpPort}`] } };
  return {
    issuers,
    aliasZone: {
      zone,
      listen: [`127.0.0.1:${zonePort}`],
      nameServers: [{ name: `ns1.${zone}`, addresses: ['127.0.0.1'] }],
      contact: 'hostmaster@certs.example',
      ttlSeconds: 1,
    },
  };
}

interface Buying {
  readonly ca: RunningCa;
  readonly dns: LoopbackDns;
  readonly wanted: readonly string[];
}

async function buyFrom(client: NativeClient, { ca, dns, wanted }: Buying): Promise<void> {
  const checked = await client.upstreams.check({ upstream });
  assert.ok(checked.ok, JSON.stringify(checked.items));
  await client.products.change({ dialect: 'native', code: 'tls-dv', issuerId: upstream });
  const { id: account } = await client.accounts.create({ name: 'buyer', currency: 'CNY', approval: 'automatic' });

  const made = await makeKeyAndCsr(wanted);
  const placed = await client.orders.place({ account, productCode: 'tls-dv', csr: made.csrPem, method: 'dnsCname' });
  for (const { name, proofs } of placed.names) {
    const cname = proofs.find(({ method }) => method === 'dnsCname');
    if (cname?.method !== 'dnsCname') assert.fail(`no CNAME is offered for ${name}`);
    dns.set(cname.host, 'CNAME', cname.target);
  }
  const order = String(placed.number);
  await checkNow(client, order);
  const first = await bought(client, order, undefined);
  const another = await makeKeyAndCsr(wanted);
  await client.orders.reissue({ order, csr: another.csrPem });
  const second = await bought(client, order, first.serial);

  for (const [{ chain }, { keyPem }] of [
    [first, made],
    [second, another],
  ] as const) {
    checkChain(chain, { keyPem, wanted });
  }
  await ca.check?.({ first: first.chain, second: second.chain });

  const revoked = await client.certificates.revoke({ certificate: second.number, reason: 'superseded' });
  assert.equal(revoked.state, 'revoked');
  const { isRevoked } = ca;
  if (isRevoked !== undefined) await until(() => isRevoked(second.serial), 'it is revoked at the CA', patienceMs);
}

interface BoughtCertificate {
  readonly number: string;
  readonly serial: string;
  /** Leaf first, as the CA sent it. */
  readonly chain: readonly X509Certificate[];
}

/** @param before serial number of the certificate that the order had before */
async function bought(client: NativeClient, order: string, before: string | undefined): Promise<BoughtCertificate> {
  let shown: WireOrder | undefined;
  await until(
    async () => {
      shown = await client.orders.show({ order });
      const { state, issuance, certificate } = shown;
      if (issuance.state === 'failed' || state === 'failed') assert.fail(JSON.stringify(issuance.failure));
      return certificate !== null && certificate.serial !== before;
    },
    'the certificate is there',
    patienceMs,
  );
  const { number, serial } = shown?.certificate ?? assert.fail('no certificate');
  const { pem, chain } = await client.certificates.show({ certificate: String(number) });
  return { number: String(number), serial, chain: [pem, ...chain].map((one) => new X509Certificate(one)) };
}

function checkChain(
  chain: readonly X509Certificate[],
  { keyPem, wanted }: { readonly keyPem: string; readonly wanted: readonly string[] },
): void {
  const [leaf = assert.fail('no certificate')] = chain;
  const inLeaf = (leaf.subjectAltName ?? '').split(', ').toSorted();
  assert.deepEqual(inLeaf, wanted.map((name) => `DNS:${name}`).toSorted());
  assert.ok(leaf.checkPrivateKey(createPrivateKey(keyPem)), 'it is for the key of the CSR');
  for (const [index, issuer] of chain.slice(1).entries()) assert.ok(chain[index]?.checkIssued(issuer));
}
