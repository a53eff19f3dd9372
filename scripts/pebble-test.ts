/**
 * `npm run test:pebble`: the ACME client and our account at a CA against Pebble, the test server of Let's Encrypt's makers, as it comes and
 * at its worst: a fifth of all good nonces refused (the client tries six times), every authorization reused, bindings, other chains. Needs Go and, the first time, the
 * network; half a minute after that.
 */
import assert from 'node:assert/strict';
import { hash, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certIdOf } from '../src/dialects/acme/client/cert-id.ts';
import type { AcmeClient, AcmeExchange } from '../src/dialects/acme/client/face.ts';
import { createAcmeAccount, type ExternalKeySource } from '../src/issuers/acme/account.ts';
import { acmeCa } from '../src/issuers/acme/presets.ts';
import { parseCertificate } from '../src/pki/certificate.ts';
import { startLoopbackDns } from '../src/quickstart/loopback-dns.ts';
import { createFetchUpstream } from '../src/system/fetch-upstream.ts';
import { createClock, createRandomness } from '../src/system/index.ts';
import { pebbleVersion, startPebble } from '../test/clients/pebble.ts';
import { createAccountTable } from '../test/support/acme-account-rows.ts';
import { createMemoryMasterKeys } from '../test/support/master-keys.ts';
import { createSubscriber } from '../test/support/subscriber.ts';

interface Manner {
  readonly title: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** What must have been met, so that a manner that Pebble no longer has is noticed. */
  readonly meets?: 'refused nonces' | 'other chains' | 'reused authorizations';
  readonly externalKey?: Extract<ExternalKeySource, { kind: 'given' }> | null;
}

const hmacKey = Buffer.from('0123456789abcdef0123456789abcdef');
const quiet = { PEBBLE_VA_NOSLEEP: '1', PEBBLE_AUTHZREUSE: '0' };
const manners: readonly Manner[] = [
  { title: 'as it comes', environment: { PEBBLE_VA_NOSLEEP: '1' } },
  { title: 'strict', environment: { ...quiet, PEBBLE_ALTERNATE_ROOTS: '2' }, args: ['-strict'], meets: 'other chains' },
  {
    title: 'a fifth of the nonces refused',
    environment: { ...quiet, PEBBLE_WFE_NONCEREJECT: '20' },
    meets: 'refused nonces',
  },
  {
    title: 'authorizations reused',
    environment: { ...quiet, PEBBLE_AUTHZREUSE: '100' },
    meets: 'reused authorizations',
  },
  { title: 'bindings', environment: quiet, externalKey: { kind: 'given', keyId: 'kid-1', hmacKey } },
];
const { signal } = new AbortController();
const clock = createClock();
const dns = await startLoopbackDns();

async function lookUntil<T extends { readonly status: string }>(
  look: () => Promise<{ readonly shown: T; readonly retryAfter: Date | null }>,
  wanted: readonly string[],
): Promise<T> {
  for (;;) {
    const { shown, retryAfter } = await look();
    if (wanted.includes(shown.status)) return shown;
    // Pebble names seconds; its work is done at once.
    const waitMs =
      retryAfter === null ? 100 : Math.min(Math.max(retryAfter.getTime() - clock.now().getTime(), 50), 500);
    await clock.sleep(waitMs, signal);
  }
}

const met = new Set<Manner['meets']>();

async function issue(client: AcmeClient, name: string, replaces?: string): Promise<Uint8Array> {
  const { url, shown } = await client.placeOrder(
    { names: [name], ...(replaces === undefined ? {} : { replaces }) },
    signal,
  );
  for (const authorizationUrl of shown.authorizations) {
    const { shown: authorization } = await client.authorization(authorizationUrl, signal);
    if (authorization.status === 'valid') {
      met.add('reused authorizations');
      continue;
    }
    const challenge = authorization.challenges.find(({ type }) => type === 'dns-01') ?? assert.fail('no dns-01');
    const value = hash('sha256', client.keyAuthorization(challenge.token ?? ''), 'base64url');
    dns.set(`_acme-challenge.${name}`, 'TXT', value);
    await client.respond(challenge.url, signal);
    const proved = await lookUntil(() => client.authorization(authorizationUrl, signal), ['valid', 'invalid']);
    assert.equal(proved.status, 'valid', JSON.stringify(proved));
  }
  await lookUntil(() => client.order({ url, names: [name] }, signal), ['ready']);
  const { csrDer } = await createSubscriber(name);
  await client.finalize({ url, names: [name], finalizeUrl: shown.finalize, csrDer }, signal);
  const final = await lookUntil(() => client.order({ url }, signal), ['valid', 'invalid']);
  const { shown: chain } = await client.certificate(final.certificate ?? assert.fail(JSON.stringify(final)), signal);
  const [leaf = assert.fail('no leaf')] = chain.certificates;
  assert.ok(new X509Certificate(leaf).checkHost(name), 'the certificate is for its name');
  for (const alternate of chain.alternates) {
    met.add('other chains');
    const other = await client.certificate(alternate, signal);
    assert.deepEqual(other.shown.certificates[0], leaf, 'the same leaf by another chain');
  }
  return leaf;
}

async function play({ environment, args = [], externalKey = null, meets }: Manner): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-pebble-'));
  const pebble = await startPebble({
    ...{ folder, resolver: `${dns.address}:${dns.port}`, httpPort: 5002, environment, args },
    ...(externalKey && { externalKeys: { [externalKey.keyId]: hmacKey.toString('base64url') } }),
  });
  const { directoryUrl: directory, tlsRoots } = pebble;
  const { fetch, close } = createFetchUpstream({ caPem: tlsRoots });
  try {
    const rows = createAccountTable();
    const onExchange = ({ body }: AcmeExchange) => {
      if (body.includes('badNonce')) met.add('refused nonces');
    };
    met.clear();
    const { keySealer } = createMemoryMasterKeys(createRandomness());
    const account = () =>
      createAcmeAccount({
        settings: { account: 'p', directory, contacts: ['ops@example.org'], termsAgreed: true, externalKey },
        ...{ ca: acmeCa('pebble'), rows, keySealer, client: { fetch, clock, onExchange } },
      });
    const { url, client } = await account().open(signal);
    const leaf = await issue(client, 'a.certmux.test');
    const certId = certIdOf(parseCertificate(leaf)) ?? assert.fail('no issuer key');
    assert.ok((await client.renewalInfo(certId, signal))?.retryAfter, 'it says when to look again');
    const changed = await account().changeKey(signal);
    assert.equal(changed.url, url);
    assert.deepEqual(await account().check(signal), { url, status: 'valid' });
    const next = await issue(changed.client, 'a.certmux.test', certId);
    await changed.client.revoke(next, 4, signal);
    const { shown } = await changed.client.placeOrder({ names: ['b.certmux.test'] }, signal);
    const given = await changed.client.deactivateAuthorization(shown.authorizations[0] ?? '', signal);
    assert.equal(given.shown.status, 'deactivated');
    assert.equal((await changed.client.deactivateAccount(signal)).shown.status, 'deactivated');
    assert.ok(meets === undefined || met.has(meets), `Pebble showed no ${meets}`);
  } finally {
    close();
    await pebble.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

let failed = 0;
for (const manner of manners) {
  const failure: unknown = await play(manner).then(
    () => undefined,
    (thrown) => thrown,
  );
  console.log(`${failure === undefined ? 'passed' : 'FAILED'}: Pebble ${pebbleVersion}, ${manner.title}`);
  if (failure === undefined) continue;
  console.error(failure);
  failed++;
}
await dns.close();
process.exitCode = failed === 0 ? 0 : 1;
