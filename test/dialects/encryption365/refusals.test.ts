/** Requests that must be refused, each in the dialect's own error form, naming the field and the value. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createCustomer, createKey } from '../../support/app.ts';
import { badOrganizations, refusedInChinese, titleOf } from '../../support/bad-organizations.ts';
import { baseUrl, createSession, credentials, firstNumber, orderBody, type Session } from './harness.ts';
import { ecCsr, seedCsr } from './seed.ts';

const truncatedCsr = seedCsr.slice(0, 400);
const shortenedCsr = `${seedCsr.split('\r\n').slice(0, 5).join('\r\n')}\r\n-----END CERTIFICATE REQUEST-----`;
const flippedCsr = seedCsr.replace('MIICwjCC', 'MIICwjCD');

type Row = readonly [title: string, path: string, body: string | Readonly<Record<string, unknown>>, message: RegExp];

const organizationFields = {
  name: 'organization_name',
  street: 'registered_address_line1',
  city: 'city',
  state: 'state',
  postalCode: 'postal_code',
  country: 'country',
} as const;

const rows: readonly Row[] = [
  ['JSON that breaks off', '/cert/create', '{"client_id":"x', /^请求内容不是有效的 JSON：位置 \d+ 处的字符有误$/],
  ['a JSON array', '/cert/create', '[]', /^请求内容必须是 JSON 对象$/],
  ['JSON null', '/cert/create', 'null', /^请求内容必须是 JSON 对象$/],
  ['a form instead of JSON', '/cert/create', 'pid=100&domains=a.com', /^请求内容不是有效的 JSON/],
  ['an unknown path', '/cert/list', {}, /^接口 POST \/cert\/list 不存在$/],
  ['no pid', '/cert/create', orderBody({ pid: undefined }), /^缺少参数 pid$/],
  ['a null pid', '/cert/create', orderBody({ pid: null }), /^缺少参数 pid$/],
  [
    'a pid that is an object',
    '/cert/create',
    orderBody({ pid: {} }),
    /^参数 pid 无效：\{\}（应为产品 pid，例如 100）$/,
  ],
  ['an unknown pid', '/cert/create', orderBody({ pid: 99 }), /^pid "99" 不是该账户可订购的产品$/],
  ['no names', '/cert/create', orderBody({ domains: undefined }), /^缺少参数 domains$/],
  ['an empty list of names', '/cert/create', orderBody({ domains: '' }), /^缺少参数 domains$/],
  ['names that are only commas', '/cert/create', orderBody({ domains: ' ,，, ' }), /^domains 中有空域名$/],
  [
    'names in an array',
    '/cert/create',
    orderBody({ domains: ['a.com'] }),
    /^参数 domains 无效：\["a.com"\]（应为字符串）$/,
  ],
  ['a name with an underscore', '/cert/create', orderBody({ domains: 'a_b.com' }), /^域名 "a_b.com" 中的 "a_b" 无效$/],
  [
    'a name without a dot',
    '/cert/create',
    orderBody({ domains: 'localhost' }),
    /^域名 "localhost" 不是完整域名，请使用完整域名，如 www\.example\.com$/,
  ],
  ['a name twice', '/cert/create', orderBody({ domains: 'a.com,A.com.' }), /^域名 a.com 重复，请只保留一个$/],
  [
    'an IPv6 address',
    '/cert/create',
    orderBody({ domains: '2001:db8::1' }),
    /^2001:db8::1 是 IPv6 地址，该产品不支持$/,
  ],
  ['a public suffix', '/cert/create', orderBody({ domains: 'co.uk' }), /^co.uk 是公共后缀/],
  ['251 names', '/cert/create', orderBody({ domains: manyNames(251) }), /^申请了 251 个域名，该产品最多支持 250 个$/],
  ['a wildcard of an EV product', '/cert/create', evOrder({ domains: '*.a.com' }), /^\*\.a\.com 是通配符域名/],
  ['no CSR', '/cert/create', orderBody({ csr_code: undefined }), /^缺少参数 csr_code$/],
  ['a truncated CSR', '/cert/create', orderBody({ csr_code: truncatedCsr }), /^csr_code 既不是 PEM 也不是 base64/],
  ['a CSR without its end', '/cert/create', orderBody({ csr_code: shortenedCsr }), /不是有效的 DER 编码/],
  ['a CSR with a wrong length', '/cert/create', orderBody({ csr_code: flippedCsr }), /不是有效的 DER 编码/],
  [
    'a CSR that is prose',
    '/cert/create',
    orderBody({ csr_code: 'hello, world' }),
    /^csr_code 既不是 PEM 也不是 base64/,
  ],
  ['renew as prose', '/cert/create', orderBody({ renew: 'yes' }), /^参数 renew 无效："yes"（应为 true 或 false）$/],
  ['an old order as prose', '/cert/create', orderBody({ old_vendor_id: 'x' }), /^参数 old_vendor_id 无效："x"/],
  [
    'a renewal of an unknown order',
    '/cert/create',
    orderBody({ renew: true, old_vendor_id: 7 }),
    /^该账户下不存在订单 7$/,
  ],
  [
    'a unique id that is too short',
    '/cert/create',
    orderBody({ unique_id: 'abc' }),
    /^参数 unique_id 无效："abc"（应为 8 至 20/,
  ],
  [
    'an OV order without its organization',
    '/cert/create',
    orderBody({ pid: 118 }),
    /^OV 证书必须填写 organization_name$/,
  ],
  ['an OV order without its city', '/cert/create', ovOrder({ city: '' }), /^OV 证书必须填写 city$/],
  ['an OV order of an unknown country', '/cert/create', ovOrder({ country: 'China' }), /^参数 country 无效："China"/],
  ...badOrganizations.map((bad): Row => {
    const field = organizationFields[bad.field];
    const message = new RegExp(`^参数 ${field} ${refusedInChinese(bad)}`);
    return [titleOf(bad), '/cert/create', ovOrder({ [field]: bad.value }), message];
  }),
  [
    'an EV order without registration number',
    '/cert/create',
    evOrder({ registered_no: null }),
    /^EV 证书必须填写 registered_no$/,
  ],
  [
    'an order that is too dear',
    '/cert/create',
    orderBody({ pid: 108, domains: manyNames(50) }),
    /^余额不足：需要 12800.00 CNY/,
  ],
  ['details without a number', '/cert/details', {}, /^缺少参数 trustocean_id$/],
  ['details of prose', '/cert/details', { trustocean_id: 'x' }, /^参数 trustocean_id 无效："x"（应为整数）$/],
  ['details of a fraction', '/cert/details', { trustocean_id: 1.5 }, /^参数 trustocean_id 无效：1.5（应为整数）$/],
  ['details of an unknown order', '/cert/details', { trustocean_id: 7 }, /^该账户下不存在订单 7$/],
  [
    'a reissue before issuance',
    '/cert/reissue',
    reissueBody(),
    /^订单 52295091 当前状态为“待验证”，该操作要求“证书已签发，且没有进行中的签发”$/,
  ],
  [
    'a method for a name of another order',
    '/cert/change_dcv',
    changeBody({ domain: 'b.com' }),
    /^该账户下不存在域名 "b.com"$/,
  ],
  [
    'an unknown method',
    '/cert/change_dcv',
    changeBody({ method: 'phone' }),
    /^参数 method 无效："phone"（应为 http \/ https \/ dns \/ email）$/,
  ],
  ['e-mail where no mail is sent', '/cert/change_dcv', changeBody({ method: 'admin@a.com' }), /^无法使用邮箱验证/],
  [
    'e-mail for an address',
    '/cert/change_dcv',
    changeBody({ domain: '192.0.2.1', method: 'admin@a.com' }),
    /应为 http \/ https）$/,
  ],
  [
    'DNS for an address',
    '/cert/change_dcv',
    changeBody({ domain: '192.0.2.1', method: 'dns' }),
    /应为 http \/ https）$/,
  ],
  ['a sign-in without password', '/client/create', { username: 'a@b.c', servername: 'x' }, /^缺少参数 password$/],
];

describe('a refused request', () => {
  for (const [title, path, body, message] of rows) {
    test(title, async () => {
      const session = await createSession();
      await session.post('/cert/create', orderBody());
      const ordersBefore = (await session.orders()).length;
      const reply = typeof body === 'string' ? await session.postRaw(path, body) : await session.post(path, body);
      assert.deepEqual(Object.keys(reply), ['result', 'status', 'message']);
      assert.deepEqual([reply.result, reply.status], ['error', 'error']);
      assert.match(reply.message, message);
      assert.equal((await session.orders()).length, ordersBefore);
    });
  }

  test('speaks English where the configuration says so', async () => {
    const { post } = await createSession({ config: { language: 'en' } });
    assert.equal(
      (await post('/cert/create', orderBody({ pid: 99 }))).message,
      'pid "99" is not a product of this account',
    );
  });

  test('of a body of 10 MB says so and reads no more than the limit', async () => {
    const { fetch } = await createSession();
    const body = JSON.stringify({ ...credentials, domains: 'a'.repeat(10_000_000) });
    for (const headers of [{}, { 'content-length': String(body.length) }]) {
      const reply = await fetch(new Request(`${baseUrl}/cert/create`, { method: 'POST', body, headers }));
      assert.equal(reply.status, 200);
      assert.equal(((await reply.json()) as { message: string }).message, '请求内容超过 131072 字节');
    }
  });
});

describe('credentials', () => {
  const cases: readonly [string, Readonly<Record<string, unknown>>, string][] = [
    ['are missing', {}, '缺少认证信息：请提供 client_id'],
    ['are null', { client_id: null, access_token: null }, '缺少认证信息：请提供 client_id'],
    ['are empty', { client_id: credentials.client_id, access_token: '' }, '缺少认证信息：请提供 access_token'],
    ['are numbers', { client_id: 1, access_token: 2 }, '缺少认证信息：请提供 client_id'],
    ['are of nobody', { ...credentials, client_id: 'nobody' }, 'client_id/access_token 错误或已被吊销'],
    ['have a wrong token', { ...credentials, access_token: 'wrong' }, 'client_id/access_token 错误或已被吊销'],
  ];
  for (const [title, body, message] of cases) {
    test(`that ${title} open no call but the public ones`, async () => {
      const { postRaw } = await createSession();
      for (const path of ['/account/products', '/account/details', '/cert/create', '/cert/details', '/cert/revoke']) {
        assert.deepEqual(await postRaw(path, JSON.stringify(body)), { result: 'error', status: 'error', message });
      }
    });
  }

  test('that were revoked open nothing any more', async () => {
    const { post, app } = await createSession();
    assert.equal((await post('/account/details')).result, 'success');
    const { items } = await app.ports.credentials.list(app.operator, { limit: 10 });
    const { id } = items.find(({ publicId }) => publicId === credentials.client_id) ?? assert.fail();
    await app.ports.credentials.revoke(app.operator, id);
    assert.equal((await post('/account/details')).message, 'client_id/access_token 错误或已被吊销');
  });

  test('of another account find no order of this one', async () => {
    const session = await createSession();
    await session.post('/cert/create', orderBody());
    const { account: other } = await createCustomer(session.app);
    const { credential, secret } = await createKey(session.app, other);
    const theirs = { client_id: credential.publicId, access_token: secret, trustocean_id: firstNumber };
    const message = `该账户下不存在订单 ${firstNumber}`;
    for (const [path, more] of [
      ['/cert/details', {}],
      ['/cert/challenge', {}],
      ['/cert/revoke', {}],
      ['/cert/change_dcv', { domain: 'trustocean.com', method: 'dns' }],
      ['/cert/reissue', { csr_code: ecCsr, domains: 'a.com' }],
    ] as const) {
      const reply = await session.postRaw(path, JSON.stringify({ ...theirs, ...more }));
      assert.equal(reply.message, message, path);
    }
  });

  test('and passwords appear in no log line', async () => {
    const session = await createSession();
    await signIn(session, 'your-password');
    await signIn(session, 'a wrong secret');
    await session.postRaw('/client/create', '{"username":"a@b.c","password":"cut off sec');
    await session.post('/cert/create', orderBody());
    await session.post('/cert/create', orderBody({ pid: 99 }));
    const lines = JSON.stringify(session.logLines);
    assert.doesNotMatch(lines, /your-password|a wrong secret|cut off sec|032b12f8abcba61c02e0572f476b300/);
    assert.deepEqual(
      session.logLines
        .filter(({ fields }) => 'operation' in fields)
        .map((line) => [line.level, line.fields.operation, line.fields.code]),
      [
        ['debug', 'client.create', undefined],
        ['info', 'client.create', 'unauthenticated'],
        ['info', 'client.create', 'malformedRequest'],
        ['debug', 'cert.create', undefined],
        ['info', 'cert.create', 'unknownProduct'],
      ],
    );
  });
});

function signIn(session: Session, password: string) {
  const body = { username: 'account@exmaple.com', password, servername: 'example.com' };
  return session.postRaw('/client/create', JSON.stringify(body));
}

function manyNames(count: number): string {
  return Array.from({ length: count }, (_, index) => `n${index}.example.com`).join(',');
}

function ovOrder(change: Readonly<Record<string, unknown>>) {
  return orderBody({ pid: 118, organization_name: 'A', country: 'CN', state: 'B', city: 'C', ...change });
}

function evOrder(change: Readonly<Record<string, unknown>>) {
  return ovOrder({ pid: 128, registered_no: '1', ...change });
}

function reissueBody() {
  return { trustocean_id: firstNumber, csr_code: ecCsr, domains: 'trustocean.com' };
}

function changeBody(change: Readonly<Record<string, unknown>>) {
  return { trustocean_id: firstNumber, domain: 'trustocean.com', method: 'dns', ...change };
}
