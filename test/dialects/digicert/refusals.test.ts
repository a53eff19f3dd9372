/** Requests that must be refused: the code that clients know, a message that names field and value, and nothing changed. */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { keyHeader } from '../../../src/dialects/digicert/auth.ts';
import { errors } from '../../../src/dialects/digicert/errors.ts';
import { errorCodes } from '../../../src/domain/error-codes.ts';
import { createKey } from '../../support/app.ts';
import { badOrganizations, refusedInEnglish, titleOf } from '../../support/bad-organizations.ts';
import { readTables } from '../../support/tables.ts';
import { baseUrl, createSession, type Session } from './harness.ts';
import { csrPem, issueOrder, orderBody, placeOrder } from './order-states.ts';

type Body = string | Readonly<Record<string, unknown>> | undefined;
type Row = readonly [
  title: string,
  method: string,
  path: string,
  body: Body,
  status: number,
  code: string,
  message: RegExp,
];

const dv = '/order/certificate/ssl_dv_geotrust_flex';
const withCertificate = (certificate: Readonly<Record<string, unknown>>) => orderBody({}, certificate);
const manyNames = Array.from({ length: 260 }, (_, index) => `n${index}.example.com`);

const organizationFields = {
  name: 'name',
  street: 'address',
  city: 'city',
  state: 'state',
  postalCode: 'zip',
  country: 'country',
} as const;

const placing: readonly Row[] = [
  [
    'more names than are looked at',
    'POST',
    dv,
    withCertificate({ dns_names: Array.from({ length: 2001 }, () => 'example.com') }),
    400,
    'invalid_value:dns_names',
    /^certificate\.dns_names must be at most 2000 items, not /,
  ],
  [
    'a number beyond all numbers',
    'POST',
    dv,
    orderBody({ validity_days: 3_000_000_000 }),
    400,
    'invalid_value:validity_days',
    /^validity_days must be at most 2147483647, not 3000000000$/,
  ],
  [
    'a text of addresses',
    'POST',
    dv,
    orderBody({ additional_emails: 'a@example.com, b@example.com' }),
    400,
    'invalid_value:additional_emails',
    /^additional_emails must be an e-mail address, not "a@example.com, b@example.com"$/,
  ],
  [
    'JSON that breaks off',
    'POST',
    dv,
    '{"certificate":',
    400,
    'bad_request_format',
    /^the request body is not valid JSON/,
  ],
  ['a JSON array', 'POST', dv, '[]', 400, 'bad_request_format', /must be a JSON object$/],
  ['JSON null', 'POST', dv, 'null', 400, 'bad_request_format', /must be a JSON object$/],
  ['XML', 'POST', dv, '<order/>', 400, 'bad_request_format', /not valid JSON/],
  ['no certificate', 'POST', dv, { validity_years: 1 }, 400, 'required_param:certificate', /^certificate is required$/],
  [
    'a certificate that is text',
    'POST',
    dv,
    { certificate: 'x' },
    400,
    'invalid_value:certificate',
    /^certificate must be an object, not "x"$/,
  ],
  [
    'no common name',
    'POST',
    dv,
    withCertificate({ common_name: undefined }),
    400,
    'required_param:common_name',
    /^certificate\.common_name is required$/,
  ],
  [
    'a null common name',
    'POST',
    dv,
    withCertificate({ common_name: null }),
    400,
    'required_param:common_name',
    /is required$/,
  ],
  [
    'a common name that is an object',
    'POST',
    dv,
    withCertificate({ common_name: {} }),
    400,
    'invalid_value:common_name',
    /^certificate\.common_name must be a string, not \{\}$/,
  ],
  [
    'names that are an object',
    'POST',
    dv,
    withCertificate({ dns_names: { a: 1 } }),
    400,
    'invalid_value:dns_names',
    /^certificate\.dns_names must be a list of names/,
  ],
  [
    'a name that is a number',
    'POST',
    dv,
    withCertificate({ dns_names: [7] }),
    400,
    'invalid_value:dns_names',
    /^certificate\.dns_names\[0\] must be a name, not 7$/,
  ],
  [
    'a name with an underscore',
    'POST',
    dv,
    withCertificate({ common_name: 'a_b.com' }),
    400,
    'invalid_value:dns_names',
    /^the name "a_b\.com" has an invalid label "a_b"$/,
  ],
  [
    'a name without a dot',
    'POST',
    dv,
    withCertificate({ common_name: 'localhost' }),
    400,
    'invalid_value:dns_names',
    /^the name "localhost" has no dot/,
  ],
  [
    'a public suffix',
    'POST',
    dv,
    withCertificate({ common_name: 'co.uk' }),
    400,
    'domain_not_allowed',
    /^co\.uk is a public suffix/,
  ],
  [
    'an address of a DV product',
    'POST',
    dv,
    withCertificate({ common_name: '192.0.2.1' }),
    400,
    'domain_not_allowed',
    /^192\.0\.2\.1 is an IPv4 address/,
  ],
  [
    'a wildcard of a plain product',
    'POST',
    '/order/certificate/ssl_dv_rapidssl',
    withCertificate({ common_name: '*.example.com' }),
    400,
    'domain_not_allowed',
    /^\*\.example\.com is a wildcard/,
  ],
  [
    'too many names',
    'POST',
    dv,
    withCertificate({ dns_names: manyNames }),
    400,
    'too_many_dns_names',
    /^261 names were requested; this product covers at most 250$/,
  ],
  [
    'no CSR for a DV product',
    'POST',
    dv,
    withCertificate({ csr: undefined }),
    400,
    'required_param:csr',
    /csr is required/,
  ],
  [
    'a CSR that is prose',
    'POST',
    dv,
    withCertificate({ csr: 'hello, world' }),
    400,
    'csr_invalid_cannot_parse',
    /^certificate\.csr is neither PEM nor base64/,
  ],
  ['a truncated CSR', 'POST', dv, withCertificate({ csr: csrPem.slice(0, 200) }), 400, 'csr_invalid_cannot_parse', /./],
  [
    'a CSR whose signature is wrong',
    'POST',
    dv,
    withCertificate({ csr: flippedCsr() }),
    400,
    'csr_invalid_cannot_parse',
    /./,
  ],
  [
    'a CSR that is a number',
    'POST',
    dv,
    withCertificate({ csr: 7 }),
    400,
    'csr_invalid_cannot_parse',
    /^certificate\.csr must be a string, not 7$/,
  ],
  [
    'an unknown hash',
    'POST',
    dv,
    withCertificate({ signature_hash: 'md5' }),
    400,
    'invalid_value:signature_hash',
    /sha256 or sha384/,
  ],
  [
    'no length at all',
    'POST',
    dv,
    orderBody({ validity_years: undefined }),
    400,
    'required_param:validity_years',
    /^validity_years is required$/,
  ],
  [
    'four years',
    'POST',
    dv,
    orderBody({ validity_years: 4 }),
    400,
    'invalid_value:validity_years',
    /^validity_years must be at most 3 years, not 4$/,
  ],
  [
    'minus one year',
    'POST',
    dv,
    orderBody({ validity_years: -1 }),
    400,
    'invalid_value:validity_years',
    /^validity_years must be at least 1, not -1$/,
  ],
  [
    'half a year',
    'POST',
    dv,
    orderBody({ validity_years: 0.5 }),
    400,
    'invalid_value:validity_years',
    /^validity_years must be an integer, not 0\.5$/,
  ],
  [
    'years as prose',
    'POST',
    dv,
    orderBody({ validity_years: 'two' }),
    400,
    'invalid_value:validity_years',
    /^validity_years must be an integer, not "two"$/,
  ],
  [
    'a date that is over',
    'POST',
    dv,
    orderBody({ custom_expiration_date: '2020-01-01' }),
    400,
    'invalid_value:custom_expiration_date',
    /must be a future date/,
  ],
  [
    'a certificate longer than its order',
    'POST',
    dv,
    orderBody({ validity_years: 1 }, { cert_validity: { years: 2 } }),
    400,
    'cert_validity_exceeds_order_validity',
    /^certificate\.cert_validity is longer than the order itself$/,
  ],
  [
    'an unknown method',
    'POST',
    dv,
    orderBody({ dcv_method: 'phone' }),
    400,
    'invalid_dcv_method',
    /^dcv_method must be email or dns-txt-token/,
  ],
  [
    'an unknown payment',
    'POST',
    dv,
    orderBody({ payment_method: 'shells' }),
    400,
    'invalid_value:payment_method',
    /balance or card/,
  ],
  [
    'skip_approval as prose',
    'POST',
    dv,
    orderBody({ skip_approval: 'maybe' }),
    400,
    'invalid_value:skip_approval',
    /^skip_approval must be true or false, not "maybe"$/,
  ],
  [
    'an unknown container',
    'POST',
    dv,
    orderBody({ container: { id: 7 } }),
    404,
    'not_found|container',
    /^no container .*7.* in this account$/,
  ],
  [
    'an unknown custom field',
    'POST',
    dv,
    orderBody({ custom_fields: [{ metadata_id: 7, value: 'x' }] }),
    400,
    'invalid_value:metadata_id',
    /7/,
  ],
  [
    'a renewal of an unknown order',
    'POST',
    dv,
    orderBody({ renewal_of_order_id: 7 }),
    404,
    'not_found|order',
    /^no order 7 in this account$/,
  ],
  [
    'an unknown thumbprint',
    'POST',
    dv,
    orderBody({ renewed_thumbprint: 'AB'.repeat(20) }),
    404,
    'not_found|certificate',
    /ABABAB/,
  ],
  ['an unknown product', 'POST', '/order/certificate/ssl_gold', orderBody(), 404, 'not_found|product', /"ssl_gold"/],
  [
    'a product for code',
    'POST',
    '/order/certificate/code_signing',
    orderBody(),
    400,
    'not_supported',
    /^code_signing is no TLS product/,
  ],
  [
    'an OV order without its organization',
    'POST',
    '/order/certificate/ssl_basic',
    orderBody(),
    400,
    'required_param:id',
    /^organization\.id is required$/,
  ],
  [
    'an OV order of an unknown organization',
    'POST',
    '/order/certificate/ssl_basic',
    orderBody({ organization: { id: 7 } }),
    404,
    'not_found|organization',
    /7/,
  ],
  [
    'a new organization without its city',
    'POST',
    '/order/certificate/ssl_basic',
    orderBody({ organization: { name: 'A', address: 'B', country: 'us' } }),
    400,
    'required_param:city',
    /^organization\.city is required$/,
  ],
  // In an order, and where the request is the organization: the same words, without the name of the object.
  ...badOrganizations.flatMap((bad): readonly Row[] => {
    const field = organizationFields[bad.field];
    const code = `invalid_value:${field}`;
    const organization = { name: 'A', address: 'B', city: 'C', state: 'D', country: 'us', [field]: bad.value };
    const said = `${field} ${refusedInEnglish(bad)}`;
    const ordered = orderBody({ organization });
    return [
      [titleOf(bad), 'POST', '/order/certificate/ssl_basic', ordered, 400, code, new RegExp(`^organization\\.${said}`)],
      [`${titleOf(bad)}, by itself`, 'POST', '/organization', organization, 400, code, new RegExp(`^${said}`)],
    ];
  }),
  [
    'a new organization of no country',
    'POST',
    '/order/certificate/ssl_basic',
    orderBody({ organization: { name: 'A', address: 'B', city: 'C', country: 'Utopia' } }),
    400,
    'invalid_value:country',
    /"Utopia"/,
  ],
  [
    'a contact without a name',
    'POST',
    dv,
    orderBody({ technical_contact: { email: 'a@example.com' } }),
    400,
    'required_param:first_name',
    /first_name is required$/,
  ],
  [
    'an address for reminders that is none',
    'POST',
    dv,
    orderBody({ additional_emails: ['nobody'] }),
    400,
    'invalid_value:additional_emails',
    /"nobody"/,
  ],
  [
    'a mail to a strange address',
    'POST',
    dv,
    orderBody({ dcv_method: 'email', dcv_emails: [{ dns_name: 'example.com', email: 'me@elsewhere.net' }] }),
    400,
    'not_supported',
    /./,
  ],
  [
    'a mailbox for a name that the order lacks',
    'POST',
    dv,
    orderBody({ dcv_method: 'email', dcv_emails: [{ dns_name: 'example.org', email: 'admin@example.org' }] }),
    400,
    'invalid_value:dns_name',
    /^dcv_emails\[0\]\.dns_name must be a name of this order, not "example\.org"$/,
  ],
  [
    'a mailbox that is not at the domain named beside it',
    'POST',
    dv,
    orderBody({
      dcv_method: 'email',
      dcv_emails: [{ dns_name: 'example.com', email_domain: 'example.org', email: 'admin@example.com' }],
    }),
    400,
    'invalid_value:email_domain',
    /^dcv_emails\[0\]\.email_domain must be the domain of the e-mail address beside it, not "example\.org"$/,
  ],
];

/** A bit of the key is another one: the CSR reads, and its signature is not its own. */
function flippedCsr(): string {
  const bytes = Buffer.from(csrPem.replaceAll(/-----[A-Z ]+-----|\n/g, ''), 'base64');
  const last = bytes.length - 2;
  bytes.writeUInt8(bytes.readUInt8(last) ^ 1, last);
  return bytes.toString('base64');
}

describe('an order that is refused', () => {
  let session: Session;
  before(async () => {
    session = await createSession();
    // The key is marked as used now, not by the first of the refused.
    await session.call('GET', '/order/certificate');
  });
  for (const [title, method, path, body, status, code, message] of placing) {
    test(title, async () => {
      const rowsBefore = JSON.stringify(readTables(session.app.databasePath));
      const answer = await session.call(method, path, body);
      assertRefused(answer, status, code, message);
      assert.equal(JSON.stringify(readTables(session.app.databasePath)) === rowsBefore, true, 'something changed');
    });
  }

  test('because the balance is too low', async () => {
    const poor = await createSession({ balanceMinor: 100 });
    const answer = await poor.call('POST', dv, orderBody());
    assertRefused(
      answer,
      400,
      'insufficient_funds',
      /^this costs 159\.00 USD, but the account's balance is 1\.00 USD; the operator can add credit$/,
    );
  });
});

function assertRefused(
  answer: { readonly status: number; readonly text: string; readonly body: unknown; readonly headers: Headers },
  status: number,
  code: string,
  message: RegExp,
): void {
  const { errors: listed } = answer.body as { errors: { code: string; message: string }[] };
  assert.deepEqual([answer.status, listed.map((error) => error.code)], [status, [code]], answer.text);
  assert.deepEqual(Object.keys(listed[0] ?? {}), ['code', 'message']);
  assert.match(listed[0]?.message ?? '', message);
  assert.equal(answer.headers.get('content-type'), 'application/json');
}

describe('a call that is refused', () => {
  let session: Session;
  let open: string;
  /** The number under which its certificate will be found. */
  let openCertificate: number;
  let issued: string;
  let decided: number;
  let certificate: string;
  before(async () => {
    session = await createSession();
    ({ order: issued = '', certificate = '' } = await issueOrder(session));
    ({ order: open = '' } = await placeOrder(session, { body: orderBody({}, { common_name: 'open.example.net' }) }));
    const { items } = await session.app.ports.orders.list(session.app.operator, { limit: 1 });
    const reply = await session.call('GET', `/order/certificate/${issued}`);
    decided = reply.body.requests[0].id;
    openCertificate = items[0]?.issuance.number ?? assert.fail('an order is open');
  });

  const rows: readonly (readonly [
    title: string,
    method: string,
    path: () => string,
    body: Body,
    status: number,
    code: string,
  ])[] = [
    ['an unknown path', 'GET', () => '/nowhere', undefined, 404, 'not_found|route'],
    [
      'a method that the path has not',
      'DELETE',
      () => `/order/certificate/${issued}`,
      undefined,
      405,
      'not_found|route',
    ],
    ['an unknown order', 'GET', () => '/order/certificate/7', undefined, 404, 'not_found|order'],
    ['an order that is prose', 'GET', () => '/order/certificate/x', undefined, 404, 'not_found|order'],
    ['an unknown serial', 'GET', () => `/order/certificate/${'AB'.repeat(16)}`, undefined, 404, 'not_found|order'],
    ['an unknown request', 'GET', () => '/request/7', undefined, 404, 'not_found|request'],
    ['a decision that is none', 'PUT', () => '/request/7/status', { status: 'maybe' }, 400, 'invalid_value:status'],
    [
      'a decision of a request that is decided',
      'PUT',
      () => `/request/${decided}/status`,
      { status: 'approved' },
      400,
      'invalid_status',
    ],
    ['an unknown certificate', 'GET', () => '/certificate/7/chain', undefined, 404, 'not_found|certificate'],
    [
      'a chain before there is one',
      'GET',
      () => `/certificate/${openCertificate}/chain`,
      undefined,
      404,
      'cert_unavailable_processing',
    ],
    [
      'an unknown format',
      'GET',
      () => `/certificate/${certificate}/download/format/jks`,
      undefined,
      400,
      'invalid_value:format',
    ],
    [
      'a duplicate that there is not',
      'GET',
      () => `/certificate/download/order/${issued}?sub_id=007`,
      undefined,
      404,
      'not_found|certificate',
    ],
    [
      'an unknown reason',
      'PUT',
      () => `/certificate/${certificate}/revoke`,
      { reason: 'boredom' },
      400,
      'invalid_value:reason',
    ],
    [
      'an unknown serial to revoke',
      'PUT',
      () => `/certificate/${'ab'.repeat(16)}/revoke`,
      {},
      404,
      'not_found|certificate',
    ],
    ['prose to revoke', 'PUT', () => '/certificate/mine/revoke', {}, 404, 'not_found|certificate'],
    [
      'a reissue before there is a certificate',
      'POST',
      () => `/order/certificate/${open}/reissue`,
      orderBody(),
      400,
      'invalid_status',
    ],
    [
      'a duplicate before there is a certificate',
      'POST',
      () => `/order/certificate/${open}/duplicate`,
      orderBody(),
      400,
      'invalid_status',
    ],
    [
      'a duplicate for another name',
      'POST',
      () => `/order/certificate/${issued}/duplicate`,
      orderBody({}, { common_name: 'other.example.net' }),
      400,
      'domain_not_allowed',
    ],
    [
      'a CSR of an order that has one',
      'POST',
      () => `/order/certificate/${open}/csr`,
      { csr: csrPem },
      400,
      'invalid_status',
    ],
    [
      'a status that is none',
      'PUT',
      () => `/order/certificate/${open}/status`,
      { status: 'gone' },
      400,
      'invalid_value:status',
    ],
    [
      'cancelling an issued order',
      'PUT',
      () => `/order/certificate/${issued}/status`,
      { status: 'canceled', note: 'x' },
      400,
      'invalid_status',
    ],
    ['an empty note', 'POST', () => `/order/certificate/${issued}/note`, { text: ' ' }, 400, 'invalid_value:text'],
    ['no text', 'POST', () => `/order/certificate/${issued}/note`, {}, 400, 'required_param:text'],
    [
      'a filter of no status',
      'GET',
      () => '/order/certificate?filters[status]=gone',
      undefined,
      400,
      'invalid_value:filters[status]',
    ],
    [
      'a filter of no number',
      'GET',
      () => '/order/certificate?filters[organization_id]=x',
      undefined,
      400,
      'invalid_value:filters[organization_id]',
    ],
    [
      'a filter of no date',
      'GET',
      () => '/order/certificate?filters[valid_till]=soon',
      undefined,
      400,
      'invalid_value:filters[valid_till]',
    ],
    ['a limit of prose', 'GET', () => '/order/certificate?limit=all', undefined, 400, 'invalid_value:limit'],
    ['an offset below zero', 'GET', () => '/order/certificate?offset=-1', undefined, 400, 'invalid_value:offset'],
    [
      'a time frame that is too long',
      'GET',
      () => '/order/certificate/status-changes?minutes=99999',
      undefined,
      400,
      'time_frame_too_long',
    ],
    ['no time frame', 'GET', () => '/order/certificate/status-changes', undefined, 400, 'required_param:minutes'],
    ['an alternative id that nobody has', 'GET', () => '/order/alternate/none', undefined, 404, 'not_found|order'],
    [
      'a filter of no request type',
      'GET',
      () => '/request?filters[type]=wish',
      undefined,
      400,
      'invalid_value:filters[type]',
    ],
    [
      'a report of an unknown container',
      'GET',
      () => '/report/order/7/expiring',
      undefined,
      404,
      'not_found|container',
    ],
    ['a body of 2 MB', 'POST', () => dv, JSON.stringify({ comments: 'a'.repeat(2_000_000) }), 413, 'request_too_large'],
  ];
  for (const [title, method, path, body, status, code] of rows) {
    test(title, async () => assertRefused(await session.call(method, path(), body), status, code, /./));
  }

  test('speaks Chinese where the configuration says so', async () => {
    const chinese = await createSession({ config: { language: 'zh' } });
    const { body } = await chinese.call('GET', '/order/certificate/7');
    assert.deepEqual(body.errors, [{ code: 'not_found|order', message: '该账户下不存在订单 7' }]);
  });
});

describe('keys', () => {
  const wrong: readonly (readonly [string, string | undefined])[] = [
    ['no key', undefined],
    ['an empty key', ''],
    ['a key of another form', 'my-key'],
    ['a key of nobody', 'A'.repeat(68)],
  ];
  for (const [title, key] of wrong) {
    test(`${title} opens nothing`, async () => {
      const { fetch } = await createSession();
      for (const path of ['/order/certificate', '/account', '/request/1', '/certificate/1/download/format/pem_all']) {
        const headers = key === undefined ? {} : { [keyHeader]: key };
        const reply = await fetch(new Request(`${baseUrl}/services/v2${path}`, { headers }));
        assert.equal(reply.status, 403, path);
        const { errors: listed } = (await reply.json()) as { errors: { code: string }[] };
        assert.deepEqual(
          listed.map(({ code }) => code),
          ['access_denied|access_denied_invalid_key'],
        );
      }
    });
  }

  test('of another account find nothing of this one', async () => {
    const session = await createSession();
    const { order, certificate } = await issueOrder(session);
    const other = await session.app.ports.accounts.create(session.app.operator, {
      name: 'second',
      currency: 'USD',
      approval: 'automatic',
      productCodes: null,
      allowedNames: null,
      contactEmail: '',
    });
    const made = await createKey(session.app, other, { dialect: 'digicert', roles: ['administrator'] });
    const theirs = made.credential.publicId + made.secret;
    const calls: readonly (readonly [string, string, unknown?])[] = [
      ['GET', `/order/certificate/${order}`],
      ['GET', `/certificate/${certificate}/download/format/pem_all`],
      ['GET', `/certificate/${certificate}/chain`],
      ['PUT', `/certificate/${certificate}/revoke`, {}],
      ['PUT', `/order/certificate/${order}/revoke`, {}],
      ['PUT', `/order/certificate/${order}/status`, { status: 'canceled' }],
      ['POST', `/order/certificate/${order}/reissue`, orderBody()],
      ['POST', `/order/certificate/${order}/note`, { text: 'x' }],
      ['PUT', `/request/${order}/status`, { status: 'rejected' }],
      ['GET', `/request/${order}`],
    ];
    for (const [method, path, body] of calls) {
      assert.equal((await session.call(method, path, body, theirs)).status, 404, path);
    }
    assert.deepEqual((await session.call('GET', '/order/certificate', undefined, theirs)).body.orders, []);
    assert.equal((await session.call('GET', `/order/certificate/${order}`)).body.status, 'issued');
  });

  test('of a role that is too low change nothing', async () => {
    const session = await createSession();
    const { order, certificate } = await issueOrder(session);
    const viewer = await session.keyWith(['viewer']);
    const calls: readonly (readonly [string, string, unknown?])[] = [
      ['POST', dv, orderBody()],
      ['PUT', `/certificate/${certificate}/revoke`, {}],
      ['POST', `/order/certificate/${order}/reissue`, orderBody()],
      ['POST', `/order/certificate/${order}/note`, { text: 'x' }],
      ['PUT', `/order/certificate/${order}/custom-renewal-message`, { custom_renewal_message: 'x' }],
    ];
    for (const [method, path, body] of calls) {
      const answer = await session.call(method, path, body, viewer);
      assert.deepEqual([answer.status, answer.body?.errors[0].code], [403, 'access_denied|missing_permission'], path);
    }
    assert.equal((await session.call('GET', `/order/certificate/${order}`, undefined, viewer)).status, 200);
  });

  test('may send as many requests as the limits allow', async () => {
    const session = await createSession({ config: { requestLimits: { per5Seconds: 2, per5Minutes: 100 } } });
    const ask = () => session.call('GET', '/order/certificate/7');
    assert.deepEqual([(await ask()).status, (await ask()).status], [404, 404]);
    const refused = await ask();
    assertRefused(refused, 429, 'request_limit_exceeded', /^this key sent more than 2 requests in 5 seconds/);
    assert.equal(refused.headers.get('retry-after'), '5');
  });

  test('appear in no log line', async () => {
    const session = await createSession();
    await session.call('GET', '/order/certificate/7');
    await session.call('POST', dv, orderBody());
    assert.doesNotMatch(JSON.stringify(session.logLines), new RegExp(session.apiKey.slice(16)));
  });
});

test('every error code has a status and a code of its own kind', () => {
  for (const code of errorCodes) {
    const { status, code: wire } = errors[code];
    assert.ok(status >= 400 && status < 600 && /^[a-z_|:]+$/.test(wire), code);
  }
});
