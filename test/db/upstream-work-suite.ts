/** What every engine must do with what goes with orders at upstreams: budgets, exchanges, accounts and orders at ACME CAs, published proofs. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { AcmeUpstreamAccount } from '../../src/domain/acme-upstream-account.ts';
import type { AcmeUpstreamOrder } from '../../src/domain/acme-upstream-order.ts';
import { reason } from '../../src/domain/errors.ts';
import { type IssuanceId, newId } from '../../src/domain/ids.ts';
import type { Database, Stores } from '../../src/domain/ports/stores/index.ts';
import type { PublishedProof } from '../../src/domain/published-proof.ts';
import { keptExchanges } from '../../src/domain/upstream-exchange.ts';
import { createFakeRandomness } from '../support/system.ts';
import { at, bytes, insertOrder, insertWorld, later } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

export function upstreamWorkSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`work at upstreams on ${name}`, () => {
    let opened: Opened;
    let world: Awaited<ReturnType<typeof insertWorld>>;
    const read = (): Stores => opened.database.read;
    const write: Database['write'] = (work, options) => opened.database.write(work, options);
    const issuanceOf = async (text: string): Promise<IssuanceId> =>
      (await write((tx) => insertOrder(tx, world, [text]))).issuance.id;
    before(async () => {
      opened = await openFresh();
      world = await write((tx) => insertWorld(tx));
    });
    after(() => opened.remove());

    it('budgets count what was spent in their window, by subject, and take back what was not used', async () => {
      const [one, other] = [await issuanceOf('one.example.com'), await issuanceOf('other.example.com')];
      const of = { account: 'ca', budget: 'orders', subject: 'example.com' };
      await write(async (tx) => {
        for (const second of [1, 2, 3]) {
          await tx.upstreamSpendings.insert({ ...of, issuanceId: one, spentAt: later(second) });
        }
        await tx.upstreamSpendings.insert({ ...of, subject: 'example.org', issuanceId: other, spentAt: later(4) });
        await tx.upstreamSpendings.insert({ ...of, budget: 'certificates', issuanceId: one, spentAt: later(5) });
        await tx.upstreamSpendings.insert({ ...of, account: 'elsewhere', issuanceId: one, spentAt: later(6) });
      });
      const count = (since: number, atMost = 10) => read().upstreamSpendings.count(of, later(since), atMost);
      assert.deepEqual(await count(0), { spent: 3, oldest: later(1) });
      assert.deepEqual(await count(1), { spent: 2, oldest: later(2) }, 'what is as old as the window has left it');
      assert.deepEqual(await count(0, 2), { spent: 2, oldest: later(2) }, 'of the limit, the first that has to leave');
      assert.deepEqual(await count(9), { spent: 0, oldest: undefined });
      const { account, budget } = of;
      assert.deepEqual(await read().upstreamSpendings.largest({ account, budget }, at, 10), [
        { subject: 'example.com', spent: 3, oldest: later(1) },
        { subject: 'example.org', spent: 1, oldest: later(4) },
      ]);
      await write((tx) => tx.upstreamSpendings.giveBack({ account, issuanceId: one }, ['orders']));
      assert.deepEqual(await count(0), { spent: 0, oldest: undefined });
      assert.equal((await read().upstreamSpendings.count({ ...of, budget: 'certificates' }, at, 10)).spent, 1);
      assert.equal((await read().upstreamSpendings.count({ ...of, account: 'elsewhere' }, at, 10)).spent, 1);
      assert.equal(await write((tx) => tx.upstreamSpendings.purge(later(100), 2)), 2);
      assert.equal(await write((tx) => tx.upstreamSpendings.purge(later(100), 9)), 1);
    });

    it('exchanges are listed the newest first, and the oldest of an account make room', async () => {
      const issuanceId = await issuanceOf('exchange.example.com');
      const random = createFakeRandomness();
      const idAt = (now: Date) => newId('upstreamExchange', { clock: { now: () => now }, random });
      const exchange = (account: string, second: number) => ({
        ...{ id: idAt(later(second)), account, issuanceId, at: later(second), method: 'POST' },
        ...{ url: 'https://ca.example/order', asked: '', status: null, answer: `fault ${second}`, isActing: false },
      });
      await write(async (tx) => {
        await tx.upstreamExchanges.insert(exchange('other', 0));
        for (let i = 0; i < keptExchanges + 3; i++) await tx.upstreamExchanges.insert(exchange('ca', i));
      });
      const listed = await read().upstreamExchanges.list('ca', 1000);
      assert.equal(listed.length, keptExchanges);
      assert.deepEqual([listed[0]?.answer, listed.at(-1)?.answer], [`fault ${keptExchanges + 2}`, 'fault 3']);
      assert.equal((await read().upstreamExchanges.list('other', 1000)).length, 1);
      assert.equal((await read().upstreamExchanges.listOfIssuance(issuanceId, 5)).length, 5);
    });

    it('exchanges that acted stay with their issuance, however many went wrong since, until they are purged', async () => {
      const issuanceId = await issuanceOf('acted.example.com');
      const random = createFakeRandomness();
      const exchange = (second: number, isActing: boolean) => ({
        ...{ id: newId('upstreamExchange', { clock: { now: () => later(second) }, random }), account: 'acting' },
        ...{
          issuanceId: isActing ? issuanceId : null,
          at: later(second),
          method: 'POST',
          url: 'https://ca.example/order',
        },
        ...{ asked: '', status: 200, answer: `answer ${second}`, isActing },
      });
      await write(async (tx) => {
        for (let i = 0; i < 60; i++) await tx.upstreamExchanges.insert(exchange(i, true));
        for (let i = 60; i < 140; i++) await tx.upstreamExchanges.insert(exchange(i, false));
      });
      const kept = await read().upstreamExchanges.listOfIssuance(issuanceId, 200);
      assert.deepEqual([kept.length, kept[0]?.isActing, kept.at(-1)?.answer], [60, true, 'answer 0']);
      const all = await read().upstreamExchanges.list('acting', 1000);
      assert.equal(all.filter(({ isActing }) => !isActing).length, keptExchanges);
      assert.equal(await write((tx) => tx.upstreamExchanges.purge(later(10), 4)), 4);
      assert.equal(await write((tx) => tx.upstreamExchanges.purge(later(10), 100)), 6);
      assert.equal((await read().upstreamExchanges.listOfIssuance(issuanceId, 200)).length, 50);
    });

    it('accounts at CAs are one for each account and directory, and keep what they are given', async () => {
      const row: AcmeUpstreamAccount = {
        ...{ account: 'ca', directory: 'https://ca.example/directory', sealedKey: bytes(9), nextSealedKey: null },
        ...{ url: null, contacts: [], externalKeyId: null, sealedExternalKey: null, registeredAt: null },
      };
      const { account, directory } = row;
      await write((tx) => tx.acmeUpstreamAccounts.insert(row));
      await assert.rejects(write((tx) => tx.acmeUpstreamAccounts.insert(row)));
      await write((tx) => tx.acmeUpstreamAccounts.insert({ ...row, directory: 'https://a.example/directory' }));
      const change = { url: 'https://ca.example/account/1', contacts: ['mailto:a@b.example'], registeredAt: later(1) };
      await write((tx) => tx.acmeUpstreamAccounts.update(account, directory, change));
      assert.deepEqual(await read().acmeUpstreamAccounts.get(account, directory), { ...row, ...change });
      assert.deepEqual(
        (await read().acmeUpstreamAccounts.list(10)).map((one) => one.directory),
        ['https://a.example/directory', directory],
      );
      assert.equal(await read().acmeUpstreamAccounts.get('nobody', directory), undefined);
    });

    it('orders at CAs are as they were put last', async () => {
      const issuanceId = await issuanceOf('acme.example.com');
      const order: AcmeUpstreamOrder = {
        ...{ issuanceId, account: 'ca', directory: 'https://ca.example/directory', step: 'order', orderUrl: null },
        ...{ finalizeUrl: null, authorizationUrls: [], certificateUrl: null, replaces: null, profile: null },
        ...{ respondedTo: [], finalizedAt: null, finalizeRefusals: 0, placedAt: null, expiresAt: null, endedOrders: 0 },
        lastProblem: null,
      };
      assert.equal(await read().acmeUpstreamOrders.get(issuanceId), undefined);
      await write((tx) => tx.acmeUpstreamOrders.put(order));
      assert.deepEqual(await read().acmeUpstreamOrders.get(issuanceId), order);
      const next: AcmeUpstreamOrder = {
        ...{ ...order, step: 'finalize', orderUrl: 'https://ca.example/order/1', finalizeUrl: 'https://ca.example/f' },
        ...{
          authorizationUrls: ['https://ca.example/a/1'],
          respondedTo: [{ url: 'https://ca.example/c', at: later(2) }],
        },
        ...{ certificateUrl: 'https://ca.example/c/1', replaces: 'aki.serial', profile: 'classic', endedOrders: 2 },
        ...{
          finalizedAt: later(3),
          finalizeRefusals: 1,
          placedAt: later(1),
          expiresAt: later(9),
          lastProblem: 'not today',
        },
      };
      await write((tx) => tx.acmeUpstreamOrders.put(next));
      assert.deepEqual(await read().acmeUpstreamOrders.get(issuanceId), next);
      assert.deepEqual(await read().acmeUpstreamOrders.listByUrl('https://ca.example/order/1', 5), [next]);
      assert.deepEqual(await read().acmeUpstreamOrders.listByUrl('https://ca.example/order/2', 5), []);
      const other: AcmeUpstreamOrder = { ...next, issuanceId: await issuanceOf('shared.example.com') };
      await write((tx) => tx.acmeUpstreamOrders.put(other));
      const [newest, oldest] = other.issuanceId > issuanceId ? [other, next] : [next, other];
      assert.deepEqual(await read().acmeUpstreamOrders.listByUrl('https://ca.example/order/1', 5), [newest, oldest]);
      assert.deepEqual(await read().acmeUpstreamOrders.listByUrl('https://ca.example/order/1', 1), [newest]);
    });

    it('an order is given to another issuer of its pool only while it may be', async () => {
      const issuanceId = await issuanceOf('pool.example.com');
      const route = { pool: 'both', passed: [] };
      const first = { issuerId: 'first', account: 'a', begunAt: at, deadline: later(60), route } as const;
      await write((tx) =>
        tx.upstreamOrders.insert({
          ...{ ...first, issuanceId, state: 'issuing', reference: 'r-1', relay: null, faults: 3, lastFault: 'away' },
          ...{ evidence: null, endedAt: null },
        }),
      );
      const passed = [{ issuer: 'first', reason: reason('orderCancelled', {}), at: later(1), until: later(9) }];
      const back = { ...first, state: 'choosing', route: { pool: 'both', passed } } as const;
      assert.equal(await write((tx) => tx.upstreamOrders.reassign(issuanceId, ['choosing'], back)), false);
      assert.equal(await write((tx) => tx.upstreamOrders.reassign(issuanceId, ['issuing'], back)), true);
      const second = { ...back, state: 'issuing', issuerId: 'second', account: 'b' } as const;
      assert.equal(await write((tx) => tx.upstreamOrders.reassign(issuanceId, ['choosing'], second)), true);
      const found = await read().upstreamOrders.get(issuanceId);
      assert.deepEqual(
        [found?.issuerId, found?.account, found?.reference, found?.faults, found?.route],
        ['second', 'b', null, 0, { pool: 'both', passed }],
      );
    });

    it('proofs are found at their place while they live, and names below one are known', async () => {
      const issuanceId = await issuanceOf('proof.example.com');
      const proof = (place: string, value: string, until: number): PublishedProof => ({
        ...{ kind: 'dns', place, value, issuanceId, until: later(until) },
      });
      await write(async (tx) => {
        await tx.publishedProofs.put(proof('x.b.zone.example', 'one', 60));
        await tx.publishedProofs.put(proof('x.b.zone.example', 'two', 30));
        await tx.publishedProofs.put(proof('x.b.zone.example', 'two', 20));
        await tx.publishedProofs.put({ ...proof('token', 'file', 60), kind: 'http' });
        await tx.publishedProofs.put(proof('xab.zone.example', 'three', 60));
        await tx.publishedProofs.put(proof('old.c.zone.example', 'four', 5));
      });
      const values = async (place: string, second: number, limit = 9) =>
        (await read().publishedProofs.values('dns', place, later(second), limit)).toSorted();
      assert.deepEqual(await values('x.b.zone.example', 10), ['one', 'two']);
      assert.deepEqual(await values('x.b.zone.example', 25), ['one', 'two'], 'the later end counts');
      assert.deepEqual(await values('x.b.zone.example', 30), ['one']);
      assert.equal((await values('x.b.zone.example', 10, 1)).length, 1);
      assert.deepEqual(await values('token', 10), [], 'files are no records');
      assert.deepEqual(await read().publishedProofs.values('http', 'token', later(10), 9), ['file']);
      for (const [place, expected] of [
        ['b.zone.example', true],
        ['zone.example', true],
        ['x.b.zone.example', false],
        ['ab.zone.example', false], // only its letters end like that
        ['ken', false], // no name of the zone
        ['c.zone.example', false], // over
        ['%.zone.example', false],
        ['_.zone.example', false],
      ] as const) {
        assert.equal(await read().publishedProofs.hasBelow(place, later(10)), expected, place);
      }
      assert.equal(await write((tx) => tx.publishedProofs.purge(later(10), 9)), 1);
      await write((tx) => tx.publishedProofs.removeOf(issuanceId));
      assert.deepEqual(await values('x.b.zone.example', 10), []);
      assert.equal(await read().publishedProofs.hasBelow('zone.example', later(10)), false);
    });
  });
}
