import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHome } from '../../src/http/home.ts';

const context = { address: '192.0.2.1', requestId: 'r' };
const page = async (language: string, method = 'GET') =>
  createHome().fetch(
    new Request('http://certs.example.com/', { method, headers: { 'accept-language': language } }),
    context,
  );

test('/ leads to what the server offers, in the language of the reader', async () => {
  const english = await page('en');
  assert.equal(english.status, 200);
  assert.equal(english.headers.get('content-type'), 'text/html; charset=utf-8');
  const text = await english.text();
  for (const path of ['/api/docs', '/pki/root.pem', '/pki/']) assert.ok(text.includes(`href="${path}"`), path);
  assert.match(text, /certmux get www\.example\.com --webroot/);
  assert.match(await (await page('zh-CN')).text(), /<html lang="zh">.*根证书/s);
});

test('/ answers HEAD without the page', async () => {
  const { status, body } = await page('en', 'HEAD');
  assert.deepEqual([status, body], [200, null]);
});
