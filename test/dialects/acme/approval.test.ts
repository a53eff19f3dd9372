/** ACME orders of an account whose orders a person approves: clients are less patient than people. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { parseCertificatePem } from '../../../src/pki/certificate.ts';
import { parseCsr } from '../../../src/pki/csr.ts';
import { createSession, csrFor, type Session } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const names = ['www.example.com'];
const dayMs = 86_400_000;

async function waiting({ app, account }: Session) {
  const { items } = await app.ports.approvals.list(app.operator, { limit: 50, offset: 0, states: ['pending'] });
  return items.filter(({ approval }) => approval.accountId === account.id).map(({ approval }) => approval);
}

async function finalize(session: Session) {
  const ready = await session.readyOrder(names);
  const csr = await csrFor(names);
  const reply = await session.client.post(ready.body.finalize, { csr });
  assert.equal(reply.status, 200, reply.text);
  const location = reply.headers.get('location') ?? '';
  const look = async () => (await session.client.post(location)).body;
  const keyOf = () => parseCsr(Buffer.from(csr, 'base64url')).publicKey;
  return { ...reply, look, keyOf };
}

const start = () => createSession({ account: { approval: 'manual' }, balanceMinor: 1_000_000 });

const balanceOf = async ({ app, account }: Session) =>
  (await app.ports.accounts.get(app.operator, account.id)).balanceMinor;

describe('while approval is awaited', () => {
  it('the order is processing, with seconds to wait, and issued once it is approved', async () => {
    const session = await start();
    const { app } = session;
    const finalized = await finalize(session);
    assert.equal(finalized.body.status, 'processing');
    assert.match(finalized.headers.get('retry-after') ?? '', /^\d+$/);
    const [request] = await waiting(session);
    assert.ok(request !== undefined);
    await app.ports.approvals.decide(app.operator, { id: request.id }, { approve: true, note: '' });
    await app.idle();
    assert.equal((await finalized.look()).status, 'valid');
  });

  it('a rejection makes it invalid, with the words of the approver', async () => {
    const session = await start();
    const { app } = session;
    const finalized = await finalize(session);
    const [request] = await waiting(session);
    await app.ports.approvals.decide(app.operator, { id: request?.id ?? '' }, { approve: false, note: 'not ours' });
    const { status, error } = await finalized.look();
    assert.equal(status, 'invalid');
    assert.match(error.detail, /not ours/);
  });

  it('a second finalize joins the request: the older order is over, the newer key is certified', async () => {
    const session = await start();
    const { app, client } = session;
    const before = await balanceOf(session);
    const first = await finalize(session);
    const paid = before - (await balanceOf(session));
    const second = await finalize(session);
    assert.equal(second.body.status, 'processing');
    const over = await first.look();
    assert.equal(over.status, 'invalid');
    assert.match(over.error.detail, /newer order for the same names/);
    const requests = await waiting(session);
    assert.deepEqual(
      requests.map(({ version }) => version),
      [2],
    );
    const [request] = requests;
    const target = { id: request?.id ?? '' };
    await assert.rejects(
      app.ports.approvals.decide(app.operator, target, { approve: true, note: '', version: 1 }),
      /version 2 now/,
    );
    await app.ports.approvals.decide(app.operator, target, { approve: true, note: '', version: 2 });
    await app.idle();
    const { status, certificate } = await second.look();
    assert.equal(status, 'valid');
    const leaf = parseCertificatePem((await client.post(certificate)).text);
    assert.deepEqual(leaf.spkiDer, second.keyOf().spkiDer);
    assert.equal(before - (await balanceOf(session)), paid);
  });
});

describe('an approval that came too late for its client', () => {
  async function approveLate(session: Session) {
    const { app } = session;
    await finalize(session);
    const [request] = await waiting(session);
    await app.ports.approvals.decide(app.operator, { id: request?.id ?? '' }, { approve: true, note: '' });
    await app.idle();
  }

  it('lets the next order through, once', async () => {
    const session = await start();
    await approveLate(session);
    const paid = await balanceOf(session);
    await session.app.clock.advance(6 * dayMs);
    assert.equal((await finalize(session)).body.status, 'valid');
    assert.equal(await balanceOf(session), paid);
    assert.equal((await finalize(session)).body.status, 'processing');
  });

  it('but not after a week', async () => {
    const session = await start();
    await approveLate(session);
    await session.app.clock.advance(8 * dayMs);
    assert.equal((await finalize(session)).body.status, 'processing');
  });

  it('nor another ACME account', async () => {
    const session = await start();
    await approveLate(session);
    const other = await session.stranger();
    assert.equal((await other.register(session.external)).status, 201);
    const made = await other.newOrder(names);
    assert.equal(made.body.status, 'ready', made.text);
    const reply = await other.post(made.body.finalize, { csr: await csrFor(names) });
    assert.equal(reply.body.status, 'processing', reply.text);
  });
});

it('another ACME account waits for the order that covers it, and is served when that is issued', async () => {
  const session = await start();
  const { app } = session;
  await finalize(session);
  const other = await session.stranger();
  assert.equal((await other.register(session.external)).status, 201);
  const made = await other.newOrder(names);
  const csr = await csrFor(names);
  const reply = await other.post(made.body.finalize, { csr });
  assert.equal(reply.body.status, 'processing', reply.text);
  assert.equal((await other.post(made.body.finalize, { csr })).body.status, 'processing');
  assert.equal(
    (await other.post(made.body.finalize, { csr: await csrFor(names) })).body.type.split(':').at(-1),
    'orderNotReady',
  );
  const [request, ...more] = await waiting(session);
  assert.deepEqual(more, []);
  await app.ports.approvals.decide(app.operator, { id: request?.id ?? '' }, { approve: true, note: '' });
  await app.idle();
  // Now it is placed, as a duplicate that waits for an approval of its own.
  assert.equal((await other.post(reply.headers.get('location') ?? '')).body.status, 'processing');
  const [own] = await waiting(session);
  assert.equal(own?.asks, 'duplicate');
  await app.ports.approvals.decide(app.operator, { id: own?.id ?? '' }, { approve: true, note: '' });
  await app.idle();
  assert.equal((await other.post(reply.headers.get('location') ?? '')).body.status, 'valid');
});

describe('a proof that lapses while approval is awaited', () => {
  const profiles = defaultProfiles.map((profile) => ({ ...profile, reuseDays: 2 }));

  it('ends the order, which costs nothing, and leaves the approval to the next one', async () => {
    const session = await createSession({ account: { approval: 'manual' }, balanceMinor: 1_000_000, profiles });
    const { app, client } = session;
    const before = await balanceOf(session);
    const finalized = await finalize(session);
    const paid = before - (await balanceOf(session));
    assert.ok(paid > 0);
    await app.clock.advance(3 * dayMs);
    assert.equal((await finalized.look()).status, 'processing', 'nobody has decided');
    const [request] = await waiting(session);
    await app.ports.approvals.decide(app.operator, { id: request?.id ?? '' }, { approve: true, note: '' });
    await app.idle();
    const { status, error, certificate } = await finalized.look();
    assert.deepEqual([status, error.type, error.status], ['invalid', 'urn:ietf:params:acme:error:unauthorized', 403]);
    assert.match(error.detail, /www\.example\.com/);
    assert.equal(certificate, undefined);
    assert.equal(await balanceOf(session), before, 'refunded');
    // Told apart from one whose reply was lost: the CSR that was accepted is answered with the order as it is.
    const csr = await csrFor(names);
    assert.equal((await client.post(finalized.body.finalize, { csr })).body.type, `${urn}orderNotReady`);
    assert.equal((await client.post(finalized.body.authorizations[0])).body.status, 'expired');
    const next = await finalize(session);
    assert.equal(next.body.status, 'valid', 'approved already');
    assert.equal(before - (await balanceOf(session)), paid, 'charged once');
    assert.deepEqual(await waiting(session), []);
  });
});
