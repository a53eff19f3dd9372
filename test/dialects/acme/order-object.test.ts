/** An order as its client sees it in each of its states (RFC 8555 §7.1.3, §7.1.6): members, their order, and how long it is there. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { reason } from '../../../src/domain/errors.ts';
import type { AcmeReply } from '../../support/acme-client.ts';
import { certIdOf, createSession, csrFor, type Session, type SessionOptions } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const name = 'www.example.com';
const daySeconds = 86_400;

const plain = ['status', 'expires', 'identifiers', 'authorizations', 'finalize'];

async function finalized(options: SessionOptions = {}, payload?: (session: Session) => object) {
  const session = await createSession(options);
  const ready = await session.readyOrder([name], payload?.(session));
  const reply = await session.client.post(ready.body.finalize, { csr: await csrFor([name]) });
  assert.equal(reply.status, 200, reply.text);
  const url = ready.headers.get('location') ?? '';
  return { session, ready, reply, show: () => session.client.post(url) };
}

const membersOf = ({ body }: AcmeReply) => Object.keys(body);

describe('an order that is', () => {
  it('ready has the members of one that is pending, in the same order', async () => {
    const { client, readyOrder } = await createSession();
    assert.deepEqual(membersOf(await client.newOrder(['other.example.com'])), plain);
    const ready = await readyOrder([name]);
    assert.deepEqual([ready.body.status, membersOf(ready)], ['ready', plain]);
  });

  it('valid has a certificate besides, and lasts as long as that', async () => {
    const { session, ready, reply } = await finalized();
    assert.deepEqual([reply.body.status, membersOf(reply)], ['valid', [...plain, 'certificate']]);
    assert.deepEqual(reply.body.authorizations, ready.body.authorizations);
    const { validTo } = new X509Certificate((await session.client.post(reply.body.certificate)).text);
    assert.equal(reply.body.expires, new Date(validTo).toISOString().replace('.000Z', 'Z'));
  });

  it('valid stays so after its certificate was revoked and after its end, and has that still', async () => {
    const { session, reply, show } = await finalized();
    const { client, app } = session;
    const chain = await client.post(reply.body.certificate);
    const certificate = new X509Certificate(chain.text).raw.toString('base64url');
    assert.equal((await client.post(client.directory.revokeCert ?? '', { certificate })).status, 200);
    for (const seconds of [0, 500 * daySeconds]) {
      await app.advance(seconds);
      assert.deepEqual((await show()).body, reply.body);
      assert.equal((await client.post(reply.body.certificate)).text, chain.text);
    }
  });

  it('of everything that can be said of one has it in one order', async () => {
    const wanted = { notBefore: '2026-06-01T08:01:00Z', notAfter: '2026-07-01T08:00:00Z' };
    const yearly = { product: 'encryption365:paid', description: 'A year' };
    const config = { directories: { default: { keysOf: ['native'], profiles: { yearly } } } };
    const { session, reply: first } = await finalized({ config });
    const { raw } = new X509Certificate((await session.client.post(first.body.certificate)).text);
    const replaces = certIdOf(raw);
    const order = await session.client.newOrder([name], { ...wanted, replaces, profile: 'yearly' });
    assert.equal(order.status, 201, order.text);
    const { profile, notBefore, notAfter } = order.body;
    assert.deepEqual({ profile, notBefore, notAfter }, { profile: 'yearly', ...wanted });
    assert.deepEqual(membersOf(order), [
      'status',
      'expires',
      'identifiers',
      'profile',
      'replaces',
      'notBefore',
      'notAfter',
      'authorizations',
      'finalize',
    ]);
    const done = await session.client.post(order.body.finalize, { csr: await csrFor([name]) });
    assert.deepEqual([done.body.status, membersOf(done).at(-1)], ['valid', 'certificate']);
  });

  it('processing lasts thirty days, and on while nobody has decided', async () => {
    const { session, reply, show } = await finalized({ account: { approval: 'manual' } });
    assert.deepEqual([reply.body.status, membersOf(reply)], ['processing', plain]);
    assert.equal(reply.body.expires, '2026-07-01T08:00:00Z');
    for (const [days, expires] of [
      [30, '2026-07-31T08:00:00Z'],
      [29, '2026-07-31T08:00:00Z'],
      [1, '2026-08-30T08:00:00Z'],
    ] as const) {
      await session.app.advance(days * daySeconds);
      const { body } = await show();
      assert.deepEqual([body.status, body.expires], ['processing', expires]);
    }
  });

  it('invalid has the reason besides, and costs nothing', async () => {
    const refusal = reason('issuerRefused', { issuer: 'acme.example.net', detail: 'no' });
    const { session, ready, show } = await finalized({
      issuer: (embedded) => ({ ...embedded, sign: async () => ({ kind: 'refused', reason: refusal }) }),
    });
    await session.app.idle();
    const shown = await show();
    assert.deepEqual([shown.body.status, membersOf(shown)], ['invalid', [...plain, 'error']]);
    assert.deepEqual(shown.body.authorizations, ready.body.authorizations);
    const { type, detail, status } = shown.body.error;
    assert.deepEqual([type, status], [`${urn}serverInternal`, 500]);
    assert.match(detail, /acme\.example\.net/);
    const { balanceMinor } = await session.app.ports.accounts.get(session.app.operator, session.account.id);
    assert.equal(balanceMinor, 1_000_000);
  });
});
