/** Racent as a way out: against a double of its live service, which comes late and badly, and against our own server. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { upstream as maker } from '../../../src/dialects/racent/upstream.ts';
import type { MethodChoice } from '../../../src/domain/challenge.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { Upstream, VendorAnswer } from '../../../src/domain/ports/upstream.ts';
import type { UpstreamFailureKind } from '../../../src/domain/upstream-failure.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { csrHashes } from '../../../src/pki/csr.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeClock, type FakeClock } from '../../support/system.ts';
import { failureOf, never, playMishaps, purchaseOf, someOrganization } from '../../support/vendors/purchases.ts';
import { createRacentDouble, type RacentDouble, racentToken } from '../../support/vendors/racent-double.ts';
import { baseUrl, createSession, prove } from './harness.ts';

let clock: FakeClock;
let double: RacentDouble;
let upstream: Upstream;

const publicSuffixes = createPublicSuffixes();
const idn = 'xn--fsqu00a.example.com';

function upstreamOf(fetch: (request: Request) => Promise<Response>, token = racentToken): Upstream {
  return maker.create({ baseUrl, fetch, credentials: { api_token: token }, clock, publicSuffixes, currency: 'CNY' });
}

beforeEach(() => {
  clock = createFakeClock();
  double = createRacentDouble(() => clock);
  upstream = upstreamOf(double.fetch);
});

const shown = ({ state, words, proofs }: VendorAnswer) => ({ state, words, proofs: proofs.length });

async function placed(names: readonly string[] = ['a.example.com'], product = 'positivessl') {
  const purchase = await purchaseOf(product, { names });
  const { reference } = await upstream.place(purchase, never);
  return { purchase, reference, state: () => upstream.state(reference, purchase, never) };
}

async function issued() {
  const order = await placed();
  await double.prove(order.reference.order);
  return order;
}

describe('an order at Racent', () => {
  test('is sent in the vendor’s fields, the names in its own words', async () => {
    const choices: Record<string, MethodChoice> = {
      'b.example.com': 'httpFile',
      'c.example.com': { method: 'email', address: 'admin@example.com' },
      'd.example.com': 'email',
    };
    const names = [idn, 'b.example.com', 'c.example.com', 'd.example.com', '*.e.example.com'];
    const purchase = await purchaseOf('positivessl', { names, choices, coverage: { unit: 'months', count: 24 } });
    await upstream.place(purchase, never);
    const [{ wire, params } = assert.fail('nothing was bought')] = double.orders;
    assert.deepEqual(Object.keys(wire), ['api_token', 'productCode', 'years', 'refId', 'params']);
    assert.equal(wire.years, 2);
    assert.equal(wire.refId, purchase.clientReference);
    assert.deepEqual(params.domainInfo, [
      { domainName: idn, dcvMethod: 'CNAME_CSR_HASH', dcvEmail: '' },
      { domainName: 'b.example.com', dcvMethod: 'HTTP_CSR_HASH', dcvEmail: '' },
      { domainName: 'c.example.com', dcvMethod: 'EMAIL', dcvEmail: 'admin@example.com' },
      { domainName: 'd.example.com', dcvMethod: 'EMAIL', dcvEmail: 'admin@example.com' },
      { domainName: '*.e.example.com', dcvMethod: 'CNAME_CSR_HASH', dcvEmail: '' },
    ]);
    assert.equal(params.server, 'other');
    assert.ok(!('organizationInfo' in params) && !('tech' in params)); // DV: neither
  });

  test('of an organization has its six fields, and all three contacts with them', async () => {
    const organization = { id: null, details: someOrganization };
    await upstream.place(await purchaseOf('positivessl-ov', { organization }), never);
    assert.deepEqual(double.orders[0]?.params.finance, {
      firstName: 'Ada',
      lastName: 'Lovelace',
      email: 'ada@example.com',
      mobile: '+44 20 7946 0000',
      job: 'Analyst',
      organization: 'Example Ltd',
      organation: 'Example Ltd',
      address: '1 High Street',
      city: 'London',
      state: 'London',
      country: 'GB',
      postCode: 'E1 6AN',
    });
    const missing = await purchaseOf('positivessl-ov', {
      organization: { id: null, details: { name: 'X', city: 'Y', state: 'Z', country: 'GB' } },
    });
    const failure = await failureOf(upstream.place(missing, never));
    assert.deepEqual([failure.kind, failure.message], ['refused', 'organizationAddress is required']);
  });

  test('shows challenges with whole host names, and files as they are shown', async () => {
    const names = ['a.example.com', '*.b.example.com', 'c.example.com', 'd.example.com'];
    const choices: Record<string, MethodChoice> = { 'c.example.com': 'httpsFile', 'd.example.com': 'email' };
    const purchase = await purchaseOf('positivessl', { names, choices });
    const answer = await upstream.place(purchase, never);
    const { md5, sha256 } = csrHashes(purchase.csr ?? assert.fail('no CSR'));
    const target = `${sha256.slice(0, 32)}.${sha256.slice(32)}.sectigo.com`;
    const path = `/.well-known/pki-validation/${md5.toUpperCase()}.txt`;
    const address = 'admin@example.com';
    const proofs = [
      ['a.example.com', { method: 'dnsCname', binding: 'request', host: `_${md5}.a.example.com`, target }],
      ['*.b.example.com', { method: 'dnsCname', binding: 'request', host: `_${md5}.b.example.com`, target }],
      ['c.example.com', { method: 'httpsFile', binding: 'request', path, content: `${sha256}\nsectigo.com` }],
      ['d.example.com', { method: 'email', binding: 'server', addresses: [address], chosen: address }],
    ].map(([name, challenge]) => ({ name, challenges: [challenge] }));
    assert.deepEqual(answer.proofs, proofs);
    assert.equal(answer.state, 'proving');
    assert.deepEqual((await upstream.state(answer.reference, purchase, never)).proofs, proofs);
  });

  test('of DigiCert’s family shows a TXT record', async () => {
    const { state } = await placed(['a.example.com'], 'geotrust-flex');
    const value = double.orders[0]?.token;
    const [proof] = (await state()).proofs;
    assert.deepEqual(proof?.challenges, [
      { method: 'dnsTxt', binding: 'request', host: '_dnsauth.a.example.com', value },
    ]);
  });

  test('goes through its states', async () => {
    double.isEntering = true;
    const { reference, state } = await placed();
    const words = (application: string, dcv: string, issuing: string) =>
      `PENDING (application ${application}, dcv ${dcv}, issued ${issuing})`;
    assert.deepEqual(shown(await state()), {
      state: 'preparing',
      words: words('ongoing', 'notdone', 'notdone'),
      proofs: 0,
    });
    double.isEntering = false;
    assert.deepEqual(shown(await state()), { state: 'proving', words: words('done', 'notdone', 'notdone'), proofs: 1 });
    await upstream.check?.(reference, never);
    assert.equal((await state()).state, 'proving');
    double.isSlow = true;
    double.isProved = true;
    await upstream.check?.(reference, never);
    assert.deepEqual(shown(await state()), { state: 'processing', words: words('done', 'done', 'notdone'), proofs: 0 });
    assert.equal((await failureOf(upstream.check?.(reference, never) ?? Promise.resolve())).kind, 'wrongState');
    await double.decide(reference.order, 'issued');
    const answer = await state();
    assert.deepEqual(shown(answer), { state: 'issued', words: 'COMPLETE', proofs: 0 });
    assert.equal(answer.coverageUntil?.toISOString(), '2027-05-31T23:59:59.000Z');
    const { certificate: bought } = double.orders[0] ?? assert.fail();
    // Out of CRLF, with the root first and the leaf once more.
    assert.deepEqual(answer.certificate?.der, Buffer.from(bought?.der ?? assert.fail()));
    assert.deepEqual(
      answer.certificate?.chain.map(String),
      bought?.chain.map((der) => String(Buffer.from(der))),
    );
  });

  for (const [title, act, state, words] of [
    ['refused', (number: string) => double.decide(number, 'refused'), 'refused', 'FAILED'],
    ['in a state of no document', () => double.spoil('collect', 'garbage'), 'unknown', 'on-hold-42'],
    [
      'complete in a bare reply',
      (number: string) => {
        double.spoil('collect', 'bare');
        return double.prove(number);
      },
      'issued',
      'COMPLETE',
    ],
    ['pending in a bare reply', () => double.spoil('collect', 'bare'), 'proving', 'PENDING'],
  ] as const) {
    test(`is ${title}`, async () => {
      const order = await placed();
      await act(order.reference.order);
      const answer = await order.state();
      assert.deepEqual([answer.state, answer.words], [state, words]);
    });
  }

  test('that cannot be read is no answer', async () => {
    double.misfit = 'notDer';
    const { state } = await issued();
    assert.equal((await failureOf(state())).kind, 'away');
  });
});

describe('further orders and certificates', () => {
  test('a reissue is for another key, and has a number of its own', async () => {
    const { reference, purchase, state } = await issued();
    const again = await purchaseOf('positivessl', { kind: 'reissue', of: reference });
    const answer = await upstream.place(again, never);
    assert.notEqual(answer.reference.order, reference.order);
    assert.equal(double.orders[1]?.kind, 'reissue');
    await double.prove(answer.reference.order);
    const { certificate } = await upstream.state(answer.reference, again, never);
    assert.deepEqual(certificate?.der, Buffer.from(double.orders[1]?.certificate?.der ?? []));
    // The first one is still there.
    assert.deepEqual([(await state()).state, (await state()).words], ['issued', 'REISSUED']);
    assert.equal(await upstream.cancel?.(answer.reference, 'reissue', never), 'tooLate');
    const others = await purchaseOf('positivessl', { kind: 'reissue', of: reference, names: ['x.example.com'] });
    assert.equal((await failureOf(upstream.place(others, never))).kind, 'refused');
    assert.ok(purchase.clientReference !== again.clientReference);
  });

  test('a renewal follows its order, with its names and key', async () => {
    const { reference } = await issued();
    await upstream.place(await purchaseOf('positivessl', { kind: 'renewal', of: reference }), never);
    const { wire, kind } = double.orders[1] ?? assert.fail();
    assert.deepEqual([kind, wire.renewId, wire.years], ['renewal', reference.order, 1]);
  });

  test('a duplicate is not sold, and nothing is sent', async () => {
    const duplicate = await purchaseOf('positivessl', { kind: 'duplicate', of: { order: '1', certificate: null } });
    const failure = await failureOf(upstream.place(duplicate, never));
    assert.deepEqual([failure.kind, failure.isSent, double.calls], ['refused', false, []]);
  });
});

describe('a lost reply', () => {
  test('is found by our reference, of a reissue as well', async () => {
    const first = await issued();
    for (const purchase of [
      await purchaseOf('positivessl'),
      await purchaseOf('positivessl', { kind: 'reissue', of: first.reference }),
    ]) {
      const lost = { ...purchase, sentAt: clock.now() };
      assert.equal(await upstream.find?.(lost, never), 'absent');
      double.spoil('place', 'loseReply');
      double.spoil('replace', 'loseReply');
      await failureOf(upstream.place(purchase, never));
      double.spoil('certIdByrefId', 'notYet');
      assert.equal(await upstream.find?.(lost, never), 'absent'); // it does not know yet: hence `settlesSeconds`
      const found = await upstream.find?.(lost, never);
      assert.ok(found !== undefined && found !== 'absent');
      assert.equal(found.reference.order, double.orders.at(-1)?.reference);
    }
    assert.equal(double.orders.length, 3);
  });

  for (const [title, reply, expected] of [
    ['a text of the vendor', { code: -1, errors: { refId: ['refId not found'] } }, 'absent'],
    ['its framework’s words', { code: -1, errors: { refId: ['The selected ref id is invalid.'] } }, 'absent'],
    ['Chinese words', { code: -1, errors: ['订单不存在'] }, 'absent'],
    ['a missing field', { code: -1, errors: { refId: ['refId is required'] } }, 'refused'],
    ['another field that is not found', { code: -1, errors: { api_token: ['token not found'] } }, 'refused'],
    ['no reason', { code: -1 }, 'refused'],
    ['any fault', { code: -2, errors: 'unexpected error' }, 'away'],
    ['a success without a number', { code: 1, data: [] }, 'away'],
    ['a code of no document', { code: -77 }, 'away'],
    ['no code', { data: {} }, 'away'],
    ['an empty balance', { code: '-4' }, 'balance'],
    ['a token that is not taken', { code: 400 }, 'credentials'],
  ] as const) {
    test(`is ${expected} by ${title}`, async () => {
      const answering = upstreamOf(async () => Response.json(reply));
      const looked = answering.find?.({ ...(await purchaseOf('positivessl')), sentAt: clock.now() }, never);
      assert.equal(
        expected === 'absent' ? await looked : (await failureOf(looked ?? Promise.resolve())).kind,
        expected,
      );
    });
  }
});

describe('what Racent refuses', () => {
  for (const [code, bought, asked] of [
    [2, 'away', 'wrongState'],
    [-1, 'refused', 'refused'],
    [-2, 'away', 'away'], // an empty balance, among others: only a search tells
    [-3, 'refused', 'refused'],
    [-4, 'balance', 'balance'],
    [-5, 'wrongState', 'wrongState'],
    [-6, 'away', 'wrongState'], // it may have taken the order before its CA failed
    [-7, 'wrongState', 'wrongState'],
    [-8, 'wrongState', 'wrongState'],
    [400, 'credentials', 'credentials'],
    [777, 'away', 'away'],
  ] as const satisfies (readonly [number, UpstreamFailureKind, UpstreamFailureKind])[]) {
    test(`with ${code}`, async () => {
      const answering = upstreamOf(async () => Response.json({ code, errors: { x: ['its words'] } }));
      const failure = await failureOf(answering.place(await purchaseOf('positivessl'), never));
      assert.deepEqual([failure.kind, failure.message], [bought, 'its words']);
      const reference = { order: '260113vghhracpaw', certificate: null };
      assert.equal((await failureOf(answering.check?.(reference, never) ?? Promise.resolve())).kind, asked);
    });
  }

  test('an empty balance, a wrong token, an order that it does not know', async () => {
    double.isBroke = true;
    assert.equal((await failureOf(upstream.place(await purchaseOf('positivessl'), never))).kind, 'balance');
    const stranger = upstreamOf(double.fetch, 'secret-token');
    const failure = await failureOf(stranger.products(never));
    assert.equal(failure.kind, 'credentials');
    assert.ok(!failure.message.includes('secret-token'));
    const unknown = { order: '260113vghhracpaw', certificate: null };
    assert.equal((await failureOf(upstream.state(unknown, await purchaseOf('positivessl'), never))).kind, 'absent');
  });

  test('a product that it does not have', async () => {
    assert.equal((await failureOf(upstream.place(await purchaseOf('none'), never))).kind, 'refused');
  });
});

describe('every call', () => {
  test('that goes wrong says how', async () => {
    const { reference, purchase } = await placed();
    const now = clock.now();
    const change = { name: purchase.names[0], choice: 'httpFile' } as const;
    const fresh = () => purchaseOf('positivessl');
    await playMishaps(double, 'collect', (signal) => upstream.state(reference, purchase, signal), { now });
    await playMishaps(double, 'place', async (signal) => upstream.place(await fresh(), signal), { now });
    const lost = { ...purchase, sentAt: now };
    await playMishaps(double, 'certIdByrefId', async (signal) => upstream.find?.(lost, signal), { now });
    await playMishaps(double, 'batchUpdateDCV', async (signal) => upstream.check?.(reference, signal), { now });
    await playMishaps(double, 'updateDCV', async (signal) => upstream.changeMethod?.(reference, change, signal), {
      now,
    });
    await playMishaps(double, 'productList', (signal) => upstream.products(signal), { now });
    await playMishaps(double, 'list', async (signal) => upstream.orders?.(now, signal), { now });
    await playMishaps(double, 'cancel', async (signal) => upstream.cancel?.(reference, 'new', signal), { now });
  });
});

describe('what becomes of an order', () => {
  test('a method is changed, a name taken out', async () => {
    const { reference, state } = await placed(['a.example.com', 'b.example.com']);
    const [a, b] = ['a.example.com', 'b.example.com'].map((text) => parseIdentifier(text, 'name'));
    assert.ok(a && b);
    await upstream.changeMethod?.(reference, { name: a, choice: 'httpFile' }, never);
    await upstream.changeMethod?.(reference, { name: a, choice: 'httpFile' }, never); // again, it changes nothing
    assert.equal((await state()).proofs[0]?.challenges[0]?.method, 'httpFile');
    await upstream.removeName?.(reference, b, never);
    assert.deepEqual(double.orders[0]?.names, ['a.example.com']);
    await upstream.removeName?.(reference, b, never); // its first reply was lost: it is refused, and the name is seen to be out
    const stranger = parseIdentifier('x.example.com', 'name');
    const refused = upstream.changeMethod?.(reference, { name: stranger, choice: 'httpFile' }, never);
    assert.equal((await failureOf(refused ?? Promise.resolve())).kind, 'refused');
    assert.equal((await failureOf(upstream.removeName?.(reference, a, never) ?? Promise.resolve())).kind, 'refused');
    await double.prove(reference.order);
    await upstream.removeName?.(reference, b, never); // it is out of an order that is issued by now as well
    const late = upstream.removeName?.(reference, a, never);
    assert.equal((await failureOf(late ?? Promise.resolve())).kind, 'wrongState');
  });

  test('it is cancelled, once and again, or too late', async () => {
    const { reference, state } = await placed();
    assert.equal(await upstream.cancel?.(reference, 'new', never), 'cancelled');
    assert.equal(await upstream.cancel?.(reference, 'new', never), 'cancelled'); // -8
    assert.equal((await state()).state, 'cancelled');
    double.isStubborn = true;
    const other = await placed();
    assert.equal(await upstream.cancel?.(other.reference, 'new', never), 'tooLate'); // -6
  });

  test('its certificate is revoked, once and again, and stays to be had', async () => {
    const { reference, state } = await issued();
    const der = double.orders[0]?.certificate?.der ?? assert.fail();
    const sold = { reference, serial: parseCertificate(der).serialHex };
    await upstream.revoke?.(sold, 'keyCompromise', never);
    await upstream.revoke?.(sold, 'keyCompromise', never); // -7, and CANCELLED
    assert.deepEqual(double.revoked, [sold.serial]);
    assert.deepEqual([(await state()).state, (await state()).words], ['issued', 'CANCELLED']);
    const open = await placed();
    const early = upstream.revoke?.({ reference: open.reference, serial: 'ab' }, 'superseded', never);
    assert.equal((await failureOf(early ?? Promise.resolve())).kind, 'wrongState');
  });

  test('it stands in the list, the latest first, with its price and day', async () => {
    const first = await placed();
    await clock.advance(3_600_000);
    await placed(['b.example.com'], 'geotrust-flex');
    const listed = (await upstream.orders?.(new Date('2026-06-01T00:30:00Z'), never)) ?? [];
    assert.deepEqual(listed, [
      {
        reference: { order: double.orders[1]?.reference, certificate: null },
        clientReference: null,
        state: 'processing',
        words: 'PENDING',
        names: ['b.example.com'],
        placedAt: new Date('2026-06-01T01:00:00Z'),
        price: { minor: 8801, currency: 'CNY' },
      },
    ]);
    const all = (await upstream.orders?.(new Date(0), never)) ?? [];
    assert.deepEqual(all.map(({ reference }) => reference.order)[1], first.reference.order);
  });

  test('products, also where it wants a vendor named', async () => {
    const all = await upstream.products(never);
    double.wantsVendor = true;
    assert.deepEqual((await upstream.products(never)).toSorted(), all.toSorted());
    assert.deepEqual(all[0], { code: 'positivessl', title: 'PositiveSSL DV' });
  });
});

describe('another certmux that speaks this API', () => {
  test('sells, proves, reissues and revokes', async () => {
    const session = await createSession();
    const theirs = upstreamOf(session.fetch, session.token);
    assert.ok((await theirs.products(never)).length > 3);
    const purchase = await purchaseOf('comodo-positive-multi-domain', { names: ['a.example.com', 'b.example.com'] });
    const lost = { ...purchase, sentAt: clock.now() };
    assert.equal(await theirs.find?.(lost, never), 'absent');
    const { reference, proofs, state } = await theirs.place(purchase, never);
    assert.deepEqual([state, proofs.length], ['proving', 2]);
    const found = await theirs.find?.(lost, never);
    assert.ok(found !== undefined && found !== 'absent');
    assert.deepEqual(found.reference, reference);
    prove(session.app, ['a.example.com', 'b.example.com']);
    await theirs.check?.(reference, never);
    await session.app.advance(5);
    const answer = await theirs.state(reference, purchase, never);
    assert.deepEqual([answer.state, answer.certificate?.chain.length], ['issued', 1]);
    assert.ok(answer.coverageUntil !== null);
    const again = await purchaseOf('comodo-positive-multi-domain', {
      kind: 'reissue',
      of: reference,
      names: ['a.example.com', 'b.example.com'],
    });
    const reissued = await theirs.place(again, never);
    await session.app.advance(5);
    assert.notEqual(reissued.reference.order, reference.order);
    const newer = await theirs.state(reissued.reference, again, never);
    assert.equal(newer.state, 'issued');
    assert.deepEqual((await theirs.state(reference, purchase, never)).certificate?.der, answer.certificate?.der);
    const listed = (await theirs.orders?.(new Date(0), never)) ?? [];
    assert.deepEqual(
      listed.map((one) => one.reference.order).toSorted(),
      [reference.order, reissued.reference.order].toSorted(),
    );
    const serial = parseCertificate(newer.certificate?.der ?? assert.fail()).serialHex;
    await theirs.revoke?.({ reference: reissued.reference, serial }, 'superseded', never);
    await theirs.revoke?.({ reference: reissued.reference, serial }, 'superseded', never);
    assert.equal((await theirs.state(reissued.reference, again, never)).state, 'issued');
  });

  test('cancels, and refuses in words that keep their kind', async () => {
    const session = await createSession({ balanceMinor: 100_00 });
    const theirs = upstreamOf(session.fetch, session.token);
    const purchase = await purchaseOf('comodo-positivessl', { coverage: { unit: 'years', count: 1 } });
    const outcome = await theirs.place(purchase, never).catch(() => undefined);
    assert.ok(outcome, 'the order is not taken');
    assert.equal(await theirs.cancel?.(outcome.reference, 'new', never), 'cancelled');
    assert.equal(await theirs.cancel?.(outcome.reference, 'new', never), 'cancelled');
    assert.equal((await theirs.state(outcome.reference, purchase, never)).state, 'cancelled');
    const poor = await createSession({ balanceMinor: 1 });
    const broke = upstreamOf(poor.fetch, poor.token);
    assert.equal((await failureOf(broke.place(await purchaseOf('comodo-positivessl'), never))).kind, 'balance');
    const stranger = upstreamOf(poor.fetch, 'x');
    assert.equal((await failureOf(stranger.products(never))).kind, 'credentials');
  });
});
