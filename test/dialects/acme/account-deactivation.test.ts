/** What becomes of the work of an ACME account that is deactivated (RFC 8555 §7.3.6), or revoked by an administrator. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEndAcmeAccountHandler } from '../../../src/app/orders/acme-account-end.ts';
import type { AcmeOrder } from '../../../src/domain/acme-order.ts';
import { isId, newId } from '../../../src/domain/ids.ts';
import type { Job } from '../../../src/domain/job.ts';
import type { AcmeReply } from '../../support/acme-client.ts';
import { baseUrl, createSession, csrFor, type Session } from './harness.ts';

const name = 'www.example.com';
const hourMs = 3_600_000;

const idIn = (reply: AcmeReply) => (reply.headers.get('location') ?? '').split('/').at(-1) ?? '';

async function stored({ app }: Session, reply: AcmeReply): Promise<AcmeOrder> {
  const id = idIn(reply);
  assert.ok(isId('acmeOrder', id));
  return (await app.database.read.acmeOrders.get(id)) ?? assert.fail(`no ${id}`);
}

async function deactivate({ client, app }: Session): Promise<void> {
  const reply = await client.post(client.account ?? '', { status: 'deactivated' });
  assert.deepEqual([reply.status, reply.body.status], [200, 'deactivated']);
  await app.idle();
}

async function balanceOf({ app, account }: Session): Promise<number> {
  return (await app.ports.accounts.get(app.operator, account.id)).balanceMinor;
}

async function finalized(session: Session, names: readonly string[] = [name]): Promise<AcmeReply> {
  const ready = await session.readyOrder(names);
  return session.client.post(ready.body.finalize, { csr: await csrFor(names) });
}

async function authorizationsOf({ app }: Session, reply: AcmeReply) {
  const ids = (reply.body.authorizations as readonly string[]).map((url) => url.split('/').at(-1) ?? '');
  const found = await app.database.read.authorizations.listByIds(ids.filter((id) => isId('authorization', id)));
  return found.map(({ state }) => state);
}

const waiting = async ({ app }: Session) =>
  (await app.ports.approvals.list(app.operator, { limit: 9, offset: 0, states: ['submitted', 'pending'] })).items;

describe('the account that is deactivated', () => {
  it('leaves no order and no authorization open; what is proved stays, for the other clients of its customer', async () => {
    const session = await createSession();
    const pending = await session.client.newOrder(['new.example.com']);
    const ready = await session.readyOrder([name]);
    await deactivate(session);
    for (const reply of [pending, ready]) {
      const { state, problem } = await stored(session, reply);
      assert.deepEqual([state, problem?.key], ['ended', 'acmeAccountDeactivated']);
    }
    assert.deepEqual(await authorizationsOf(session, pending), ['deactivated']);
    assert.deepEqual(await authorizationsOf(session, ready), ['valid']);
    const other = await session.stranger();
    await other.register(session.external);
    assert.equal((await other.newOrder([name])).body.status, 'ready');
    assert.equal((await other.newOrder(['new.example.com'])).body.status, 'pending');
  });

  it('leaves what was issued as it is', async () => {
    const session = await createSession();
    const { app } = session;
    const { body } = await finalized(session);
    const paid = await balanceOf(session);
    await deactivate(session);
    const certificate = await app.ports.certificates.get(
      app.operator,
      String(body.certificate).split('/').at(-1) ?? '',
    );
    assert.equal(certificate.certificate.state, 'valid');
    const [order] = await session.orders();
    assert.equal(order?.order.state, 'active');
    assert.equal(await balanceOf(session), paid);
  });

  for (const approval of ['manual', 'twoStep'] as const) {
    it(`withdraws what waits for approval (${approval}), and has it paid back`, async () => {
      const session = await createSession({ account: { approval } });
      const before = await balanceOf(session);
      assert.equal((await finalized(session)).body.status, 'processing');
      assert.ok((await balanceOf(session)) < before);
      await deactivate(session);
      const [order] = await session.orders();
      assert.deepEqual([order?.order.state, order?.issuance.state], ['cancelled', 'cancelled']);
      assert.equal(await balanceOf(session), before);
      assert.deepEqual(await waiting(session), []);
    });
  }

  it('withdraws a reissue that waits: its order stands as before, and another client goes on with it', async () => {
    const session = await createSession();
    const { app, account } = session;
    await finalized(session);
    const [issued] = await session.orders();
    await app.clock.advance(200 * 24 * hourMs);
    await app.ports.accounts.change(app.operator, account.id, { approval: 'manual' });
    assert.equal((await finalized(session)).body.status, 'processing');
    const paid = await balanceOf(session);
    const other = await session.stranger();
    await other.register(session.external);
    const made = await other.newOrder([name]);
    const reply = await other.post(made.body.finalize, { csr: await csrFor([name]) });
    assert.equal(reply.body.status, 'processing', reply.text);
    await deactivate(session);
    const [order] = await session.orders();
    assert.deepEqual(
      [order?.order.state, order?.issuance.id, order?.certificate?.state],
      ['active', issued?.issuance.id, 'valid'],
    );
    assert.equal(await balanceOf(session), paid);
    assert.equal((await other.post(reply.headers.get('location') ?? '')).body.status, 'processing');
    assert.deepEqual(
      (await waiting(session)).map(({ approval }) => approval.asks),
      ['reissue'],
    );
  });

  it('withdraws a duplicate that waits', async () => {
    const session = await createSession();
    const { app, account } = session;
    await finalized(session);
    await app.ports.accounts.change(app.operator, account.id, { approval: 'manual' });
    assert.equal((await finalized(session)).body.status, 'processing');
    assert.equal((await waiting(session))[0]?.approval.asks, 'duplicate');
    await deactivate(session);
    assert.deepEqual(await waiting(session), []);
    const [order] = await session.orders();
    assert.deepEqual([order?.order.state, order?.issuance.state], ['active', 'issued']);
  });

  it('ends thousands of orders a few at a time, and begins again after a crash', async () => {
    const session = await createSession();
    const { app, client } = session;
    const first = await client.newOrder(['new.example.com']);
    const one = await stored(session, first);
    const count = 1000;
    await app.database.write(async (tx) => {
      for (let n = 0; n < count; n++) await tx.acmeOrders.insert({ ...one, id: newId('acmeOrder', app.context) });
    });
    // What the job does is done at once, and as far as it came.
    const run = createEndAcmeAccountHandler(app.context);
    const now = app.clock.now();
    const job: Job = {
      id: newId('job', app.context),
      kind: 'endAcmeAccount',
      subject: one.credentialId,
      state: 'running',
      lane: 'local',
      owner: null,
      zone: null,
      runAt: now,
      attempts: 0,
      lastError: null,
      createdAt: now,
    };
    const stop = new AbortController();
    let pages = 0;
    const signal = Object.assign(stop.signal, {
      throwIfAborted() {
        pages += 1;
        if (pages === 3) throw new Error('crashed');
      },
    });
    await assert.rejects(run(job, signal), /crashed/);
    const states = async () => {
      const found = await app.database.read.acmeOrders.listOfCredential(one.credentialId, { limit: 2000 });
      return Object.groupBy(found, ({ state }) => state);
    };
    const half = await states();
    assert.deepEqual([half.ended?.length, half.open?.length], [400, count + 1 - 400]);
    await deactivate(session);
    const all = await states();
    assert.deepEqual([all.ended?.length, all.open], [count + 1, undefined]);
    assert.deepEqual(await authorizationsOf(session, first), ['deactivated']);
  });

  it('begins no order while it is being deactivated', async () => {
    const session = await createSession();
    const { client, app } = session;
    const replies = await Promise.all([
      client.post(client.account ?? '', { status: 'deactivated' }),
      ...['a', 'b', 'c', 'd'].map((label) => client.newOrder([`${label}.example.com`])),
    ]);
    await app.idle();
    for (const reply of replies.slice(1)) {
      if (reply.status === 201) assert.equal((await stored(session, reply)).state, 'ended');
      else assert.deepEqual([reply.status, reply.body.type], [403, 'urn:ietf:params:acme:error:unauthorized']);
    }
  });
});

it('an administrator who revokes the key of an ACME account ends the same', async () => {
  const session = await createSession();
  const { app, client } = session;
  const order = await client.newOrder(['new.example.com']);
  const publicId = (client.account ?? '').slice(`${baseUrl}/acme/default/account/`.length);
  const credential = await app.database.read.credentials.getByPublicId('acme', publicId);
  await app.ports.credentials.revoke(app.operator, credential?.id ?? '');
  await app.idle();
  assert.equal((await stored(session, order)).state, 'ended');
  assert.deepEqual(await authorizationsOf(session, order), ['deactivated']);
});
