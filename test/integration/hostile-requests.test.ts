/**
 * One small request never stops the server: requests and DNS answers that once held everybody up, or became an internal error,
 * against the real server. What counts is what is answered, and the CPU time of the process; the clock on the wall says nothing.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { nasty } from '../support/nasty-dns.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

/** A tenth of what the attacks took, and ten times what an answer takes. */
const limitMs = 1500;

let world: World;
let operator: NativeClient;
const keys = { httpsok: '', digicert: '', native: '' };
before(async () => {
  world = await startWorld();
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (request) => fetch(request) });
  const { id: account } = await operator.accounts.create({ name: 'customer', currency: 'USD' });
  await operator.accounts.credit({ account, minor: 1_000_000, currency: 'USD', note: 'opening' });
  const settingsOf = async (dialect: keyof typeof keys) =>
    (await operator.credentials.create({ account, dialect, label: 'test', roles: ['administrator', 'requester'] }))
      .clientSettings;
  keys.httpsok = (await settingsOf('httpsok')).OpenApiKey ?? '';
  keys.digicert = (await settingsOf('digicert'))['X-DC-DEVKEY'] ?? '';
  keys.native = Object.values(await settingsOf('native')).find((value) => value.startsWith('cmx_')) ?? '';
});
after(() => world.close());

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** The answer, which may cost no more than an answer costs. */
async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const startMs = cpuMs();
  const response = await fetch(world.url + path, init);
  const answer = { status: response.status, text: await response.text() };
  assert.ok(cpuMs() - startMs < limitMs, `${path.slice(0, 40)} took ${cpuMs() - startMs} ms`);
  return answer;
}

const post = (body: string, headers: Readonly<Record<string, string>> = {}): RequestInit => ({
  method: 'POST',
  body,
  headers,
});
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

describe('a configuration for the nginx agent', () => {
  const agent = () => ({ 'content-type': 'text/plain', 'httpsok-token': keys.httpsok });
  const printed = (include: string, name: string) =>
    `# configuration file /etc/nginx/nginx.conf:\ninclude ${include};\n# configuration file ${name}:\n`;

  test('whose include has many stars is matched in one pass', async () => {
    for (const stars of [3, 40]) {
      const include = `/${'*a'.repeat(stars - 1)}*b`;
      const { status, text } = await ask('/v1/nginx/preparse', post(printed(include, `/${'a'.repeat(3000)}`), agent()));
      assert.equal(status, 200);
      // A code to ask by for why nothing was found.
      assert.match(text, /^[0-9a-f]{32},,\n$/);
    }
  });

  test('with an include of three stars still finds its certificates', async () => {
    const site = 'server { server_name a.example.com; ssl_certificate /c.cer; ssl_certificate_key /c.key; }';
    const text = printed('/etc/*/*/*.conf', '/etc/nginx/sites/a.conf') + site;
    assert.match((await ask('/v1/nginx/preparse', post(text, agent()))).text, /^[0-9a-f]{32},\/c\.cer,\/c\.key\n$/);
  });

  test('of more includes than a server has is refused, naming the limit', async () => {
    const text = `# configuration file /a:\n${'include /b;'.repeat(3000)}\n# configuration file /b:\n`;
    assert.match((await ask('/v1/nginx/preparse', post(text, agent()))).text, /超过 2000 个被包含的文件/);
  });
});

describe('a form without credentials', () => {
  /** The most that is read before it is known who sends it. */
  const most = 16 * 1024;
  const rows: readonly (readonly [what: string, part: string, message: RegExp])[] = [
    ['of lists', 'a[]&', /请求的参数超过 2000 个/],
    ['of fields', 'a=b&', /请求的参数超过 2000 个/],
    ['of plus signs', '++++', /api_token/],
    ['of percent signs', '%%%%', /api_token/],
  ];
  for (const [what, part, message] of rows) {
    test(`${what} is refused at once, whatever its size`, async () => {
      const ofSize = (bytes: number) => `x=${part.repeat(Math.floor((bytes - 2) / part.length))}`;
      const { text } = await ask('/ssl/list', post(ofSize(most), form));
      assert.match(text, message);
      assert.match((await ask('/ssl/list', post(ofSize(1 << 20), form))).text, /请求内容超过 16384 字节/);
      assert.match(text, /^\{"code":-?\d+,"msg":".*","errors":/);
    });
  }
});

describe('a list of DigiCert', () => {
  const list = (query: string) =>
    ask(`/services/v2/order/certificate?${query}`, { headers: { 'X-DC-DEVKEY': keys.digicert } });
  const filters = (count: number, value: string) =>
    Array.from({ length: count }, (_, index) => `filters[status][${index}]=${value}`).join('&');

  test('with 500 values of one filter is refused, naming the filter and the limit', async () => {
    const { status, text } = await list(filters(500, 'issued'));
    assert.equal(status, 400);
    assert.match(text, /filters\[status\] may have at most 100 values/);
  });

  test('with as many values as are allowed, in every filter, is answered', async () => {
    const numbers = Array.from({ length: 100 }, (_, index) => `filters[id][${index}]=${index}`).join('&');
    assert.equal((await list(`${filters(100, 'issued')}&${numbers}`)).status, 200);
  });

  test('sorted by one key a thousand times is sorted by it once', async () => {
    assert.equal((await list(`sort=${'order_id,-date_created,'.repeat(500)}`)).status, 200);
  });

  test('with a sort key or a range made to be tried again and again is answered in one pass', async () => {
    assert.equal((await list(`sort=${'+'.repeat(3000)}x%0ax`)).status, 200);
    assert.equal((await list(`filters[valid_till]=${'.'.repeat(12_000)}%0ax`)).status, 400);
  });
});

describe('JSON', () => {
  test('with a number that is none is refused by WoSign as any other', async () => {
    const { text } = await ask('/', post('{"n":01,}', json));
    assert.equal(JSON.parse(text).status, '111');
    const reason = (await fetch(`${world.url}/`, post('{"n":01,}', json))).headers.get('x-certmux-reason');
    assert.match(reason ?? '', /not valid JSON: unexpected character at position 5/);
  });

  const doors: readonly (readonly [path: string, headers: () => Record<string, string>])[] = [
    ['/api/v1/orders', () => ({ authorization: `Bearer ${keys.native}` })],
    ['/services/v2/order/certificate/ssl_plus', () => ({ 'X-DC-DEVKEY': keys.digicert })],
    ['/v1/cert/apply', () => ({ OpenApiKey: keys.httpsok })],
    ['/ssl/place', () => ({})],
    ['/cert/create', () => ({})],
    ['/', () => ({})],
  ];
  const deep = '['.repeat(30_000) + ']'.repeat(30_000);
  for (const [path, headers] of doors) {
    test(`without end is refused at ${path}, and not an internal error`, async () => {
      for (const body of [`{"names":${deep}}`, `{"a":[${'[],'.repeat(20_000)}[]]}`]) {
        const { status, text } = await ask(path, post(body, { ...json, ...headers() }));
        assert.ok(status < 500, `${status} ${text}`);
        assert.doesNotMatch(text, /internal|服务器内部错误/);
      }
    });
  }
});

describe('an answer of the DNS', () => {
  const rows = [
    ['that claims more text than it holds is malformed, and costs nothing', 'textBeyondItsEnd', 'dnsMalformed'],
    ['in another case than the question is not believed', 'lowerCased', 'dnsCaseChanged'],
  ] as const;
  for (const [what, behaviour, key] of rows) {
    test(what, async () => {
      const mine = createNativeClient({ baseUrl: world.url, token: keys.native, fetch: (request) => fetch(request) });
      const name = `${behaviour.toLowerCase()}.example.com`;
      world.misbehave(name, nasty[behaviour]);
      const { csrPem } = await createSubscriber(name);
      const startMs = cpuMs();
      const { number } = await mine.orders.place({
        productCode: 'encryption365:100',
        names: [name],
        csr: csrPem,
        method: 'dnsTxt',
      });
      await until(
        async () => JSON.stringify(await mine.orders.show({ order: String(number) })).includes(key),
        `${key} is told`,
      );
      assert.ok(cpuMs() - startMs < 10_000, `${cpuMs() - startMs} ms`);
    });
  }
});
