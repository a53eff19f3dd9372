/** Requests that must be refused: HTTP 200, the vendor's code, the field and why; and nothing left behind. */

import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { codeOfReply, errorToWire } from '../../../src/dialects/racent/errors.ts';
import type { ErrorCode } from '../../../src/domain/error-codes.ts';
import { reason, refuse } from '../../../src/domain/errors.ts';
import { createCustomer, createKey } from '../../support/app.ts';
import { badOrganizations, refusedInChinese, titleOf } from '../../support/bad-organizations.ts';
import {
  administrator,
  baseUrl,
  createSession,
  csrPem,
  orderFields,
  organization,
  prove,
  type Reply,
  type Session,
  twoNames,
} from './harness.ts';

type Fields = Readonly<Record<string, unknown>>;
type Row = readonly [title: string, path: string, body: string | Fields, code: number, field: string, message: RegExp];

const place = '/ssl/place';
const of = (change: Fields) => orderFields({ params: change });
const named = (...names: readonly unknown[]) =>
  of({ domainInfo: names.map((domainName) => ({ domainName, dcvMethod: 'CNAME_CSR_HASH' })) });
const multi = (...names: readonly string[]) => ({ ...named(...names), productCode: 'comodo-positive-multi-domain' });
const by = (domainName: string, dcvMethod: unknown, dcvEmail?: unknown) =>
  of({ domainInfo: [{ domainName, dcvMethod, dcvEmail }] });
const ov = (change: Fields) => ({
  ...of({ organizationInfo: organization, ...change }),
  productCode: 'sectigo-ov',
});
const ev = (change: Fields) => ({ ...ov(change), productCode: 'comodo-ev-ssl-certificate' });
const without = (object: Fields, key: string) => ({ ...object, [key]: undefined });
const long = (length: number) => 'x'.repeat(length);
const manyNames = (count: number) => Array.from({ length: count }, (_, index) => `n${index}.example.com`);
const der = Buffer.from(csrPem.replaceAll(/-----.*-----|\s/g, ''), 'base64');

const organizationFields = {
  name: 'organizationName',
  street: 'organizationAddress',
  city: 'organizationCity',
  state: 'organizationState',
  postalCode: 'organizationPostCode',
  country: 'organizationCountry',
} as const;

const rows: readonly Row[] = [
  ['JSON that breaks off', place, '{"api_token":"x', -1, 'body', /^请求内容不是有效的 JSON/],
  ['a JSON array', place, '[]', -1, 'body', /^请求内容必须是 JSON 对象$/],
  ['JSON null', place, 'null', -1, 'body', /^请求内容必须是 JSON 对象$|^请求内容不是/],
  ['XML', place, '<a/>', -1, 'body', /^请求内容不是有效的 JSON/],
  ['nesting without end', place, `{"a":${'['.repeat(100_000)}`, -1, 'body', /^请求内容的嵌套超过 32 层$/],
  ['an unknown path', '/ssl/orders', {}, -1, 'path', /^接口 POST \/ssl\/orders 不存在$/],

  ['no product', place, { ...orderFields(), productCode: undefined }, -1, 'productCode', /^缺少参数 productCode$/],
  ['a product that is an object', place, { ...orderFields(), productCode: {} }, -1, 'productCode', /^缺少参数|无效/],
  ['an unknown product', place, { ...orderFields(), productCode: 'x' }, -3, 'productCode', /^productCode "x" 不是/],
  ['no years', place, { ...orderFields(), years: undefined }, -1, 'years', /^缺少参数 years$/],
  ['no years at all', place, { ...orderFields(), years: 0 }, -1, 'years', /^参数 years 无效：0（应为 1 至 6 的整数）$/],
  ['seven years', place, { ...orderFields(), years: 7 }, -1, 'years', /^参数 years 无效：7/],
  ['a year and a half', place, { ...orderFields(), years: 1.5 }, -1, 'years', /^参数 years 无效：1.5/],
  ['years in words', place, { ...orderFields(), years: 'one' }, -1, 'years', /^参数 years 无效："one"/],
  ['a refId of 2,000 characters', place, { ...orderFields(), refId: long(2000) }, -1, 'refId', /^参数 refId 无效/],

  ['params that break off', place, { ...orderFields(), params: '{"csr":' }, -1, 'params', /^参数 params 无效："…"/],
  ['params that are a list', place, { ...orderFields(), params: [1] }, -1, 'params', /^参数 params 无效：\(object\)/],
  ['an unknown server', place, of({ server: 'abacus' }), -1, 'server', /^参数 server 无效："abacus"（应为 apachessl/],
  ['a unique value with a dash', place, of({ uniqueValue: 'a-b' }), -1, 'uniqueValue', /1 至 20 个字母或数字/],
  ['a unique value of 21', place, of({ uniqueValue: long(21) }), -1, 'uniqueValue', /1 至 20 个字母或数字/],

  ['no names', place, of({ domainInfo: undefined }), -1, 'domainInfo', /^缺少参数 domainInfo$/],
  ['an empty list of names', place, of({ domainInfo: [] }), -1, 'domainInfo', /^缺少参数 domainInfo$/],
  ['names in a text', place, of({ domainInfo: 'a.com' }), -1, 'domainInfo', /^参数 domainInfo 无效/],
  ['names that are a number', place, of({ domainInfo: 7 }), -1, 'domainInfo', /^参数 domainInfo 无效：7/],
  ['a name that is a list', place, named(['a.com']), -1, 'domainInfo[0].domainName', /无效/],
  ['an entry without a name', place, of({ domainInfo: [{}] }), -1, 'domainInfo[0].domainName', /^缺少参数/],
  ['an empty name', place, named(' '), -1, 'domainInfo[0].domainName', /缺少参数|无效/],
  ['an underscore', place, named('a_b.com'), -1, 'domainInfo', /^域名 "a_b.com" 中的 "a_b" 无效$/],
  [
    'a single label',
    place,
    named('localhost'),
    -1,
    'domainInfo',
    /不是完整域名，请使用完整域名，如 www\.example\.com$/,
  ],
  ['a label of 64', place, named(`${long(64)}.com`), -1, 'domainInfo', /无效$/],
  [
    '254 characters',
    place,
    named(`${[63, 63, 63, 58].map(long).join('.')}.com`),
    -1,
    'domainInfo',
    /超过 DNS 允许的 253/,
  ],
  ['a URL', place, named('https://a.com/'), -1, 'domainInfo', /无效$/],
  ['a wildcard in the middle', place, named('a.*.com'), -1, 'domainInfo', /只能单独作为最左侧一段/],
  ['a wildcard of a plain product', place, named('*.a.com'), -1, 'domainInfo', /是通配符域名/],
  ['two names of a single product', place, named('a.com', 'b.com'), -1, 'domainInfo', /^申请了 2 个域名/],
  ['251 names', place, multi(...manyNames(251)), -1, 'domainInfo', /^申请了 251 个域名，该产品最多支持 250 个$/],
  ['a name twice', place, multi('a.com', 'A.com.'), -1, 'domainInfo', /^域名 a.com 重复，请只保留一个$/],
  [
    'a name twice in two scripts',
    place,
    multi('例子.中国', 'xn--fsqu00a.xn--fiqs8s'),
    -1,
    'domainInfo',
    /重复，请只保留一个$/,
  ],
  ['a public suffix', place, named('co.uk'), -1, 'domainInfo', /^co.uk 是公共后缀/],
  ['a name of a reverse zone', place, named('1.2.0.192.in-addr.arpa'), -1, 'domainInfo', /反向解析区/],
  [
    'an address of a product without',
    place,
    { ...by('192.0.2.1', 'HTTP_CSR_HASH'), productCode: 'comodo-ssl' },
    -1,
    'domainInfo',
    /是 IPv4 地址/,
  ],

  ['an unknown method', place, by('a.com', 'PHONE'), -1, 'domainInfo[0].dcvMethod', /"PHONE"（应为 EMAIL \/ HTTP_/],
  ['VERIFY_DOCUMENT', place, by('a.com', 'VERIFY_DOCUMENT'), -1, 'domainInfo[0].dcvMethod', /无效/],
  [
    'a file for a wildcard',
    place,
    { ...by('*.a.com', 'HTTP_CSR_HASH'), productCode: 'comodo-positivessl-wildcard' },
    -1,
    'domainInfo[0].dcvMethod',
    /（应为 EMAIL \/ CNAME_CSR_HASH \/ DNS_CSR_HASH）$/,
  ],
  [
    'DNS for an address',
    place,
    by('192.0.2.1', 'CNAME_CSR_HASH'),
    -1,
    'domainInfo[0].dcvMethod',
    /（应为 HTTP_CSR_HASH \/ HTTPS_CSR_HASH）$/,
  ],
  ['EMAIL without an address', place, by('a.com', 'EMAIL'), -1, 'domainInfo[0].dcvEmail', /^缺少参数/],
  ['EMAIL to somebody', place, by('a.com', 'EMAIL', 'ceo@a.com'), -1, 'domainInfo[0].dcvEmail', /应为 admin@a.com/],
  ['EMAIL to another domain', place, by('a.com', 'EMAIL', 'admin@b.com'), -1, 'domainInfo[0].dcvEmail', /无效/],

  ['a CSR that is a number', place, of({ csr: 7 }), -1, 'csr', /^参数 csr 无效/],
  ['a CSR that is prose', place, of({ csr: 'hello, world' }), -1, 'csr', /^csr 既不是 PEM 也不是 base64/],
  ['a truncated CSR', place, of({ csr: csrPem.slice(0, 200) }), -1, 'csr', /没有 .*END/],
  ['a CSR without its end', place, of({ csr: der.subarray(0, 60).toString('base64') }), -1, 'csr', /不是有效的 DER/],
  [
    'a CSR whose signature is another’s',
    place,
    of({ csr: Buffer.from(der.with(-1, (der.at(-1) ?? 0) ^ 1)).toString('base64') }),
    -1,
    'csr',
    /CSR 签名与其公钥不符/,
  ],
  [
    'a certificate',
    place,
    of({ csr: csrPem.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE') }),
    -1,
    'csr',
    /其中是 "CERTIFICATE"/,
  ],
  ['a private key that is prose', place, of({ csr: null, privateKey: 'hello' }), -1, 'csr', /^privateKey/],

  ['no administrator', place, of({ Administrator: undefined }), -1, 'Administrator', /^缺少参数 Administrator$/],
  ['an administrator in words', place, of({ Administrator: 'nick' }), -1, 'Administrator', /^参数 Administrator 无效/],
  ['a country in words', place, of({ Administrator: { country: 'China' } }), -1, 'Administrator.country', /"China"/],
  ['a contact of objects', place, of({ tech: { job: {} } }), -1, 'tech.job', /字符串/],

  ['OV without organization', place, ov({ organizationInfo: {} }), -1, 'organizationInfo', /^OV 证书必须填写/],
  ...Object.keys(organization).map(
    (field): Row => [
      `OV without ${field}`,
      place,
      ov({ organizationInfo: without(organization, field) }),
      -1,
      `organizationInfo.${field}`,
      new RegExp(`^OV 证书必须填写 organizationInfo.${field}$`),
    ],
  ),
  [
    'OV of an unknown country',
    place,
    ov({ organizationInfo: { ...organization, organizationCountry: 'China' } }),
    -1,
    'organizationInfo.organizationCountry',
    /"China"/,
  ],
  ...badOrganizations.map((bad): Row => {
    const field = organizationFields[bad.field];
    const message = new RegExp(`^参数 organizationInfo\\.${field} ${refusedInChinese(bad)}`);
    const request = ov({ organizationInfo: { ...organization, [field]: bad.value } });
    return [titleOf(bad), place, request, -1, `organizationInfo.${field}`, message];
  }),
  [
    'EV without organizationName',
    place,
    ev({ organizationInfo: without(organization, 'organizationName') }),
    -1,
    'organizationInfo.organizationName',
    /^EV 证书必须填写/,
  ],
  ...['organation', 'address', 'city', 'state', 'postCode', 'country'].map(
    (field): Row => [
      `OV whose finance has no ${field}`,
      place,
      ov({ finance: without(administrator, field) }),
      -1,
      `finance.${field}`,
      new RegExp(`^OV 证书必须填写 finance.${field}$`),
    ],
  ),

  ['validate without a product', '/ssl/validate', { params: {} }, -1, 'productCode', /^缺少参数/],
  ['validate of a bad name', '/ssl/validate', named('a_b.com'), -1, 'domainInfo', /无效$/],
  ['validate of a public suffix', '/ssl/validate', named('co.uk'), -1, 'domainInfo', /公共后缀/],
  [
    'validate of a broken signature',
    '/ssl/validate',
    of({ csr: Buffer.from(der.with(-1, (der.at(-1) ?? 0) ^ 1)).toString('base64') }),
    -1,
    'csr',
    /CSR 签名与其公钥不符/,
  ],
  [
    'validate of an unknown product',
    '/ssl/validate',
    { ...orderFields(), productCode: 'x' },
    -3,
    'productCode',
    /不是/,
  ],
  [
    'validate of OV without organization',
    '/ssl/validate',
    ov({ organizationInfo: null }),
    -1,
    'organizationInfo',
    /OV/,
  ],

  ['collect without certId', '/ssl/collect', {}, -1, 'certId', /^缺少参数 certId$/],
  ['collect of an object', '/ssl/collect', { certId: {} }, -1, 'certId', /缺少参数|无效/],
  ['collect of nobody’s', '/ssl/collect', { certId: '260101aaaaaaaaaa' }, -1, 'certId', /不存在订单 260101aaaaaaaaaa$/],
  ['collect of 2,000 characters', '/ssl/collect', { certId: long(2000) }, -1, 'certId', /至多 1000 个字符/],
  ['an unknown refId', '/ssl/certIdByrefId', { refId: 'B' }, -1, 'refId', /不存在订单 "B"$/],
  ['no refId', '/ssl/certIdByrefId', {}, -1, 'refId', /^缺少参数 refId$/],
  ['an unknown vendor', '/ssl/productList', { vendor: 'Thawte' }, -1, 'vendor', /"Thawte"（应为 Sectigo/],
  ['CAA of nothing', '/ssl/caaCheck', {}, -1, 'domainName', /^缺少参数 domainName$/],
  ['CAA of an address', '/ssl/caaCheck', { domain: '192.0.2.1' }, -1, 'domainName', /应为域名/],
  ['addresses of nothing', '/ssl/DCVemail', {}, -1, 'domainName', /^缺少参数 domainName$/],
  ['addresses of an address', '/ssl/DCVemail', { domain: '192.0.2.1' }, -1, 'domainName', /应为域名/],
  ['a renewal of nothing', '/ssl/renew', {}, -1, 'renewId', /^缺少参数 renewId$/],
  ['a renewal of nobody’s', '/ssl/renew', { renewId: 'x' }, -1, 'renewId', /不存在订单 x$/],
  ['a page before the first', '/ssl/list', { page: 0 }, -1, 'page', /无效/],
  ['S/MIME', '/ssl/verifyPAC', { certId: 'x' }, -3, 'productCode', /未开放/],
];

/** Of an order that is not issued: `certId` is filled in. */
const ofOpenOrder: readonly Row[] = [
  ['a replacement', '/ssl/replace', { params: { csr: csrPem } }, -7, 'certId', /已签发/],
  ['a reissue', '/ssl/reissue', { reason: 'x' }, -7, 'certId', /已签发/],
  ['a reissue without a reason', '/ssl/reissue', {}, -1, 'reason', /^缺少参数 reason$/],
  ['a reissue through place without a reason', place, {}, -1, 'reason', /^缺少参数 reason$/],
  ['a revocation', '/ssl/revoke', { reason: 'x' }, -7, 'certId', /要求“已签发”/],
  ['a renewal', '/ssl/renew', {}, -7, 'renewId', /要求“有效/],
  ['a cancellation without a reason', '/ssl/cancel', {}, -1, 'reason', /^缺少参数 reason$/],
  ['a method without a name', '/ssl/updateDCV', { dcvMethod: 'EMAIL' }, -1, 'domainName', /^缺少参数 domainName$/],
  ['a name without a method', '/ssl/updateDCV', { domainName: 'a.example.com' }, -1, 'dcvMethod', /^缺少参数/],
  [
    'a method for a name of another order',
    '/ssl/updateDCV',
    { domainName: 'c.example.com', dcvMethod: 'CNAME_CSR_HASH' },
    -1,
    'domainName',
    /不存在域名 "c.example.com"$/,
  ],
  [
    'one good name and one of another order',
    '/ssl/batchUpdateDCV',
    {
      domainInfo: [
        { domainName: 'a.example.com', dcvMethod: 'HTTP_CSR_HASH' },
        { domainName: 'c.example.com', dcvMethod: 'HTTP_CSR_HASH' },
      ],
    },
    -1,
    'domainName',
    /不存在域名 "c.example.com"$/,
  ],
  [
    'EMAIL for all',
    '/ssl/batchUpdateDCV',
    { dcvMethod: 'EMAIL', dcvEmail: 'admin@example.com' },
    -1,
    'dcvMethod',
    /无效/,
  ],
  [
    'a mail to somebody',
    '/ssl/updateDCV',
    { domainName: 'a.example.com', dcvMethod: 'EMAIL', dcvEmail: 'ceo@example.com' },
    -1,
    'dcvEmail',
    /无效："ceo@example.com"/,
  ],
  [
    'the removal of a name of another order',
    '/ssl/removeMdcDomain',
    { domainName: 'c.a.com' },
    -1,
    'domainName',
    /不存在域名/,
  ],
  ['the removal of all names', '/ssl/removeMdcDomain', {}, -1, 'domainName', /至少须保留一个域名/],
];

function assertRefused(reply: Reply, [, , , code, field, message]: Row): void {
  assert.deepEqual(Object.keys(reply), ['code', 'msg', 'errors'], JSON.stringify(reply));
  assert.equal(reply.code, code, JSON.stringify(reply));
  assert.deepEqual(Object.keys(reply.errors ?? {}), [field], JSON.stringify(reply));
  const messages = reply.errors?.[field] ?? [];
  assert.equal(messages.length, 1);
  assert.match(messages[0] ?? '', message);
  assert.equal(reply.msg, messages[0], 'WHMCS modules read only this');
}

describe('a refused request', () => {
  let session: Session;
  before(async () => {
    session = await createSession();
  });

  for (const row of rows) {
    const [title, path, body] = row;
    test(title, async () => {
      const before = await session.app.tables();
      const reply = typeof body === 'string' ? await session.postRaw(path, body) : await session.post(path, body);
      assertRefused(reply, row);
      assert.deepEqual(countsOf(await session.app.tables()), countsOf(before));
    });
  }

  test('of a body of 10 MB says so and reads no more than the limit', async () => {
    const body = JSON.stringify({ api_token: session.token, ...orderFields(), refId: long(10_000_000) });
    for (const headers of [{}, { 'content-length': String(body.length) }]) {
      const reply = await session.fetch(new Request(`${baseUrl}/ssl/place`, { method: 'POST', body, headers }));
      assert.equal(reply.status, 200);
      const msg = '请求内容超过 131072 字节';
      assert.deepEqual(await reply.json(), { code: -1, msg, errors: { body: [msg] } });
    }
  });

  describe('of HTTP itself has msg too, with status 200', () => {
    const json = { 'content-type': 'application/json' };
    const cases: readonly (readonly [
      method: string,
      path: string,
      body: string | null,
      headers?: Record<string, string>,
    ])[] = [
      ['GET', '/ssl/place', null],
      ['PUT', '/ssl/place', '{}'],
      ['DELETE', '/ssl/collect', null],
      ['OPTIONS', '/ssl/place', null],
      ['POST', '/ssl/', '{}'],
      ['POST', '/SSL/Nothing', '{}'],
      ['POST', '/ssl/place/more', '{}'],
      ['POST', '/ssl/%zz', '{}'],
      ['POST', '/ssl/place', ''],
      ['POST', '/ssl/place', '{', json],
      ['POST', '/ssl/place', '[]', json],
      ['POST', '/ssl/place', 'null', json],
      ['POST', '/ssl/place', '['.repeat(5000), json],
      ['POST', '/ssl/place', '{"params":"{"}', json],
      ['POST', '/ssl/place', 'api_token=x&params=%7B', { 'content-type': 'application/x-www-form-urlencoded' }],
      ['POST', '/ssl/place', 'x', { 'content-type': 'multipart/form-data' }],
      ['POST', '/ssl/place', 'x', { 'content-type': 'multipart/form-data; boundary=y' }],
      ['POST', '/ssl/place', '<a/>', { 'content-type': 'text/xml' }],
      ['POST', '/ssl/place', long(200_000)],
      ['POST', '/ssl/collect', long(20_000)],
    ];
    for (const [method, path, body, headers = {}] of cases) {
      test(`${method} ${path} ${(body ?? '').slice(0, 24)}`, async () => {
        const response = await session.fetch(new Request(baseUrl + path, { method, body, headers }));
        assert.equal(response.status, 200);
        assert.equal(response.headers.get('content-type'), 'application/json');
        const reply = (await response.json()) as Reply;
        assert.deepEqual(Object.keys(reply), ['code', 'msg', 'errors']);
        assert.ok(Number.isInteger(reply.code) && reply.code !== 0 && reply.code !== 1, String(reply.code));
        assert.match(String(reply.msg), /\S/);
        assert.deepEqual(Object.values(reply.errors ?? {}), [[reply.msg]]);
      });
    }
  });

  test('speaks English where the configuration says so', async () => {
    const english = await createSession({ config: { language: 'en' } });
    const { errors: said } = await english.post('/ssl/place', { ...orderFields(), years: undefined });
    assert.deepEqual(said, { years: ['years is required'] });
  });

  test('leaves nothing of its secrets in a log', async () => {
    const lines = JSON.stringify(session.logLines);
    assert.doesNotMatch(lines, new RegExp(session.token.slice(16)));
  });
});

/** All that an order could leave behind; refusals may mark when the token was last used. */
function countsOf(tables: Readonly<Record<string, readonly unknown[]>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(tables).map(([table, rows_]) => [table, rows_.length]));
}

describe('of an order that is not issued', () => {
  let session: Session;
  let certId: string;
  before(async () => {
    session = await createSession();
    ({
      data: { certId },
    } = await session.post('/ssl/place', orderFields(twoNames)));
    await session.app.idle();
  });

  for (const row of ofOpenOrder) {
    const [title, path, body] = row;
    test(title, async () => {
      assertRefused(await session.post(path, { certId, ...(body as Fields) }), row);
      const { data } = await session.post('/ssl/collect', { certId });
      const methods = data.dcvList.map(({ dcvMethod }: { dcvMethod: string }) => dcvMethod);
      assert.deepEqual(methods, ['CNAME_CSR_HASH', 'HTTP_CSR_HASH'], 'nothing was changed');
    });
  }
});

describe('the codes of states', () => {
  test('-4: an order that is too dear', async () => {
    const session = await createSession({ balanceMinor: 5999 });
    const reply = await session.post('/ssl/place', orderFields());
    const msg = '余额不足：需要 60.00 CNY，当前余额 59.99 CNY';
    assert.deepEqual(reply, { code: -4, msg, errors: { balance: [msg] } });
  });

  test('-5: an order that waits for an approver has no proofs to change', async () => {
    const session = await createSession({ approval: 'manual' });
    const { data } = await session.post('/ssl/place', orderFields());
    const update = { certId: data.certId, dcvMethod: 'HTTP_CSR_HASH' };
    const reply = await session.post('/ssl/updateDCV', update);
    assert.equal(reply.code, -5, JSON.stringify(reply));
  });

  test('-1: EMAIL where no mail is sent', async () => {
    const session = await createSession({ isWithoutMail: true });
    const reply = await session.post('/ssl/place', by('a.com', 'EMAIL', 'admin@a.com'));
    assert.equal(reply.code, -1, JSON.stringify(reply));
    assert.deepEqual(Object.keys(reply.errors ?? {}), ['dcvMethod']);
  });

  test('-6: a second mail right after the first', async () => {
    const session = await createSession();
    const { data } = await session.post('/ssl/place', by('a.com', 'EMAIL', 'admin@a.com'));
    await session.app.idle();
    const update = { certId: data.certId, dcvMethod: 'EMAIL', dcvEmail: 'admin@a.com' };
    const reply = await session.post('/ssl/updateDCV', update);
    assert.equal(reply.code, -6, JSON.stringify(reply));
    assert.deepEqual(Object.keys(reply.errors ?? {}), ['dcvEmail']);
  });

  test('-8: an order that is cancelled already', async () => {
    const session = await createSession();
    const { data } = await session.post('/ssl/place', orderFields());
    const cancel = { certId: data.certId, reason: 'x' };
    assert.deepEqual(await session.post('/ssl/cancel', cancel), { code: 1 });
    const reply = await session.post('/ssl/cancel', cancel);
    assert.equal(reply.code, -8, JSON.stringify(reply));
  });

  test('-7: a reissue while another is under way, and of a revoked certificate', async () => {
    const session = await createSession();
    const certId = await session.issue();
    const params = { domainInfo: [{ domainName: 'new.example.com', dcvMethod: 'CNAME_CSR_HASH' }] };
    assert.equal((await session.post('/ssl/replace', { certId, params: { csr: csrPem, ...params } })).code, 1);
    await session.app.idle();
    assert.equal((await session.post('/ssl/reissue', { certId, reason: 'x' })).code, -7);
    prove(session.app, ['new.example.com']);
    await session.app.advance(100);
    assert.deepEqual(await session.post('/ssl/revoke', { certId, reason: 'x' }), { code: 1 });
  });

  test('-2: a fault of ours tells the request id and nothing else', () => {
    const error = refuse('internal', {}, { cause: new Error('secret detail') });
    const wire = errorToWire(error, { language: 'en', requestId: 'req-9', operation: 'order.place' });
    assert.equal(wire.code, -2);
    assert.match(wire.errors.server?.[0] ?? '', /\(req-9\)$/);
    assert.doesNotMatch(JSON.stringify(wire), /secret/);
  });

  test('2: a certificate that is being signed, which is nevertheless shown as pending', async () => {
    const session = await createSession({
      issuer: (embedded) => ({
        ...embedded,
        sign: (_request, signal) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      }),
    });
    const { data } = await session.post('/ssl/place', orderFields());
    prove(session.app, ['a.example.com']);
    const { certId } = data;
    const ask = async (path: string, fields: Fields) => {
      const reply = session.post(path, { certId, ...fields });
      // Who asks while it is being signed is kept waiting a little.
      await session.app.clock.advance(20_000);
      return reply;
    };
    await session.app.clock.advance(5000);
    assert.equal((await ask('/ssl/collect', {})).status, 'PENDING');
    const refused = await ask('/ssl/updateDCV', { dcvMethod: 'HTTP_CSR_HASH' });
    assert.deepEqual([refused.code, Object.keys(refused.errors ?? {})], [2, ['certId']]);
  });

  test('FAILED is what an issuer refused, with the money back', async () => {
    const detail = reason('issuerRefused', { issuer: 'embedded', detail: 'CAA forbids it' });
    const session = await createSession({
      issuer: (embedded) => ({ ...embedded, sign: async () => ({ kind: 'refused', reason: detail }) }),
      balanceMinor: 6000,
    });
    const certId = await session.issue();
    assert.equal((await session.post('/ssl/collect', { certId })).status, 'FAILED');
    assert.equal((await session.post('/ssl/place', orderFields())).code, 1, 'the money is there again');
  });

  test('-6: an issuer that refuses, or that is not there', () => {
    const refused = refuse('issuerRefused', { issuer: 'x', detail: 'CAA' });
    const missing = refuse('issuerUnavailable', { issuer: 'x' });
    for (const error of [refused, missing]) {
      assert.equal(errorToWire(error, { language: 'en', requestId: 'x', operation: undefined }).code, -6);
    }
  });

  test('are read back by the client half as what they stand for', () => {
    const expected: readonly [number, ErrorCode][] = [
      [2, 'wrongState'],
      [-1, 'invalidField'],
      [-2, 'internal'],
      [-3, 'unknownProduct'],
      [-4, 'insufficientBalance'],
      [-5, 'wrongState'],
      [-6, 'issuerRefused'],
      [-7, 'wrongState'],
      [-8, 'wrongState'],
      [400, 'unauthenticated'],
      [77, 'issuerRefused'],
    ];
    for (const [code, meaning] of expected) assert.equal(codeOfReply(code, ['?']), meaning, String(code));
    assert.equal(codeOfReply(-1, ['域名 a.com 重复，请只保留一个']), 'badName');
  });
});

describe('a token', () => {
  let session: Session;
  before(async () => {
    session = await createSession();
  });
  const token = '0'.repeat(48);
  const cases: readonly [string, Fields, string][] = [
    ['that is missing', {}, '缺少认证信息：请提供 api_token'],
    ['that is null', { api_token: null }, '缺少认证信息：请提供 api_token'],
    ['that is empty', { api_token: '' }, '缺少认证信息：请提供 api_token'],
    ['that is a number', { api_token: 7 }, '缺少认证信息：请提供 api_token'],
    ['that is inside params', { params: { api_token: token } }, '缺少认证信息：请提供 api_token'],
    ['that is of nobody', { api_token: token }, 'api_token 错误或已被吊销'],
    ['of another form', { api_token: 'x' }, 'api_token 错误或已被吊销'],
  ];
  for (const [title, body, message] of cases) {
    test(`${title} opens no call`, async () => {
      for (const path of ['place', 'collect', 'productList', 'list', 'country', 'verifyPAC', 'validate']) {
        const reply = await session.postRaw(`/ssl/${path}`, JSON.stringify(body));
        assert.deepEqual(reply, { code: 400, msg: message, errors: { api_token: [message] } });
      }
    });
  }

  test('whose secret half is wrong opens none either', async () => {
    const wrong = session.token.slice(0, -1) + (session.token.endsWith('0') ? '1' : '0');
    const reply = await session.postRaw('/ssl/productList', JSON.stringify({ api_token: wrong }));
    assert.equal(reply.code, 400);
  });

  test('of another account finds nothing of this one', async () => {
    const certId = await session.issue({ refId: 'own' });
    const { account } = await createCustomer(session.app, { dialect: 'racent' });
    const { credential, secret } = await createKey(session.app, account, { dialect: 'racent' });
    const theirs = credential.publicId + secret;
    for (const [path, fields] of [
      ['collect', { certId }],
      ['reissue', { certId, reason: 'x' }],
      ['replace', { certId, params: { csr: csrPem } }],
      ['renew', { renewId: certId }],
      ['cancel', { certId, reason: 'x' }],
      ['revoke', { certId }],
      ['updateDCV', { certId, dcvMethod: 'CNAME_CSR_HASH' }],
      ['batchUpdateDCV', { certId }],
      ['removeMdcDomain', { certId }],
      ['validatefile', { orderId: certId }],
      ['certIdByrefId', { refId: 'own' }],
    ] as const) {
      const reply = await session.post(`/ssl/${path}`, { ...fields, api_token: theirs });
      assert.equal(reply.code, -1, path);
      assert.match(JSON.stringify(reply.errors), /不存在订单/, path);
    }
    assert.deepEqual((await session.post('/ssl/list', { api_token: theirs })).data, []);
  });
});
