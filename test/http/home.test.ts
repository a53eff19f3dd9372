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

test('/ leads a browser to the console where there is one, and shows programs the page', async () => {
  const ask = (accept: string, consolePath?: string) =>
    createHome(consolePath).fetch(new Request('http://certs.example.com/', { headers: { accept } }), context);
  const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
  const led = await ask(browser, '/console/');
  assert.deepEqual([led.status, led.headers.get('location')], [302, '/console/']);
  for (const accept of ['*/*', 'application/json', 'application/json, text/html']) {
    assert.equal((await ask(accept, '/console/')).status, 200, accept);
  }
  assert.equal((await ask(browser)).status, 200, 'there is no console');
});
