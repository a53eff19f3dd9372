/** Streams of changes in the core: who hears of what, from where, and what it costs. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { createChanges } from '../../../src/app/following/changes.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import type { Change } from '../../../src/domain/change.ts';
import { type Changes, streamsPerOwner } from '../../../src/domain/ports/changes.ts';
import type { Stores } from '../../../src/domain/ports/stores/index.ts';
import type { Role } from '../../../src/domain/role.ts';
import { type Customer, createCaller, createCustomer, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
let customer: Customer;
let reads: string[];
let changes: Changes;
beforeEach(async () => {
  app = await startTestApp();
  customer = await createCustomer(app);
  reads = [];
  const { read } = app.database;
  const counting = <Name extends keyof Stores>(name: Name): Stores[Name] =>
    new Proxy(read[name], {
      get(store, method) {
        reads.push(`${name}.${String(method)}`);
        return Reflect.get(store, method);
      },
    });
  const counted = {
    ...app.database,
    read: { ...storesOf(read), events: counting('events'), credentials: counting('credentials') },
  };
  changes = createChanges({ ...app.context, database: counted });
});
afterEach(() => app.close());

/** Stores are getters of their object. */
function storesOf(read: Stores): Stores {
  const { users, userSessions, accounts, events, credentials } = read;
  return { users, userSessions, accounts, events, credentials } as unknown as Stores;
}

const credit = ({ account } = customer) =>
  app.ports.accounts.credit(app.operator, account.id, { amountMinor: 1, note: '' });
const callerWith = (...roles: readonly Role[]) => createCaller(app, customer.account, { dialect: 'native', roles });

async function operatorByKey(): Promise<Caller> {
  const request = {
    accountId: null,
    userId: null,
    dialect: 'native',
    label: 'o',
    roles: ['operator'],
    allowedAddresses: null,
  } as const;
  const { credential, secret } = await app.ports.credentials.create(app.operator, request);
  return app.ports.signIn.authenticate({ dialect: 'native', publicId: credential.publicId, secret }, customer.caller);
}

const password = 'correct horse battery staple';

async function personSignedIn(): Promise<Caller> {
  const username = 'person@example.com';
  const roles = ['administrator'] as const;
  await app.ports.users.create(app.operator, { accountId: customer.account.id, username, password, roles });
  const { caller: origin } = customer;
  const { secret } = await app.ports.signIn.createSession({ dialect: 'native', username, password }, origin);
  return (await app.ports.signIn.authenticateSession({ dialect: 'native', secret }, origin)).caller;
}

/** What comes until `next` has nothing more at once. */
async function heard({ stream, seq }: { readonly stream: string; readonly seq: number }): Promise<readonly Change[]> {
  // The log is looked at again only after a step.
  await app.clock.advance(1000);
  const batch = await changes.next(stream, { seq, waitMs: 0 });
  assert.ok(batch !== null && !batch.isReset, 'the stream goes on');
  return batch.changes;
}

const shown = (found: readonly Change[]) => found.map(({ topic, id }) => `${topic} ${id}`);

describe('a stream', () => {
  it('begins with what changes from then on, and waits for it', async () => {
    const opened = await changes.open(await callerWith('viewer'), null);
    assert.deepEqual(await heard(opened), []);
    const waiting = changes.next(opened.stream, { seq: opened.seq, waitMs: 15_000 });
    await credit();
    await app.clock.advance(1000);
    const batch = await waiting;
    assert.deepEqual(
      batch?.changes.map(({ topic, id }) => [topic, id]),
      [['accounts', customer.account.id]],
    );
    assert.ok(batch.changes.every(({ version }) => version <= batch.seq));
  });

  it('says an object once, however often it changed', async () => {
    const opened = await changes.open(await callerWith('viewer'), null);
    for (let times = 0; times < 3; times++) await credit();
    assert.deepEqual(shown(await heard(opened)), [`accounts ${customer.account.id}`]);
  });

  it('has what is of its account, and of every account for who sees them all', async () => {
    const [own, all] = await Promise.all([
      changes.open(await callerWith('viewer'), null),
      changes.open(await operatorByKey(), null),
    ]);
    const other = await createCustomer(app);
    assert.deepEqual(await heard(own), []);
    assert.ok(shown(await heard(all)).includes(`accounts ${other.account.id}`));
  });

  it('has no topics that its reader may not read', async () => {
    const viewer = await changes.open(await callerWith('viewer'), null);
    const manager = await changes.open(await callerWith('userManager'), null);
    await callerWith('viewer');
    const topicsOf = async (opened: typeof viewer) => new Set((await heard(opened)).map(({ topic }) => topic));
    assert.ok(!(await topicsOf(viewer)).has('credentials'));
    assert.ok((await topicsOf(manager)).has('credentials'));
  });

  it('goes on where another one was, also after a restart', async () => {
    const viewer = await callerWith('viewer');
    const { seq } = await changes.open(viewer, null);
    await credit();
    changes = createChanges(app.context);
    const again = await changes.open(viewer, seq);
    assert.deepEqual([again.seq, again.isReset], [seq, false]);
    assert.deepEqual(shown(await heard(again)), [`accounts ${customer.account.id}`]);
  });

  it('goes on after what was heard at another node a moment ago', async () => {
    const viewer = await callerWith('viewer');
    await changes.open(viewer, null);
    const elsewhere = createChanges(app.context);
    await credit();
    const { seq } = await elsewhere.open(viewer, null);
    const again = await changes.open(viewer, seq);
    assert.deepEqual([again.seq, again.isReset], [seq, false]);
    assert.deepEqual(await heard(again), []);
    await credit();
    assert.deepEqual(shown(await heard(again)), [`accounts ${customer.account.id}`]);
  });

  it('says reset where too much has happened since, and for a number that is none of this database', async () => {
    const viewer = await callerWith('viewer');
    const { seq } = await changes.open(viewer, null);
    for (let piece = 0; piece < 21; piece++)
      await app.database.write(async (tx) => {
        for (let n = 0; n < 100; n++)
          await tx.events.append({
            kind: 'alarm.ended',
            accountId: null,
            actor: 'system',
            subject: 'x',
            data: {},
            requestId: null,
            at: app.clock.now(),
          });
      });
    changes = createChanges(app.context);
    const opened = await changes.open(viewer, seq);
    assert.ok(opened.isReset && opened.seq > seq + 2000);
    assert.ok((await changes.open(viewer, opened.seq + 1)).isReset);
  });

  for (const [what, end] of [
    ['its key is revoked', (caller: Caller) => app.ports.credentials.revoke(app.operator, caller.credentialId ?? '')],
    [
      'its key loses a role',
      (caller: Caller) => app.ports.credentials.change(app.operator, caller.credentialId ?? '', { roles: ['viewer'] }),
    ],
    [
      'its account is suspended',
      () => app.ports.accounts.change(app.operator, customer.account.id, { state: 'suspended' }),
    ],
  ] as const) {
    it(`ends within 5 s when ${what}, also while it waits`, async () => {
      const caller = await callerWith('administrator');
      const { stream, seq } = await changes.open(caller, null);
      const waiting = changes.next(stream, { seq, waitMs: 60_000 });
      await end(caller);
      let isOver = false;
      void waiting.then((batch) => {
        isOver = batch === null;
      });
      await app.clock.advance(5000);
      // What the end itself has changed may come first.
      if (!isOver) isOver = (await changes.next(stream, { seq, waitMs: 0 })) === null;
      assert.ok(isOver);
    });
  }

  for (const [what, end] of [
    ['signs out', (caller: Caller) => app.ports.sessions.end(caller, caller.sessionId ?? '')],
    ['gets another password', ({ actor }: Caller) => app.ports.users.setPassword(app.operator, actor, `${password} 2`)],
    ['is disabled', ({ actor }: Caller) => app.ports.users.setState(app.operator, actor, 'disabled')],
    ['loses a role', ({ actor }: Caller) => app.ports.users.change(app.operator, actor, { roles: ['viewer'] })],
  ] as const) {
    it(`of a session ends within 5 s when its person ${what}`, async () => {
      const caller = await personSignedIn();
      const opened = await changes.open(caller, null);
      await heard(opened);
      await end(caller);
      await app.clock.advance(5000);
      assert.equal(await changes.next(opened.stream, { seq: opened.seq, waitMs: 0 }), null);
    });
  }

  it('is refused where its owner has as many as they may, until one is closed', async () => {
    const viewer = await callerWith('viewer');
    const opened = [];
    for (let n = 0; n < streamsPerOwner; n++) opened.push(await changes.open(viewer, null));
    await assert.rejects(changes.open(viewer, null), refused('tooManyStreams'));
    await changes.open(await callerWith('viewer'), null);
    await changes.close(opened[0]?.stream ?? '');
    await changes.open(viewer, null);
  });

  it('that nobody reads any more makes room', async () => {
    const viewer = await callerWith('viewer');
    for (let n = 0; n < streamsPerOwner; n++) await changes.open(viewer, null);
    await app.clock.advance(61_000);
    await changes.open(viewer, null);
  });
});

describe('following', () => {
  it('reads nothing while nobody does', async () => {
    const { stream } = await changes.open(await callerWith('viewer'), null);
    await changes.close(stream);
    reads = [];
    await app.clock.advance(60_000);
    assert.deepEqual(reads, []);
  });

  it('reads the log twice a second and who may follow once, for three hundred as for one', async () => {
    const readsOf = async (count: number) => {
      const opened = [];
      while (opened.length < count) {
        const viewer = await callerWith('viewer');
        for (let n = 0; n < Math.min(streamsPerOwner, count); n++) opened.push(await changes.open(viewer, null));
      }
      await app.clock.advance(2000);
      reads = [];
      const waiting = opened.map(({ stream, seq }) => changes.next(stream, { seq, waitMs: 10_000 }));
      await app.clock.advance(10_000);
      await Promise.all(waiting);
      const done = reads;
      for (const { stream } of opened) await changes.close(stream);
      return [
        done.filter((name) => name === 'events.listAfter').length,
        done.filter((name) => name === 'credentials.listByIds').length,
      ];
    };
    const one = await readsOf(1);
    assert.deepEqual(await readsOf(300), one);
    assert.ok(
      one.every((count) => count !== undefined && count > 0 && count <= 21),
      String(one),
    );
  });
});
