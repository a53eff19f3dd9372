/** The page behind the link that stops the mail to a mailbox. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMailStop } from '../../src/http/mail-stop.ts';

const peer = { address: '198.51.100.7', requestId: 'r1' };
const token = 'a'.repeat(32);
const form = { 'content-type': 'application/x-www-form-urlencoded' };

function createDesk(address = 'admin@example.com') {
  let stoppedAt: Date | null = null;
  const stops: unknown[] = [];
  const server = createMailStop({
    show: async (asked) => (asked === token ? { address, stoppedAt } : undefined),
    async stop(asked, origin) {
      stops.push([asked, origin.address]);
      if (asked !== token) return undefined;
      stoppedAt ??= new Date('2026-06-02T00:00:00Z');
      return { address, stoppedAt };
    },
  });
  const fetch = (init: RequestInit = {}, path = `/mail/stop/${token}`) =>
    server.fetch(new Request(`https://certs.example${path}`, init), peer);
  return { fetch, stops };
}

describe('the page', () => {
  it('asks when it is opened, and changes nothing', async () => {
    const desk = createDesk('admin<b>@example.com');
    for (const method of ['GET', 'HEAD', 'GET']) {
      const response = await desk.fetch({ method });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(response.headers.get('cache-control'), 'no-store');
      const html = await response.text();
      if (method === 'HEAD') continue;
      assert.ok(html.includes('Mail to admin&lt;b&gt;@example.com'));
      assert.ok(html.includes('<form method="post"><button name="stop" value="yes">'));
      assert.doesNotMatch(html, /<script|https?:|<img|<link/i);
      assert.ok(!html.includes(token), 'the secret is in the address only');
    }
    assert.deepEqual(desk.stops, []);
  });

  for (const [what, body] of [
    ['its button', 'stop=yes'],
    ["a mail program's own, in one click (RFC 8058)", 'List-Unsubscribe=One-Click'],
  ] as const) {
    it(`stops the mail by ${what}`, async () => {
      const desk = createDesk();
      const response = await desk.fetch({ method: 'POST', body, headers: form });
      assert.equal(response.status, 200);
      const html = await response.text();
      assert.match(html, /No more mail is sent to this address/);
      assert.doesNotMatch(html, /<form|<button/);
      assert.deepEqual(desk.stops, [[token, peer.address]]);
    });
  }

  it("speaks the reader's language", async () => {
    const response = await createDesk().fetch({ headers: { 'accept-language': 'zh-CN' } });
    assert.match(await response.text(), /<html lang="zh-CN">[\s\S]*停止向该邮箱发送邮件/);
  });

  const badPosts: readonly (readonly [what: string, init: RequestInit])[] = [
    ['without a form', { body: '{"stop":"yes"}', headers: { 'content-type': 'application/json' } }],
    ['without a word', { body: '', headers: form }],
    ['with another word', { body: 'stop=no', headers: form }],
    ['that is too long', { body: `stop=yes&x=${'x'.repeat(2000)}`, headers: form }],
  ];
  for (const [what, init] of badPosts) {
    it(`is not moved by a post ${what}`, async () => {
      const desk = createDesk();
      assert.equal((await desk.fetch({ method: 'POST', ...init })).status, 400);
      assert.deepEqual(desk.stops, []);
    });
  }

  for (const path of ['/mail/stop/', '/mail/stop/x', `/mail/stop/${token}/x`, '/mail/stop/%00', '/mail/stop/..%2f']) {
    it(`${path} is no link of ours`, async () => {
      const desk = createDesk();
      assert.equal((await desk.fetch({}, path)).status, 404);
      assert.equal((await desk.fetch({ method: 'POST', body: 'stop=yes', headers: form }, path)).status, 404);
    });
  }

  it('takes no other method', async () => {
    const response = await createDesk().fetch({ method: 'DELETE' });
    assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD, POST']);
  });
});
