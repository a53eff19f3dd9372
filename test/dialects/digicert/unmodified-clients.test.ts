/**
 * What the clients that exist write, each in its own way, taken once: their requests must work unchanged but for host and key. And
 * what they read must be there, of the type that they read it as.
 */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Variables } from './directory-states.ts';
import { type Answer, createSession, type Reply, type Session } from './harness.ts';
import { csrPem, issueOrder, orderBody, placeOrder } from './order-states.ts';

const joined = csrPem.replaceAll('\n', '');
const base64 = csrPem.replaceAll(/-----[A-Z ]+-----|\n/g, '');

interface Taken {
  readonly who: string;
  readonly path?: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What the order shows of it. */
  readonly shows?: (info: Reply) => void;
}

const dv = '/order/certificate/ssl_dv_geotrust_flex';

const orders: readonly Taken[] = [
  {
    who: 'lemur: years, a renewal of nothing, no word of approval',
    body: {
      certificate: {
        common_name: 'example.com',
        csr: csrPem,
        dns_names: ['example.com', 'www.example.com'],
        signature_hash: 'sha256',
      },
      organization: { id: 111111 },
      validity_years: 1,
    },
    shows: ({ certificate }) => assert.deepEqual(certificate.dns_names, ['example.com', 'www.example.com']),
  },
  {
    who: 'riboseinc: a ? at the end of the path',
    path: `${dv}?`,
    body: orderBody(),
  },
  {
    who: 'digicert-cli: nulls, and years as text',
    body: {
      certificate: {
        common_name: 'example.com',
        csr: csrPem,
        signature_hash: 'sha256',
        organization_units: null,
        server_platform: { id: null },
        profile_option: null,
      },
      organization: { id: null },
      validity_years: '3',
      custom_expiration_date: null,
      comments: null,
      disable_renewal_notifications: null,
      renewal_of_order_id: null,
      payment_method: null,
    },
    shows: ({ validity_years: years, certificate }) => {
      assert.equal(years, 3);
      assert.equal(certificate.server_platform.id, -1);
    },
  },
  {
    who: 'sapcc: the zero values of Go',
    body: {
      certificate: {
        common_name: 'example.com',
        dns_names: ['example.com'],
        csr: csrPem,
        server_platform: { id: 57 },
        signature_hash: 'sha256',
        ca_cert_id: 'DF3689F672CCB90C',
        organization_units: ['Application Services'],
      },
      container: { id: 0, name: '', is_active: false },
      organization: { id: 0, name: '', is_active: false },
      order_validity: { years: 1 },
      validity_years: 0,
      id: 0,
      renewal_of_order_id: 0,
      date_created: '0001-01-01T00:00:00Z',
      cs_provisioning_method: '',
      payment_method: 'balance',
      skip_approval: true,
      disable_ct: false,
    },
    shows: ({ certificate, validity_years: years }) => {
      assert.equal(certificate.server_platform.id, 57);
      assert.equal(years, 1);
    },
  },
  {
    who: 'Venafi: a CSR without line breaks',
    body: orderBody({ validity_years: 1 }, { csr: joined, organization_units: [] }),
    shows: ({ certificate }) => assert.equal(certificate.csr, joined),
  },
  {
    who: 'acme2certifier: bare base64, order_validity, product.type_hint',
    body: {
      certificate: { common_name: 'example.com', csr: base64, dns_names: ['example.com'] },
      order_validity: { years: 1 },
      dcv_method: 'email',
    },
    shows: ({ certificate }) => assert.equal(certificate.csr, base64),
  },
  {
    who: 'Keyfactor: ids as text, a date with its time',
    body: {
      certificate: { common_name: 'example.com', csr: csrPem, signature_hash: 'sha256', dns_names: [] },
      organization: { id: '12345' },
      container: { id: '0' },
      custom_expiration_date: '2026-12-31T00:00:00.0000000Z',
      renewal_of_order_id: 0,
      validity_years: 0,
    },
    shows: ({ order_validity: said, certificate }) => {
      assert.deepEqual(said, { custom_expiration_date: '2026-12-31' });
      assert.ok(certificate.valid_till <= '2026-12-31', certificate.valid_till);
    },
  },
  {
    who: 'marqeta: a misspelt renewal, ints for flags',
    body: { ...orderBody(), renewal_order_id: 7, auto_renew: 1, disable_ct: 0 },
    shows: ({ auto_renew: renews, is_renewal: isRenewal }) => {
      assert.equal(renews, 1);
      assert.equal(isRenewal, false);
    },
  },
  {
    who: 'autossl: only cert_validity',
    body: { certificate: { common_name: 'example.com', csr: csrPem, cert_validity: { years: 1 } } },
    shows: ({ certificate }) => assert.deepEqual(certificate.cert_validity, { years: 1 }),
  },
  {
    who: 'Infisical: an id of its own',
    body: orderBody({ alternative_order_id: 'inf-1', order_validity: { days: 90 }, validity_years: undefined }),
    shows: ({ alternative_order_id: own, certificate }) => {
      assert.equal(own, 'inf-1');
      assert.ok(certificate.days_remaining <= 90, certificate.days_remaining);
    },
  },
  {
    who: 'anybody: unknown fields, upper case, the common name in the list, blanks',
    body: { ...orderBody({}, { common_name: ' Example.COM ', dns_names: ['EXAMPLE.com', ''] }), nonsense: { a: [1] } },
    shows: ({ certificate }) => assert.deepEqual(certificate.dns_names, ['example.com']),
  },
];

describe('an order', () => {
  for (const { who, path = dv, body, shows } of orders) {
    test(`of ${who}`, async () => {
      const session = await createSession();
      for (const name of ['example.com', 'www.example.com']) session.app.checks.place(name);
      const placed = await session.call('POST', path, body);
      assert.equal(placed.status, 201, placed.text);
      await session.app.idle();
      const info = await session.call('GET', `/order/certificate/${placed.body.id}`);
      assert.equal(info.body.status, 'issued', info.text);
      shows?.(info.body);
    });
  }
});

describe('paths and queries', () => {
  let session: Session;
  let order: string;
  before(async () => {
    // Its configuration names the root container by the first number there is.
    session = await createSession({ firstNumbers: { containers: 100_001 } });
    ({ order = '' } = await issueOrder(session));
  });
  const paths: readonly (readonly [who: string, path: () => string])[] = [
    ['with a slash at the end', () => `/order/certificate/${order}/`],
    ['with doubled slashes', () => `//order//certificate/${order}`],
    ['with a ?', () => `/order/certificate/${order}?`],
    ['of Keyfactor', () => '/product/ssl_plus?&container_id=100001'],
    ['of sapcc', () => '/domain/?container_id/100001'],
    ['with unknown query keys', () => '/order/certificate?nonsense=1&x[y]=2'],
    ['with encoded brackets', () => '/order/certificate?filters%5Bstatus%5D=issued'],
    [
      'of autossl, with several values',
      () => '/order/certificate?filters[status][0]=issued&filters[status][1]=revoked',
    ],
    ['of myklst, by common name', () => '/order/certificate?filters[common_name]=example.com&limit=1'],
  ];
  for (const [who, path] of paths) {
    test(who, async () => {
      const { status, text } = await session.call('GET', path());
      assert.equal(status, 200, text);
    });
  }

  test('find what they ask for', async () => {
    const count = async (query: string) =>
      (await session.call('GET', `/order/certificate?${query}`)).body.orders.length;
    assert.equal(await count('filters[status]=issued'), 1);
    assert.equal(await count('filters[status]=revoked'), 0);
    assert.equal(await count('filters[search]=%25xample'), 1);
    assert.equal(await count('filters[search]=xample'), 0);
    assert.equal(await count('filters[is_renewed]=0'), 1);
    assert.equal(await count('filters[is_renewed]=1'), 0);
    assert.equal(await count('filters[valid_till]=<2026-07-01'), 0);
    assert.equal(await count('filters[date_created]=2026-06-01'), 1);
    assert.equal(await count('filters[product_name_id]=ssl_plus'), 0);
  });
});

describe('what clients read', () => {
  test('lemur and JupiterOne: pages end, ids are integers, the serial is hex', async () => {
    const session = await createSession();
    await issueOrder(session);
    await issueOrder(session);
    const seen: number[] = [];
    for (let offset = 0; ; ) {
      const { body } = await session.call('GET', `/order/certificate?limit=1&offset=${offset}`);
      assert.ok(body.orders.length <= 1);
      seen.push(...body.orders.map(({ id }: { id: number }) => id));
      offset += body.orders.length;
      assert.equal(body.page.total, 2);
      if (offset >= body.page.total) break;
    }
    assert.equal(new Set(seen).size, 2);
    const { body } = await session.call('GET', '/order/certificate');
    for (const { id, certificate } of body.orders) {
      assert.ok(Number.isInteger(id) && Number.isInteger(certificate.id) && id < 2 ** 31);
      assert.match(certificate.serial_number, /^[0-9A-F]{32}$/);
    }
    const past = await session.call('GET', '/order/certificate?offset=2');
    assert.deepEqual([past.body.orders, past.body.page], [[], { total: 2, limit: 1000, offset: 2 }]);
  });

  test('sapcc, marqeta, pkix: strict types; a DV order has no organization', async () => {
    const session = await createSession();
    const { order } = await issueOrder(session);
    const { body } = await session.call('GET', `/order/certificate/${order}`);
    assert.ok(!('organization' in body));
    assert.equal(typeof body.container.is_active, 'boolean');
    assert.ok(Number.isInteger(body.auto_renew));
    assert.match(body.date_created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    assert.ok(!JSON.stringify(body).includes('null'));
  });

  test('acme2certifier: the chain in the answer; Keyfactor: three different common names', async () => {
    const session = await createSession();
    await issueOrder(session);
    const { body } = await session.call('POST', dv, orderBody());
    const names = body.certificate_chain.map((link: { subject_common_name: string }) => link.subject_common_name);
    assert.equal(new Set(names).size, 3);
    for (const { pem } of body.certificate_chain) {
      assert.match(pem, /^-----BEGIN CERTIFICATE-----\r\n[\s\S]*\r\n-----END CERTIFICATE-----\r\n$/);
    }
  });

  test('riboseinc: its duplicate is the first of the list, and the request shows when it was asked for', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    const { order } = await issueOrder(session, { body: orderBody({ skip_approval: true }) });
    await session.app.advance(60);
    const asked = await session.call('POST', `/order/certificate/${order}/duplicate`, orderBody());
    const request = asked.body.requests[0].id;
    await session.call('PUT', `/request/${request}/status`, { status: 'approved', processor_comment: 'ok' });
    await session.app.idle();
    const { body: shown } = await session.call('GET', `/request/${request}`);
    assert.equal(shown.status, 'approved');
    const { body: listed } = await session.call('GET', `/order/certificate/${order}/duplicate`);
    assert.equal(listed.certificates[0].date_created, shown.order.certificate.date_created);
    assert.equal(listed.certificates[0].id, shown.order.certificate.id);
  });

  test('digicert-cli: last_reissued_date after a reissue, and the earlier certificate among the reissues', async () => {
    const session = await createSession();
    const { order, certificate } = await issueOrder(session);
    assert.ok(!('last_reissued_date' in (await session.call('GET', `/order/certificate/${order}`)).body));
    await session.app.advance(60);
    await session.call('POST', `/order/certificate/${order}/reissue`, orderBody());
    await session.app.idle();
    const { body } = await session.call('GET', `/order/certificate/${order}`);
    assert.match(body.last_reissued_date, /^2026-06-01T00:01:00\+00:00$/);
    assert.equal(body.certificate.status, 'issued');
    const { body: listed } = await session.call('GET', `/order/certificate/${order}/reissue`);
    assert.deepEqual(
      listed.certificates.map(({ id }: { id: number }) => id),
      [body.certificate.id, Number(certificate)],
    );
  });

  test('Keyfactor: while a reissue is under way the order shows the certificate before it', async () => {
    const session = await createSession();
    const { order, certificate } = await issueOrder(session);
    const body = orderBody({}, { dns_names: ['new.example.net'] });
    const reissue = await session.call('POST', `/order/certificate/${order}/reissue`, body);
    assert.notEqual(reissue.body.certificate_id, Number(certificate));
    const { body: waiting } = await session.call('GET', `/order/certificate/${order}`);
    assert.deepEqual([waiting.status, waiting.certificate.id], ['reissue_pending', Number(certificate)]);
    const { body: listed } = await session.call('GET', '/order/certificate');
    assert.deepEqual(
      [listed.orders[0].status, listed.orders[0].certificate.id],
      ['reissue_pending', Number(certificate)],
    );
    const dropped = await session.call('PUT', `/order/certificate/${order}/status`, { status: 'CANCELED', note: null });
    assert.equal(dropped.status, 204);
    assert.equal((await session.call('GET', `/order/certificate/${order}`)).body.status, 'issued');
  });

  test('acme2certifier revokes by serial in lower case; lemur reads JSON of every other answer', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    const { order } = await issueOrder(session, { body: orderBody({ skip_approval: true }) });
    const { body } = await session.call('GET', `/order/certificate/${order}`);
    const serial = body.certificate.serial_number.toLowerCase().replace(/^0+/, '');
    const asked = await session.call('PUT', `/certificate/${serial}/revoke`, { comments: 'asked by lemur' });
    assert.deepEqual([asked.status, asked.body.status, asked.body.type], [201, 'submitted', 'revoke']);
    const other = await issueOrder(session, { body: orderBody({ skip_approval: true }) });
    const { body: info } = await session.call('GET', `/order/certificate/${other.order}`);
    const own = info.certificate.serial_number.toLowerCase();
    const { status, text } = await session.call('PUT', `/certificate/${own}/revoke`, { skip_approval: true });
    assert.deepEqual([status, text], [204, '']);
    assert.equal((await session.call('GET', `/order/certificate/${other.order}`)).body.certificate.status, 'revoked');
  });

  for (const [of, left, path] of [
    ['an order', ['revoked', 'revoked'], ({ order }: Variables) => `/order/certificate/${order}/revoke`],
    ['a certificate', ['issued', 'revoked'], ({ certificate }: Variables) => `/certificate/${certificate}/revoke`],
  ] as const) {
    test(`lemur, Venafi, Keyfactor: JSON and "submitted" where ${of} is revoked without an approver; then they approve`, async () => {
      const session = await createSession();
      const variables = await issueOrder(session);
      const asked = await session.call('PUT', path(variables), { comments: 'asked by lemur' });
      assert.deepEqual([asked.status, asked.body.status, asked.body.comments], [201, 'submitted', 'asked by lemur']);
      const status = async () => {
        const { body } = await session.call('GET', `/order/certificate/${variables.order}`);
        return [body.status, body.certificate.status];
      };
      assert.deepEqual(await status(), left);
      const { body: request } = await session.call('GET', `/request/${asked.body.id}`);
      assert.deepEqual([request.type, request.status], ['revoke', 'approved']);
      const approve = (word: string) => session.call('PUT', `/request/${asked.body.id}/status`, { status: word });
      assert.equal((await approve('approved')).status, 204);
      assert.equal((await approve('rejected')).status, 400);
      assert.deepEqual(await status(), left);
      assert.equal((await session.call('PUT', path(variables), { comments: 'again' })).status, 400);
    });
  }

  test('a customer revokes the only certificate, and reissues: the order is issued all the while', async () => {
    const session = await createSession();
    const { order, certificate } = await issueOrder(session);
    const shown = async () => {
      const { body } = await session.call('GET', `/order/certificate/${order}`);
      return [body.status, body.certificate.status, body.certificate.id];
    };
    const revoked = await session.call('PUT', `/certificate/${certificate}/revoke`, { skip_approval: true });
    assert.equal(revoked.status, 204);
    assert.deepEqual(await shown(), ['issued', 'revoked', Number(certificate)]);
    const { body: list } = await session.call('GET', '/order/certificate?filters[status]=issued');
    assert.deepEqual(
      list.orders.map(({ id, status }: { id: number; status: string }) => [id, status]),
      [[Number(order), 'issued']],
    );
    const reissued = await session.call(
      'POST',
      `/order/certificate/${order}/reissue`,
      orderBody({ skip_approval: true }),
    );
    assert.equal(reissued.status, 201, reissued.text);
    await session.app.idle();
    const [status, ofCertificate, id] = await shown();
    assert.deepEqual([status, ofCertificate], ['issued', 'issued']);
    assert.ok(id > Number(certificate));
    const ended = await session.call('PUT', `/order/certificate/${order}/revoke`, { skip_approval: true });
    assert.deepEqual([ended.status, (await shown()).slice(0, 2)], [204, ['revoked', 'revoked']]);
  });

  test('Keyfactor: in an account that approves by hand, asks and then approves', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    const { order } = await issueOrder(session, { body: orderBody({ skip_approval: true }) });
    const asked = await session.call('PUT', `/order/certificate/${order}/revoke`, { comments: 'k' });
    const status = async () => (await session.call('GET', `/order/certificate/${order}`)).body.status;
    assert.deepEqual([asked.status, await status()], [201, 'issued']);
    const approved = await session.call('PUT', `/request/${asked.body.id}/status`, { status: 'approved' });
    assert.deepEqual([approved.status, await status()], [204, 'revoked']);
  });

  test('lemur: cancels with a note that is null, and reads platform 29 as three PEMs', async () => {
    const session = await createSession();
    const { certificate } = await issueOrder(session);
    const { text } = await session.call('GET', `/certificate/${certificate}/download/platform/29`);
    assert.match(text, /^(-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]+-----END CERTIFICATE-----\n){3}$/);
    const { order } = await placeOrder(session, { body: orderBody({}, { common_name: 'w.example.org' }) });
    const cancelled = await session.call('PUT', `/order/certificate/${order}/status`, {
      status: 'CANCELED',
      note: null,
    });
    assert.deepEqual([cancelled.status, cancelled.text], [204, '']);
    assert.equal((await session.call('GET', `/order/certificate/${order}`)).body.status, 'canceled');
  });

  test('autossl: finds its duplicate by the CSR, byte for byte as it was sent', async () => {
    const session = await createSession();
    const { order } = await issueOrder(session);
    for (const csr of [joined, csrPem.replaceAll('\n', '\r\n'), base64]) {
      const placed = await session.call('POST', `/order/certificate/${order}/duplicate`, orderBody({}, { csr }));
      assert.equal(placed.status, 201, placed.text);
      await session.app.idle();
      const { body } = await session.call('GET', `/order/certificate/${order}/duplicate`);
      const own = body.certificates.filter((one: { csr: string }) => one.csr === csr);
      assert.deepEqual(
        own.map(({ id }: { id: number }) => id),
        [placed.body.certificate_id],
      );
    }
  });

  test('JupiterOne: users end where the offset is the total', async () => {
    const session = await createSession();
    for (const username of ['jill', 'chris', 'rebecca']) {
      const person = { first_name: username, last_name: 'V', email: `${username}@example.com` };
      const { status } = await session.call('POST', '/user', { username, ...person, access_roles: [{ id: 5 }] });
      assert.equal(status, 201);
    }
    const seen: string[] = [];
    for (let offset = 0, total = -1; offset !== total; ) {
      const { body } = await session.call('GET', `/user?offset=${offset}&limit=2`);
      seen.push(...body.users.map((user: { username: string }) => user.username));
      offset += body.users.length;
      total = body.page.total;
      assert.ok(body.users.length > 0);
    }
    assert.deepEqual(seen.toSorted(), ['chris', 'jill', 'rebecca']);
  });

  test('Infisical: by its own id, polls, checks, and takes the chain', async () => {
    const session = await createSession();
    const body = orderBody({ alternative_order_id: 'inf-9', dcv_method: 'dns-txt-token' });
    const placed = await session.call('POST', dv, body);
    assert.equal(typeof placed.body.dcv_random_value, 'string');
    const changes = async () => (await session.call('GET', '/order/certificate/status-changes?minutes=10')).body.orders;
    const at = { order_id: placed.body.id, certificate_id: placed.body.certificate_id };
    assert.deepEqual(await changes(), [{ ...at, status: 'pending' }]);
    const own = await session.call('GET', '/order/alternate/inf-9');
    assert.deepEqual(own.body.orders, [{ ...at, status: 'pending' }]);
    const check = () => session.call('PUT', `/order/certificate/${placed.body.id}/check-dcv`);
    assert.deepEqual((await check()).body.errors[0].code, 'invalid_dns_txt');
    session.app.checks.place('example.com', 'dnsTxt');
    assert.equal((await check()).body.order_status, 'issued');
    assert.deepEqual(await changes(), [{ ...at, status: 'issued' }]);
    const { body: links } = await session.call('GET', `/certificate/${at.certificate_id}/chain`);
    assert.equal(links.intermediates.length, 3);
  });

  test('myklst: the domain of the order, its token, and the loop until it is proved', async () => {
    const session = await createSession();
    const placed = await session.call('POST', dv, orderBody({ dcv_method: 'dns-txt-token' }));
    const [domain] = placed.body.domains;
    assert.equal(domain.dcv_token.status, 'pending');
    const check = () => session.call('PUT', `/domain/${domain.id}/dcv/validate-token`);
    assert.deepEqual((await check()).body.errors[0].code, 'invalid_dns_txt');
    session.app.checks.place('example.com', 'dnsTxt');
    assert.equal((await check()).body.status, 'active');
    await session.app.idle();
    const { body } = await session.call('GET', `/order/certificate/${placed.body.id}`);
    assert.equal(body.status, 'issued');
    assert.match(body.order_valid_till, /^\d{4}-\d\d-\d\d$/);
  });
});

describe('lists as CSV', () => {
  test('have the members of the items as columns', async () => {
    const session = await createSession();
    await placeOrder(session, { body: orderBody({ alternative_order_id: '=cmd' }) });
    const read = (answer: Answer) => [answer.headers.get('content-type'), answer.text.split('\r\n')] as const;
    const [type, lines] = read(await session.call('GET', '/order/certificate?content_type=csv'));
    assert.equal(type, 'text/csv');
    assert.match(lines[0] ?? '', /^id,certificate\.id,certificate\.common_name,certificate\.dns_names,/);
    assert.match(lines[1] ?? '', /^\d+,\d+,example\.com,example\.com,/);
    assert.match(lines[1] ?? '', /,'=cmd$/); // no formula for a spreadsheet
    assert.deepEqual(lines.slice(2), ['']);
    const [requestType] = read(await session.call('GET', '/request?content_type=csv'));
    assert.equal(requestType, 'text/csv');
  });
});
