/** DigiCert as a way out: against a double of CertCentral, which comes late and badly, and against our own server. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { upstream as maker } from '../../../src/dialects/digicert/upstream.ts';
import type { MethodChoice } from '../../../src/domain/challenge.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { Purchase, Upstream } from '../../../src/domain/ports/upstream.ts';
import type { UpstreamFailureKind } from '../../../src/domain/upstream-failure.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeClock, type FakeClock } from '../../support/system.ts';
import { createDigicertDouble, type DigicertDouble, digicertKey } from '../../support/vendors/digicert-double.ts';
import {
  failureOf,
  never,
  playMishaps,
  purchaseOf,
  someOrganization,
  type Wish,
} from '../../support/vendors/purchases.ts';
import { baseUrl, createSession } from './harness.ts';

let clock: FakeClock;
let double: DigicertDouble;
let upstream: Upstream;

const publicSuffixes = createPublicSuffixes();
const dv = 'ssl_dv_geotrust_flex';
const ov = 'ssl_securesite_flex';
const ev = 'ssl_ev_securesite_flex';
const organization = { id: '42', details: someOrganization };

function upstreamOf(fetch: (request: Request) => Promise<Response>, key = digicertKey): Upstream {
  const credentials = { 'X-DC-DEVKEY': key };
  return maker.create({ baseUrl, fetch, credentials, clock, publicSuffixes, currency: 'USD' });
}

beforeEach(() => {
  clock = createFakeClock();
  double = createDigicertDouble(() => clock);
  upstream = upstreamOf(double.fetch);
});

/** By organization, domains validated beforehand: no choices. */
async function standingPurchase(wish: Wish = {}): Promise<Purchase> {
  return { ...(await purchaseOf(ov, { organization, ...wish })), choices: [] };
}

async function bought(purchase: Purchase) {
  const { reference } = await upstream.place(purchase, never);
  return { purchase, reference, state: () => upstream.state(reference, purchase, never) };
}

const last = () => double.orders.at(-1) ?? assert.fail('nothing was bought');
const bytes = (der: Uint8Array | undefined) => Buffer.from(der ?? []).toString('hex');
const kindOf = async (call: Promise<unknown> | undefined) => (await failureOf(call ?? Promise.resolve())).kind;

describe('an order at DigiCert', () => {
  test('is sent in the vendor’s fields', async () => {
    const purchase = await standingPurchase({
      names: ['a.example.com', '*.example.com'],
      container: '5',
      kind: 'renewal',
      of: { order: '900', certificate: null },
      coverage: { unit: 'months', count: 24 },
    });
    await upstream.place(purchase, never);
    const { certificate, ...rest } = last().wire as { certificate: { csr: string } };
    const { csr, ...others } = certificate;
    assert.match(csr, /^-----BEGIN CERTIFICATE REQUEST-----\n/);
    assert.deepEqual(others, {
      common_name: 'a.example.com',
      dns_names: ['*.example.com'],
      signature_hash: 'sha256',
      server_platform: { id: -1 },
    });
    assert.deepEqual(rest, {
      skip_approval: true,
      order_validity: { years: 2 },
      organization: { id: 42 },
      container: { id: 5 },
      renewal_of_order_id: 900,
      alternative_order_id: purchase.clientReference,
    });
  });

  test('is issued in the call where everything stands', async () => {
    const purchase = await standingPurchase();
    const answer = await upstream.place(purchase, never);
    assert.equal(answer.state, 'issued');
    assert.equal(bytes(answer.certificate?.der), bytes(last().certificate?.der)); // out of CRLF
    assert.deepEqual(answer.certificate?.chain.map(bytes), last().certificate?.chain.map(bytes));
    const later = await upstream.state(answer.reference, purchase, never);
    assert.deepEqual([later.state, bytes(later.certificate?.der)], ['issued', bytes(last().certificate?.der)]);
    assert.equal(later.coverageUntil?.toISOString(), '2027-06-01T00:00:00.000Z');
  });

  test('waits for an approval, for what is not validated, and for the vendor', async () => {
    double.wantsApproval = true;
    const held = await bought(await standingPurchase());
    assert.deepEqual([(await held.state()).state, (await held.state()).words], ['held', 'needs_approval']);
    double.wantsApproval = false;
    double.isSlow = true;
    const { reference, state } = await bought(await standingPurchase());
    const of = String(reference.certificate);
    assert.equal((await state()).state, 'processing');
    last().state = 'unproved';
    assert.deepEqual([(await state()).state, (await state()).words], ['held', 'pending (a.example.com: pending)']);
    await double.decide(of, 'refused');
    assert.deepEqual([(await state()).state, (await state()).words], ['refused', 'rejected']);
    double.spoil('show', 'garbage');
    assert.deepEqual([(await state()).state], ['unknown']);
    await double.decide(of, 'issued');
    double.spoil('show', 'bare');
    assert.equal((await state()).state, 'issued');
    assert.equal(await upstream.cancel?.(reference, 'new', never), 'tooLate');
  });

  for (const [choice, challenge] of [
    ['dnsTxt', (value: string) => ({ method: 'dnsTxt', binding: 'server', host: 'a.example.com', value })],
    [
      'dnsCname',
      (value: string) => ({
        method: 'dnsCname',
        binding: 'server',
        host: `${value}.a.example.com`,
        target: 'dcv.digicert.com',
      }),
    ],
    [
      'httpFile',
      (content: string) => ({
        method: 'httpFile',
        binding: 'server',
        path: '/.well-known/pki-validation/fileauth.txt',
        content,
      }),
    ],
    [
      { method: 'email', address: 'admin@example.com' },
      () => ({ method: 'email', binding: 'server', addresses: ['admin@example.com'], chosen: 'admin@example.com' }),
    ],
  ] as const satisfies (readonly [MethodChoice, (value: string) => object])[]) {
    test(`with DV shows its challenge: ${typeof choice === 'string' ? choice : choice.method}`, async () => {
      const purchase = await purchaseOf(dv, { choices: { 'a.example.com': choice } });
      const answer = await upstream.place(purchase, never);
      const expected = [{ name: 'a.example.com', challenges: [challenge(last().value)] }];
      assert.deepEqual([answer.state, answer.proofs], ['proving', expected]);
      const later = await upstream.state(answer.reference, purchase, never);
      assert.deepEqual([later.state, later.proofs], ['proving', expected]);
      const isMail = typeof choice !== 'string';
      assert.equal(later.proofsUntil?.toISOString(), isMail ? undefined : '2026-07-01T00:00:00.000Z');
      await upstream.check?.(answer.reference, never); // found nothing, or sent a mail: no failure
      await double.prove(last().reference);
      assert.equal((await upstream.state(answer.reference, purchase, never)).state, 'issued');
    });
  }

  test('changes its method for all names, and is checked', async () => {
    const { reference, state } = await bought(await purchaseOf(dv, { names: ['a.example.com', '*.b.example.com'] }));
    const [a, b] = ['a.example.com', '*.b.example.com'].map((text) => parseIdentifier(text, 'name'));
    assert.ok(a && b);
    await upstream.changeMethod?.(reference, { name: a, choice: 'dnsTxt' }, never);
    assert.deepEqual(
      (await state()).proofs.map(({ challenges }) => challenges[0]?.method),
      ['dnsTxt', 'dnsTxt'],
    );
    assert.equal(await kindOf(upstream.changeMethod?.(reference, { name: b, choice: 'httpFile' }, never)), 'refused');
    double.isProved = true;
    await upstream.check?.(reference, never);
    assert.equal((await state()).state, 'issued');
  });
});

describe('further certificates of an order', () => {
  for (const hidesCsr of [false, true]) {
    test(`a reissue and duplicates are told apart${hidesCsr ? ', without a CSR in the lists' : ''}`, async () => {
      double.hidesCsr = hidesCsr;
      const first = await bought(await standingPurchase());
      const certificates = [last().certificate?.der];
      for (const kind of ['reissue', 'duplicate', 'duplicate'] as const) {
        const further = await bought(await standingPurchase({ kind, of: first.reference }));
        const answer = await further.state();
        assert.equal(answer.reference.order, first.reference.order);
        assert.deepEqual([answer.state, bytes(answer.certificate?.der)], ['issued', bytes(last().certificate?.der)]);
        certificates.push(last().certificate?.der);
      }
      assert.equal(bytes((await first.state()).certificate?.der), bytes(certificates[0]));
      assert.equal(new Set(certificates.map(bytes)).size, 4);
    });
  }

  test('a reissue that waits does not end with the certificate before it, and is cancelled alone', async () => {
    const first = await bought(await standingPurchase());
    double.isSlow = true;
    double.wantsApproval = true;
    const again = await bought(await standingPurchase({ kind: 'reissue', of: first.reference }));
    const waiting = await again.state();
    assert.deepEqual([waiting.state, waiting.certificate], ['held', null]);
    assert.equal((await first.state()).state, 'issued');
    assert.equal(await upstream.cancel?.(again.reference, 'reissue', never), 'cancelled');
    assert.equal((await again.state()).state, 'cancelled');
    // The order is not what is cancelled.
    assert.equal(await upstream.cancel?.(again.reference, 'reissue', never), 'tooLate');
    assert.equal((await first.state()).state, 'issued');
    assert.equal(await upstream.cancel?.(first.reference, 'duplicate', never), 'tooLate');
  });
});

describe('a lost reply', () => {
  for (const hidesCsr of [false, true]) {
    test(`is found, of any kind${hidesCsr ? ', also by names and time' : ''}`, async () => {
      double.hidesCsr = hidesCsr;
      const first = await bought(await standingPurchase());
      await clock.advance(60_000);
      for (const kind of ['new', 'renewal', 'reissue', 'duplicate'] as const) {
        const of = kind === 'new' ? null : first.reference;
        const purchase = await standingPurchase({ kind, of });
        const lost = { ...purchase, sentAt: clock.now() };
        assert.equal(await upstream.find?.(lost, never), 'absent', kind);
        double.spoil(kind === 'new' || kind === 'renewal' ? 'place' : kind, 'loseReply');
        await failureOf(upstream.place(purchase, never));
        const found = await upstream.find?.(lost, never);
        assert.ok(found !== undefined && found !== 'absent', kind);
        assert.deepEqual(
          [found.state, bytes(found.certificate?.der)],
          ['issued', bytes(last().certificate?.der)],
          kind,
        );
        await clock.advance(60_000);
      }
      assert.equal(double.orders.length, 5);
    });
  }

  test('of a reissue that may be another’s is not sent again', async () => {
    const first = await bought(await standingPurchase());
    double.hidesCsr = true;
    double.isSlow = true;
    await upstream.place(
      await standingPurchase({ kind: 'reissue', of: first.reference, names: ['b.example.com'] }),
      never,
    );
    const lost = { ...(await standingPurchase({ kind: 'reissue', of: first.reference })), sentAt: clock.now() };
    assert.equal(await kindOf(upstream.find?.(lost, never)), 'away');
  });

  for (const [title, status, body, expected] of [
    ['no such order', 404, { errors: [{ code: 'not_found|order', message: 'x' }] }, 'absent'],
    ['an empty list', 200, { orders: [], page: { total: 0 } }, 'absent'],
    ['a server without this call', 404, { errors: [{ code: 'not_found|route', message: 'x' }] }, 'away'],
    ['a page that is not found', 404, '<html>', 'away'],
    ['nothing', 200, {}, 'away'],
    ['an order without a number', 200, { orders: [{}] }, 'away'],
    [
      'a wrong key',
      403,
      { errors: [{ code: 'access_denied|access_denied_invalid_key', message: 'x' }] },
      'credentials',
    ],
  ] as const) {
    test(`is ${expected} by ${title}`, async () => {
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answering = upstreamOf(async () => new Response(text, { status }));
      const looked = answering.find?.({ ...(await standingPurchase()), sentAt: clock.now() }, never);
      assert.equal(expected === 'absent' ? await looked : await kindOf(looked), expected);
    });
  }
});

describe('what DigiCert refuses', () => {
  for (const [status, code, kind] of [
    [400, 'bad_request_format', 'refused'],
    [400, 'csr_invalid_cannot_parse', 'refused'],
    [400, 'invalid_value:validity_years', 'refused'],
    [400, 'caa_check_failed|example.com', 'refused'],
    [400, 'a_code_of_no_document', 'refused'],
    [400, 'insufficient_funds', 'balance'],
    [403, 'access_denied|missing_permission', 'credentials'],
    [404, 'not_found|product', 'refused'],
    [429, 'request_limit_exceeded', 'limited'],
    [500, 'internal_server_error', 'away'],
    [503, 'x', 'away'],
  ] as const satisfies (readonly [number, string, UpstreamFailureKind])[]) {
    test(`with ${status} ${code}`, async () => {
      const reply = { errors: [{ code, message: `words about ${digicertKey}` }] };
      const answering = upstreamOf(async () => Response.json(reply, { status }));
      const failure = await failureOf(answering.place(await standingPurchase(), never));
      assert.equal(failure.kind, kind);
      assert.ok(!failure.message.includes(digicertKey));
    });
  }

  test('ids that are no numbers, before anything is sent', async () => {
    const failure = await failureOf(upstream.place(await standingPurchase({ container: 'x' }), never));
    assert.deepEqual([failure.kind, failure.isSent, double.calls], ['refused', false, []]);
  });
});

describe('every call', () => {
  test('that goes wrong says how', async () => {
    const standing = await bought(await standingPurchase());
    const relayed = await bought(await purchaseOf(dv));
    const now = clock.now();
    const change = { name: relayed.purchase.names[0], choice: 'dnsTxt' } as const;
    const lost = { ...standing.purchase, sentAt: now };
    const { reference } = relayed;
    const quiet = { now, skips: ['empty'] } as const; // they answer nothing
    await playMishaps(double, 'place', async (signal) => upstream.place(await standingPurchase(), signal), { now });
    await playMishaps(double, 'show', (signal) => upstream.state(reference, relayed.purchase, signal), {
      now,
      skips: ['empty'],
    });
    await playMishaps(double, 'alternate', async (signal) => upstream.find?.(lost, signal), { now });
    await playMishaps(
      double,
      'checkDcv',
      async (signal) => {
        double.isProved = true;
        await upstream.check?.(reference, signal);
      },
      quiet,
    );
    const other = await bought(
      await purchaseOf(dv, { choices: {} }).then((one) => {
        double.isProved = false;
        return one;
      }),
    );
    await playMishaps(
      double,
      'dcvMethod',
      async (signal) => upstream.changeMethod?.(other.reference, change, signal),
      quiet,
    );
    await playMishaps(double, 'products', (signal) => upstream.products(signal), quiet);
    await playMishaps(double, 'list', async (signal) => upstream.orders?.(now, signal), quiet);
  });
});

describe('what becomes of an order', () => {
  test('it is cancelled, once and again', async () => {
    const { reference, state } = await bought(await purchaseOf(dv));
    assert.equal(await upstream.cancel?.(reference, 'new', never), 'cancelled');
    assert.equal(await upstream.cancel?.(reference, 'new', never), 'cancelled');
    assert.equal((await state()).state, 'cancelled');
    double.isStubborn = true;
    const other = await bought(await purchaseOf(dv));
    assert.equal(await upstream.cancel?.(other.reference, 'new', never), 'tooLate');
  });

  test('its certificate is revoked, once and again', async () => {
    const { reference, state } = await bought(await standingPurchase());
    const serial = parseCertificate(last().certificate?.der ?? assert.fail()).serialHex;
    await upstream.revoke?.({ reference, serial }, 'privilegeWithdrawn', never);
    await upstream.revoke?.({ reference, serial }, 'privilegeWithdrawn', never);
    assert.deepEqual(double.revoked, [serial]);
    assert.equal((await state()).state, 'issued');
    const open = await bought(await purchaseOf(dv));
    assert.equal(
      await kindOf(upstream.revoke?.({ reference: open.reference, serial: 'ab' }, 'superseded', never)),
      'wrongState',
    );
  });

  test('a request for its revocation is approved, or waits in words for somebody else', async () => {
    const { reference } = await bought(await standingPurchase());
    const sold = { reference, serial: last().certificate?.serial ?? '' };
    double.wantsApproval = true;
    double.forbidsOwnApproval = true;
    const failure = await failureOf(upstream.revoke?.(sold, 'keyCompromise', never) ?? Promise.resolve());
    assert.equal(failure.kind, 'credentials');
    assert.match(failure.message, /^revocation request \d+ waits for the approval of another person/);
    double.forbidsOwnApproval = false;
    await upstream.revoke?.(
      { reference: { ...reference, certificate: null }, serial: sold.serial },
      'keyCompromise',
      never,
    );
    assert.deepEqual(double.revoked, [sold.serial]);
  });

  test('it stands in the list, page by page, the latest first', async () => {
    double.pageSize = 2;
    for (let count = 0; count < 5; count++) {
      await bought(await standingPurchase());
      await clock.advance(3_600_000);
    }
    const listed = (await upstream.orders?.(new Date('2026-06-01T00:30:00Z'), never)) ?? [];
    assert.deepEqual(
      listed.map(({ reference }) => reference.order),
      ['1004', '1003', '1002', '1001'],
    );
    assert.deepEqual(listed[0], {
      reference: { order: '1004', certificate: '50004' },
      clientReference: last().clientReference,
      state: 'issued',
      words: 'issued',
      names: ['a.example.com'],
      placedAt: new Date('2026-06-01T04:00:00Z'),
      price: { minor: 39900, currency: 'USD' },
    });
  });

  test('products for TLS', async () => {
    assert.deepEqual(await upstream.products(never), [
      { code: dv, title: 'GeoTrust DV SSL' },
      { code: ov, title: 'Secure Site OV' },
      { code: ev, title: 'Secure Site EV' },
    ]);
  });
});

describe('what stands', () => {
  const active = { type: 'ov', status: 'active', dcv_status: 'complete', validated_until: '2027-01-01T00:00:00+00:00' };
  const names = ['a.example.com', '*.example.org'].map((text) => parseIdentifier(text, 'name'));

  for (const [title, domain, words] of [
    ['a validated parent', { validations: [active] }, undefined],
    ['an active one by a text', { is_active: '1', validations: [active] }, undefined],
    ['one that is not active', { is_active: '0', validations: [active] }, 'the domain example.com is not active'],
    [
      'one that is pending',
      { validations: [{ ...active, status: 'pending' }] },
      'the domain example.com has a validation ov that is pending',
    ],
    [
      'one whose control is',
      { validations: [{ ...active, dcv_status: 'pending' }] },
      'the domain example.com has a validation ov whose DCV is pending',
    ],
    [
      'one that is over',
      { validations: [{ ...active, validated_until: '2026-05-31' }] },
      'the domain example.com has a validation ov that ended on 2026-05-31T23:59:59.000Z',
    ],
    [
      'one whose control is over',
      { validations: [active], dcv_expiration: { ov: '2026-05-30' } },
      'the domain example.com must be validated again',
    ],
    [
      'one without any',
      { validations: [{ type: 'cs', status: 'active' }] },
      'the domain example.com has no validation for TLS certificates',
    ],
  ] as const) {
    test(`in ${title}`, async () => {
      double.pageSize = 1;
      double.domains = [
        { id: 1, name: 'example.org', validations: [active] },
        { id: 2, name: 'example.com', ...domain },
      ];
      const { missing } =
        (await upstream.standing?.({ product: dv, names, organization: null, container: '5' }, never)) ?? assert.fail();
      assert.deepEqual(missing, words === undefined ? [] : [{ what: 'a.example.com', words }]);
    });
  }

  test('nothing of a stranger, nor for an organization that it does not know', async () => {
    double.domains = [{ id: 1, name: 'ample.com', validations: [active] }];
    const question = { product: ov, names: names.slice(0, 1), organization, container: null };
    const words = 'neither it nor a domain above it is among the domains of the account';
    const stranger = { what: 'a.example.com', words };
    const ask = async () => (await upstream.standing?.(question, never))?.missing;
    assert.deepEqual(await ask(), [stranger, { what: 'Example Ltd', words: 'the account has no organization 42' }]);
    double.organizations = { 42: { validations: [{ ...active, status: 'expired' }] } };
    assert.equal((await ask())?.[1]?.words, 'organization 42 has a validation ov that is expired');
    double.organizations = { 42: { validations: [active] } };
    assert.deepEqual(await ask(), [stranger]);
  });
});

describe('the level of validation that a product takes', () => {
  const of = (type: string, status = 'active') => ({ type, status, dcv_status: 'complete' });
  const names = [parseIdentifier('a.example.com', 'name')];
  const lacks = (level: string) => `has no validation ${level}, which the product needs`;

  for (const [product, validations, words] of [
    [dv, [of('dv')], undefined],
    [dv, [of('ev')], undefined],
    [ov, [of('ov')], undefined],
    [ov, [of('dv')], lacks('ov')],
    [ov, [of('ev'), of('ov', 'pending')], 'has a validation ov that is pending'],
    [ev, [of('ov'), of('ev', 'expired')], 'has a validation ev that is expired'],
    [ev, [of('ov')], lacks('ev')],
    [ev, [of('ov'), of('ev')], undefined],
    // None that the account's list of products has: by the code.
    ['ssl_ev_plus', [of('ov')], lacks('ev')],
    ['wildcard_dv_rapidssl', [of('ov')], undefined],
    ['ssl_plus', [of('dv')], lacks('ov')],
  ] as const) {
    test(`${product} with ${validations.map(({ type, status }) => `${type} ${status}`).join(', ')}`, async () => {
      double.domains = [{ id: 1, name: 'example.com', validations }];
      double.organizations = { 42: { validations } };
      const asked = { product, names, organization: product === dv ? null : organization, container: null };
      const { missing } = (await upstream.standing?.(asked, never)) ?? assert.fail();
      const expected = words === undefined ? [] : [`the domain example.com ${words}`, `organization 42 ${words}`];
      assert.deepEqual(
        missing.map((one) => one.words),
        expected.slice(0, product === dv ? 1 : 2),
      );
    });
  }

  test('of a domain whose control is proved until a day of this level', async () => {
    double.organizations = { 42: { validations: [of('ov')] } };
    double.domains = [
      { id: 1, name: 'example.com', validations: [], dcv_expiration: { ov: '2027-01-01', ev: '2026-05-30' } },
    ];
    const missing = async (product: string) =>
      (await upstream.standing?.({ product, names, organization: null, container: null }, never))?.missing.length;
    assert.deepEqual([await missing(ov), await missing(ev)], [0, 1]);
  });
});

describe('another certmux that speaks this API', () => {
  test('sells, proves, reissues, duplicates and revokes', async () => {
    const session = await createSession();
    const theirs = upstreamOf(session.fetch, session.apiKey);
    assert.ok((await theirs.products(never)).length > 3);
    const purchase = await purchaseOf(dv, { choices: { 'a.example.com': 'dnsTxt' } });
    const lost = { ...purchase, sentAt: clock.now() };
    assert.equal(await theirs.find?.(lost, never), 'absent');
    const { reference, proofs } = await theirs.place(purchase, never);
    const pending = await theirs.state(reference, purchase, never);
    assert.deepEqual([pending.state, pending.proofs], ['proving', proofs]);
    assert.ok(pending.proofsUntil !== null);
    await theirs.check?.(reference, never);
    session.app.checks.place('a.example.com', 'dnsTxt');
    await theirs.check?.(reference, never);
    const first = await theirs.state(reference, purchase, never);
    assert.equal(first.state, 'issued');
    const found = await theirs.find?.(lost, never);
    assert.equal(found === 'absent' ? found : bytes(found?.certificate?.der), bytes(first.certificate?.der));
    for (const kind of ['reissue', 'duplicate'] as const) {
      const further = await purchaseOf(dv, { kind, of: reference, choices: { 'a.example.com': 'dnsTxt' } });
      const missing = await theirs.find?.({ ...further, sentAt: new Date('2100-01-01') }, never);
      assert.equal(missing, 'absent', kind);
      const answer = await theirs.place(further, never);
      await session.app.idle();
      const issued = await theirs.state(answer.reference, further, never);
      assert.equal(issued.state, 'issued', kind);
      assert.notEqual(bytes(issued.certificate?.der), bytes(first.certificate?.der));
    }
    assert.equal(
      bytes((await theirs.state(reference, purchase, never)).certificate?.der),
      bytes(first.certificate?.der),
    );
    const serial = parseCertificate(first.certificate?.der ?? assert.fail()).serialHex;
    await theirs.revoke?.({ reference: first.reference, serial }, 'superseded', never);
    await theirs.revoke?.({ reference: first.reference, serial }, 'superseded', never);
    const listed = (await theirs.orders?.(new Date(0), never)) ?? [];
    assert.deepEqual(
      listed.map((one) => one.clientReference),
      [purchase.clientReference],
    );
    const cancelled = await theirs.place(await purchaseOf(dv, { names: ['c.example.com'] }), never);
    assert.equal(await theirs.cancel?.(cancelled.reference, 'new', never), 'cancelled');
    assert.equal(await theirs.cancel?.(cancelled.reference, 'new', never), 'cancelled');
    assert.equal(await kindOf(upstreamOf(session.fetch, 'x').products(never)), 'credentials');
  });
});
