/** httpsok as a way out: against a double of the vendor, which comes late and badly, and against our own server. */
import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeEach, describe, test } from 'node:test';
import { upstream as maker } from '../../../src/dialects/httpsok/upstream.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { Upstream, VendorAnswer, VendorState } from '../../../src/domain/ports/upstream.ts';
import type { UpstreamFailureKind } from '../../../src/domain/upstream-failure.ts';
import { generateKey, privateKeyPem } from '../../../src/pki/key.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeClock, type FakeClock } from '../../support/system.ts';
import { createHttpsokDouble, type HttpsokDouble, httpsokKey } from '../../support/vendors/httpsok-double.ts';
import { failureOf, never, playMishaps, purchaseOf, type Wish } from '../../support/vendors/purchases.ts';
import { baseUrl, createSession, key } from './harness.ts';

let clock: FakeClock;
let double: HttpsokDouble;
let upstream: Upstream;

const publicSuffixes = createPublicSuffixes();

function upstreamOf(fetch: (request: Request) => Promise<Response>, OpenApiKey = httpsokKey) {
  return maker.create({ baseUrl, fetch, credentials: { OpenApiKey }, clock, publicSuffixes });
}

beforeEach(() => {
  clock = createFakeClock();
  double = createHttpsokDouble(() => clock);
  double.isProved = true;
  upstream = upstreamOf(double.fetch);
});

async function order(wish: Wish = {}, product = 'letsencrypt') {
  const purchase = await purchaseOf(product, { csr: null, ...wish });
  const answer = await upstream.place(purchase, never);
  return { purchase, answer, state: () => upstream.state(answer.reference, purchase, never) };
}

const named = (...names: readonly string[]) => names.map((name) => parseIdentifier(name, 'name'));
const proofs = (...names: readonly string[]) => upstream.proofs?.(named(...names), never) ?? assert.fail();

/** The certificate, whose key must be the one that came with it. */
function checked({ certificate }: VendorAnswer): X509Certificate {
  const { der, privateKey } = certificate ?? assert.fail('it is not issued');
  const pkcs8 = createPrivateKey({ key: Buffer.from(privateKey ?? []), format: 'der', type: 'pkcs8' });
  const leaf = new X509Certificate(der);
  assert.ok(leaf.checkPrivateKey(pkcs8));
  return leaf;
}

describe('delegations to httpsok', () => {
  test('are shown with whole host names, one record for a name and its wildcard', async () => {
    double.isProved = false;
    double.delegated.add('example.co.uk');
    const found = await proofs('*.example.co.uk', 'example.co.uk', 'a.b.example.co.uk');
    const hosts = found.map(({ name, challenges: [challenge], isProved }) => {
      assert.ok(challenge?.method === 'dnsCname' && /^[0-9a-f]{16}\.httpsok\.com$/.test(challenge.target));
      assert.equal(challenge.binding, 'request'); // the alias of our account, for all of our customers
      return [name, challenge.host, isProved];
    });
    assert.deepEqual(hosts, [
      ['*.example.co.uk', '_acme-challenge.example.co.uk', true],
      ['example.co.uk', '_acme-challenge.example.co.uk', true],
      ['a.b.example.co.uk', '_acme-challenge.a.b.example.co.uk', undefined],
    ]);
    assert.deepEqual(found[0]?.challenges, found[1]?.challenges);
    assert.deepEqual(double.orders, []);
  });

  test('that a reply leaves out are no reply, unless all names are proved', async () => {
    double.spoil('dv', 'bare', 'bare');
    assert.deepEqual(await proofs('a.example.com'), [{ name: 'a.example.com', challenges: [], isProved: true }]);
    double.isProved = false;
    assert.equal((await failureOf(Promise.resolve(proofs('a.example.com')))).kind, 'away');
  });

  const forms: readonly [string, Record<string, unknown>][] = [
    [
      'absolute',
      { domain: 'a.example.com', host: '_acme-challenge.a.example.com.', hostValue: 'x.httpsok.com.', valid: 1 },
    ],
    ['without a host', { domain: 'A.example.com', hostValue: 'X.httpsok.com', valid: 'true' }],
    [
      'by its wildcard',
      { domain: '*.a.example.com', host: '_acme-challenge.a', hostValue: 'x.httpsok.com', valid: true },
    ],
  ];
  for (const [what, config] of forms) {
    test(`are read where they are shown ${what}`, async () => {
      const body = { code: '0', msg: 'success', data: { configs: [config], valid: true } };
      const answered = upstreamOf(async () => Response.json(body));
      assert.deepEqual(await answered.proofs?.(named('a.example.com'), never), [
        {
          name: 'a.example.com',
          challenges: [
            { method: 'dnsCname', binding: 'request', host: '_acme-challenge.a.example.com', target: 'x.httpsok.com' },
          ],
          isProved: true,
        },
      ]);
    });
  }
});

describe('an application at httpsok', () => {
  for (const [keyType, algorithm] of [
    ['ec', 'ECC'],
    ['rsa', 'RSA'],
  ] as const) {
    test(`for a key of kind ${keyType} comes with that key`, async () => {
      const names = ['*.example.com', 'example.com'];
      const { answer, state } = await order({ names, keyType }, 'google');
      assert.deepEqual(double.orders[0]?.wire, { domainList: names, algorithm, ca: 'google' });
      assert.deepEqual([answer.state, answer.reference], ['processing', { order: '236417', certificate: null }]);
      const done = await state();
      const leaf = checked(done);
      assert.equal(leaf.publicKey.asymmetricKeyType, keyType);
      assert.deepEqual(leaf.subjectAltName, 'DNS:*.example.com, DNS:example.com');
      assert.equal(done.certificate?.chain.length, 2);
    });
  }

  test('has its key as PKCS#8, whichever format that came in', async () => {
    for (const keyFormat of ['sec1', 'pkcs8'] as const) {
      double.keyFormat = keyFormat;
      checked(await (await order()).state());
    }
  });

  test('takes its time, fails, or is in a state of no document', async () => {
    double.isSlow = true;
    const { answer, state } = await order();
    assert.deepEqual(shown(await state()), ['processing', 'status 2: 75 %']);
    double.spoil('show', 'garbage');
    assert.deepEqual(shown(await state()), ['unknown', 'status on-hold-42']);
    double.change = (data) => ({ ...data, status: null });
    assert.equal((await failureOf(state())).kind, 'away');
    double.change = (data) => ({ ...data, status: 4 });
    assert.deepEqual(shown(await state()), ['unknown', 'status 4']);
    await double.decide(answer.reference.order, 'refused');
    double.change = (data) => ({ ...data, reason: 'CAA' });
    assert.deepEqual(shown(await state()), ['refused', 'status 3: CAA']);
  });

  const shown = ({ state, words }: VendorAnswer) => [state, words];

  test('is read in other types and forms', async () => {
    const { state, answer } = await order();
    const { certificate } = await state();
    const { der, chain } = certificate ?? assert.fail();
    const pem = [...chain, der].map((one) => encodePem('CERTIFICATE', one)).join('\r\n');
    const changes: readonly [Record<string, unknown>, VendorState][] = [
      [{ id: answer.reference.order, status: '1', progress: '100' }, 'issued'],
      [{ algorithm: undefined, ca: undefined, name: undefined, notBefore: null, fingerprints: '' }, 'issued'],
      [{ certificate: `${pem}${encodePem('CERTIFICATE', der)}` }, 'issued'], // the leaf twice, and last
      [{ certificate: '' }, 'unknown'],
      [{ certificate: '<html>' }, 'unknown'],
      [{ privateKey: null }, 'unknown'],
      [{ privateKey: 'secret' }, 'unknown'],
    ];
    for (const [change, expected] of changes) {
      double.change = (data) => ({ ...data, ...change });
      const read = await state();
      assert.equal(read.state, expected, JSON.stringify(change));
      assert.equal(read.certificate === null, expected === 'unknown');
      if (expected === 'issued') checked(read);
    }
  });

  test('with the key of another certificate is for a person to look at', async () => {
    const { state } = await order();
    const { privateKeyPkcs8 } = await generateKey({ type: 'ec', curve: 'P-256' });
    double.change = (data) => ({ ...data, privateKey: privateKeyPem(privateKeyPkcs8, 'sec1') });
    const read = await state();
    assert.deepEqual([read.state, read.certificate], ['unknown', null]);
    assert.match(read.words, /not that of its certificate/);
  });

  const notSent: readonly [string, Wish, string][] = [
    ['a CSR', { csr: new Uint8Array([0x30, 0]) }, 'google'],
    ['a reissue', { kind: 'reissue', of: { order: '236417', certificate: null } }, 'google'],
    ['a duplicate', { kind: 'duplicate' }, 'google'],
    ['an address', { names: ['203.0.113.7'] }, 'google'],
    ['another CA', {}, 'buypass'],
  ];
  for (const [what, wish, product] of notSent) {
    test(`is not sent for ${what}`, async () => {
      const failure = await failureOf(order(wish, product));
      assert.deepEqual([failure.kind, failure.isSent], ['refused', false]);
      assert.deepEqual(double.calls, []);
    });
  }

  test('without its delegation is not taken, until the record stands', async () => {
    double.isProved = false;
    const failure = await failureOf(order());
    assert.deepEqual([failure.kind, failure.message], ['wrongState', '域名验证未通过']);
    double.delegated.add('a.example.com');
    assert.equal((await order()).answer.state, 'processing');
  });
});

describe('what httpsok refuses', () => {
  const refusals: readonly [HttpsokDouble['refusal'] & object, UpstreamFailureKind][] = [
    [{ code: 401, msg: '未授权' }, 'credentials'],
    [{ code: 500, msg: 'OpenApiKey错误' }, 'credentials'],
    [{ status: 401, code: 401, msg: 'no' }, 'credentials'],
    [{ status: 401 }, 'credentials'],
    [{ status: 403 }, 'credentials'],
    [{ code: 402, msg: '余额不足' }, 'balance'],
    [{ code: '404', msg: '无' }, 'absent'],
    [{ code: 429, msg: '太频繁' }, 'limited'],
    [{ code: 400, msg: '参数错误' }, 'refused'],
    [{ code: 7, msg: 'something nobody has seen' }, 'refused'],
    [{ code: 500, msg: '系统异常' }, 'away'], // nobody knows what it did before
    [{ status: 500, code: 400, msg: '参数错误' }, 'away'],
    [{ status: 404 }, 'away'], // a proxy's: the vendor would say more
    [{}, 'away'],
  ];
  for (const [refusal, kind] of refusals) {
    test(`${JSON.stringify(refusal)} is ${kind}`, async () => {
      double.refusal = refusal;
      assert.equal((await failureOf(order())).kind, kind);
    });
  }

  test('repeats our key, and nobody reads it', async () => {
    double.refusal = { code: 401, msg: `OpenApiKey ${httpsokKey} invalid` };
    assert.equal((await failureOf(order())).message, 'OpenApiKey [secret] invalid');
  });
});

describe('calls to httpsok', () => {
  test('show whether the key is taken, and apply for nothing', async () => {
    assert.deepEqual(
      (await upstream.products(never)).map(({ code }) => code),
      ['google', 'letsencrypt', 'zerossl'],
    );
    assert.deepEqual([double.calls, double.orders], [['dv'], []]);
    assert.equal((await failureOf(upstreamOf(double.fetch, 'wrong').products(never))).kind, 'credentials');
  });

  test('end in no reply, pages, empty bodies, too many calls', async () => {
    const purchase = await purchaseOf('google', { csr: null });
    await playMishaps(double, 'apply', (signal) => upstream.place(purchase, signal), { now: clock.now() });
    const { answer } = await order();
    const state = (signal: AbortSignal) => upstream.state(answer.reference, purchase, signal);
    await playMishaps(double, 'show', state, { now: clock.now() });
    await playMishaps(double, 'dv', (signal) => upstream.products(signal), { now: clock.now() });
    const absent = { order: '7', certificate: null };
    assert.equal((await failureOf(upstream.state(absent, purchase, never))).kind, 'absent');
  });
});

describe('our own server as the vendor', () => {
  test('shows delegations, takes an application once they stand, and issues with a key', async () => {
    const session = await createSession();
    const options = { baseUrl, fetch: session.fetch, clock: session.app.clock, publicSuffixes };
    const own = maker.create({ ...options, credentials: { OpenApiKey: key } });
    const names = ['*.httpsok.com', 'httpsok.com'];
    assert.equal((await own.products(never)).length, 3);
    const purchase = await purchaseOf('zerossl', { csr: null, names });
    const before = (await own.proofs?.(purchase.names, never)) ?? assert.fail();
    assert.deepEqual(
      before.map(({ isProved }) => isProved),
      [undefined, undefined],
    );
    assert.equal((await failureOf(own.place(purchase, never))).kind, 'wrongState');
    for (const { challenges } of before) {
      const [record] = challenges;
      assert.ok(record?.method === 'dnsCname');
      session.app.checks.placeRecord(record.host, record.target);
    }
    const after = (await own.proofs?.(purchase.names, never)) ?? assert.fail();
    assert.deepEqual(
      after.map(({ isProved }) => isProved),
      [true, true],
    );
    const { reference } = await own.place(purchase, never);
    await session.app.idle();
    const done = await own.state(reference, purchase, never);
    assert.equal(done.state, 'issued');
    assert.equal(checked(done).subjectAltName, 'DNS:*.httpsok.com, DNS:httpsok.com');
    const stranger = maker.create({ ...options, credentials: { OpenApiKey: 'f'.repeat(48) } });
    assert.equal((await failureOf(stranger.products(never))).kind, 'credentials');
    assert.equal((await failureOf(own.state({ order: '7', certificate: null }, purchase, never))).kind, 'absent');
  });
});
