/** Paths as people and clients write them, at the real server: the same answer, and the form of the front door that they mean. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startWorld, type World } from '../support/world.ts';

let world: World;
before(async () => {
  world = await startWorld();
});
after(() => world.close());

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function ask(method: string, path: string): Promise<Answer> {
  const isPost = method === 'POST' || method === 'PUT' || method === 'PATCH';
  const response = await fetch(world.url + path, { method, ...(isPost ? { body: '{}' } : {}) });
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text };
}

/** How each front door refuses; the last of them is the server itself. */
const forms = {
  digicert: (answer: Answer) => Array.isArray(json(answer).errors),
  encryption365: (answer: Answer) => json(answer).result === 'error',
  httpsok: (answer: Answer) => Object.hasOwn(json(answer), 'code') && Object.hasOwn(json(answer), 'msg'),
  script: ({ type }: Answer) => type.startsWith('text/plain'),
  native: ({ type }: Answer) => type.startsWith('application/problem+json'),
  racent: (answer: Answer) => typeof json(answer).code === 'number' && Object.hasOwn(json(answer), 'errors'),
  wosign: (answer: Answer) => Object.hasOwn(json(answer), 'status'),
  nobody: ({ text, status }: Answer) => status === 404 && text.startsWith('certmux: nothing answers '),
} satisfies Record<string, (answer: Answer) => boolean>;

function json({ text }: Answer): Readonly<Record<string, unknown>> {
  assert.match(text, /^\{/, text.slice(0, 100));
  return JSON.parse(text);
}

describe('what is not there is refused in the form of the front door whose path it begins', () => {
  const rows: readonly (readonly [form: keyof typeof forms, paths: readonly string[]])[] = [
    [
      'digicert',
      ['/services', '/services/', '/services/v1/user', '/services/v2', '/services/v2/', '/services/v2/nosuch'],
    ],
    ['encryption365', ['/cert', '/cert/', '/cert/nosuch', '/client', '/account/no/such', '/ping/pong', '//invoice//x']],
    ['httpsok', ['/v1', '/v1/', '/v1/nosuch', '/v1/cert', '/v1/cert/nosuch']],
    ['script', ['/v1/nginx/nosuch', '//v1//nginx//nosuch']],
    ['native', ['/api', '/api/', '/api/v1', '/api/v1/nosuch', '/api/v2/orders']],
    ['racent', ['/ssl', '/SSL', '/ssl/', '/Ssl/NoSuch', '//ssl//v1//orders']],
    ['nobody', ['/nosuch', '/servicesv2', '/services%2Fv2/user/me', '/apiary', '/pkix', '/confirm']],
  ];
  test('/ is a page for people, who only read', async () => {
    for (const path of ['/', '//']) {
      assert.equal((await ask('GET', path)).type, 'text/html; charset=utf-8');
      for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS']) assert.ok(forms.nobody(await ask(method, path)));
    }
  });

  for (const [form, paths] of rows) {
    for (const path of paths) {
      test(`${form}: ${path}`, async () => {
        for (const method of ['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
          const answer = await ask(method, path);
          assert.ok(forms[form](answer), `${method} ${path}: ${answer.status} ${answer.text.slice(0, 200)}`);
        }
      });
    }
  }

  test('wosign has one path and one method', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
      for (const path of ['/acmapi', '/acmapi/']) assert.ok(forms.wosign(await ask(method, path)), `${method} ${path}`);
    }
  });
});

describe('slashes that are doubled, and one at the end, change nothing', () => {
  const rows: readonly (readonly [method: string, path: string])[] = [
    ['GET', '/services/v2/user/me'],
    ['GET', '/services/v2/order/certificate?limit=5&filters[status]=a//b'],
    ['POST', '/cert/list'],
    ['POST', '/client/info'],
    ['POST', '/ping'],
    ['GET', '/v1/cert/list'],
    ['GET', '/api/v1/orders'],
    ['GET', '/api/v1/openapi.json'],
    ['POST', '/ssl/place'],
    ['POST', '/acmapi'],
    ['GET', '/healthz'],
    ['GET', '/metrics'],
  ];
  for (const [method, path] of rows) {
    test(`${method} ${path}`, async () => {
      const [bare = '', query] = path.split('?');
      const end = query === undefined ? '' : `?${query}`;
      const expected = await ask(method, path);
      const isOfServer = forms.nobody(expected);
      assert.ok(!isOfServer, expected.text);
      const doubled = bare.replaceAll('/', '//');
      const tripled = bare.replaceAll('/', '///');
      for (const other of [doubled, tripled]) {
        const answer = await ask(method, other + end);
        assert.deepEqual([answer.status, answer.type], [expected.status, expected.type], other);
      }
      if (!['/healthz', '/metrics'].includes(bare)) {
        assert.equal((await ask(method, `${doubled}/${end}`)).status, expected.status);
      }
    });
  }

  test('none of them opens what needs a key', async () => {
    for (const path of ['//api//v1//orders', '/api/v1//orders/', '/.//api/v1/orders', '/api/v1/..//v1/orders']) {
      assert.equal((await ask('GET', path)).status, 401, path);
    }
  });

  test('below /pki/ every slash counts', async () => {
    assert.equal((await ask('GET', '/pki/root.pem')).status, 200);
    assert.equal((await ask('GET', '//pki/root.pem')).status, 200);
    assert.equal((await ask('GET', '/pki//root.pem')).status, 404);
    assert.equal((await ask('GET', '/pki/root.pem/')).status, 404);
  });
});
