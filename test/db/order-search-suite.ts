/** What every engine must do with the search for orders. */

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Issuance } from '../../src/domain/issuance.ts';
import { type Order, type OrderStanding, standingOf } from '../../src/domain/order.ts';
import type { orderSortKeys } from '../../src/domain/ports/orders.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import type { StoredOrderSearch } from '../../src/domain/ports/stores/orders.ts';
import { yearsOf } from '../../src/domain/product.ts';
import { type IssuanceState, issuanceTransitions, type OrderState, orderTransitions } from '../../src/domain/states.ts';
import { withDefined } from '../../src/domain/with-defined.ts';
import {
  at,
  bytes,
  id,
  insertCertificate,
  insertWorld,
  later,
  newIssuance,
  newOrder,
  newProduct,
  type World,
} from './fixtures.ts';
import type { Opened } from './store-suite.ts';

const orderStates = Object.keys(orderTransitions) as OrderState[];
const issuanceStates = Object.keys(issuanceTransitions) as IssuanceState[];

export function orderSearchSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`the search for orders on ${name}`, () => {
    let opened: Opened;
    before(async () => {
      opened = await openFresh();
    });
    after(() => opened.remove());
    const write: Database['write'] = (work) => opened.database.write(work);

    async function insert(
      world: World,
      names: readonly string[],
      order: Partial<Order> = {},
      issuance: Partial<Issuance> = {},
    ): Promise<{ readonly order: Order; readonly issuance: Issuance }> {
      return write(async (tx) => {
        const made = await tx.orders.insert(newOrder(world, { organizationId: null, ...order }));
        return { order: made, issuance: await tx.issuances.insert({ ...newIssuance(made, names), ...issuance }) };
      });
    }

    /** The ids of the page, and how many there are. */
    async function search({ account }: World, more: Partial<StoredOrderSearch>): Promise<readonly string[]> {
      const query = { accountId: account.id, now: at, limit: 1000, offset: 0, ...more };
      const { items, total } = await opened.database.read.orders.search(query);
      if (query.offset === 0 && query.limit === 1000) assert.equal(total, items.length);
      return items.map((order) => order.id);
    }

    it('knows how an order stands as the domain does, in every state that order and issuance can be in', async () => {
      const world = await write((tx) => insertWorld(tx));
      const all: { readonly id: string; readonly standing: OrderStanding }[] = [];
      for (const state of orderStates) {
        for (const issuanceState of issuanceStates) {
          for (const csr of [null, bytes(3)]) {
            for (const coverageUntil of [null, later(-1), at, later(1)]) {
              const names = ['a.standing.example'];
              // What is under way in an active order is never its first issuance.
              const kind = state === 'active' ? 'reissue' : 'new';
              const made = await insert(world, names, { state, coverageUntil }, { state: issuanceState, csr, kind });
              all.push({ id: made.order.id, standing: standingOf(made.order, made.issuance, at) });
            }
          }
        }
      }
      const standings = [...new Set(all.map(({ standing }) => standing))];
      assert.equal(standings.length, 11);
      for (const standing of standings) {
        const expected = all.filter((one) => one.standing === standing).map((one) => one.id);
        assert.deepEqual((await search(world, { standings: [standing] })).toSorted(), expected.toSorted(), standing);
      }
      const two = all.filter(({ standing }) => standing === 'ended' || standing === 'awaitingCsr').map((one) => one.id);
      assert.deepEqual((await search(world, { standings: ['ended', 'awaitingCsr'] })).toSorted(), two.toSorted());
      assert.deepEqual(await search(world, { standings: [] }), []);
    });

    it('finds by each condition, and by all of them together', async () => {
      const world = await write((tx) => insertWorld(tx));
      const other = newProduct({ code: `other ${world.account.id}`, name: 'Another' });
      await write((tx) => tx.products.put(other));
      const value = { fieldNumber: 12, label: 'cost', value: '34' };
      const { order: plain, issuance } = await insert(world, ['www.plain.example', 'mail.plain.example'], {
        alternativeReference: null,
        customValues: [],
        renewalMark: null,
      });
      const certificate = await write((tx) => insertCertificate(tx, issuance, { notAfter: later(50) }));
      const { order: marked } = await insert(world, ['mail.plain.example', '*.marked.example'], {
        dialect: 'racent',
        productId: other.id,
        alternativeReference: 'PO_100%',
        customValues: [value],
        renewalMark: 'renewed',
        createdAt: later(10),
      });
      const { order: renewed } = await insert(world, ['2001:db8::1'], {
        alternativeReference: 'PO-100',
        customValues: [{ ...value, fieldNumber: 1 }],
        renewalMark: null,
        renewedBy: marked.id,
        createdAt: later(20),
      });
      const { order: denied } = await insert(world, ['x.denied.example'], {
        alternativeReference: 'x',
        customValues: [],
        renewalMark: 'notRenewed',
        renewedBy: marked.id,
        createdAt: later(20),
      });
      // A name of an earlier issuance is not one of the newest.
      const reissue = {
        ...newIssuance({ ...plain, issuanceId: id('issuance') }, ['www.plain.example', 'mail.plain.example']),
      };
      await write(async (tx) => {
        await tx.issuances.insert({
          ...newIssuance({ ...denied, issuanceId: id('issuance') }, ['old.denied.example']),
        });
        await tx.issuances.insert({ ...reissue, kind: 'duplicate' });
        const duplicate = await tx.issuances.get(reissue.id);
        assert.ok(duplicate);
        await insertCertificate(tx, duplicate, { notAfter: later(9999) });
      });
      const stranger = await write((tx) => insertWorld(tx));
      await insert(stranger, ['www.plain.example']);

      const rows: readonly (readonly [Partial<StoredOrderSearch>, readonly Order[]])[] = [
        [{}, [denied, renewed, marked, plain]],
        [{ dialect: 'racent' }, [marked]],
        [{ productCodes: [other.code] }, [marked]],
        [{ productCodes: [other.code, world.product.code] }, [denied, renewed, marked, plain]],
        [{ productCodes: [] }, []],
        [{ numbers: [plain.number, denied.number, 1] }, [denied, plain]],
        [{ commonNames: ['www.plain.example'] }, [plain]],
        [{ commonNames: ['mail.plain.example'] }, [marked]],
        [{ commonNames: ['plain.example'] }, []],
        [{ names: ['mail.plain.example'] }, [marked, plain]],
        [{ names: ['*.marked.example'] }, [marked]],
        [{ names: ['2001:db8::1'] }, [renewed]],
        [{ names: ['old.denied.example'] }, []],
        [{ names: ['%.plain.example'] }, []],
        [{ text: { value: 'PLAIN', isExact: false } }, [marked, plain]],
        [{ text: { value: 'mail.plain.example', isExact: true } }, [marked, plain]],
        [{ text: { value: 'plain.example', isExact: true } }, []],
        [{ text: { value: 'po', isExact: false } }, [renewed, marked]],
        [{ text: { value: '_', isExact: false } }, [marked]],
        [{ text: { value: '%', isExact: false } }, [marked]],
        [{ text: { value: 'po-100', isExact: true } }, [renewed]],
        [{ text: { value: String(plain.number), isExact: false } }, [plain]],
        [{ text: { value: String(plain.number), isExact: true } }, [plain]],
        [{ text: { value: 'dns', isExact: false } }, []],
        [{ serials: [certificate.serial] }, [plain]],
        [{ serials: ['ab'] }, []],
        [{ issuanceNumbers: [issuance.number, 1] }, [plain]],
        [{ alternativeReference: 'PO-100' }, [renewed]],
        [{ alternativeReference: 'PO' }, []],
        [{ anyReference: 'PO_100%' }, [marked]],
        [{ anyReference: 'PO' }, []],
        [{ customFieldNumbers: [12] }, [marked]],
        [{ customFieldNumbers: [1] }, [renewed]],
        [{ isRenewed: true }, [renewed, marked]],
        [{ isRenewed: false }, [denied, plain]],
        [{ createdFrom: later(10) }, [denied, renewed, marked]],
        [{ createdUntil: later(10) }, [marked, plain]],
        [{ createdFrom: later(10), createdUntil: later(10) }, [marked]],
        [{ expiresFrom: later(50) }, [plain]],
        [{ expiresFrom: later(51) }, []],
        [{ expiresUntil: later(50) }, [plain]],
        [{ expiresUntil: later(49) }, []],
        [{ isRenewed: true, alternativeReference: 'PO-100', standings: ['awaitingValidation'] }, [renewed]],
        [{ isRenewed: true, alternativeReference: 'x' }, []],
      ];
      for (const [conditions, expected] of rows) {
        assert.deepEqual(
          await search(world, conditions),
          expected.map((order) => order.id),
          JSON.stringify(conditions),
        );
      }
    });

    it('finds the orders of an organization and of a container', async () => {
      const world = await write((tx) => insertWorld(tx));
      const accountId = world.account.id;
      const [organization, container] = await write(async (tx) => [
        await tx.organizations.insert({
          id: id('organization'),
          accountId,
          containerId: null,
          details: { name: 'Acme', city: 'Berlin', state: 'BE', country: 'DE' },
          state: 'active',
          validations: [],
          contacts: [],
          createdAt: at,
        }),
        await tx.containers.insert({
          id: id('container'),
          accountId,
          parentId: null,
          name: 'Acme',
          description: '',
          state: 'active',
          allowedNames: null,
          createdAt: at,
        }),
      ]);
      assert.ok(organization !== undefined && container !== undefined);
      const { order: a } = await insert(world, ['a.example'], { organizationId: organization.id, containerId: null });
      const { order: b } = await insert(world, ['b.example'], { containerId: container.id });
      assert.deepEqual(await search(world, { organizationNumbers: [organization.number] }), [a.id]);
      assert.deepEqual(await search(world, { containers: { in: [container.id] } }), [b.id]);
      assert.deepEqual(await search(world, { containers: { in: [] } }), []);
      assert.deepEqual(await search(world, { containers: { notIn: [container.id] } }), [a.id]);
      assert.deepEqual(await search(world, { containers: { notIn: [] } }), [b.id, a.id]);
    });

    it('sorts, what is missing last, and counts what is on no page', async () => {
      const world = await write((tx) => insertWorld(tx));
      const product = newProduct({ code: `sorted ${world.account.id}`, name: 'AAA' });
      await write((tx) => tx.products.put(product));
      const a = await insert(world, ['b.sorted.example'], { coverageUntil: later(9), createdAt: later(30) });
      const b = await insert(world, ['c.sorted.example', 'a.sorted.example'], {
        coverageUntil: null,
        createdAt: later(20),
      });
      const c = await insert(world, ['a.sorted.example'], {
        coverageUntil: later(5),
        productId: product.id,
        createdAt: later(20),
      });
      await write((tx) => insertCertificate(tx, b.issuance, { notAfter: later(70) }));
      await write((tx) => insertCertificate(tx, a.issuance, { notAfter: later(80) }));
      const sorted = async (by: (typeof orderSortKeys)[number], descending: boolean) => {
        const found = await search(world, { sort: [{ by, descending }] });
        return found.map((one) => [a, b, c].findIndex(({ order }) => order.id === one));
      };
      assert.deepEqual(await sorted('number', false), [0, 1, 2]);
      assert.deepEqual(await sorted('number', true), [2, 1, 0]);
      assert.deepEqual(await sorted('createdAt', false), [2, 1, 0]);
      assert.deepEqual(await sorted('createdAt', true), [0, 2, 1]);
      assert.deepEqual(await sorted('coverageUntil', false), [2, 0, 1]);
      assert.deepEqual(await sorted('coverageUntil', true), [0, 2, 1]);
      assert.deepEqual(await sorted('certificateUntil', false), [1, 0, 2]);
      assert.deepEqual(await sorted('certificateUntil', true), [0, 1, 2]);
      assert.deepEqual(await sorted('commonName', false), [2, 0, 1]);
      assert.deepEqual(await sorted('commonName', true), [1, 0, 2]);
      assert.deepEqual(await sorted('productName', false), [2, 1, 0]);
      const page = (limit: number, offset: number) =>
        opened.database.read.orders.search({ accountId: world.account.id, now: at, limit, offset });
      assert.deepEqual(await page(2, 0), { items: [c.order, b.order], total: 3 });
      assert.deepEqual(await page(2, 2), { items: [a.order], total: 3 });
      assert.deepEqual(await page(2, 4), { items: [], total: 3 });
      const d = await insert(world, ['d.sorted.example'], {
        coverage: { unit: 'months', count: 35 },
        state: 'revoked',
        coverageUntil: later(1),
      });
      const e = await insert(world, ['e.sorted.example'], {
        coverage: { unit: 'years', count: 1 },
        state: 'cancelled',
        coverageUntil: later(1),
      });
      const among = async (sort: StoredOrderSearch['sort']) => {
        const found = await search(world, {
          numbers: [c.order.number, d.order.number, e.order.number],
          ...withDefined({ sort }),
        });
        return found.map((one) => [c, d, e].findIndex(({ order }) => order.id === one));
      };
      assert.deepEqual(
        [c, d, e].map(({ order: { coverage } }) => yearsOf(coverage)),
        [2, 3, 1],
      );
      assert.deepEqual(await among([{ by: 'coverageYears', descending: false }]), [2, 0, 1]);
      assert.deepEqual(await among([{ by: 'coverageYears', descending: true }]), [1, 0, 2]);
      const order = [['cancelled', 'revoked'], ['awaitingValidation']] as const;
      assert.deepEqual(await among([{ by: 'standing', order, descending: false }]), [2, 1, 0]);
      assert.deepEqual(
        await among([
          { by: 'standing', order, descending: true },
          { by: 'coverageYears', descending: true },
        ]),
        [0, 1, 2],
      );
    });

    it('follows the names as they change', async () => {
      const world = await write((tx) => insertWorld(tx));
      const { order, issuance } = await insert(world, ['one.changed.example', 'two.changed.example']);
      const [, second] = issuance.names;
      assert.ok(second);
      await write((tx) => tx.issuances.reduce(issuance.id, { names: [second], chargedMinor: 0 }));
      assert.deepEqual(await search(world, { commonNames: ['two.changed.example'] }), [order.id]);
      assert.deepEqual(await search(world, { names: ['one.changed.example'] }), []);
      await write((tx) => tx.issuances.updateNames(issuance.id, issuance.names));
      assert.deepEqual(await search(world, { commonNames: ['one.changed.example'] }), [order.id]);
      await write((tx) => tx.issuances.move(issuance.id, ['awaitingValidation'], 'ready', { names: [second] }));
      assert.deepEqual(await search(world, { commonNames: ['one.changed.example'] }), []);
    });
  });
}
