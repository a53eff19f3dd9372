/** What every engine must do with orders at upstreams, and with the work that finds its way without them. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { reason } from '../../src/domain/errors.ts';
import type { Issuance } from '../../src/domain/issuance.ts';
import type { Database, Stores } from '../../src/domain/ports/stores/index.ts';
import { newRelay } from '../../src/domain/relay.ts';
import { newUpstreamAccount } from '../../src/domain/upstream-account.ts';
import type { UpstreamOrder } from '../../src/domain/upstream-order.ts';
import type { VendorOrder } from '../../src/domain/vendor-order.ts';
import { at, bytes, id, insertOrder, insertWorld, later, newCertificate, newIssuance } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

export function upstreamSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`upstreams and lanes on ${name}`, () => {
    let opened: Opened;
    let world: Awaited<ReturnType<typeof insertWorld>>;
    const read = (): Stores => opened.database.read;
    const write: Database['write'] = (work, options) => opened.database.write(work, options);
    before(async () => {
      opened = await openFresh();
      world = await write((tx) => insertWorld(tx));
    });
    after(() => opened.remove());

    describe('orders at vendors', () => {
      const boughtOf = ({ id: issuanceId }: Issuance, change: Partial<VendorOrder> = {}): VendorOrder => ({
        ...{
          issuanceId,
          issuerId: 'vendor',
          account: 'racent',
          vendor: null,
          baseUrl: null,
          step: 'waiting',
          kind: 'new',
          product: 'dv',
          of: null,
        },
        ...{ reference: null, sentAt: null, words: null, price: null, coverageUntil: null },
        ...change,
      });
      const replace = (before: VendorOrder | undefined, order: VendorOrder) =>
        write((tx) => tx.vendorOrders.replace(before, order));

      it('move only from the step at which they were read', async () => {
        const { issuance } = await write((tx) => insertOrder(tx, world, ['v.example.com']));
        const waiting = boughtOf(issuance);
        const address = { vendor: 'racent', baseUrl: 'https://portal.racent.com' };
        const sent = { ...waiting, ...address, step: 'sent', sentAt: at } as const;
        const again = { ...sent, sentAt: later(60) };
        const bought = { ...sent, step: 'bought', reference: { order: '4711', certificate: null } } as const;
        assert.equal(await replace(waiting, sent), false);
        assert.equal(await replace(undefined, waiting), true);
        assert.equal(await replace(undefined, waiting), false);
        assert.equal(await replace(waiting, sent), true);
        assert.equal(await replace(waiting, bought), false);
        assert.equal(await replace(again, bought), false);
        assert.deepEqual(await read().vendorOrders.get(issuance.id), sent);
        assert.equal(await replace({ ...sent, words: 'new words' }, bought), true);
        assert.deepEqual(await read().vendorOrders.get(issuance.id), bought);
        assert.deepEqual(await read().vendorOrders.listByNumber('racent', '4711', 5), [bought]);
        assert.deepEqual(await read().vendorOrders.listSentSince('racent', at, 5), [bought]);
        assert.deepEqual(await read().vendorOrders.listSentSince('racent', later(1), 5), []);
        assert.deepEqual(await read().vendorOrders.listSentSince('wosign', at, 5), []);
      });
    });

    describe('upstreams', () => {
      const orderOf = (issuance: Issuance, change: Partial<UpstreamOrder> = {}): UpstreamOrder => ({
        issuanceId: issuance.id,
        issuerId: 'upstream',
        account: 'acme',
        state: 'issuing',
        reference: null,
        begunAt: at,
        deadline: later(60),
        relay: null,
        faults: 0,
        lastFault: null,
        evidence: null,
        route: null,
        endedAt: null,
        ...change,
      });

      it('keep one order for an issuance, and what each answer adds', async () => {
        const { issuance } = await write((tx) => insertOrder(tx, world, ['a.example.com']));
        await write((tx) => tx.upstreamOrders.insert(orderOf(issuance)));
        await assert.rejects(write((tx) => tx.upstreamOrders.insert(orderOf(issuance))));
        await write(async (tx) => {
          await tx.upstreamOrders.updateFault(issuance.id, 'refused');
          await tx.upstreamOrders.updateFault(issuance.id, 'timed out');
        });
        const failed = await read().upstreamOrders.get(issuance.id);
        assert.deepEqual([failed?.faults, failed?.lastFault, failed?.reference], [2, 'timed out', null]);
        await write(async (tx) => {
          await tx.upstreamOrders.updateReference(issuance.id, 'up-1');
          await tx.upstreamOrders.updateReference(issuance.id, null);
        });
        const evidence = { der: bytes(5), chain: [bytes(3)], reason: reason('orderCancelled', {}), at: later(3) };
        assert.equal(await write((tx) => tx.upstreamOrders.move(issuance.id, ['cancelling'], 'cancelled')), false);
        assert.deepEqual(await read().upstreamOrders.listNoted({ limit: 1 }), [
          orderOf(issuance, { reference: 'up-1', lastFault: 'timed out' }),
        ]);
        const end = { endedAt: later(4), evidence };
        assert.equal(await write((tx) => tx.upstreamOrders.move(issuance.id, ['issuing'], 'unfit', end)), true);
        const ended = orderOf(issuance, { state: 'unfit', reference: 'up-1', lastFault: 'timed out', ...end });
        assert.deepEqual(await read().upstreamOrders.get(issuance.id), ended);
      });

      it('keep what is to be passed on, and move their deadline with whose turn it is', async () => {
        const { issuance } = await write((tx) => insertOrder(tx, world, ['relay.example.com']));
        const relayed = orderOf(issuance, { account: 'relay', state: 'preparing', relay: newRelay });
        await write((tx) => tx.upstreamOrders.insert(relayed));
        assert.deepEqual(await read().upstreamOrders.get(issuance.id), relayed);
        const name = { kind: 'dns', value: 'relay.example.com' } as const;
        const relay = {
          proofsUntil: later(50),
          wish: {
            number: 2,
            choices: [{ name, choice: { method: 'email', address: 'a@example.com' } }],
            removals: [name],
            wantsCheck: true,
          },
          checkedAt: later(1),
          refusal: { wish: 1, name: name.value, reason: reason('orderCancelled', {}) },
        } as const;
        await write((tx) => tx.upstreamOrders.updateRelay(issuance.id, relay));
        const moved = { deadline: later(900) };
        assert.equal(await write((tx) => tx.upstreamOrders.move(issuance.id, ['preparing'], 'proving', moved)), true);
        const kept = { ...relayed, state: 'proving', relay, ...moved } as const;
        assert.deepEqual(await read().upstreamOrders.get(issuance.id), kept);
        assert.deepEqual(await read().upstreamOrders.listOpen('relay', 10), [kept]);
        await write((tx) => tx.upstreamOrders.move(issuance.id, ['proving'], 'cancelled', { endedAt: later(5) }));
        assert.deepEqual(await read().upstreamOrders.listOpen('relay', 10), []);
      });

      it('are listed page by page, the latest first, those of one moment by id', async () => {
        const ids: string[] = [];
        for (const second of [1, 2, 2, 3]) {
          const { issuance } = await write((tx) => insertOrder(tx, world, [`p${ids.length}.example.com`]));
          await write((tx) =>
            tx.upstreamOrders.insert(orderOf(issuance, { begunAt: later(1000 + second), state: 'lost' })),
          );
          ids.push(issuance.id);
        }
        const [first = '', a = '', b = '', last = ''] = ids;
        const [lower, higher] = [a, b].toSorted();
        const seen: string[] = [];
        for (let page = await read().upstreamOrders.listNoted({ limit: 1, state: 'lost' }); page.length > 0; ) {
          seen.push(...page.map(({ issuanceId }) => issuanceId));
          const after = page.at(-1) ?? assert.fail();
          page = await read().upstreamOrders.listNoted({ limit: 1, state: 'lost', after });
        }
        assert.deepEqual(seen, [last, higher, lower, first]);
      });

      it('keep an account as it was put last', async () => {
        const account = newUpstreamAccount('acme');
        await write((tx) => tx.upstreamAccounts.put(account));
        const open = { ...account, faults: 5, lastFault: 'away', openUntil: later(30) };
        await write((tx) => tx.upstreamAccounts.put(open));
        assert.deepEqual(await read().upstreamAccounts.get('acme'), open);
        assert.deepEqual(await read().upstreamAccounts.list(), [open]);
      });

      it('hold a certificate once for each issuer DN and serial', async () => {
        const { issuance } = await write((tx) => insertOrder(tx, world, ['a.example.com']));
        const { issuerHash, serial, ...certificate } = newCertificate(issuance);
        const insert = (change: object) =>
          write((tx) =>
            tx.certificates.insert({
              ...newCertificate(issuance),
              issuerHash,
              serial,
              id: id('certificate'),
              ...change,
            }),
          );
        const first = await insert(certificate);
        await assert.rejects(insert({}));
        await insert({ issuerHash: newCertificate(issuance).issuerHash });
        const withheld = await insert({ serial: `00${serial}`, isWithheld: true });
        assert.ok((await read().certificates.listBySerial(serial)).some((one) => one.id === first.id));
        const query = { accountId: issuance.accountId, orderId: issuance.orderId, limit: 10 };
        const ids = async (more: object) =>
          (await read().certificates.list({ ...query, ...more })).map((one) => one.id);
        assert.deepEqual(
          [(await ids({})).includes(withheld.id), (await ids({ withheld: false })).includes(withheld.id)],
          [true, false],
        );
      });
    });

    describe('an issuance that is being signed', () => {
      it('is its own job: found by its number, unless the queue has it or an upstream does', async () => {
        const { order, issuance } = await write((tx) => insertOrder(tx, world, ['a.example.com']));
        const plan = { serial: '0a', notBefore: at, notAfter: later(60), authorityId: null };
        const insert = (change: Partial<Issuance>) =>
          write((tx) =>
            tx.issuances.insert({
              ...newIssuance(order, ['a.example.com']),
              id: id('issuance'),
              state: 'issuing',
              ...change,
            }),
          );
        const [first, second, queued] = [await insert({ plan }), await insert({ plan }), await insert({ plan })];
        await insert({ plan: null });
        await write((tx) => tx.jobs.enqueue({ kind: 'issue', subject: queued.id, runAt: later(50) }));
        const upTo = await read().issuances.newestNumber();
        const found = (range: object) => read().issuances.listSigning({ after: issuance.number, upTo, ...range });
        assert.deepEqual(await found({}), [first.id, second.id]);
        assert.deepEqual(await found({ after: first.number }), [second.id]);
        assert.deepEqual(await found({ upTo: first.number }), [first.id]);
        await write((tx) => tx.issuances.move(first.id, ['issuing'], 'failed'));
        assert.deepEqual(await found({}), [second.id]);
        await write((tx) => tx.jobs.finish('issue', queued.id));
      });
    });

    describe('jobs', () => {
      it('wait in lanes, each of which is claimed for itself', async () => {
        const kind = 'issue';
        const enqueue = (subject: string, lane: string) =>
          write((tx) => tx.jobs.enqueue({ kind, subject, runAt: later(1), lane }));
        for (const [subject, lane] of [
          ['l1', 'issuer a'],
          ['l2', 'issuer b'],
          ['l3', 'issuer gone'],
        ] as const) {
          await enqueue(subject, lane);
        }
        assert.equal(await read().jobs.nextRunAt('issuer c'), undefined);
        const claimed = await write((tx) => tx.jobs.claimDue('issuer a', later(5), 600_000, 10));
        assert.deepEqual(
          claimed.map(({ subject, lane }) => [subject, lane]),
          [['l1', 'issuer a']],
        );
        assert.equal(
          await write((tx) => tx.jobs.moveStrayed('local', ['local', 'network', 'issuer a', 'issuer b'], 10)),
          1,
        );
        assert.equal((await read().jobs.get(kind, 'l3'))?.lane, 'local');
        await enqueue('l3', 'issuer a');
        assert.equal((await read().jobs.get(kind, 'l3'))?.lane, 'issuer a', 'its issuer is configured again');
        await write((tx) => tx.jobs.enqueue({ kind, subject: 'l2', runAt: later(900), lane: 'issuer b' }));
        await write(async (tx) => {
          await tx.jobs.finish(kind, 'l3');
          await tx.jobs.enqueue({ kind, subject: 'l3', runAt: later(900), lane: 'issuer b' });
          await tx.jobs.bringForward(later(3), { lane: 'issuer b', limit: 100 });
        });
        assert.deepEqual((await read().jobs.get(kind, 'l3'))?.runAt, later(3));
        for (const subject of ['l1', 'l2', 'l3']) await write((tx) => tx.jobs.finish(kind, subject));
      });
    });
  });
}
