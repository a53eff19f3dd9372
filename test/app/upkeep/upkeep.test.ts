/** What happens without anybody asking: coverage ends, proofs expire, CRLs are made anew, old keys are forgotten. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { queueUpkeep } from '../../../src/app/index.ts';
import { nextId } from '../../../src/domain/ids.ts';
import { parseCrl } from '../../../src/pki/crl-reader.ts';
import { createCustomer, issue, place, reissueFor, startTestApp, type TestApp } from '../../support/app.ts';
import { crlDerOf } from '../../support/crl.ts';
import { countRows } from '../../support/tables.ts';

let app: TestApp;
afterEach(() => app.close());

const daySeconds = 86_400;
const month = { productCode: 'month' } as const;

describe('coverage', () => {
  it('that is over ends its order within a minute, and no other', async () => {
    app = await startTestApp({ upkeep: true });
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_00 });
    const ending = await issue(app, caller, ['a.example'], month);
    const lasting = await issue(app, caller, ['a.example'], { productCode: 'paid' });
    const open = await place(app, caller, ['open.example'], month);
    app = await app.restart({ afterSeconds: 30 * daySeconds - 60 });
    await app.idle();
    const state = async ({ order }: typeof ending) => (await app.ports.orders.get(caller, order)).order.state;
    assert.equal(await state(ending), 'active');
    await app.advance(60);
    assert.equal(await state(ending), 'ended');
    assert.equal(await state(lasting), 'active');
    assert.equal(await state(open), 'open', 'its coverage has not begun');
    const { items } = await app.ports.events.list(app.operator, { limit: 1, subject: ending.order.id });
    assert.deepEqual([items[0]?.kind, items[0]?.actor], ['order.ended', 'system']);
  });

  it('of more orders than one sweep takes ends all the same', async () => {
    app = await startTestApp({ upkeep: true });
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_000_00 });
    const first = await issue(app, caller, ['a.example'], month);
    await app.database.write(async (tx) => {
      for (let i = 0; i < 450; i++) {
        const id = await nextId('order', app.context);
        const copy = await tx.orders.insert({ ...first.order, id, state: 'open' });
        const { coverageFrom, coverageUntil } = first.order;
        assert.ok(coverageFrom && coverageUntil);
        await tx.orders.move(copy.id, ['open'], 'active', { coverageFrom, coverageUntil });
      }
    });
    app = await app.restart({ afterSeconds: 31 * daySeconds });
    await app.advance(1);
    assert.equal((await app.ports.orders.list(caller, { limit: 1000, states: ['active'] })).items.length, 0);
  });

  const reissueAwaited = async (upkeep: boolean) => {
    app = await startTestApp({ upkeep });
    const { caller } = await createCustomer(app, { balanceMinor: 1_000_00 });
    const { order } = await issue(app, caller, ['a.example'], month);
    await app.ports.issuances.reissue(caller, order, await reissueFor(['a.example', 'late.example']));
    await app.idle();
    return { caller, order };
  };
  const assertEnded = async ({ caller, order }: Awaited<ReturnType<typeof reissueAwaited>>) => {
    const view = await app.ports.orders.get(caller, order);
    assert.deepEqual([view.order.state, view.issuance.state], ['ended', 'cancelled']);
    assert.equal((await app.ports.accounts.get(caller)).balanceMinor, 900_00, 'the reissue is given back');
    assert.equal((await app.ports.certificates.list(caller, { limit: 9 })).items.length, 1);
  };

  it('that ends while a reissue is awaited ends that too, and a proof that comes later issues nothing', async () => {
    const awaited = await reissueAwaited(true);
    app = await app.restart({ afterSeconds: 30 * daySeconds });
    await app.idle();
    app.checks.place('late.example');
    await app.advance(3600);
    await assertEnded(awaited);
  });

  it('that is over issues nothing, even before the sweep has seen it', async () => {
    const awaited = await reissueAwaited(false);
    app.checks.place('late.example');
    app = await app.restart({ afterSeconds: 30 * daySeconds });
    await app.idle();
    const view = await app.ports.orders.get(awaited.caller, awaited.order);
    assert.deepEqual([view.order.state, view.certificate], ['active', null]);
    await queueUpkeep(app.context);
    app.context.queue.wake();
    await app.idle();
    await assertEnded(awaited);
  });
});

describe('proofs', () => {
  it('that ran out are marked within an hour', async () => {
    app = await startTestApp({ upkeep: true });
    const { caller } = await createCustomer(app);
    const view = await issue(app, caller, ['a.example']);
    const state = async () => {
      const [authorization] = (await app.ports.orders.get(caller, view.order)).authorizations;
      return authorization?.state;
    };
    app = await app.restart({ afterSeconds: 199 * daySeconds - 60 });
    await app.idle();
    assert.equal(await state(), 'valid');
    await app.advance(3600);
    assert.equal(await state(), 'expired');
  });
});

describe('idempotency keys', () => {
  it('are forgotten once their window is over', async () => {
    app = await startTestApp({ upkeep: true });
    const { caller } = await createCustomer(app);
    const idempotency = { key: 'k', fingerprint: 'f', windowSeconds: 900 };
    await place(app, caller, ['a.example'], { idempotency });
    const kept = () => countRows(app.databasePath).idempotency;
    await app.advance(600);
    assert.equal(kept(), 1);
    await app.advance(601);
    assert.equal(kept(), 0);
  });
});

describe('a CRL', () => {
  const newest = async () => {
    const authorities = await app.ports.operation.authorities(app.operator);
    const crls = await Promise.all(authorities.map(({ id }) => crlDerOf(app.database.read, id)));
    return crls.map((crl) => (crl === undefined ? undefined : parseCrl(crl)));
  };

  it('is there of every authority from the start, and new every day of those that sign for subscribers', async () => {
    app = await startTestApp({ upkeep: true });
    await app.idle();
    const first = await newest();
    assert.equal(first.length, 4);
    const lives = first.map((crl) => (Number(crl?.nextUpdate) - Number(crl?.thisUpdate)) / (daySeconds * 1000));
    assert.deepEqual(
      lives.toSorted((a, b) => a - b),
      [7, 7, 180, 180],
    );
    for (const crl of first) {
      // As old as its authority, and so less than five minutes.
      assert.deepEqual(crl?.thisUpdate, new Date(app.clock.now().getTime() - 60_000));
      assert.deepEqual(crl?.entries, []);
    }
    for (let hour = 0; hour < 24; hour++) await app.advance(3600);
    const second = await newest();
    assert.deepEqual(
      second.map((crl) => crl?.numberHex),
      lives.map((days) => (days === 7 ? '02' : '01')),
    );
    const backdated = new Date(app.clock.now().getTime() - 300_000);
    assert.deepEqual(
      second.map((crl) => crl?.thisUpdate),
      first.map((crl, index) => (lives[index] === 7 ? backdated : crl?.thisUpdate)),
    );
  });

  it('shows a revoked certificate until some lists after its end have, and then no more', async () => {
    app = await startTestApp({ upkeep: true });
    const { caller } = await createCustomer(app);
    const { order } = await issue(app, caller, ['a.example']);
    await app.ports.revocations.revokeOrder(caller, order, 'unspecified');
    await app.idle();
    const entries = async () => (await newest()).flatMap((crl) => crl?.entries ?? []);
    assert.equal((await entries()).length, 1);
    // Its end is after 90 days. RFC 5280 §3.3.
    app = await app.restart({ afterSeconds: 91 * daySeconds });
    await app.idle();
    assert.equal((await entries()).length, 1);
    // A list's life after its end, and up to a week more, as it leaves with those that end in the same week.
    app = await app.restart({ afterSeconds: 14 * daySeconds });
    await app.idle();
    assert.deepEqual(await entries(), []);
  });
});

describe('queueing the upkeep', () => {
  it('again, as every start does, queues nothing twice and brings nothing forward', async () => {
    app = await startTestApp({ upkeep: true });
    const before = await app.tables();
    await queueUpkeep(app.context);
    await app.idle();
    const after = await app.tables();
    assert.deepEqual(
      after.jobs?.map(({ kind, subject }) => [kind, subject]),
      before.jobs?.map(({ kind, subject }) => [kind, subject]),
    );
    assert.equal(after.jobs?.length, 6 + 4);
  });
});
