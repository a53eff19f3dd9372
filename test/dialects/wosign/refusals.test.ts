/** Requests that must be refused: the vendor's code, nothing else in the body, and nothing left behind. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { codeOfStatus, descriptions, detailOf, errors, statusOf } from '../../../src/dialects/wosign/errors.ts';
import { errorCodes } from '../../../src/domain/error-codes.ts';
import { refuse } from '../../../src/domain/errors.ts';
import { createCustomer, putKey } from '../../support/app.ts';
import { bareBase64, csrPem } from './csr.ts';
import { application, baseUrl, createSession, credentials, type Session } from './harness.ts';

type Row = readonly [title: string, body: string | Readonly<Record<string, unknown>>, status: string, words: RegExp];

const long = (length: number) => 'x'.repeat(length);
const own = (change: Readonly<Record<string, unknown>>) => ({ ...credentials, ...application(), ...change });
const csr = Buffer.from(bareBase64, 'base64');

const rows: readonly Row[] = [
  ['no body', '', '101', /^credentials are missing: send customer_id$/],
  ['JSON that breaks off', '{"customer_id":"x', '111', /^the request body is not valid JSON: unexpected end$/],
  ['a JSON array', '[]', '111', /must be a JSON object/],
  ['JSON null', 'null', '111', /must be a JSON object/],
  ['XML', '<a/>', '111', /not valid JSON: unexpected character at position 0/],
  ['nesting without end', `{"a":${'['.repeat(30_000)}`, '111', /nested deeper than 32 levels/],
  ['10 MB', JSON.stringify(own({ domain_name: long(10_000_000) })), '111', /larger than 32768 bytes/],

  ['no customer_id', own({ customer_id: undefined }), '101', /send customer_id$/],
  ['a null customer_id', own({ customer_id: null }), '101', /send customer_id$/],
  ['a customer_id that is a list', own({ customer_id: ['customer_XXXXX01'] }), '101', /send customer_id$/],
  ['an unknown customer_id without auth_token', { customer_id: 'nobody' }, '101', /^customer_id is wrong/],
  ['an unknown customer_id', own({ customer_id: 'nobody' }), '101', /^customer_id is wrong or was revoked$/],
  ['no auth_token', own({ auth_token: undefined }), '102', /^auth_token is wrong or was revoked$/],
  ['an auth_token that is a number', own({ auth_token: 7 }), '102', /^auth_token is wrong or was revoked$/],
  ['a wrong auth_token', own({ auth_token: 'authority_XXXXXX02' }), '102', /^auth_token is wrong or was revoked$/],

  ['no req_type', own({ req_type: undefined }), '103', /^req_type is required$/],
  ['an unknown req_type', own({ req_type: 'cert_revoke' }), '103', /^req_type must be cert_apply, not "cert_revoke"$/],
  ['a req_type that is an object', own({ req_type: {} }), '103', /^req_type must be a string, not "\{\}"$/],
  ['a wrong req_type beside a handle', { ...credentials, req_type: 'x', handle_id: 'handle_1' }, '103', /not "x"$/],

  [
    'a handle of nobody',
    { ...credentials, handle_id: `handle_${'0'.repeat(26)}` },
    '108',
    /^no order ord_0+ in this account$/,
  ],
  ['a handle that is none', { ...credentials, handle_id: 'handle_XXXXXX01' }, '108', /^no order "handle_XXXXXX01"/],
  ['an order number as handle', { ...credentials, handle_id: '1' }, '108', /^no order "1"/],
  ['an internal id as handle', { ...credentials, handle_id: `ord_${'0'.repeat(26)}` }, '108', /^no order "ord_/],
  ['a handle that is a list', { ...credentials, handle_id: ['x'] }, '108', /^handle_id must be a string/],

  ['six names', own({ domain_name: ['a', 'b', 'c', 'd', 'e', 'f'] }), '106', /^6 names were requested/],
  ['six names in one text', own({ domain_name: 'a.com b.com c.com d.com e.com f.com' }), '106', /^6 names/],
  ['no names', own({ domain_name: undefined }), '105', /^domain_name is required$/],
  ['an empty list', own({ domain_name: [] }), '105', /^domain_name holds an empty name$/],
  ['only commas', own({ domain_name: ' ,，, ' }), '105', /^domain_name holds an empty name$/],
  ['a name that is a number', own({ domain_name: [7] }), '105', /^domain_name must be a domain name, not "7"$/],
  ['names in an object', own({ domain_name: { a: 'a.com' } }), '105', /^domain_name must be a domain name, not "\{/],
  ['an underscore', own({ domain_name: 'a_b.com' }), '105', /"a_b\.com" has an invalid label "a_b"$/],
  ['a single label', own({ domain_name: 'localhost' }), '105', /has no dot/],
  ['a label of 64', own({ domain_name: `${long(64)}.com` }), '105', /invalid label/],
  ['254 characters', own({ domain_name: `${[63, 63, 63, 58].map(long).join('.')}.com` }), '105', /longer than the 253/],
  ['a URL', own({ domain_name: 'https://a.com/' }), '105', /invalid label/],
  [
    'a wildcard',
    own({ domain_name: '*.a.com' }),
    '105',
    /^domain_name must be a full domain name, .* not "\*\.a\.com"$/,
  ],
  ['a wildcard in the middle', own({ domain_name: 'a.*.com' }), '105', /only as its whole leftmost label/],
  ['an IPv4 address', own({ domain_name: '192.0.2.1' }), '105', /not "192\.0\.2\.1"$/],
  ['an IPv6 address', own({ domain_name: '2001:db8::1' }), '105', /not "2001:db8::1"$/],
  ['a name twice', own({ domain_name: ['a.com', 'A.com.'] }), '105', /^the name a\.com is listed twice; list it once$/],
  [
    'a name twice in two scripts',
    own({ domain_name: ['例子.中国', 'xn--fsqu00a.xn--fiqs8s'] }),
    '105',
    /listed twice; list it once$/,
  ],

  ['no CSR', own({ csr: undefined }), '104', /^csr is required$/],
  ['a CSR that is a number', own({ csr: 7 }), '104', /^csr must be a string, not "7"$/],
  ['a CSR that is prose', own({ csr: 'hello, world' }), '104', /^csr is neither PEM nor base64/],
  [
    'a CSR of dots, as in the sample',
    own({ csr: '-----BEGIN CERTIFICATE REQUEST-----.....-----END CERTIFICATE REQUEST-----' }),
    '104',
    /"\." is not a base64 character/,
  ],
  ['a truncated CSR', own({ csr: csrPem.slice(0, 200) }), '104', /there is no line/],
  ['a CSR without its end', own({ csr: csr.subarray(0, 60).toString('base64') }), '104', /not valid DER/],
  [
    'a certificate',
    own({ csr: csrPem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE') }),
    '104',
    /it holds "CERTIFICATE"/,
  ],

  ['a public suffix', own({ domain_name: 'co.uk' }), '109', /^co\.uk is a public suffix/],
  ['a name of a reverse zone', own({ domain_name: '1.2.0.192.in-addr.arpa' }), '109', /reverse-lookup zone/],
  ['a name that nobody proves', own({ domain_name: ['b.com', 'a.com'] }), '107', /^control of b\.com was not proved$/],
];

async function refused(session: Session, body: Row[1]): Promise<{ status: unknown; words: string; rest: object }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await session.fetch(new Request(baseUrl, { method: 'POST', body: text }));
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/json');
  const { result, status, ...rest } = (await response.json()) as Record<string, unknown>;
  assert.equal(result, 'error');
  return { status, words: response.headers.get('x-certmux-reason') ?? '', rest };
}

describe('a refused request', () => {
  for (const [title, body, status, words] of rows) {
    test(`${status}: ${title}`, async () => {
      const session = await createSession();
      const answer = await refused(session, body);
      assert.match(answer.words, words);
      assert.deepEqual([answer.status, answer.rest], [status, status === '107' ? { other_msg: 'b.com' } : {}]);
      const left = (await session.orders()).map(({ order }) => order.state);
      assert.deepEqual(left, status === '107' ? ['cancelled'] : []);
    });
  }

  test('is every code of the document but 110 at least once', () => {
    const seen = new Set(rows.map(([, , status]) => status));
    const missing = Object.keys(descriptions).filter((status) => !seen.has(status));
    assert.deepEqual(missing, ['110']); // see the exchange error.110, and below
  });

  test('carries an integer where the configuration says so', async () => {
    const session = await createSession({ config: { statusAs: 'integer' } });
    const answer = await refused(session, own({ domain_name: ['b.com'] }));
    assert.deepEqual([answer.status, answer.rest], [107, { other_msg: 'b.com' }]);
  });

  test('by any other method than POST is one as well', async () => {
    const { fetch } = await createSession();
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const response = await fetch(new Request(`${baseUrl}/any`, { method }));
      assert.deepEqual([response.status, await response.json()], [200, { result: 'error', status: '111' }]);
    }
  });

  test('says why in a header of plain characters, whatever was sent', async () => {
    const { words } = await refused(await createSession(), own({ domain_name: ['a\u0000\r\n例\u{1f600}_.com'] }));
    assert.match(words, /^[\x20-\x7e]+$/);
    assert.ok(detailOf(refuse('nameBadUnicode', { name: long(5000) })).length <= 500);
  });
});

describe('codes are looked for in the order', () => {
  /** Everything is wrong; then one thing after the other is put right. */
  const wrong = {
    customer_id: 'nobody',
    auth_token: 'wrong',
    req_type: 'wrong',
    domain_name: ['a_', 'b_', 'c_', 'd_', 'e_', 'f_'],
    csr: 'wrong!',
  };
  const steps: readonly (readonly [status: string, right: object, from?: string])[] = [
    ['101', {}],
    ['102', { customer_id: credentials.customer_id }],
    ['110', { auth_token: credentials.auth_token }, '198.51.100.9'],
    ['103', {}],
    ['106', { req_type: 'cert_apply' }],
    ['105', { domain_name: ['a_.com'] }],
    ['104', { domain_name: ['a.com'] }],
    ['107', { csr: csrPem }],
  ];
  test(steps.map(([status]) => status).join(' '), async () => {
    let body: object = wrong;
    for (const [status, right, from] of steps) {
      body = { ...body, ...right };
      const answer = await refused(await createSession(from === undefined ? {} : { from }), { ...body });
      assert.equal(answer.status, status);
    }
  });

  test('and the handle right after the type of the request', async () => {
    const answer = await refused(await createSession(), {
      ...credentials,
      ...wrong,
      ...credentials,
      req_type: 'cert_apply',
      handle_id: 'x',
    });
    assert.equal(answer.status, '108');
  });
});

describe('credentials', () => {
  test('that were revoked are those of nobody', async () => {
    const session = await createSession();
    const { items } = await session.app.ports.credentials.list(session.app.operator, { limit: 10 });
    const held = items.find(({ publicId }) => publicId === credentials.customer_id);
    await session.app.ports.credentials.revoke(session.app.operator, held?.id ?? '');
    for (const auth_token of [credentials.auth_token, 'wrong']) {
      assert.equal((await refused(session, own({ auth_token }))).status, '101');
    }
  });

  test('of another customer find no order of this one', async () => {
    const session = await createSession({ approval: 'manual' });
    await session.post(application());
    const { account } = await createCustomer(session.app, { name: 'second' });
    await putKey(session.app, account, {
      dialect: 'wosign',
      roles: ['requester'],
      allowedAddresses: null,
      publicId: 'other',
      secret: 'token',
    });
    const theirs = { customer_id: 'other', auth_token: 'token', handle_id: await session.handle() };
    assert.equal((await refused(session, theirs)).status, '108');
  });

  test('appear in no log line', async () => {
    const session = await createSession();
    await session.post(application());
    await session.post(application({ csr: credentials.auth_token }));
    await session.send({ body: `{"auth_token":"${credentials.auth_token}` });
    await session.send({ body: `{"auth_token":"${credentials.auth_token}" oops` });
    assert.ok(session.logLines.length >= 4);
    assert.doesNotMatch(JSON.stringify(session.logLines), /authority_/);
  });
});

describe('the error table', () => {
  interface Row {
    readonly status: number;
    readonly byField?: Readonly<Record<string, number>>;
    readonly byReason?: Readonly<Record<string, number>>;
    readonly reads?: readonly number[];
  }
  const all: readonly Row[] = errorCodes.map((code) => errors[code]);

  test('sends nothing but codes of the document', () => {
    for (const { status, byField, byReason } of all) {
      for (const one of [status, ...Object.values({ ...byField, ...byReason })])
        assert.ok(one in descriptions, `${one}`);
    }
  });

  test('reads each of them as one of ours', () => {
    const read = all.flatMap(({ reads = [] }) => reads);
    assert.deepEqual(read.toSorted(), Object.keys(descriptions).map(Number));
    assert.equal(codeOfStatus(999), 'issuerRefused');
  });

  test('knows a refused address from other things that are forbidden', () => {
    assert.equal(statusOf(refuse('addressNotAllowed', { address: '192.0.2.1' })), 110);
    assert.equal(statusOf(refuse('accountSuspended', {})), 109);
  });

  test('takes a failure of ours for unknown', () => {
    assert.equal(statusOf(refuse('internal', {})), 111);
    assert.equal(statusOf(refuse('shuttingDown', {})), 111);
  });
});
