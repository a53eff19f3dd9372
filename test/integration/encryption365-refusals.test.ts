/** What the Encryption365 front door refuses: in this vendor's form, naming field and value, and leaving nothing behind. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { createCsr } from '../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../src/pki/key.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { type Customer, createCustomer, placeHttpProofs } from '../support/customer.ts';
import { countRequestRows, countRows } from '../support/tables.ts';
import { startWorld, type World } from '../support/world.ts';
import { anySubscriber, assertRefused, credentialsOf, place, pollUntilIssued, post, settled } from './harness.ts';

const run = promisify(execFile);

let world: World;
let customer: Customer;
before(async () => {
  world = await startWorld();
  customer = await createCustomer(world.url, world.operatorToken, { creditMinor: 1_000_00 });
  await settled(world);
});
after(() => world.close());

/** The request is refused with this message, and every table that requests write has as many rows as before. */
async function refused(path: string, body: unknown, message: RegExp): Promise<void> {
  const { jobs: jobsBefore = 0 } = countRows(world.databasePath);
  const before = countRequestRows(world.databasePath);
  assertRefused(await post(world, path, body), message);
  const { jobs: jobsAfter = 0 } = countRows(world.databasePath);
  assert.deepEqual(countRequestRows(world.databasePath), before, 'nothing is left behind');
  // Jobs of earlier orders may end meanwhile.
  assert.ok(jobsAfter <= jobsBefore, 'nor any work');
}

async function orderRequest(change: Readonly<Record<string, unknown>> = {}): Promise<Record<string, unknown>> {
  const { csrPem } = await anySubscriber();
  return { ...credentialsOf(customer), pid: 100, csr_code: csrPem, domains: 'example.com', ...change };
}

const create = async (change: Readonly<Record<string, unknown>>, message: RegExp) =>
  refused('/cert/create', await orderRequest(change), message);

const operations = [
  '/account/products',
  '/account/details',
  '/cert/create',
  '/cert/details',
  '/cert/challenge',
  '/cert/reissue',
  '/cert/revoke',
  '/cert/change_dcv',
];

describe('credentials', () => {
  const wrong = [
    ['missing', {}, /^缺少认证信息：请提供 client_id$/],
    ['null, as a panel sends before it signed in', { client_id: null, access_token: null }, /请提供 client_id$/],
    ['without the token', { client_id: 'x' }, /请提供 access_token$/],
    ['of nobody', { client_id: 'nobody', access_token: 'nothing' }, /^client_id\/access_token 错误或已被吊销$/],
    ['that are numbers', { client_id: 1, access_token: 2 }, /请提供 client_id$/],
  ] as const;
  for (const [what, body, message] of wrong) {
    it(`${what} are refused by every operation, before anything else is looked at`, async () => {
      for (const path of operations) await refused(path, { ...body, pid: {}, domains: 7 }, message);
    });
  }

  it('with a wrong token are refused', async () => {
    const access_token = customer.accessToken.replace(/^./, (first) => (first === '0' ? '1' : '0'));
    await create({ access_token }, /^client_id\/access_token 错误或已被吊销$/);
  });

  it('that were revoked are refused from that moment on', async () => {
    const other = await createCustomer(world.url, world.operatorToken, { name: 'revoked' });
    await other.client.products();
    const native = createNativeClient({
      baseUrl: world.url,
      token: world.operatorToken,
      fetch: (request) => fetch(request),
    });
    const { items } = await native.credentials.list({});
    const id = items.find(({ publicId }) => publicId === other.clientId)?.id;
    await native.credentials.revoke({ credential: id ?? '' });
    await refused('/account/products', credentialsOf(other), /^client_id\/access_token 错误或已被吊销$/);
  });

  it('of a person who is unknown, or whose password is wrong, are refused in the words of the vendor', async () => {
    const login = { username: 'customer@example.com', password: 'a guess', servername: 'panel' };
    await refused('/client/create', login, /^账户或密码错误$/);
    await refused('/client/create', { ...login, username: 'nobody@example.com' }, /^账户或密码错误$/);
  });
});

describe("another account's order", () => {
  it('is not there, whatever is asked of it', async () => {
    const { trustocean_id } = await place(customer, ['theirs.example.com']);
    const other = await createCustomer(world.url, world.operatorToken, { name: 'other' });
    const { csrPem } = await anySubscriber();
    const request = { ...credentialsOf(other), trustocean_id, csr_code: csrPem, domains: 'theirs.example.com' };
    const more = { domain: 'theirs.example.com', method: 'dns', pid: 100, renew: true, old_vendor_id: trustocean_id };
    const message = new RegExp(`^该账户下不存在订单 ${trustocean_id}$`);
    for (const path of operations.slice(2)) await refused(path, { ...request, ...more }, message);
    await refused('/cert/details', { ...credentialsOf(other), trustocean_id: 1_999_999_999 }, /订单 1999999999$/);
  });
});

describe('a body', () => {
  it('that is no JSON', () => refused('/cert/create', '{"pid": 100,', /^请求内容不是有效的 JSON/));
  it('that is no object', () => refused('/cert/create', '[1, 2]', /^请求内容必须是 JSON 对象$/));
  it('that is text', () => refused('/cert/create', 'pid=100&domains=example.com', /^请求内容不是有效的 JSON/));
  it('that is null', () => refused('/cert/create', 'null', /^请求内容必须是 JSON 对象$/));
  it('nested 100,000 deep', () => refused('/cert/create', '['.repeat(100_000), /^请求内容的嵌套超过 32 层$/));
  it('that is empty', () => refused('/cert/create', '', /请提供 client_id$/));

  it('of 10 MB is refused without being held', async () => {
    const request = await orderRequest({ domains: 'x'.repeat(10 << 20) });
    await refused('/cert/create', request, /^请求内容超过 131072 字节$/);
  });

  it('of 10 MB, sent without a length, is refused as well', async () => {
    const rows = countRequestRows(world.databasePath);
    const chunk = new Uint8Array(1 << 16).fill(0x20);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += chunk.length;
        if (sent > 10 << 20) controller.close();
        else controller.enqueue(chunk);
      },
    });
    const response = await fetch(`${world.url}/cert/create`, { method: 'POST', body, duplex: 'half' });
    const reply = { status: response.status, contentType: response.headers.get('content-type') ?? '' };
    assertRefused({ ...reply, body: (await response.json()) as Record<string, unknown> }, /^请求内容超过 131072 字节$/);
    assert.deepEqual(countRequestRows(world.databasePath), rows);
  });
});

describe('a field', () => {
  const rows = [
    ['pid', undefined, /pid/],
    ['pid', null, /pid/],
    ['pid', { a: 1 }, /pid.*产品 pid/],
    ['pid', [100], /pid/],
    ['csr_code', undefined, /csr_code/],
    ['csr_code', 7, /csr_code/],
    ['csr_code', '', /csr_code/],
    ['domains', undefined, /domains/],
    ['domains', ['example.com'], /domains/],
    ['renew', 'maybe', /renew.*maybe.*true 或 false/],
    ['old_vendor_id', 'abc', /old_vendor_id.*abc/],
    ['unique_id', 'short', /unique_id.*short/],
    ['unique_id', 'with-a-hyphen', /unique_id.*with-a-hyphen/],
  ] as const;
  for (const [field, value, message] of rows) {
    it(`${field} ${JSON.stringify(value) ?? 'left out'}`, () => create({ [field]: value }, message));
  }

  const orderNumbers = [undefined, null, 'abc', 1.5, {}, [], true, '9'.repeat(16), ''];
  for (const trustocean_id of orderNumbers) {
    it(`trustocean_id ${JSON.stringify(trustocean_id) ?? 'left out'}`, () =>
      refused('/cert/details', { ...credentialsOf(customer), trustocean_id }, /trustocean_id/));
  }

  it('pid of a product that there is not', () => create({ pid: 999 }, /^pid "999" 不是该账户可订购的产品$/));
  it('pid that is no number at all', () => create({ pid: "1' OR '1'='1" }, /^pid "1' OR '1'='1" 不是/));

  it('method that proves nothing here', async () => {
    const { trustocean_id } = await place(customer, ['method.example.com']);
    const request = { ...credentialsOf(customer), trustocean_id, domain: 'method.example.com' };
    await refused('/cert/change_dcv', { ...request, method: 'email' }, /method.*"email".*http \/ https \/ dns/);
    await refused(
      '/cert/change_dcv',
      { ...request, method: 'dns', domain: 'no.example.com' },
      /域名 "no\.example\.com"/,
    );
  });
});

describe('names', () => {
  const long = (length: number) => 'x'.repeat(length);
  const rows = [
    ['none', ' , ,', /^domains 中有空域名$/],
    ['a label of 64', `${long(64)}.example.com`, /无效/],
    [
      '254 characters',
      `${[long(63), long(63), long(63), long(50)].join('.')}.example.com`,
      /超过 DNS 允许的 253 个字符/,
    ],
    ['an empty label', 'a..example.com', /"a\.\.example\.com" 中的 "" 无效/],
    ['a hyphen at the edge', '-a.example.com', /"-a" 无效/],
    ['an underscore', 'a_b.example.com', /"a_b" 无效/],
    ['a single label', 'localhost', /"localhost" 不是完整域名/],
    ['a wildcard in the middle', 'a.*.example.com', /"a\.\*\.example\.com" 中的 \* 只能/],
    ['part of a label as wildcard', 'w*.example.com', /"w\*\.example\.com" 中的 \* 只能/],
    ['two wildcards', '*.*.example.com', /只能单独作为最左侧一段/],
    ['a public suffix', 'com.cn', /^com\.cn 是公共后缀/],
    ['a wildcard of a public suffix', '*.github.io', /^\*\.github\.io 是公共后缀/],
    ['an IPv6 address', '2001:db8::1', /^2001:db8::1 是 IPv6 地址，该产品不支持$/],
    ['an IPv4 address with a part too large', '192.0.2.256', /无效/],
    ['a URL', 'https://example.com/', /无效/],
    ['a port', 'example.com:443', /无效/],
    ['a duplicate', 'example.com,www.example.com,Example.COM', /^域名 example\.com 重复，请只保留一个$/],
    ['a duplicate in two scripts', 'bücher.example.com,xn--bcher-kva.example.com', /xn--bcher-kva\.example\.com 重复/],
    ['an A-label that decodes to nothing', 'xn--a.example.com', /不是有效的国际化域名/],
    [
      '251 names',
      Array.from({ length: 251 }, (_, i) => `n${i}.example.com`).join(),
      /251 个域名，该产品最多支持 250 个/,
    ],
  ] as const;
  for (const [what, domains, message] of rows) it(what, () => create({ domains }, message));

  it('are refused in a reissue the same way', async () => {
    const placed = await place(customer, ['reissue.example.com']);
    placeHttpProofs(world, placed.dcv_info);
    const { trustocean_id } = await pollUntilIssued(customer, placed.trustocean_id);
    const { csrPem: csr_code } = await anySubscriber();
    const request = { ...credentialsOf(customer), trustocean_id, csr_code };
    for (const [, domains, message] of rows) await refused('/cert/reissue', { ...request, domains }, message);
    await refused('/cert/reissue', { ...request, domains: 'a.example.com', csr_code: 'no CSR' }, /csr_code/);
  });
});

describe('a CSR', () => {
  async function opensslCsr(...key: readonly string[]): Promise<string> {
    const args = ['req', '-new', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=example.com', ...key];
    return (await run('openssl', args)).stdout;
  }

  const der = async () => Uint8Array.from((await anySubscriber()).csrDer);
  const pem = (bytes: Uint8Array) => encodePem('CERTIFICATE REQUEST', bytes);

  it('that is no PEM', () => create({ csr_code: 'hello' }, /csr_code 既不是 PEM 也不是 base64|csr_code/));

  it('that is a certificate', async () => {
    const csr_code = encodePem('CERTIFICATE', await der());
    await create({ csr_code }, /csr_code/);
  });

  it('that is truncated, at whatever byte', async () => {
    const whole = await der();
    for (let length = 1; length < whole.length; length += 37) {
      await create({ csr_code: pem(whole.subarray(0, length)) }, /CSR|csr/);
    }
  });

  it('whose signature is wrong', async () => {
    const csr = await der();
    csr[csr.length - 1] = (csr.at(-1) ?? 0) ^ 1;
    await create({ csr_code: pem(csr) }, /^CSR 签名与其公钥不符/);
  });

  it('whose names were changed after it was signed', async () => {
    const text = Buffer.from(await der());
    const at = text.indexOf('subscriber.example');
    assert.ok(at > 0);
    text.write('subscriber.exampIe', at);
    await create({ csr_code: pem(text) }, /^CSR 签名与其公钥不符/);
  });

  const keys = [
    ['an RSA key of 1024 bits', ['-newkey', 'rsa:1024'], /^RSA 密钥长度为 1024 位/],
    [
      'an RSA key with the exponent 3',
      ['-newkey', 'rsa:2048', '-pkeyopt', 'rsa_keygen_pubexp:3'],
      /^不接受 RSA 公钥指数 3，/,
    ],
    [
      'a curve that no browser knows',
      ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'],
      /^不支持曲线 secp256k1 上的 EC 密钥/,
    ],
  ] as const;
  for (const [what, args, message] of keys) {
    it(`for ${what}`, async () => create({ csr_code: await opensslCsr(...args) }, message));
  }

  it('that is signed with SHA-1', async () => {
    await create({ csr_code: await opensslCsr('-newkey', 'rsa:2048', '-sha1') }, /SHA1|sha1/);
  });

  it('for 3,000 names', async () => {
    const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
    const names = Array.from({ length: 3_000 }, (_, i) => parseIdentifier(`n${i}.example.com`, 'names'));
    const csr = await createCsr({ subject: {}, names, spkiDer }, createLocalSigner(privateKeyPkcs8));
    await create({ csr_code: pem(csr) }, /^CSR (大小为 \d+ 字节|中包含 3000 个域名)，上限为/);
  });

  it('of random bytes', async () => {
    for (let i = 0; i < 20; i++) await create({ csr_code: pem(randomBytes(1 + i * 40)) }, /CSR|csr/);
  });

  it('of a key that the order does not match is fine: names come from domains alone', async () => {
    const request = await orderRequest({ domains: 'other-name.example.com' });
    const { body } = await post(world, '/cert/create', request);
    assert.equal(body.result, 'success');
    assert.deepEqual(body.domains, ['other-name.example.com']);
  });
});

describe('an order that nobody may have', () => {
  it('costs more than the balance, and says what there is', async () => {
    await create(
      { pid: 108, domains: '*.a.example.com,*.b.example.com' },
      /^余额不足：需要 1500\.00 CNY，当前余额 1000\.00 CNY$/,
    );
  });

  const organization = { organization_name: 'Example Ltd', country: 'CN', state: 'Shanghai', city: 'Shanghai' };
  it('is OV without its organization', async () => {
    await create({ pid: 118 }, /^OV 证书必须填写 organization_name$/);
    await create({ pid: 118, ...organization, city: '' }, /^OV 证书必须填写 city$/);
    await create({ pid: 118, ...organization, country: 'China' }, /country.*"China".*ISO 3166/);
  });

  it('is EV without its registration number, for a wildcard or for an address', async () => {
    await create({ pid: 128, ...organization }, /^EV 证书必须填写 registered_no$/);
    const ev = { pid: 128, ...organization, registered_no: '1' };
    await create({ ...ev, domains: '*.example.com' }, /^\*\.example\.com 是通配符域名，该产品不支持$/);
    await create({ ...ev, domains: '192.0.2.1' }, /^192\.0\.2\.1 是 IPv4 地址，该产品不支持$/);
  });

  it('repeats a unique_id', async () => {
    const unique_id = 'cab202166585';
    const { body } = await post(world, '/cert/create', await orderRequest({ unique_id, domains: 'one.example.com' }));
    assert.equal(body.unique_id, unique_id);
    await create({ unique_id: 'CAB202166585', domains: 'two.example.com' }, /"cab202166585" 已被使用/);
  });
});

describe('an operation', () => {
  for (const path of ['/payment/alipay/create', '/invoice/status', '/invoice/revoke', '/account/register']) {
    it(`${path} is not offered, and says who does that instead`, () =>
      refused(path, credentialsOf(customer), /本服务器未开放.*管理员/));
  }

  it('that there is not is refused in the same form', () => refused('/cert/burn', {}, /POST \/cert\/burn/));
});

describe('an order that is not in the right state', () => {
  it('cannot be reissued or revoked twice, and a cancelled one is still told about', async () => {
    const { trustocean_id } = await place(customer, ['state.example.com']);
    const { csrPem: csr_code } = await anySubscriber();
    const request = { ...credentialsOf(customer), trustocean_id };
    const reissue = { ...request, csr_code, domains: 'state.example.com' };
    await refused('/cert/reissue', reissue, new RegExp(`订单 ${trustocean_id} 当前状态为“待验证”`));
    await customer.client.revoke(trustocean_id, '');
    await refused('/cert/revoke', request, new RegExp(`订单 ${trustocean_id} 当前状态为“已拒绝”`));
    await refused('/cert/challenge', request, new RegExp(`订单 ${trustocean_id} `));
    assert.equal((await customer.client.order(trustocean_id)).cert_status, 'rejected');
  });
});

describe('the same request twice at once', () => {
  it('makes one order and one charge', async () => {
    const balance = await customer.client.balance();
    const request = await orderRequest({ pid: 108, domains: 'twice.example.com' });
    const replies = await Promise.all(Array.from({ length: 4 }, () => post(world, '/cert/create', request)));
    const numbers = new Set(replies.map(({ body }) => body.trustocean_id));
    assert.equal(numbers.size, 1);
    assert.equal(new Set(replies.map(({ body }) => JSON.stringify(body))).size, 1, 'and the same answer');
    assert.equal(await customer.client.balance(), balance - 256);
  });

  it('but for other names are two orders', async () => {
    const both = ['x.twice.example.com', 'y.twice.example.com'].map(async (domains) =>
      post(world, '/cert/create', await orderRequest({ domains })),
    );
    const [one, other] = await Promise.all(both);
    assert.notEqual(one?.body.trustocean_id, other?.body.trustocean_id);
  });
});
