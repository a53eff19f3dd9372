/**
 * What the projection of requests for approval must do on every engine: among very many of an account every list finds what a look at each
 * of them finds, whatever has happened to them meanwhile.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Approval } from '../../src/domain/approval.ts';
import type { Issuance } from '../../src/domain/issuance.ts';
import type { Order } from '../../src/domain/order.ts';
import type { ApprovalPage } from '../../src/domain/ports/stores/approvals.ts';
import type { Database, Stores } from '../../src/domain/ports/stores/index.ts';
import { at, id, insertOrder, insertWorld, later, newApproval, newIssuance, type World } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

/** Enough for the account to be searched by the projection. */
const count = 1200;
const dialect = 'digicert';

type Sort = NonNullable<ApprovalPage['sort']>[number];

/** A request as the test knows it, by which each list is answered once more. */
interface Known {
  approval: Approval;
  order: Order;
  commonName: string;
  readonly issuance: Issuance;
}

export function listedApprovalSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`many requests for approval of an account on ${name}`, () => {
    let opened: Opened;
    let world: World;
    const container = id('container');
    const all: Known[] = [];
    const write: Database['write'] = (work) => opened.database.write(work);

    const record = (tx: Stores, order: Order) =>
      tx.events.append({
        kind: 'order.placed',
        accountId: order.accountId,
        actor: 'system',
        subject: order.id,
        data: {},
        requestId: null,
        at: later(order.number % 1000),
      });

    async function add(tx: Stores, order: Order, issuance: Issuance, change: Partial<Approval>): Promise<void> {
      const approval = await tx.approvals.insert(newApproval(issuance, change));
      all.push({ approval, order, issuance, commonName: issuance.names[0]?.identifier.value ?? '' });
    }

    before(async () => {
      opened = await openFresh();
      world = await write((tx) => insertWorld(tx));
      const states = ['approved', 'approved', 'approved', 'pending', 'rejected', 'submitted', 'approved'] as const;
      await write(async (tx) => {
        for (let index = 0; index < count; index++) {
          const names = [
            `Host${(index * 37) % 701}.zone${index % 20}.example`.toLowerCase(),
            `www.host${index}.example`,
          ];
          const { order, issuance } = await insertOrder(tx, world, names, {
            dialect: index % 50 === 0 ? 'racent' : dialect,
            containerId: index % 30 === 7 ? container : null,
            organizationId: null,
          });
          await add(tx, order, issuance, { state: states[(index * 11) % states.length] ?? 'approved' });
          // Some have several, and those of a later issuance are about another name.
          if (index % 6 === 0) {
            const later = await tx.issuances.insert({
              ...newIssuance(order, [`later${index}.example`]),
              id: id('issuance'),
              kind: 'reissue',
            });
            await add(tx, order, later, { asks: 'reissue', state: index % 12 === 0 ? 'pending' : 'approved' });
          }
          if (index % 9 === 0) await add(tx, order, issuance, { asks: 'revoke', state: 'pending' });
          await record(tx, order);
        }
      });
    });
    after(() => opened.remove());

    function expected({ sort = [], ...page }: Partial<ApprovalPage>): readonly Known[] {
      const { states, asks, commonName, containers } = page;
      const found = all.filter(
        ({ approval, order, commonName: name }) =>
          order.dialect === dialect &&
          (states?.includes(approval.state) ?? true) &&
          (asks?.includes(approval.asks) ?? true) &&
          (containers === undefined ||
            !('notIn' in containers) ||
            containers.notIn.length === 0 ||
            order.containerId === null) &&
          (commonName === undefined ||
            (commonName.isExact
              ? name === commonName.value.toLowerCase()
              : name.includes(commonName.value.toLowerCase()))),
      );
      const sorts = sort.some(({ by }) => by === 'number')
        ? sort
        : [...sort, { by: 'number', descending: true } as const];
      return found.toSorted((a, b) => {
        for (const by of sorts) {
          const [left, right] = [keyOf(a, by), keyOf(b, by)];
          if (left !== right) return left < right === by.descending ? 1 : -1;
        }
        return 0;
      });
    }

    function keyOf({ approval, order, commonName }: Known, { by }: Sort): string | number {
      const keys = {
        number: approval.number,
        asks: approval.asks,
        state: approval.state,
        orderNumber: order.number,
        commonName,
      };
      return keys[by];
    }

    async function assertFound(change: Partial<ApprovalPage>): Promise<void> {
      const page = { accountId: world.account.id, dialect, limit: 1000, offset: 0, ...change };
      const wanted = expected(change);
      const behind = wanted.filter(({ approval }) => page.before === undefined || approval.number < page.before);
      const { items, total } = await opened.database.read.approvals.search(page);
      const label = JSON.stringify(change);
      assert.equal(total, wanted.length, `total of ${label}`);
      assert.deepEqual(
        items.map(({ number }) => number),
        behind.slice(page.offset, page.offset + page.limit).map(({ approval }) => approval.number),
        label,
      );
    }

    const keys = ['number', 'asks', 'state', 'orderNumber', 'commonName'] as const;
    const sorts: readonly (readonly Sort[])[] = [
      [],
      ...[true, false].flatMap((descending) => [
        ...keys.map((by) => [{ by, descending }]),
        [{ by: 'state', descending } as const, { by: 'commonName', descending: !descending } as const],
        [
          { by: 'asks', descending } as const,
          { by: 'state', descending } as const,
          { by: 'number', descending } as const,
        ],
        [{ by: 'commonName', descending } as const, { by: 'state', descending: !descending } as const],
      ]),
    ];
    const conditions = (): readonly Partial<ApprovalPage>[] => [
      {},
      { states: ['approved'] },
      { states: ['pending', 'submitted'] },
      { states: ['rejected'], asks: ['new', 'reissue'] },
      { states: [] },
      { asks: ['revoke'] },
      { asks: ['duplicate'] },
      { containers: { notIn: [container] } },
      { containers: { notIn: [container] }, states: ['approved', 'rejected'] },
      { containers: { notIn: [] } },
      { commonName: { value: 'zone7.ex', isExact: false } },
      { commonName: { value: 'EXAMPLE', isExact: false } },
      { commonName: { value: 'later6', isExact: false }, asks: ['reissue'] },
      { commonName: { value: 'later66.example', isExact: true } },
      { commonName: { value: 'www.host', isExact: false } },
      { commonName: { value: 'er', isExact: false }, states: ['approved'] },
      { commonName: { value: '5_', isExact: false } },
      // Each request has to be looked at: their totals are carried forward.
      { commonName: { value: 'w.', isExact: false } },
      { commonName: { value: 'er', isExact: false }, containers: { notIn: [container] } },
    ];

    const assertAll = async () => {
      // Each condition with some of the sorts, each sort with some of the conditions.
      for (const [index, condition] of conditions().entries())
        for (let place = index % 5; place < sorts.length; place += 5)
          await assertFound({ ...condition, sort: sorts[place] ?? [], limit: 60 });
      for (const sort of sorts)
        for (const page of [
          { offset: 3, limit: 7 },
          { offset: 700, limit: 100 },
          { offset: 1500, limit: 1000 },
          { offset: 2 ** 31 - 1, limit: 9 },
        ])
          await assertFound({ ...page, sort });
      const cursor = all[all.length >> 1]?.approval.number ?? 0;
      for (const condition of conditions()) await assertFound({ ...condition, before: cursor, limit: 50 });
    };

    it('are found, sorted and counted as a look at each of them does', assertAll);

    it('are found as they are after a change, at once', async () => {
      const waiting = all.filter(({ approval }) => approval.state === 'pending').slice(0, 150);
      for (const known of waiting) {
        await write(async (tx) => {
          const { approval, order, issuance } = known;
          const decision = { approve: false, by: null, note: '', at };
          await tx.approvals.move(approval.id, ['pending'], 'rejected', decision);
          const names = issuance.names.slice(1);
          // The first name is taken out of what was to be approved.
          if (names.length > 0 && approval.asks === 'new') {
            await tx.issuances.reduce(issuance.id, { names, chargedMinor: 0 });
            for (const other of all.filter((one) => one.issuance.id === issuance.id))
              other.commonName = names[0]?.identifier.value ?? '';
          }
          await record(tx, order);
        });
        known.approval = (await opened.database.read.approvals.get(known.approval.id)) ?? assert.fail();
      }
      await assertAll();
    });

    it('of orders in a container, of some orders and of all accounts are found by the tables', async () => {
      const page = { accountId: world.account.id, limit: 100, offset: 0 };
      const total = async (change: Partial<ApprovalPage>) =>
        (await opened.database.read.approvals.search({ ...page, ...change })).total;
      const isInside = ({ order }: Known) => order.containerId !== null && order.dialect === dialect;
      assert.equal(await total({ dialect, containers: { in: [container] } }), all.filter(isInside).length);
      const first = all[0]?.order ?? assert.fail();
      const ofFirst = all.filter(({ order }) => order.id === first.id).length;
      assert.equal(await total({ orderIds: [first.id] }), ofFirst);
      assert.equal(await total({ accountId: null }), all.length);
    });
  });
}
