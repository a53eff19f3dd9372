/** The page behind the link of a confirmation mail. */

import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { describe, it } from 'node:test';
import type { ConfirmationView } from '../../src/domain/ports/confirmations.ts';
import { createConfirm } from '../../src/http/confirm.ts';
import { createFakeClock } from '../support/system.ts';

const clock = createFakeClock('2026-06-02T00:00:00Z');
const peer = { address: '198.51.100.7', requestId: 'r1' };
const token = 'a'.repeat(52);
const open: ConfirmationView = {
  state: 'open',
  address: 'admin@example.com',
  confirms: ['www.example.com'],
  digest: 'd1',
  names: ['www.example.com', '*.example.com'],
  accountName: 'Acme <script>alert(1)</script> & "Söhne"\u202e',
  productName: '免费版 SSL 证书',
  orderNumber: 100017,
  requestedAt: new Date('2026-06-01T08:30:00Z'),
  requestedFrom: '192.0.2.10',
  expiresAt: new Date('2026-07-01T08:30:00Z'),
};

function createDesk(change: Partial<ConfirmationView> = {}) {
  let view: ConfirmationView = { ...open, ...change };
  const decisions: unknown[] = [];
  const server = createConfirm(
    {
      show: async (asked) => (asked === token ? view : undefined),
      async decide(asked, decision, origin, digest) {
        decisions.push([asked, decision, origin.address, origin.requestId]);
        if (asked !== token) return undefined;
        if (view.state === 'open' && (decision === 'reject' || digest === view.digest))
          view = { ...view, state: decision === 'confirm' ? 'confirmed' : 'rejected' };
        return view;
      },
    },
    clock,
  );
  const fetch = (init: RequestInit & { path?: string } = {}) =>
    server.fetch(new Request(`https://certs.example${init.path ?? `/confirm/${token}`}`, init), peer);
  const post = (body: string, path?: string) =>
    fetch({
      method: 'POST',
      body,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      ...(path === undefined ? {} : { path }),
    });
  return { fetch, post, decisions };
}

describe('looking', () => {
  it('shows every fact, escaped, and a form; it decides nothing', async () => {
    const desk = createDesk();
    for (const method of ['GET', 'HEAD', 'GET']) {
      const response = await desk.fetch({ method });
      assert.equal(response.status, 200);
      const html = await response.text();
      assert.equal(html === '', method === 'HEAD');
      if (method === 'HEAD') continue;
      for (const fact of [
        '<li class="this">www.example.com</li><li>*.example.com</li>',
        '<dd>Acme &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;Söhne&quot;\\u{202e}</dd>',
        '<dd>免费版 SSL 证书</dd>',
        '<dd>100017</dd>',
        '<dd>2026-06-01 08:30 UTC, from 192.0.2.10</dd>',
        '<dd>admin@example.com</dd>',
        'until 2026-07-01',
        '<form method="post">',
        '<button name="decision" value="confirm">',
        '<button class="reject" name="decision" value="reject">',
      ]) {
        assert.ok(html.includes(fact), `${fact} in ${html}`);
      }
      assert.doesNotMatch(html, /<script|javascript:|\son\w+=|https?:|<img|<link/i);
      assert.ok(!html.includes(token), 'the secret is in the address only');
    }
    assert.deepEqual(desk.decisions, []);
  });

  it('lets nothing of the page leave, and nothing else in', async () => {
    const response = await createDesk().fetch();
    const style = /<style>([\s\S]*)<\/style>/.exec(await response.clone().text())?.[1] ?? '';
    assert.equal(
      response.headers.get('content-security-policy'),
      `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    );
    const expected = {
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    };
    for (const [name, value] of Object.entries(expected)) assert.equal(response.headers.get(name), value);
    const html = await response.text();
    assert.equal(response.headers.get('content-length'), String(Buffer.byteLength(html)));
    assert.ok(html.includes('<meta name="robots" content="noindex, nofollow">'));
  });

  it("speaks the reader's language", async () => {
    for (const [header, words] of [
      ['zh-CN,zh;q=0.9,en;q=0.8', /<html lang="zh-CN">[\s\S]*确认签发证书[\s\S]*拒绝该订单/],
      ['de,en;q=0.5', /<html lang="en">[\s\S]*Confirm the certificate/],
      ['', /<html lang="en">/],
    ] as const) {
      const response = await createDesk().fetch({ headers: { 'accept-language': header } });
      assert.match(await response.text(), words);
    }
  });

  const states: readonly (readonly [state: ConfirmationView['state'], words: RegExp])[] = [
    ['confirmed', /Confirmed/],
    ['rejected', /Rejected/],
    ['expired', /Link expired/],
    ['over', /Nothing left to confirm/],
  ];
  for (const [state, words] of states) {
    it(`has no form when it is ${state}`, async () => {
      const response = await createDesk({ state }).fetch();
      const html = await response.text();
      assert.equal(response.status, 200);
      assert.match(html, words);
      assert.doesNotMatch(html, /<form|<button/);
    });
  }

  for (const path of ['/confirm/', '/confirm/x', `/confirm/${token}/x`, '/confirm/%00', '/confirm/..%2f']) {
    it(`${path} is no link of ours`, async () => {
      const response = await createDesk().fetch({ path });
      assert.equal(response.status, 404);
      assert.match(await response.text(), /This link is not valid/);
    });
  }
});

describe('the form', () => {
  it('confirms, and tells who decided', async () => {
    const desk = createDesk();
    const response = await desk.post('decision=confirm&names=d1');
    assert.equal(response.status, 200);
    assert.match(await response.text(), /class="state ok"[\s\S]*Confirmed/);
    assert.deepEqual(desk.decisions, [[token, 'confirm', '198.51.100.7', 'r1']]);
  });

  it('rejects', async () => {
    const desk = createDesk();
    assert.match(await (await desk.post('decision=reject')).text(), /class="state bad"[\s\S]*Rejected/);
  });

  it('that was shown other names confirms nothing, and shows them anew', async () => {
    for (const names of ['', '&names=', '&names=d0']) {
      const desk = createDesk({ confirms: ['www.example.com', '*.example.com'] });
      const response = await desk.post(`decision=confirm${names}`);
      assert.equal(response.status, 409);
      const html = await response.text();
      assert.match(html, /The names have changed since this page was opened/);
      assert.ok(html.includes('<input type="hidden" name="names" value="d1">'));
      assert.ok(html.includes('<h1>Certificate for www.example.com and 1 more</h1>'));
      assert.ok(html.includes('<li class="this">www.example.com</li><li class="this">*.example.com</li>'));
      assert.match(html, /confirms every name in bold at once/);
    }
  });

  it('that comes too late changes nothing and says so', async () => {
    for (const state of ['rejected', 'expired', 'over'] as const) {
      assert.equal((await createDesk({ state }).post('decision=confirm')).status, 409);
    }
    assert.equal((await createDesk({ state: 'confirmed' }).post('decision=confirm')).status, 200);
    assert.equal((await createDesk().post('decision=confirm', '/confirm/other')).status, 404);
  });

  it('that is not ours decides nothing', async () => {
    const desk = createDesk();
    const bodies = [
      '',
      'decision=',
      'decision=CONFIRM',
      'decision=yes',
      'confirm',
      `x=${'y'.repeat(2000)}&decision=confirm`,
    ];
    for (const body of bodies) assert.equal((await desk.post(body)).status, 400, body.slice(0, 30));
    const json = { method: 'POST', body: '{"decision":"confirm"}', headers: { 'content-type': 'application/json' } };
    assert.equal((await desk.fetch(json)).status, 400);
    assert.equal((await desk.fetch({ method: 'POST' })).status, 400);
    for (const method of ['PUT', 'DELETE', 'OPTIONS']) {
      const response = await desk.fetch({ method });
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD, POST']);
    }
    assert.deepEqual(desk.decisions, []);
  });
});
