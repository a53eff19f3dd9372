/** Encryption365 as a way out: against a double of the vendor, which comes late and badly, and against our own server. */
import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { upstream as maker } from '../../../src/dialects/encryption365/upstream.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type { Purchase, Upstream, VendorAnswer, VendorState } from '../../../src/domain/ports/upstream.ts';
import type { UpstreamFailureKind } from '../../../src/domain/upstream-failure.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { csrHashes, parseCsr } from '../../../src/pki/csr.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createFakeClock, type FakeClock } from '../../support/system.ts';
import {
  createEncryption365Double,
  type Encryption365Double,
  type Encryption365Operation,
  encryption365Keys,
} from '../../support/vendors/encryption365-double.ts';
import {
  csrFor,
  failureOf,
  never,
  playMishaps,
  purchaseOf,
  someOrganization,
  type Wish,
} from '../../support/vendors/purchases.ts';
import { baseUrl, createSession, credentials } from './harness.ts';

let clock: FakeClock;
let double: Encryption365Double;
let upstream: Upstream;

const publicSuffixes = createPublicSuffixes();

function upstreamOf(fetch: (request: Request) => Promise<Response>, keys: Record<string, string> = encryption365Keys) {
  return maker.create({ baseUrl, fetch, credentials: keys, clock, publicSuffixes });
}

beforeEach(() => {
  clock = createFakeClock();
  double = createEncryption365Double(() => clock);
  upstream = upstreamOf(double.fetch);
});

async function placed(wish: Wish = {}) {
  const purchase = await purchaseOf('108', wish);
  const answer = await upstream.place(purchase, never);
  const { reference } = answer;
  return { purchase, answer, reference, state: () => upstream.state(reference, purchase, never) };
}

async function issued(wish: Wish = {}) {
  const order = await placed(wish);
  await double.prove(order.reference.order);
  const answer = await order.state();
  const { der } = answer.certificate ?? assert.fail('it is not issued');
  return { ...order, answer, serial: parseCertificate(der).serialHex };
}

/** Another key for the order, or other names. */
async function reissued(of: VendorAnswer['reference'], wish: Wish = {}) {
  const purchase = await purchaseOf('108', { kind: 'reissue', of, ...wish });
  const answer = await upstream.place(purchase, never);
  return { purchase, answer, state: () => upstream.state(of, purchase, never) };
}

const { place, state, check, changeMethod, revoke, balance } = {
  place: (purchase: Purchase) => upstream.place(purchase, never),
  state: (reference: VendorAnswer['reference'], purchase: Purchase) => upstream.state(reference, purchase, never),
  check: (reference: VendorAnswer['reference']) => upstream.check?.(reference, never) ?? assert.fail(),
  changeMethod: (...[reference, change]: Parameters<NonNullable<Upstream['changeMethod']>>) =>
    upstream.changeMethod?.(reference, change, never) ?? assert.fail(),
  revoke: (reference: VendorAnswer['reference'], serial: string) =>
    upstream.revoke?.({ reference, serial }, 'keyCompromise', never) ?? assert.fail(),
  balance: () => upstream.balance?.(never) ?? assert.fail(),
};

describe('an order at Encryption365', () => {
  test('is sent in the fields and types of the vendor’s clients', async () => {
    const { purchase } = await placed({ names: ['a.example.com', '*.example.com', '203.0.113.7'] });
    const wire = double.orders[0]?.wire;
    assert.deepEqual(wire, {
      pid: 108,
      period: 'annually',
      csr_code: encodePem('CERTIFICATE REQUEST', purchase.csr ?? assert.fail()),
      domains: 'a.example.com,*.example.com,203.0.113.7',
      renew: false,
      old_vendor_id: -1,
    });
    assert.deepEqual(double.calls, ['products', 'create']);
  });

  test('has the organization flat beside the rest, and only where there is one', async () => {
    await placed({ organization: { id: null, details: { ...someOrganization, registrationNumber: '7' } } });
    const { pid, period, csr_code, domains, renew, old_vendor_id, ...organization } = double.orders[0]?.wire ?? {};
    assert.deepEqual(organization, {
      organization_name: 'Example Ltd',
      registered_address_line1: '1 High Street',
      registered_no: '7',
      country: 'GB',
      state: 'London',
      city: 'London',
      postal_code: 'E1 6AN',
      organization_phone: '+44 20 7946 0001',
      contact_name: 'Ada Lovelace',
      contact_title: 'Analyst',
      contact_phone: '+44 20 7946 0000',
      contact_email: 'ada@example.com',
    });
  });

  test('renews another one by its number', async () => {
    const { reference } = await issued();
    const { answer } = await placed({ kind: 'renewal', of: reference });
    const { renew, old_vendor_id } = double.orders[1]?.wire ?? {};
    assert.deepEqual([renew, old_vendor_id], [true, 52295091]);
    assert.equal(answer.reference.order, '52295092');
  });

  test('shows every proof of every name, with whole host names, and files exactly as they are', async () => {
    const names = ['a.b.example.co.uk', 'example.co.uk', '*.example.co.uk', '203.0.113.7', 'xn--fsqu00a.example.com'];
    const { purchase, answer, state } = await placed({ names });
    const { md5, sha256 } = csrHashes(purchase.csr ?? assert.fail());
    const uniqueId = double.orders[0]?.uniqueId;
    const target = `${sha256.slice(0, 32)}.${sha256.slice(32)}.${uniqueId}.comodoca.com`;
    const file = {
      binding: 'request',
      path: `/.well-known/pki-validation/${md5.toUpperCase()}.txt`,
      content: `${sha256}\r\ncomodoca.com\r\n${uniqueId}`,
    };
    const files = [
      { method: 'httpFile', ...file },
      { method: 'httpsFile', ...file },
    ];
    const hosts = [
      ['a.b.example.co.uk', 'a.b.example.co.uk', 15],
      ['example.co.uk', 'example.co.uk', 5],
      ['*.example.co.uk', 'example.co.uk', 5],
      ['xn--fsqu00a.example.com', 'xn--fsqu00a.example.com', 10],
    ] as const;
    for (const [name, base, mailboxes] of hosts) {
      const proof = answer.proofs.find((one) => one.name === name) ?? assert.fail(name);
      const [http, https, record, mail] = proof.challenges;
      assert.deepEqual([http, https], files);
      assert.deepEqual(record, { method: 'dnsCname', binding: 'request', host: `_${md5}.${base}`, target });
      assert.ok(mail?.method === 'email' && mail.addresses.length === mailboxes, name);
    }
    // An address has neither records nor mailboxes, although the vendor shows a record.
    assert.deepEqual(answer.proofs[3], { name: '203.0.113.7', challenges: files });
    assert.deepEqual(
      answer.proofs.map(({ name }) => name),
      names,
    ); // in our order, not in its
    assert.equal(answer.state, 'proving');
    assert.deepEqual((await state()).proofs, answer.proofs);
  });

  test('costs what it says, in minor units', async () => {
    const { answer, state } = await placed({ names: ['a.example.com', '*.example.com'] });
    assert.deepEqual(answer.price, { minor: 100_600, currency: 'CNY' });
    assert.equal((await state()).price, null); // only the first reply says it
  });

  test('is issued for our key, with its chain put in order, the end of what was bought in China’s time', async () => {
    const { answer, purchase } = await issued({ names: ['a.example.com', '*.example.com'] });
    assert.equal(answer.state, 'issued');
    const certificate = answer.certificate ?? assert.fail();
    const leaf = parseCertificate(certificate.der);
    assert.deepEqual(leaf.spkiDer, parseCsr(purchase.csr ?? assert.fail()).publicKey.spkiDer);
    const [issuer, root] = certificate.chain.map((der) => parseCertificate(der));
    assert.deepEqual(issuer?.subject.der, leaf.issuer.der);
    assert.deepEqual(root?.subject.der, issuer?.issuer.der);
    assert.deepEqual(answer.coverageUntil, new Date('2027-05-31T23:59:59Z'));
  });

  test('waits without challenges until the vendor has made them', async () => {
    double.isEntering = true;
    const { answer, state } = await placed();
    assert.deepEqual([answer.state, answer.proofs.flatMap(({ challenges }) => challenges)], ['preparing', []]);
    double.isEntering = false;
    assert.equal((await state()).state, 'proving');
  });

  test('says which names are accepted, and works by itself once all are', async () => {
    double.isSlow = true;
    const { reference, state } = await placed({ names: ['a.example.com', 'b.example.com'] });
    double.orders[0]?.verified.add('b.example.com');
    const half = await state();
    assert.deepEqual([half.state, half.proofs.map(({ isProved }) => isProved)], ['proving', [undefined, true]]);
    await double.prove(reference.order);
    assert.equal((await state()).state, 'processing');
  });

  const notSent: readonly [string, Wish, RegExp][] = [
    ['a duplicate', { kind: 'duplicate' }, /duplicates/],
    ['IPv6', { names: ['2001:db8::1'] }, /IPv6/],
    ['no CSR', { csr: null }, /CSR/],
    ['a reissue of nothing', { kind: 'reissue' }, /no order number/],
    ['a renewal of a stranger’s', { kind: 'renewal', of: { order: 'abc', certificate: null } }, /no order number/],
  ];
  for (const [what, wish, words] of notSent) {
    test(`is not sent for ${what}`, async () => {
      const failure = await failureOf(place(await purchaseOf('108', wish)));
      assert.equal(failure.isSent, false);
      assert.match(failure.message, words);
      assert.deepEqual(double.orders, []);
    });
  }
});

describe('a reissue at Encryption365', () => {
  test('keeps the number, and goes back to waiting with other values', async () => {
    const { reference, answer: first } = await issued();
    const { answer, state } = await reissued(reference, { names: ['a.example.com', 'b.example.com'] });
    assert.deepEqual([answer.reference, answer.state], [reference, 'proving']);
    assert.deepEqual(Object.keys(double.orders[0]?.purchases[1] ?? {}), ['trustocean_id', 'csr_code', 'domains']);
    await double.prove(reference.order);
    const done = await state();
    assert.equal(done.state, 'issued');
    assert.notDeepEqual(done.certificate?.der, first.certificate?.der);
  });

  test('never takes the certificate of before for its own', async () => {
    const { reference } = await issued();
    double.isStale = true; // an answer out of a cache
    const { state } = await reissued(reference);
    const stale = await state();
    assert.deepEqual([stale.state, stale.certificate], ['processing', null]);
    assert.match(stale.words, /certificate of before/);
  });

  test('of the same key wants the names as well', async () => {
    const csr = await csrFor(['a.example.com']);
    const { reference } = await issued({ csr });
    double.isStale = true;
    const { state } = await reissued(reference, { csr, names: ['a.example.com', 'b.example.com'] });
    assert.equal((await state()).state, 'processing');
  });

  test('is refused where the order is in no state for it', async () => {
    const { reference } = await placed();
    const failure = await failureOf(reissued(reference));
    assert.equal(failure.kind, 'wrongState');
    assert.match(failure.message, /^Cannot reissue this order now/);
  });
});

describe('states of Encryption365', () => {
  // What it is where a certificate is shown, and where none ever was.
  const words: readonly [string, VendorState, VendorState][] = [
    ['enroll_caprocessing', 'processing', 'proving'],
    ['issued_active', 'issued', 'processing'],
    ['Issued_Active', 'issued', 'processing'],
    ['expired', 'issued', 'refused'],
    ['revoked', 'issued', 'refused'],
    ['rejected', 'refused', 'refused'],
    ['cancelled', 'cancelled', 'cancelled'],
    ['enroll_apierror', 'unknown', 'unknown'],
    ['toString', 'unknown', 'unknown'],
  ];
  for (const [cert_status, withCertificate, without] of words) {
    test(`${cert_status} is ${withCertificate}, or ${without} without a certificate`, async () => {
      const done = await issued();
      double.change = (reply) => ({ ...reply, cert_status });
      assert.equal((await done.state()).state, withCertificate);
      const open = await placed();
      const answer = await open.state();
      assert.deepEqual([answer.state, answer.certificate], [without, null]);
      assert.ok(answer.words.startsWith(cert_status));
    });
  }

  test('a revoked order has its certificate, a refused one its reason', async () => {
    const { reference, serial, state } = await issued();
    await revoke(reference, serial);
    assert.deepEqual((await state()).state, 'issued');
    double.change = (reply) => ({ ...reply, cert_status: 'rejected', message: 'CAA forbids it' });
    assert.equal((await state()).words, 'rejected: CAA forbids it');
  });

  const changes: readonly [string, Record<string, unknown>, VendorState][] = [
    ['a number as text', { trustocean_id: '52295091' }, 'issued'],
    ['no number', { trustocean_id: undefined }, 'issued'],
    ['no challenges', { dcv_info: null, domains: null }, 'issued'],
    ['dates as words', { expire_at: 'never', created_at: 7 }, 'issued'],
    ['a chain that is null', { ca_code: null }, 'issued'],
    ['no certificate yet', { cert_code: '', ca_code: null }, 'processing'],
    ['something else for a certificate', { cert_code: '<html>', ca_code: null }, 'unknown'],
    ['half a certificate', { cert_code: '-----BEGIN CERTIFICATE-----\nMIIB', ca_code: null }, 'unknown'],
  ];
  for (const [what, change, expected] of changes) {
    test(`reads ${what}`, async () => {
      const { state } = await issued();
      double.change = (reply) => ({ ...reply, ...change });
      assert.equal((await state()).state, expected);
    });
  }

  test('reads bare replies, and a state that is in no document', async () => {
    const { state } = await issued();
    double.spoil('details', 'bare', 'garbage');
    assert.equal((await state()).state, 'issued');
    const strange = await state();
    assert.deepEqual([strange.state, strange.words], ['unknown', 'on-hold-42']);
  });

  test('reads certificates without armour, all in one text, the leaf behind its chain', async () => {
    const { state, answer } = await issued();
    const { der, chain } = answer.certificate ?? assert.fail();
    const forms: readonly [string, string | null][] = [
      [Buffer.from(der).toString('base64'), null],
      [[...chain, der].map((one) => encodePem('CERTIFICATE', one)).join(''), null],
      ['', [...chain, der].map((one) => encodePem('CERTIFICATE', one)).join('\r\n')],
    ];
    for (const [cert_code, ca_code] of forms) {
      double.change = (reply) => ({ ...reply, cert_code, ca_code });
      assert.deepEqual(Buffer.from((await state()).certificate?.der ?? []), Buffer.from(der));
    }
  });

  test('shows records that are absolute already, TXT records, and entries under another spelling', async () => {
    const { state } = await placed({ names: ['a.example.com', '*.a.example.com'] });
    const entry = {
      dns_host: '_x.a.example.com.',
      topdomain: 'example.com',
      dns_type: 'txt',
      dns_value: 'v',
      emails: null,
    };
    double.change = (reply) => ({ ...reply, dcv_info: [{ ...entry, domain: 'A.Example.com.' }] });
    const record = { method: 'dnsTxt', binding: 'request', host: '_x.a.example.com', value: 'v' };
    // The values are those of the CSR: the wildcard has them from its base name.
    assert.deepEqual((await state()).proofs, [
      { name: 'a.example.com', challenges: [record] },
      { name: '*.a.example.com', challenges: [record] },
    ]);
  });

  test('takes a reply about another order for none', async () => {
    const { state } = await issued();
    double.change = (reply) => ({ ...reply, trustocean_id: 1 });
    assert.equal((await failureOf(state())).kind, 'away');
  });
});

describe('calls to Encryption365', () => {
  test('look now, and change the method of one name', async () => {
    const { reference, state } = await placed({ names: ['a.example.com', 'b.example.com'] });
    const name = parseIdentifier('b.example.com', 'name');
    for (const [choice, word] of [
      ['httpFile', 'http'],
      ['httpsFile', 'https'],
      ['dnsCname', 'dns'],
      [{ method: 'email', address: 'admin@example.com' }, 'admin@example.com'],
    ] as const) {
      await changeMethod(reference, { name, choice }, never);
      assert.equal(double.orders[0]?.methods.get('b.example.com'), word);
    }
    const mail = (await state()).proofs[1]?.challenges.find(({ method }) => method === 'email');
    assert.ok(mail?.method === 'email' && mail.chosen === 'admin@example.com');
    for (const choice of ['email', 'dnsTxt', 'tlsAlpn', { method: 'email', address: 'x@stranger.example' }] as const) {
      assert.equal((await failureOf(changeMethod(reference, { name, choice }, never))).kind, 'refused');
    }
    double.isProved = true;
    await check(reference);
    assert.equal((await state()).state, 'issued');
  });

  test('revoke the order by its newest certificate only', async () => {
    const first = await issued();
    const second = await reissued(first.reference);
    const waiting = await failureOf(revoke(first.reference, first.serial));
    assert.deepEqual([waiting.kind, waiting.isSent], ['wrongState', false]); // nothing that could be revoked is shown
    await double.prove(first.reference.order);
    const failure = await failureOf(revoke(first.reference, first.serial));
    assert.equal(failure.kind, 'refused');
    assert.match(failure.message, /whole orders only/);
    assert.deepEqual(double.revoked, []);
    const { der } = (await second.state()).certificate ?? assert.fail();
    const { serialHex } = parseCertificate(der);
    await revoke(first.reference, serialHex);
    await revoke(first.reference, serialHex); // is no fault
    assert.deepEqual(double.revoked, [serialHex]);
    assert.equal(double.calls.filter((call) => call === 'revoke').length, 1);
  });

  test('show what is left, and the products with their prices', async () => {
    assert.deepEqual(await balance(), { minor: 100_650, currency: 'CNY' });
    const yuan = (amount: number) => ({ minor: amount * 100, currency: 'CNY' });
    assert.deepEqual(await upstream.products(never), [
      { code: '100', title: '免费版 SSL 证书 (90天)', prices: { name: yuan(0), wildcard: yuan(0) } },
      { code: '108', title: '正式版 SSL 证书 (1年)', prices: { name: yuan(256), wildcard: yuan(750) } },
    ]);
  });
});

describe('what Encryption365 refuses', () => {
  const texts: readonly [string, UpstreamFailureKind][] = [
    ['账户或密码错误', 'credentials'],
    ['access_token 无效', 'credentials'],
    ['账户余额不足', 'balance'],
    ['订单不存在', 'absent'],
    ['请求过于频繁', 'limited'],
    ['系统繁忙，请稍后再试', 'away'],
    ['This order cnanot be revoked, because this order is not in Issued_Active status.', 'wrongState'],
    ['无法删除 a.com 每个证书至少保留1条域名.', 'refused'],
    ['something nobody has seen', 'refused'],
  ];
  for (const [text, kind] of texts) {
    for (const errorsIn of ['result', 'status'] as const) {
      test(`"${text}" in ${errorsIn} is ${kind}`, async () => {
        const purchase = await purchaseOf('108');
        Object.assign(double, { errorsIn });
        const { reference } = await place(purchase);
        double.refusal = text;
        const failure = await failureOf(state(reference, purchase));
        assert.deepEqual([failure.kind, failure.message], [kind, text]);
      });
    }
  }

  test('is told by its own calls: a wrong token, an unknown product, an empty account', async () => {
    const stranger = upstreamOf(double.fetch, { ...encryption365Keys, access_token: 'wrong-token' });
    assert.equal((await failureOf(stranger.products(never))).kind, 'credentials');
    assert.equal((await failureOf(place(await purchaseOf('99')))).kind, 'refused');
    double.isBroke = true;
    assert.equal((await failureOf(place(await purchaseOf('108')))).kind, 'balance');
    assert.deepEqual(double.orders, []);
  });

  test('repeats our token, and nobody reads it', async () => {
    const { access_token } = encryption365Keys;
    double.refusal = `access_token ${access_token} is not known`;
    const failure = await failureOf(upstream.products(never));
    assert.equal(failure.message, 'access_token [secret] is not known');
    assert.ok(!JSON.stringify(failure, Object.getOwnPropertyNames(failure)).includes(access_token));
  });
});

describe('what goes wrong on the way to Encryption365', () => {
  const name = parseIdentifier('a.example.com', 'name');
  const calls: readonly [Encryption365Operation, (signal: AbortSignal) => Promise<() => Promise<unknown>>][] = [
    ['create', async (signal) => upstreamCall(await purchaseOf('108'), signal)],
    ['details', async (signal) => openOrder(({ reference, purchase }) => upstream.state(reference, purchase, signal))],
    ['challenge', async (signal) => openOrder(({ reference }) => upstream.check?.(reference, signal))],
    [
      'changeMethod',
      async (signal) =>
        openOrder(({ reference }) => upstream.changeMethod?.(reference, { name, choice: 'dnsCname' }, signal)),
    ],
    ['account', async (signal) => async () => upstream.balance?.(signal)],
    ['products', async (signal) => async () => upstream.products(signal)],
    [
      'revoke',
      async (signal) => {
        const { reference, serial } = await issued();
        return async () => upstream.revoke?.({ reference, serial }, 'superseded', signal);
      },
    ],
    [
      'reissue',
      async (signal) => {
        const { reference } = await issued();
        return upstreamCall(await purchaseOf('108', { kind: 'reissue', of: reference }), signal);
      },
    ],
  ];

  const upstreamCall = (purchase: Purchase, signal: AbortSignal) => () => upstream.place(purchase, signal);

  async function openOrder(use: (order: Awaited<ReturnType<typeof placed>>) => Promise<unknown> | undefined) {
    const order = await placed();
    return async () => use(order);
  }

  for (const [operation, prepare] of calls) {
    test(`${operation}: no reply, pages, empty bodies, too many calls`, async () => {
      // Prepared anew each time: some can be made once only.
      const call = async (signal: AbortSignal) => (await prepare(signal))();
      await playMishaps(double, operation, call, { now: clock.now() });
    });
  }

  test('before the order itself is no purchase', async () => {
    for (const mishap of ['loseReply', 'html', 'empty'] as const) {
      double.spoil('products', mishap);
      const failure = await failureOf(place(await purchaseOf('108')));
      assert.deepEqual([failure.kind, failure.isSent], ['away', false], mishap);
    }
    assert.deepEqual(double.orders, []);
  });
});

describe('our own server as the vendor', () => {
  test('is bought from, looked at, reissued, renewed and revoked', async () => {
    const session = await createSession();
    const own = maker.create({
      baseUrl,
      fetch: session.fetch,
      credentials,
      clock: session.app.clock,
      publicSuffixes,
    });
    const names = ['trustocean.com', '*.trustocean.com'];
    assert.deepEqual(
      (await own.products(never)).map(({ code }) => code),
      ['100', '108', '118', '128'],
    );
    const purchase = await purchaseOf('108', { names });
    const first = await own.place(purchase, never);
    assert.deepEqual([first.state, first.price], ['proving', { minor: 100_600, currency: 'CNY' }]);
    assert.deepEqual(
      first.proofs.map(({ challenges }) => challenges.map(({ method }) => method)),
      names.map(() => ['httpFile', 'httpsFile', 'dnsCname', 'email']),
    );
    assert.deepEqual(await own.balance?.(never), { minor: 1_000_000 - 100_600, currency: 'CNY' });
    const name = parseIdentifier('trustocean.com', 'name');
    await own.changeMethod?.(first.reference, { name, choice: 'dnsCname' }, never);
    await own.check?.(first.reference, never);
    await session.prove();
    const done = await own.state(first.reference, purchase, never);
    assert.equal(done.state, 'issued');

    const next = await purchaseOf('108', { kind: 'reissue', of: first.reference, names });
    await own.place(next, never);
    await session.prove();
    const second = await own.state(first.reference, next, never);
    assert.equal(second.state, 'issued');
    const renewal = await own.place(await purchaseOf('108', { kind: 'renewal', of: first.reference, names }), never);
    assert.notEqual(renewal.reference.order, first.reference.order);
    const { serialHex: serial } = parseCertificate(second.certificate?.der ?? assert.fail());
    await own.revoke?.({ reference: first.reference, serial }, 'superseded', never);
    await own.revoke?.({ reference: first.reference, serial }, 'superseded', never);
    assert.equal((await own.state(first.reference, next, never)).words, 'revoked');
    const absent = { order: '7', certificate: null };
    assert.equal((await failureOf(own.state(absent, purchase, never))).kind, 'absent');
    const stranger = maker.create({
      baseUrl,
      fetch: session.fetch,
      credentials: { ...credentials, access_token: 'wrong' },
      clock: session.app.clock,
      publicSuffixes,
    });
    assert.equal((await failureOf(stranger.products(never))).kind, 'credentials');
  });
});
