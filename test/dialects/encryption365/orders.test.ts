/** What an accepted order asks of the core, and how names, repeats and organizations are read. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { newUniqueId } from '../../../src/dialects/encryption365/order-from-wire.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { createFakeRandomness } from '../../support/system.ts';
import { createIssuedSession, createSession, firstNumber, orderBody, type Reply } from './harness.ts';
import { ecCsr, seedCsr } from './seed.ts';

describe('names', () => {
  const rows: readonly [string, readonly string[]][] = [
    ['a.com,b.com', ['a.com', 'b.com']],
    ['b.com , a.com,', ['b.com', 'a.com']], // the order of the request
    ['a.com，b.com、c.com；d.com;e.com', ['a.com', 'b.com', 'c.com', 'd.com', 'e.com']],
    ['a.com\r\nb.com c.com', ['a.com', 'b.com', 'c.com']],
    ['WWW.A.com.', ['www.a.com']],
    ['例子.中国', ['xn--fsqu00a.xn--fiqs8s']],
    ['*.例子.中国', ['*.xn--fsqu00a.xn--fiqs8s']],
    ['45.90.90.90', ['45.90.90.90']],
  ];
  for (const [domains, expected] of rows) {
    test(`${JSON.stringify(domains)} are ${expected.join(' ')}`, async () => {
      const placed = await (await createSession()).post('/cert/create', orderBody({ domains }));
      assert.deepEqual(placed.domains, expected);
      assert.deepEqual(Object.keys(placed.dcv_info), [...expected].sort());
    });
  }
});

describe('dcv_info', () => {
  const mailboxes = (...domains: string[]) =>
    domains.flatMap((domain) =>
      ['admin', 'administrator', 'hostmaster', 'postmaster', 'webmaster'].map((mailbox) => `${mailbox}@${domain}`),
    );
  const rows: readonly [string, Reply][] = [
    ['example.com', { subdomain: null, topdomain: 'example.com', emails: mailboxes('example.com') }],
    [
      'a.b.example.co.uk',
      {
        subdomain: 'a.b',
        topdomain: 'example.co.uk',
        emails: mailboxes('example.co.uk', 'a.b.example.co.uk', 'b.example.co.uk'),
      },
    ],
    ['*.example.com', { subdomain: null, topdomain: 'example.com', emails: mailboxes('example.com') }],
    [
      '*.www.example.com',
      { subdomain: 'www', topdomain: 'example.com', emails: mailboxes('example.com', 'www.example.com') },
    ],
    ['me.github.io', { subdomain: null, topdomain: 'me.github.io', emails: mailboxes('me.github.io') }],
    ['45.90.90.90', { subdomain: null, topdomain: '45.90.90.90', emails: [] }],
  ];
  for (const [name, expected] of rows) {
    test(`of ${name}`, async () => {
      const placed = await (await createSession()).post('/cert/create', orderBody({ domains: name }));
      const entry = placed.dcv_info[name];
      for (const [key, value] of Object.entries(expected)) assert.deepEqual(entry[key], value, key);
      const label = '_b8ee25a34bc5cd1f4d5dc8c20fd4eeb2';
      assert.equal(entry.dns_host, entry.subdomain === null ? label : `${label}.${entry.subdomain}`);
    });
  }

  test('shows the method that was chosen and what was proved', async () => {
    const { post, prove } = await createSession();
    await post('/cert/create', orderBody({ domains: 'a.com,b.com' }));
    await post('/cert/change_dcv', { trustocean_id: firstNumber, domain: 'a.com', method: 'DNS' });
    await prove('b.com');
    const { dcv_info: entries } = await post('/cert/details', { trustocean_id: firstNumber });
    assert.deepEqual([entries['a.com'].method, entries['a.com'].status], ['dns', 'needverification']);
    assert.deepEqual([entries['b.com'].method, entries['b.com'].status], ['http', 'verified']);
  });

  test('stays verified on an issued order when the proofs have grown too old to be reused', async () => {
    const { post, app } = await createIssuedSession({ pid: 108 });
    await app.advance(300 * 86_400);
    const details = await post('/cert/details', { trustocean_id: firstNumber });
    assert.equal(details.cert_status, 'issued_active');
    assert.equal(details.dcv_info['trustocean.com'].status, 'verified');
  });
});

test('an empty unique_id is none, as null is', async () => {
  for (const unique_id of ['', null]) {
    const { post } = await createSession();
    assert.match((await post('/cert/create', orderBody({ unique_id }))).unique_id, /^[a-z0-9]{8,20}$/);
  }
});

describe('challenges', () => {
  test('are what dcv_info tells, at absolute names, with the parents up to the registrable domain', async () => {
    const { post, order } = await createSession();
    const placed = await post('/cert/create', orderBody({ domains: '*.a.b.example.co.uk', unique_id: 'CAB202166585' }));
    assert.equal(placed.unique_id, 'cab202166585');
    const path = '/.well-known/pki-validation/B8EE25A34BC5CD1F4D5DC8C20FD4EEB2.txt';
    const content = 'fdadae5fbe8fce33026ffa3de7d27f546edc2686259e2ed1d64053aaef156d18\r\ncomodoca.com\r\ncab202166585';
    const label = '_b8ee25a34bc5cd1f4d5dc8c20fd4eeb2';
    assert.deepEqual((await order()).authorizations[0]?.challenges, [
      { method: 'httpFile', binding: 'request', path, content },
      { method: 'httpsFile', binding: 'request', path, content },
      {
        method: 'dnsCname',
        binding: 'request',
        host: `${label}.a.b.example.co.uk`,
        alternativeHosts: [`${label}.b.example.co.uk`, `${label}.example.co.uk`],
        target: 'fdadae5fbe8fce33026ffa3de7d27f54.6edc2686259e2ed1d64053aaef156d18.cab202166585.comodoca.com',
      },
    ]);
  });

  test('of an address are files only', async () => {
    const { post, order } = await createSession();
    await post('/cert/create', orderBody({ domains: '45.90.90.90' }));
    const methods = (await order()).authorizations[0]?.challenges.map((challenge) => challenge.method);
    assert.deepEqual(methods, ['httpFile', 'httpsFile']);
  });

  test('carry the suffix of the configuration', async () => {
    const { post } = await createSession({ config: { suffix: 'dcv.example.net' } });
    const entry = (await post('/cert/create', orderBody())).dcv_info['trustocean.com'];
    assert.match(entry.dns_value, /\.dcv\.example\.net$/);
    assert.match(entry.http_filecontent, /\r\ndcv\.example\.net\r\n/);
  });
});

describe('the same request twice', () => {
  const paid = orderBody({ pid: 108, domains: 'a.com,b.com' });

  test('within a minute is one order and one charge', async () => {
    const { post, orders } = await createSession();
    const [first, second] = await Promise.all([post('/cert/create', paid), post('/cert/create', paid)]);
    assert.deepEqual(second, first);
    assert.equal(first?.total_fees, 512);
    assert.equal((await orders()).length, 1);
    assert.equal((await post('/account/details')).credit, 10_000 - 512);
  });

  for (const [title, change] of [
    ['with its names in another order', { domains: 'b.com, a.com' }],
    ['with its CSR in other line breaks', { csr_code: seedCsr.replaceAll('\r\n', '\n') }],
  ] as const) {
    test(`${title} is the same`, async () => {
      const { post, orders } = await createSession();
      await post('/cert/create', paid);
      await post('/cert/create', { ...paid, ...change });
      assert.equal((await orders()).length, 1);
    });
  }

  for (const [title, change] of [
    ['another product', { pid: 100 }],
    ['another key', { csr_code: ecCsr }],
    ['other names', { domains: 'a.com' }],
    ['a renewal', { renew: true, old_vendor_id: firstNumber }],
  ] as const) {
    test(`with ${title} is another order`, async () => {
      const { post, orders } = await createSession();
      await post('/cert/create', paid);
      assert.equal((await post('/cert/create', { ...paid, ...change })).result, 'success');
      assert.equal((await orders()).length, 2);
    });
  }

  test('after a minute is another order', async () => {
    const { post, orders, app } = await createSession();
    await post('/cert/create', paid);
    await app.advance(61);
    await post('/cert/create', paid);
    assert.equal((await orders()).length, 2);
  });
});

describe('an order of an organization', () => {
  test('carries the flat fields to the core', async () => {
    const { post, order } = await createSession();
    const placed = await post(
      '/cert/create',
      orderBody({
        pid: '128',
        organization_name: ' Example Ltd ',
        organizationalUnitName: '',
        registered_address_line1: '1 Example Road',
        registered_no: 91610131,
        country: 'cn',
        state: 'Shaanxi',
        city: "Xi'an",
        postal_code: 710000,
        organization_phone: '029',
        date_of_incorporation: '2017-01-01',
        contact_name: 'Zhang',
        contact_email: 'zhang@example.com',
      }),
    );
    const { organization, contact } = (await order()).order;
    assert.deepEqual(organization, {
      // Proposed to whoever verifies it for EV: the API has no fields for them.
      businessCategory: 'Private Organization',
      jurisdictionCountry: 'CN',
      name: 'Example Ltd',
      state: 'Shaanxi',
      city: "Xi'an",
      country: 'CN',
      street: '1 Example Road',
      postalCode: '710000',
      phone: '029',
      registrationNumber: '91610131',
      incorporatedOn: '2017-01-01',
    });
    assert.deepEqual(contact, { name: 'Zhang', email: 'zhang@example.com' });
    assert.equal(placed.contact_email, 'zhang@example.com');
  });

  test('is none when the product is DV, whatever fields it carries', async () => {
    const { post, order } = await createSession();
    await post('/cert/create', orderBody({ organization_name: 'Example Ltd' }));
    assert.equal((await order()).order.organization, null);
  });
});

describe('a unique id', () => {
  test('is 20 characters of base 36, and another every time', () => {
    const random = createFakeRandomness();
    const made = Array.from({ length: 500 }, () => newUniqueId(random));
    for (const id of made) assert.match(id, /^[a-z0-9]{20}$/);
    assert.equal(new Set(made).size, made.length);
  });

  test('that was used before is refused', async () => {
    const { post } = await createSession();
    await post('/cert/create', orderBody({ unique_id: 'cab202166585' }));
    const reply = await post('/cert/create', orderBody({ csr_code: ecCsr, unique_id: 'cab202166585' }));
    assert.match(reply.message, /^唯一值 "cab202166585" 已被使用/);
  });
});

describe('revocation', () => {
  for (const [body, expected] of [
    [{ revocationReason: 'keyCompromise' }, 'keyCompromise'],
    [{ revocation_reason: 'Key Compromise' }, 'keyCompromise'],
    [{ revocationReason: 'AFFILIATION_CHANGED' }, 'affiliationChanged'],
    [{ revocationReason: 'site closed' }, 'unspecified'],
    // A number may mean anything to whoever writes it.
    [{ revocationReason: '1' }, 'unspecified'],
    [{}, 'unspecified'],
  ] as const) {
    test(`with ${JSON.stringify(body)} records ${expected}`, async () => {
      const { post, order } = await createIssuedSession();
      const reply = await post('/cert/revoke', { trustocean_id: firstNumber, ...body });
      assert.deepEqual(reply, { result: 'success', status: 'success' });
      assert.equal((await order()).certificate?.revocationReason, expected);
      assert.equal((await post('/cert/details', { trustocean_id: firstNumber })).cert_status, 'revoked');
    });
  }
});

test('an e-mail address as method is shown as the method, with the address', async () => {
  const session = await createSession({ mail: createMailFake() });
  await session.post('/cert/create', orderBody());
  const order = { trustocean_id: firstNumber, domain: 'trustocean.com' };
  const entry = async () => {
    const { dcv_info } = await session.post('/cert/details', { trustocean_id: firstNumber });
    const { method, email, status, emails } = dcv_info['trustocean.com'];
    return { method, email, status, isListed: emails.includes(email) };
  };
  assert.deepEqual(await entry(), { method: 'http', email: null, status: 'needverification', isListed: false });
  const address = 'Admin@TrustOcean.com ';
  assert.equal((await session.post('/cert/change_dcv', { ...order, method: address })).result, 'success');
  const chosen = { method: 'email', email: 'admin@trustocean.com', status: 'needverification', isListed: true };
  assert.deepEqual(await entry(), chosen);
  const refused = await session.post('/cert/change_dcv', { ...order, method: 'ceo@trustocean.com' });
  assert.match(refused.message, /^"ceo@trustocean\.com" 不能用于验证 trustocean\.com/);
  await session.post('/cert/change_dcv', { ...order, method: 'dns' });
  assert.deepEqual(await entry(), { method: 'dns', email: null, status: 'needverification', isListed: false });
});
