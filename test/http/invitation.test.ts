/** The page on which somebody who was invited chooses a password, over the real core. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createInvitation } from '../../src/http/invitation.ts';
import { createAccount, origin, startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;
before(async () => {
  app = await startTestApp();
});
after(() => app.close());

const password = 'correct horse battery staple';
const peer = { address: '198.51.100.7', requestId: 'r1' };
let people = 0;

async function createDesk() {
  people++;
  const { id } = await createAccount(app, { name: 'Acme <script> & "Söhne"\u202e' });
  const username = `jill<b>${people}@example.com`;
  const user = await app.ports.users.create(app.operator, {
    accountId: id,
    username,
    password: null,
    roles: ['viewer'],
  });
  const { url } = await app.ports.users.invite(app.operator, user.id, 'link');
  const link = url ?? assert.fail('there is a link');
  const server = createInvitation(app.ports.invitations);
  const fetch = (init: RequestInit = {}, to = link) => server.fetch(new Request(to, init), peer);
  const post = (fields: Readonly<Record<string, string>>, to = link) =>
    fetch({ method: 'POST', body: new URLSearchParams(fields) }, to);
  const signIn = (typed = password) =>
    app.ports.signIn.createSession({ dialect: 'native', username, password: typed }, origin);
  return { fetch, post, signIn, link, user };
}

describe('the page of an invitation', () => {
  it('shows whose it is, escaped, and a form; opening it changes nothing', async () => {
    const { fetch, link } = await createDesk();
    const token = link.slice(link.lastIndexOf('/') + 1);
    for (const method of ['GET', 'HEAD', 'GET']) {
      const response = await fetch({ method });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'.*form-action 'self'/);
      const html = await response.text();
      if (method === 'HEAD') continue;
      assert.ok(html.includes('jill&lt;b&gt;') && html.includes('Acme &lt;script&gt; &amp; &quot;Söhne&quot;'));
      assert.match(html, /<form method="post" class="fields">/);
      assert.match(html, /autocomplete="username"[\s\S]*autocomplete="new-password"[\s\S]*autocomplete="new-password"/);
      assert.doesNotMatch(html, /<script|https?:|<img|<link|\u202e/i);
      assert.ok(!html.includes(token), 'the secret is in the address only');
    }
  });

  it('sets the password, says what to do next, and is good no more', async () => {
    const { fetch, post, signIn } = await createDesk();
    const response = await post({ username: 'ignored', password, repeat: password });
    assert.equal(response.status, 200);
    const html = await response.text();
    assert.match(html, /Your password is set[\s\S]*Sign in as jill&lt;b&gt;/);
    assert.doesNotMatch(html, /<form|<input|correct horse/);
    await signIn();
    const unknown = await (await fetch({}, 'https://certs.example/invitation/x')).text();
    for (const again of [await fetch(), await post({ password: 'another password', repeat: 'another password' })]) {
      assert.equal(again.status, 404);
      assert.equal(await again.text(), unknown, 'a used link and an unknown one look the same');
    }
    await signIn();
  });

  it("speaks the reader's language", async () => {
    const { fetch } = await createDesk();
    const html = await (await fetch({ headers: { 'accept-language': 'zh-CN' } })).text();
    assert.match(html, /<html lang="zh-CN">[\s\S]*设置登录密码/);
  });

  const json = { body: `{"password":"${password}"}`, headers: { 'content-type': 'application/json' } };
  const long = 'ö'.repeat(1001);
  const bad: readonly (readonly [what: string, init: RequestInit, says: RegExp])[] = [
    [
      'two that differ',
      { body: new URLSearchParams({ password, repeat: `${password}x` }) },
      /The two passwords differ/,
    ],
    ['one that is not repeated', { body: new URLSearchParams({ password }) }, /The two passwords differ/],
    ['one that is too short', { body: new URLSearchParams({ password: 'short', repeat: 'short' }) }, /10 to 1000/],
    ['one that is empty', { body: new URLSearchParams({ password: '', repeat: '' }) }, /10 to 1000/],
    ['one that is too long', { body: new URLSearchParams({ password: long, repeat: long }) }, /10 to 1000/],
    ['a body that is too large', { body: `password=${'x'.repeat(40_000)}` }, /did not arrive in full/],
    ['nothing', { body: '' }, /did not arrive in full/],
    ['no form', json, /did not arrive in full/],
  ];
  for (const [what, init, says] of bad) {
    it(`asks again after ${what}`, async () => {
      const { fetch, post, signIn } = await createDesk();
      const headers = { 'content-type': 'application/x-www-form-urlencoded', ...init.headers };
      const response = await fetch({ method: 'POST', ...init, headers });
      assert.equal(response.status, 400);
      const html = await response.text();
      assert.match(html, says);
      assert.match(html, /role="alert"[\s\S]*<form/);
      assert.equal((await post({ password, repeat: password })).status, 200);
      await signIn();
    });
  }

  it('takes a password of a thousand characters of any kind', async () => {
    const { post, signIn } = await createDesk();
    const chosen = '密'.repeat(1000);
    assert.equal((await post({ password: chosen, repeat: chosen })).status, 200);
    await signIn(chosen);
  });

  it('takes no other methods, and lies under no other path', async () => {
    const { fetch, link } = await createDesk();
    for (const method of ['PUT', 'DELETE', 'OPTIONS']) assert.equal((await fetch({ method })).status, 405);
    for (const path of ['', 'x', '..%2f', '%00', `${link.slice(link.lastIndexOf('/') + 1)}/x`]) {
      const response = await fetch({}, `https://certs.example/invitation/${path}`);
      assert.equal(response.status, 404, path);
      assert.match(await response.text(), /This link is not valid/);
    }
  });

  it('is slow to a network that tries many links', async () => {
    const { fetch, post } = await createDesk();
    const statuses = new Set<number>();
    for (let tries = 0; tries < 40; tries++)
      statuses.add((await fetch({}, 'https://certs.example/invitation/x')).status);
    assert.deepEqual([...statuses], [404, 429]);
    const response = await post({ password, repeat: password });
    assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '10']);
    assert.match(await response.text(), /try again in 10 seconds/);
    await app.advance(600);
    assert.equal((await fetch()).status, 200);
  });
});
