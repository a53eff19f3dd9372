/** The documentation as its reader gets it: pages, documents, languages, and what protects them. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { openApiDocument } from '../../src/dialects/kit/openapi.ts';
import { dialects } from '../../src/dialects/registry.ts';
import type { ApiDocument } from '../../src/domain/api-document.ts';
import type { Language } from '../../src/domain/language.ts';
import { createApiDocs, type DocumentedApi } from '../../src/http/api-docs.ts';

const peer = { address: '127.0.0.1', requestId: 'r' };

const apis: readonly DocumentedApi[] = dialects.map((dialect) => ({
  name: dialect.name,
  document: (language) =>
    openApiDocument(dialect, { version: '1.2.3', serverUrl: `https://${dialect.name}.example.com`, language }),
}));
const server = createApiDocs(apis);

function ask(path: string, init: RequestInit = {}, from = server): Promise<Response> {
  return from.fetch(new Request(`http://any.example${path}`, init), peer);
}

async function pageOf(path: string, from = server): Promise<string> {
  const reply = await ask(path, {}, from);
  assert.equal(reply.status, 200, path);
  assert.equal(reply.headers.get('content-type'), 'text/html; charset=utf-8');
  return reply.text();
}

const voidElements = new Set(['meta', 'input', 'wbr', '!doctype']);

/** Fails where an element is not closed by its own end tag. */
function assertBalanced(html: string): void {
  const open: string[] = [];
  for (const { 0: tag, 1: slash, 2: name = '', index } of html.matchAll(/<(\/?)([a-z!][a-z0-9]*)[^>]*>/g)) {
    if (voidElements.has(name)) continue;
    if (slash === '') open.push(name);
    else assert.equal(name, open.pop(), `${tag} near ${html.slice(Math.max(0, index - 80), index + 120)}`);
  }
  assert.deepEqual(open, []);
}

for (const { name } of apis) {
  for (const language of ['en', 'zh'] as const) {
    test(`the page of ${name} in ${language} holds every operation, and every link on it leads somewhere`, async () => {
      const dialect = dialects.find((candidate) => candidate.name === name);
      const page = await pageOf(`/api/docs/${name}?lang=${language}`);
      assertBalanced(page);
      const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
      const places = new Set(ids);
      assert.deepEqual(ids, [...places], 'an id stands twice');
      for (const [, target] of page.matchAll(/href="#([^"]+)"/g)) assert.ok(places.has(target), `#${target}`);
      for (const { id, summary } of dialect?.operations ?? []) {
        const article = page.split(`<article id="${id}">`)[1]?.split('</article>')[0] ?? '';
        assert.ok(article.includes(summary[language].replaceAll("'", '&#39;')), id);
        const example = dialect?.docs.examples?.[id];
        assert.equal(article.includes('<aside'), example !== undefined, id);
      }
      for (const row of dialect?.docs.refusals ?? []) {
        for (const meaning of row.meanings) {
          const shown = meaning[language].replaceAll(/`([^`]+)`/g, '<code>$1</code>').replaceAll("'", '&#39;');
          assert.ok(page.includes(shown), shown);
        }
      }
    });
  }
}

test('a call is shown with its place, its fields, its limits and an exchange', async () => {
  const page = await pageOf('/api/docs/encryption365');
  const article = page.split('<article id="client.create">')[1]?.split('</article>')[0] ?? '';
  assert.match(article, /<span class="method post">POST<\/span> <code><wbr>\/client<wbr>\/create<\/code>/);
  assert.match(article, /no credentials/);
  assert.match(article, /<code class="name">username<\/code>.*1 to 255 characters.*required/);
  assert.match(article, /&quot;servername&quot;: &quot;TestDocAPI&quot;/);
  const order = page.split('<article id="cert.create">')[1]?.split('</article>')[0] ?? '';
  assert.match(order, /<code class="name">client_id<\/code>/); // credentials that are fields
  assert.match(order, /each entry<\/p><ul class="fields"><li><div class="field"><code class="name">domain</); // of a record
  assert.doesNotMatch(order, /no credentials/);
});

test('fields of a reply are not called required; one that may be missing says so', async () => {
  const page = await pageOf('/api/docs/wosign');
  const reply = page.split('<details>')[1]?.split('</details>')[0] ?? '';
  assert.doesNotMatch(reply, /required/);
  assert.match(
    reply,
    /<code class="name">certificate<\/code> <span class="type">string<\/span> <span class="limit">may be missing/,
  );
});

test('alternatives are told apart by their constants', async () => {
  const page = await pageOf('/api/docs/httpsok');
  assert.match(page, /where <code>status<\/code> <code>2<\/code>/);
});

test('what says nothing is shown by its one value', async () => {
  const page = await pageOf('/api/docs/racent?lang=en');
  const place = page.split('<article id="order.place">')[1]?.split('</article>')[0] ?? '';
  const years = /years[\s\S]*?integer[^\n]*/.exec(place)?.[0] ?? '';
  assert.match(years, /<code>&quot;&quot;<\/code>|<code>""<\/code>/);
  assert.match(years, /<code>\[\]<\/code>/);
});

test('the index lists the APIs that are open, and no others', async () => {
  const all = await pageOf('/api/docs');
  assertBalanced(all);
  for (const { name } of apis) assert.ok(all.includes(`href="/api/docs/${name}?lang=en"`), name);
  assert.equal(await pageOf('/api/docs/'), all);
  const few = createApiDocs(apis.slice(0, 1));
  assert.equal((await pageOf('/api/docs', few)).match(/class="card"/g)?.length, 1);
  assert.equal((await ask('/api/docs/wosign', {}, few)).status, 404);
  assert.equal((await ask('/api/docs/wosign.json', {}, few)).status, 404);
});

test('the document is the same that the page was made from', async () => {
  const reply = await ask('/api/docs/httpsok.json?lang=zh');
  assert.equal(reply.headers.get('content-type'), 'application/json');
  const document = (await reply.json()) as ApiDocument;
  assert.deepEqual(document, JSON.parse(JSON.stringify(apis.find(({ name }) => name === 'httpsok')?.document('zh'))));
  assert.deepEqual(document.servers, [{ url: 'https://httpsok.example.com' }]);
});

const languages: readonly (readonly [path: string, header: string | undefined, language: Language])[] = [
  ['/api/docs', undefined, 'en'],
  ['/api/docs', 'zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
  ['/api/docs?lang=en', 'zh-CN', 'en'], // what the reader chose on the page wins
  ['/api/docs?lang=zh', 'en', 'zh'],
  ['/api/docs?lang=xx', 'zh', 'zh'],
  ['/api/docs/native', 'zh', 'zh'],
  ['/api/docs/nothing', 'zh', 'zh'],
];
for (const [path, header, language] of languages) {
  test(`${path} for ${header ?? 'no Accept-Language'} is in ${language}`, async () => {
    const reply = await ask(path, { headers: header === undefined ? {} : { 'accept-language': header } });
    assert.match(await reply.text(), new RegExp(`<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">`));
    assert.equal(reply.headers.get('vary'), 'Accept-Language');
  });
}

test('a page runs nothing and loads nothing, and its policy lets only its own style through', async () => {
  for (const path of ['/api/docs', '/api/docs/native', '/api/docs/nothing']) {
    const reply = await ask(path);
    const page = await reply.text();
    assert.doesNotMatch(page, /<script|<img|<link|<iframe|\son\w+=|style="|\ssrc=|url\(/);
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
    const styleHash = createHash('sha256').update(style).digest('base64');
    assert.equal(
      reply.headers.get('content-security-policy'),
      `default-src 'none'; style-src 'sha256-${styleHash}'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'`,
    );
    assert.equal(reply.headers.get('x-content-type-options'), 'nosniff');
  }
});

test('what a document says cannot become markup', async () => {
  const hostile = '<script>alert(1)</script>"\'&';
  const api: DocumentedApi = {
    name: 'evil',
    document: () => ({
      openapi: '3.1.0',
      info: { title: hostile, version: hostile, description: `${hostile}\n\n\`${hostile}\`` },
      servers: [{ url: hostile }],
      tags: [{ name: hostile, 'x-displayName': hostile }],
      paths: {
        [`/${hostile}`]: {
          post: {
            operationId: hostile,
            tags: [hostile],
            summary: hostile,
            security: [],
            parameters: [{ name: hostile, in: 'query', description: hostile, schema: { const: hostile } }],
            requestBody: {
              required: true,
              content: { [hostile]: { schema: { properties: { [hostile]: { type: hostile, pattern: hostile } } } } },
            },
            responses: { [hostile]: { description: hostile, content: { [hostile]: { schema: { $ref: hostile } } } } },
            'x-access': 'caller',
            'x-example': {
              request: { method: 'POST', path: hostile, headers: { [hostile]: hostile }, body: hostile },
              response: { status: 200, headers: {}, body: hostile },
            },
          },
        },
      },
      components: {
        responses: { [hostile]: { description: hostile } },
        schemas: { [hostile]: { description: hostile, enum: [hostile], default: hostile, format: hostile } },
        securitySchemes: { [hostile]: { type: 'apiKey', in: 'header', name: hostile, description: hostile } },
      },
      'x-refusals': { content: {}, rows: [{ status: 400, shows: hostile, meanings: [hostile] }] },
    }),
  };
  const evil = createApiDocs([api]);
  for (const path of ['/api/docs/evil', '/api/docs']) {
    const page = await pageOf(path, evil);
    assert.doesNotMatch(page, /<script/);
    assert.match(page, /&lt;script&gt;/);
    assertBalanced(page);
  }
});

describe('as HTTP', () => {
  test('other methods than GET and HEAD are not answered', async () => {
    const reply = await ask('/api/docs', { method: 'POST', body: 'x' });
    assert.equal(reply.status, 405);
    assert.equal(reply.headers.get('allow'), 'GET, HEAD');
  });

  test('HEAD answers the size of what GET sends', async () => {
    const [head, got] = [await ask('/api/docs/native', { method: 'HEAD' }), await ask('/api/docs/native')];
    assert.equal(await head.text(), '');
    assert.equal(head.headers.get('content-length'), String((await got.bytes()).length));
  });

  test('who holds the page already is told so', async () => {
    const tag = (await ask('/api/docs/native')).headers.get('etag') ?? '';
    const again = await ask('/api/docs/native', { headers: { 'if-none-match': tag } });
    assert.equal(again.status, 304);
    const other = await ask('/api/docs/native?lang=zh', { headers: { 'if-none-match': tag } });
    assert.equal(other.status, 200);
  });

  for (const path of ['/api/docs/nothing', '/api/docs/nothing.json', '/api/docs/native/x', '/api/docs/.json']) {
    test(`${path} is not there`, async () => assert.equal((await ask(path)).status, 404));
  }
});
