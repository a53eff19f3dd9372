/** WoSign as a way out: against a double of the vendor, which comes late and badly, and against our own server. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { upstream as maker } from '../../../src/dialects/wosign/upstream.ts';
import type { Purchase, Upstream, VendorAnswer } from '../../../src/domain/ports/upstream.ts';
import type { UpstreamFailureKind } from '../../../src/domain/upstream-failure.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeClock, type FakeClock } from '../../support/system.ts';
import { failureOf, never, playMishaps, purchaseOf, type Wish } from '../../support/vendors/purchases.ts';
import { createWosignDouble, type WosignDouble, wosignKeys } from '../../support/vendors/wosign-double.ts';
import { baseUrl, createSession, credentials, servedSession } from './harness.ts';

let clock: FakeClock;
let double: WosignDouble;
let upstream: Upstream;

const publicSuffixes = createPublicSuffixes();
const signfile = 'a-file-of-the-platform';

function upstreamOf(fetch: (request: Request) => Promise<Response>, keys: Record<string, string> = wosignKeys) {
  return maker.create({ baseUrl, fetch, credentials: { ...keys, signfile }, clock, publicSuffixes });
}

beforeEach(() => {
  clock = createFakeClock();
  double = createWosignDouble(() => clock);
  upstream = upstreamOf(double.fetch);
});

const place = (purchase: Purchase) => upstream.place(purchase, never);
const order = async (wish: Wish = {}) => {
  const purchase = await purchaseOf('dv-ssl', wish);
  const answer = await place(purchase);
  return { purchase, answer, state: () => upstream.state(answer.reference, purchase, never) };
};
const leafOf = ({ certificate }: VendorAnswer) => parseCertificate(certificate?.der ?? assert.fail('not issued'));

describe('an order at WoSign', () => {
  test('is one call with the fields of the document', async () => {
    const names = ['a.example.com', 'b.example.com'];
    const { purchase, answer } = await order({ names });
    assert.deepEqual(double.orders[0]?.wire, {
      ...wosignKeys,
      req_type: 'cert_apply',
      domain_name: names,
      csr: encodePem('CERTIFICATE REQUEST', purchase.csr ?? assert.fail()),
    });
    assert.deepEqual([answer.state, answer.reference], ['issued', { order: 'handle_XXXXXX01', certificate: null }]);
    assert.deepEqual(leafOf(answer).names, names);
    assert.equal(answer.certificate?.chain.length, 2);
    assert.deepEqual([answer.price, answer.coverageUntil, answer.proofsUntil], [null, null, null]);
  });

  test('a renewal is a new one', async () => {
    await order({ kind: 'renewal', of: { order: 'handle_XXXXXX01', certificate: null } });
    assert.equal(double.calls.join(), 'apply');
  });

  test('that a person decides is fetched by its handle', async () => {
    double.isSlow = true;
    const { answer, state } = await order();
    assert.deepEqual([answer.state, answer.words], ['processing', 'pending (1)']);
    assert.equal((await state()).state, 'processing');
    await double.decide(answer.reference.order, 'issued');
    assert.equal((await state()).state, 'issued');
    assert.deepEqual(double.calls, ['apply', 'fetch', 'fetch']);
  });

  test('that a person refuses is refused, and nothing is thrown', async () => {
    double.isSlow = true;
    const { answer, state } = await order();
    await double.decide(answer.reference.order, 'refused');
    const refused = await state();
    assert.deepEqual([refused.state, refused.words], ['refused', '109 refused']);
    assert.deepEqual(refused.reference, answer.reference);
  });

  test('waits for the signfile where it is gone before the certificate came', async () => {
    double.isSlow = true;
    const { state } = await order({ names: ['a.example.com', 'b.example.com'] });
    double.unserved.add('b.example.com');
    const waiting = await state();
    assert.deepEqual([waiting.state, waiting.words], ['proving', '107 domain verify error: b.example.com']);
    const file = { binding: 'request', path: '/.well-known/pki-validation/signfile', content: signfile };
    const challenges = [
      { method: 'httpFile', ...file },
      { method: 'httpsFile', ...file },
    ];
    assert.deepEqual(waiting.proofs, [
      { name: 'a.example.com', challenges },
      { name: 'b.example.com', challenges },
    ]);
  });

  for (const isSlow of [false, true]) {
    test(`is read as the document prints it, defects included: ${isSlow ? 'pending' : 'success'}`, async () => {
      Object.assign(double, { isSlow, isSloppy: true });
      const { answer } = await order();
      assert.deepEqual([answer.state, answer.reference.order], [isSlow ? 'processing' : 'issued', 'handle_XXXXXX01']);
    });
  }

  test('without its chain, or without its handle, is issued all the same', async () => {
    double.sendsNoChain = true;
    assert.deepEqual((await order()).answer.certificate?.chain, []);
    double.spoil('apply', 'bare');
    const { answer } = await order();
    assert.equal(answer.reference.order, leafOf(answer).serialHex);
  });

  test('whose certificate cannot be read is for a person to look at', async () => {
    double.misfit = 'notDer';
    assert.equal((await order()).answer.state, 'unknown');
  });

  const notSent: readonly [string, Wish, RegExp][] = [
    ['a reissue', { kind: 'reissue', of: { order: 'handle_XXXXXX01', certificate: null } }, /no reissue/],
    ['a duplicate', { kind: 'duplicate' }, /no duplicate/],
    ['a wildcard', { names: ['*.example.com'] }, /host names only/],
    ['an address', { names: ['203.0.113.7'] }, /host names only/],
    ['no CSR', { csr: null }, /CSR/],
  ];
  for (const [what, wish, words] of notSent) {
    test(`is not sent for ${what}`, async () => {
      const failure = await failureOf(place(await purchaseOf('dv-ssl', wish)));
      assert.deepEqual([failure.kind, failure.isSent], ['refused', false]);
      assert.match(failure.message, words);
      assert.deepEqual(double.calls, []);
    });
  }
});

describe('what WoSign refuses', () => {
  const codes: readonly [number, UpstreamFailureKind][] = [
    [101, 'credentials'],
    [102, 'credentials'],
    [103, 'refused'],
    [104, 'refused'],
    [105, 'refused'],
    [106, 'refused'],
    [107, 'wrongState'], // a file that is missing can be placed
    [108, 'absent'],
    [109, 'refused'],
    [110, 'credentials'],
    [111, 'away'], // nobody knows what happened
    [999, 'refused'], // in no document, but an error
  ];
  for (const [status, kind] of codes) {
    test(`${status} is ${kind}`, async () => {
      double.refusal = status;
      const failure = await failureOf(place(await purchaseOf('dv-ssl')));
      assert.equal(failure.kind, kind);
      assert.match(failure.message, new RegExp(`^${status} `));
    });
  }

  for (const isSloppy of [false, true]) {
    test(`names the host that does not serve the file${isSloppy ? ', behind the brace' : ''}`, async () => {
      double.isSloppy = isSloppy;
      double.unserved.add('b.example.com');
      const failure = await failureOf(place(await purchaseOf('dv-ssl', { names: ['a.example.com', 'b.example.com'] })));
      assert.deepEqual([failure.kind, failure.message], ['wrongState', '107 domain verify error: b.example.com']);
      assert.deepEqual(double.orders, []);
    });
  }

  const replies: readonly [string, UpstreamFailureKind][] = [
    ['{"result":"error","status":"0"}', 'away'], // it contradicts itself
    ['{"result":"error","status":"1","handle_id":"h"}', 'away'],
    ['{"result":"success","status":"0"}', 'away'], // no certificate, and no handle
    ['{"result":"pending","status":"1"}', 'away'], // no handle
    ['{"result":"success","status":"7"}', 'away'], // in no document
    ['{"result":"success"}', 'away'],
    ['{"status":"109"}', 'refused'], // the status counts
    ['{"result":"error","status":110}', 'credentials'],
  ];
  for (const [body, kind] of replies) {
    test(`takes ${body} for ${kind}`, async () => {
      const answered = upstreamOf(async () => new Response(body));
      assert.equal((await failureOf(answered.place(await purchaseOf('dv-ssl'), never))).kind, kind);
    });
  }
});

describe('calls to WoSign', () => {
  test('show whether the credentials are taken, and order nothing', async () => {
    assert.deepEqual(await upstream.products(never), [{ code: 'dv-ssl', title: 'DV SSL' }]);
    assert.deepEqual([double.calls, double.orders], [['fetch'], []]);
    const stranger = upstreamOf(double.fetch, { ...wosignKeys, auth_token: 'wrong-token' });
    assert.equal((await failureOf(stranger.products(never))).kind, 'credentials');
  });

  test('say what must be served at every name', () => {
    assert.deepEqual(upstream.signfile, { path: '/.well-known/pki-validation/signfile', content: signfile });
  });

  test('end in no reply, pages, empty bodies, too many calls', async () => {
    const purchase = await purchaseOf('dv-ssl');
    await playMishaps(double, 'apply', (signal) => upstream.place(purchase, signal), { now: clock.now() });
    const { answer } = await order();
    const state = (signal: AbortSignal) => upstream.state(answer.reference, purchase, signal);
    await playMishaps(double, 'fetch', state, { now: clock.now() });
    double.spoil('apply', 'garbage');
    assert.equal((await failureOf(place(purchase))).kind, 'away');
  });
});

describe('our own server as the vendor', () => {
  const ownOf = (session: Awaited<ReturnType<typeof createSession>>) =>
    maker.create({
      baseUrl,
      fetch: session.fetch,
      credentials: { ...credentials, signfile },
      clock: session.app.clock,
      publicSuffixes,
    });

  test('issues at once, or once a person has approved', async () => {
    const purchase = await purchaseOf('dv-ssl', { names: ['test.ims.cn'] });
    const own = ownOf(await servedSession());
    assert.equal((await own.products(never)).length, 1);
    assert.equal((await own.place(purchase, never)).state, 'issued');

    const session = await servedSession({ approval: 'manual' });
    const slow = ownOf(session);
    const { reference, state } = await slow.place(purchase, never);
    assert.equal(state, 'processing');
    await session.approve();
    const done = await slow.state(reference, purchase, never);
    assert.deepEqual(leafOf(done).names, ['test.ims.cn']);
  });

  test('refuses what is not served, rejected orders, and strangers', async () => {
    const purchase = await purchaseOf('dv-ssl', { names: ['test.ims.cn'] });
    const failure = await failureOf(ownOf(await createSession()).place(purchase, never));
    assert.deepEqual([failure.kind, failure.message], ['wrongState', '107 domain verify error: test.ims.cn']);
    const session = await servedSession({ approval: 'manual' });
    const own = ownOf(session);
    const { reference } = await own.place(purchase, never);
    await session.approve(false);
    assert.equal((await own.state(reference, purchase, never)).state, 'refused');
    const absent = { order: 'handle_of_nobody', certificate: null };
    assert.equal((await failureOf(own.state(absent, purchase, never))).kind, 'absent');
    const elsewhere = ownOf(await createSession({ from: '198.51.100.9' }));
    assert.equal((await failureOf(elsewhere.products(never))).kind, 'credentials');
  });
});
