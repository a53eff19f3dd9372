/** `/console/`: its page, its files, and what stands there while it is built. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createConsole } from '../../src/http/console/index.ts';
import type { BuiltConsole, ConsoleFile, ConsoleState } from '../../src/http/console/state.ts';

const peer = { address: '192.0.2.1', requestId: 'r' };
const loaded = (path: string) => ({ path, integrity: `sha384-${path}` });
const bytes = (text: string) => new TextEncoder().encode(text);

function fileOf(text: string, mediaType: string): ConsoleFile {
  return { mediaType, plain: bytes(text), brotli: bytes(`br ${text}`), gzip: bytes(`gzip ${text}`), tag: '"tag"' };
}

const built: BuiltConsole = {
  entry: {
    script: loaded('assets/console-1.js'),
    preloaded: [loaded('assets/react-1.js')],
    texts: { en: loaded('assets/en-1.js'), zh: loaded('assets/zh-1.js') },
    styles: [loaded('assets/style-1.css')],
  },
  files: new Map([
    ['assets/console-1.js', fileOf('script', 'text/javascript; charset=utf-8')],
    ['icon.svg', { ...fileOf('picture', 'image/svg+xml'), brotli: undefined, gzip: undefined }],
  ]),
};

const ready: ConsoleState = { phase: 'ready', built };

interface Asked {
  readonly state?: ConsoleState;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly channel?: 'encrypted' | 'loopback';
}

let randomByte = 0;
async function ask(path: string, { state = ready, method = 'GET', headers = {}, channel = 'loopback' }: Asked = {}) {
  const random = { bytes: (count: number) => new Uint8Array(count).fill(++randomByte) };
  const server = createConsole({ source: { state: async () => state }, random });
  return server.fetch(new Request(`http://certs.example.com${path}`, { method, headers }), { ...peer, channel });
}

describe('the page', () => {
  test('stands at every path below that is no file, with a number of its own', async () => {
    const nonces = new Set<string>();
    for (const path of ['/console/', '/console/orders', '/console/orders/17?tab=names', '/console/sign-in']) {
      const response = await ask(path);
      const html = await response.text();
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      const nonce =
        /<script type="module" nonce="([^"]+)" src="\/console\/assets\/console-1\.js"/.exec(html)?.[1] ?? '';
      assert.ok(response.headers.get('content-security-policy')?.includes(`style-src 'self' 'nonce-${nonce}'`));
      nonces.add(nonce);
    }
    assert.equal(nonces.size, 4);
  });

  test('has the policy of the brief, and no script or style in it', async () => {
    const response = await ask('/console/');
    const policy = response.headers.get('content-security-policy')?.replace(/nonce-[^']+/, 'nonce-R');
    assert.equal(
      policy,
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-R'; img-src 'self' data:; font-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    for (const [name, value] of Object.entries({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })) {
      assert.equal(response.headers.get(name), value);
    }
    const html = await response.text();
    assert.doesNotMatch(html, /<style|<script(?![^>]+src=)|\son\w+=/);
  });

  test('says what each of its files must be, of the texts only those of its language', async () => {
    const html = await (await ask('/console/', { headers: { 'accept-language': 'zh-CN' } })).text();
    for (const path of ['console-1.js', 'react-1.js', 'zh-1.js', 'style-1.css']) {
      assert.ok(
        html.includes(`/console/assets/${path}" integrity="sha384-assets/${path}" crossorigin="anonymous"`),
        path,
      );
    }
    assert.doesNotMatch(html, /en-1\.js/);
  });

  const rows: readonly (readonly [headers: Readonly<Record<string, string>>, html: string])[] = [
    [{}, '<html lang="en" data-language="en" data-scheme="system">'],
    [{ 'accept-language': 'zh' }, '<html lang="zh-CN" data-language="zh" data-scheme="system">'],
    [
      { 'accept-language': 'zh', cookie: 'certmux_language=en; certmux_colours=dark' },
      '<html lang="en" data-language="en" data-scheme="dark" data-mantine-color-scheme="dark">',
    ],
    [
      { cookie: 'other=1;certmux_colours=light' },
      '<html lang="en" data-language="en" data-scheme="light" data-mantine-color-scheme="light">',
    ],
    // What a stranger writes into a cookie stays there.
    [
      { cookie: 'certmux_language="><script>; certmux_colours=x' },
      '<html lang="en" data-language="en" data-scheme="system">',
    ],
  ];
  for (const [headers, html] of rows) {
    test(`${JSON.stringify(headers)}: ${html}`, async () => {
      assert.ok((await (await ask('/console/', { headers })).text()).includes(html));
    });
  }

  test('asks for https for good where it came by https, and only there', async () => {
    const header = async (channel: 'encrypted' | 'loopback') =>
      (await ask('/console/', { channel })).headers.get('strict-transport-security');
    assert.equal(await header('encrypted'), 'max-age=63072000');
    assert.equal(await header('loopback'), null);
  });
});

describe('a file', () => {
  const path = '/console/assets/console-1.js';
  const rows: readonly (readonly [accepted: string, encoding: string | null, body: string, tag: string])[] = [
    ['', null, 'script', '"tag"'],
    ['gzip, deflate, br, zstd', 'br', 'br script', '"tag-br"'],
    ['gzip', 'gzip', 'gzip script', '"tag-gzip"'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'gzip script', '"tag-gzip"'],
    ['identity', null, 'script', '"tag"'],
  ];
  for (const [accepted, encoding, body, tag] of rows) {
    test(`goes out as ${encoding ?? 'it is'} to whoever takes "${accepted}"`, async () => {
      const response = await ask(path, { headers: { 'accept-encoding': accepted } });
      assert.equal(response.headers.get('content-encoding'), encoding);
      assert.equal(response.headers.get('etag'), tag);
      assert.equal(response.headers.get('content-length'), String(body.length));
      assert.equal(response.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.equal(response.headers.get('vary'), 'Accept-Encoding');
      assert.equal(new TextDecoder().decode(await response.arrayBuffer()), body);
    });
  }

  test('is not sent again to whoever has it', async () => {
    const headers = { 'accept-encoding': 'br', 'if-none-match': '"other", W/"tag-br"' };
    assert.equal((await ask(path, { headers })).status, 304);
    assert.equal((await ask(path, { headers: { 'if-none-match': '"tag-br"' } })).status, 200);
  });

  test('of another name is asked for again each time', async () => {
    const response = await ask('/console/icon.svg', { headers: { 'accept-encoding': 'br' } });
    assert.deepEqual(
      [
        response.headers.get('cache-control'),
        response.headers.get('content-type'),
        response.headers.get('content-encoding'),
      ],
      ['no-cache', 'image/svg+xml', null],
    );
  });

  const strangers = [
    '/console/assets/console-0.js',
    '/console/assets/../../../etc/passwd',
    '/console/assets/%2e%2e/%2e%2e/package.json',
    '/console/assets/..%2f..%2fpackage.json',
  ];
  for (const stranger of strangers) {
    test(`there is none at ${stranger}`, async () => {
      const response = await ask(stranger);
      const text = await response.text();
      // The URL parser may have led it out of the files: then it is the page, or nothing of the console.
      assert.ok(response.status === 404 || response.status === 308 || text.startsWith('<!doctype html>'), text);
      assert.doesNotMatch(text, /root:|"dependencies"/);
    });
  }
});

describe('while there is no console', () => {
  test('the page says that it is built, in the language of the reader, and loads itself again', async () => {
    for (const [language, words] of [
      ['en', 'The console is being built'],
      ['zh', '正在构建控制台'],
    ] as const) {
      const response = await ask('/console/orders', {
        state: { phase: 'building' },
        headers: { 'accept-language': language },
      });
      const html = await response.text();
      assert.equal(response.status, 503);
      assert.equal(response.headers.get('retry-after'), '2');
      assert.match(html, /<meta http-equiv="refresh" content="2">/);
      assert.ok(html.includes(words));
      assert.doesNotMatch(html, /<script/);
    }
  });

  test('a failure shows what the build wrote, as text, and what to do', async () => {
    const response = await ask('/console/', { state: { phase: 'failed', reason: 'no <vite> & nothing' } });
    const html = await response.text();
    assert.equal(response.status, 503);
    assert.match(html, /no &lt;vite&gt; &amp; nothing/);
    assert.match(html, /<code>npm run build:console<\/code>/);
  });

  test('its files are not there', async () => {
    assert.equal((await ask('/console/assets/console-1.js', { state: { phase: 'building' } })).status, 404);
  });
});

test('without the slash it leads to the page', async () => {
  const { status, headers } = await ask('/console');
  assert.deepEqual([status, headers.get('location')], [308, '/console/']);
});

test('HEAD is the page without the page, and nothing else is answered', async () => {
  const head = await ask('/console/', { method: 'HEAD' });
  assert.equal(head.body, null);
  assert.ok(Number(head.headers.get('content-length')) > 500);
  const file = await ask('/console/assets/console-1.js', { method: 'HEAD' });
  assert.deepEqual([file.body, file.headers.get('content-length')], [null, '6']);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const { status, headers } = await ask('/console/', { method });
    assert.deepEqual([status, headers.get('allow')], [405, 'GET, HEAD'], method);
  }
});
