/** Every HTML page of the origin: whoever is signed in to the console has a cookie for all of it, so that the weakest page would be the policy of all. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ConsoleSource } from '../../src/http/console/state.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
const loaded = (path: string) => ({ path, integrity: 'sha384-none' });
/** The page is the same whatever was built. */
const source: ConsoleSource = {
  state: async () => ({
    phase: 'ready',
    built: {
      entry: {
        script: loaded('assets/console.js'),
        preloaded: [],
        texts: { en: loaded('assets/en.js'), zh: loaded('assets/zh.js') },
        styles: [loaded('assets/console.css')],
      },
      files: new Map(),
    },
  }),
};
before(async () => {
  world = await startWorld({}, { console: source });
});
after(() => world.close());

const pages = [
  '/',
  '/api/docs',
  '/api/docs/native',
  '/console/',
  '/console/orders/17?text=%3Cscript%3E',
  '/console/sign-in?to=//evil.example',
  '/console/shared/nothing',
  '/invitation/nothing',
  '/confirm/nothing',
  '/mail/stop/nothing',
] as const;

const get = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${world.url}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });

describe('a page', () => {
  for (const path of pages) {
    it(`${path} runs no script but the origin's, and stands in no frame`, async () => {
      const { headers, status } = await get(path);
      if (status >= 300 && status < 400) {
        assert.ok(headers.get('location')?.startsWith('/'), `${headers.get('location')} is of this origin`);
        return;
      }
      assert.match(headers.get('content-type') ?? '', /^text\/html/, String(status));
      const policy = headers.get('content-security-policy') ?? '';
      const directives = new Map(policy.split('; ').map((one) => [one.split(' ')[0], one.split(' ').slice(1)]));
      assert.deepEqual(directives.get('default-src'), ["'none'"]);
      assert.deepEqual(directives.get('frame-ancestors'), ["'none'"]);
      assert.deepEqual(directives.get('base-uri'), ["'none'"]);
      assert.ok(['none', 'self'].map((one) => `'${one}'`).includes(directives.get('form-action')?.join() ?? ''));
      for (const source of directives.get('script-src') ?? []) assert.equal(source, "'self'");
      assert.doesNotMatch(policy, /unsafe|\*|https?:|wasm/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('x-frame-options'), 'DENY');
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('access-control-allow-origin'), null);
    });
  }
});

describe('what an address says', () => {
  const lines = '%0d%0aSet-Cookie:%20certmux=planted%0d%0a%0d%0a<script>alert(1)</script>';
  const rows = [
    `/console/sign-in?to=${lines}`,
    `/console/${lines}`,
    `/console?next=${lines}`,
    `/?next=${lines}`,
    `/${lines}`,
    '/console//evil.example',
    '//evil.example/..',
    '/%2f%2fevil.example',
    '/console/%2e%2e/%2e%2e//evil.example',
    '/?next=https://evil.example/',
    '/console?to=https://evil.example/',
  ];
  for (const path of rows) {
    it(`sets no header and leads nowhere else: ${path.slice(0, 60)}`, async () => {
      const response = await get(path);
      assert.equal(response.headers.get('set-cookie'), null);
      const location = response.headers.get('location');
      if (location !== null) assert.equal(new URL(location, world.url).origin, new URL(world.url).origin);
      if (location !== null) assert.doesNotMatch(location, /evil|script/);
      assert.ok(!(await response.text()).includes('<script>alert(1)</script>'));
    });
  }

  it('a host that somebody else names is in no redirect and no cookie', async () => {
    const response = await get('/', { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' });
    assert.doesNotMatch(response.headers.get('location') ?? '', /evil/);
    assert.doesNotMatch(await response.text(), /evil/);
  });
});

describe('a name that was typed at the sign-in', () => {
  it('sets no header, whatever is in it', async () => {
    const response = await fetch(`${world.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-certmux-console': '1', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ username: 'a\r\nSet-Cookie: certmux=planted', password: 'x\r\ny: z' }),
    });
    assert.equal(response.status, 401);
    assert.doesNotMatch(response.headers.get('set-cookie') ?? '', /planted/);
  });
});
