/** Outgoing mail, over SMTP on loopback. */

import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, afterEach, describe, it } from 'node:test';
import type { MailOutcome } from '../../src/domain/ports/system.ts';
import { createMailer, type MailerOptions } from '../../src/system/mail.ts';
import { listen } from '../support/listen.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';
import { selfSigned } from '../support/self-signed.ts';

const never = new AbortController().signal;
const mail = {
  stopUrl: 'https://certs.example/mail/stop/abc',
  id: 'cnf_1',
  to: 'admin@example.com',
  subject: 'Confirm / 确认 example.com',
  text: 'first line\n第二行\n.\nhttps://certs.example/confirm/abc\n',
};

let server: MailServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function send(change: Partial<MailerOptions> = {}, signal = never): Promise<MailOutcome> {
  const port = server?.port ?? 0;
  const mailer = createMailer({
    host: '127.0.0.1',
    port,
    tls: 'none',
    from: 'Certificates <certs@certs.example>',
    timeoutMs: 2000,
    ...change,
  });
  return mailer.send(mail, signal);
}

function detailOf(outcome: MailOutcome): string {
  assert.ok(!outcome.ok, 'it was taken');
  return `${outcome.isFinal ? 'final' : 'later'}: ${outcome.detail}`;
}

describe('a mail', () => {
  it('arrives whole, with headers that keep machines from answering', async () => {
    server = await startMailServer();
    const outcome = await send();
    assert.deepEqual([outcome.ok, outcome.server], [true, `127.0.0.1:${server.port}`]);
    const [received] = server.received;
    assert.deepEqual([received?.from, received?.to], ['certs@certs.example', ['admin@example.com']]);
    assert.equal(received?.text.trimEnd(), mail.text.trimEnd());
    const { headers } = received ?? { headers: {} };
    assert.equal(headers.subject, mail.subject);
    assert.equal(headers.from, 'Certificates <certs@certs.example>');
    assert.equal(headers['message-id'], '<cnf_1@certs.example>');
    assert.equal(headers['auto-submitted'], 'auto-generated');
    assert.equal(headers['list-unsubscribe'], '<https://certs.example/mail/stop/abc>');
    assert.equal(headers['list-unsubscribe-post'], 'List-Unsubscribe=One-Click');
    assert.match(headers['content-type'] ?? '', /^text\/plain; charset=utf-8/);
  });

  for (const [kind, implicit] of [
    ['starttls', false],
    ['implicit', true],
  ] as const) {
    it(`goes over TLS and with a sign-in where configured: ${kind}`, async () => {
      const tls = await selfSigned('localhost');
      const login = { user: 'certs', password: 'päss "word"' };
      server = await startMailServer({ tls: { ...tls, implicit }, login });
      const outcome = await send({ tls: kind, login, ca: tls.cert, host: 'localhost' });
      assert.equal(outcome.ok, true, JSON.stringify(outcome));
      assert.deepEqual([server.received[0]?.isEncrypted, server.received[0]?.user], [true, 'certs']);
      // A certificate of nobody we trust, and one for another name: nothing is said to such a server.
      assert.match(detailOf(await send({ tls: kind, login, host: 'localhost' })), /^later: .*certificate/);
      assert.match(detailOf(await send({ tls: kind, login, ca: tls.cert })), /^later: .*(altnames|IP)/);
      assert.equal(server.received.length, 1);
    });
  }

  it('is signed in with the password of the configuration', async () => {
    server = await startMailServer({ login: { user: 'certs', password: 'right' } });
    const outcome = await send({ login: { user: 'certs', password: 'right' } });
    assert.equal(outcome.ok, true, JSON.stringify(outcome));
    assert.equal(server.received[0]?.user, 'certs');
    const wrong = await send({ login: { user: 'certs', password: 'wrong-password' } });
    assert.match(detailOf(wrong), /^later: 535/);
    assert.ok(!JSON.stringify(wrong).includes('wrong-password'));
  });
});

describe('what is not taken', () => {
  it('is final only when this mail is refused for good', async () => {
    server = await startMailServer();
    server.refuse(mail.to, { code: 550, text: 'no such user' });
    assert.equal(detailOf(await send()), 'final: 550 no such user');
    server.refuse(mail.to, { code: 450, text: 'greylisted, come back' });
    assert.equal(detailOf(await send()), 'later: 450 greylisted, come back');
    server.refuse(mail.to, { code: 550, text: `no ${'x'.repeat(400)}\u001b[31m` });
    assert.ok(detailOf(await send()).length < 220);
  });

  it('nobody is told without the TLS that is configured', async () => {
    server = await startMailServer();
    assert.match(detailOf(await send({ tls: 'starttls' })), /^later: /);
    assert.equal(server.received.length, 0);
  });

  it('a server that is away, silent or no mail server is tried later', async () => {
    const away = createServer();
    const port = await listen(away);
    await new Promise<void>((done) => void away.close(() => done()));
    assert.match(detailOf(await send({ port })), /^later: .*ECONNREFUSED/);
    const sockets = new Set<{ destroy(): void }>();
    const silent = createServer((socket) => void sockets.add(socket.on('error', () => {})));
    after(() => silent.close());
    const silentPort = await listen(silent);
    assert.match(detailOf(await send({ port: silentPort, timeoutMs: 100 })), /^later: /);
    const controller = new AbortController();
    const sending = send({ port: silentPort, timeoutMs: 30_000 }, controller.signal);
    setTimeout(() => controller.abort(), 50);
    assert.match(detailOf(await sending), /^later: /);
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});
