/**
 * What the projection of orders must do on every engine: among very many orders of an account every search finds what a look at each of
 * them finds, whatever has happened to them meanwhile.
 */
import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { EventKind } from '../../src/domain/event.ts';
import type { Issuance } from '../../src/domain/issuance.ts';
import { type Order, type OrderStanding, standingOf } from '../../src/domain/order.ts';
import type { OrderSort } from '../../src/domain/ports/orders.ts';
import type { Database, Stores } from '../../src/domain/ports/stores/index.ts';
import type { StoredOrderSearch } from '../../src/domain/ports/stores/orders.ts';
import { type Product, yearsOf } from '../../src/domain/product.ts';
import {
  at,
  bytes,
  id,
  insertWorld,
  later,
  newCertificate,
  newCredential,
  newIssuance,
  newOrder,
  newProduct,
  type World,
} from './fixtures.ts';
import type { Opened } from './store-suite.ts';

/** Enough for the account to be searched by the projection. */
const count = 1300;
const dialect = 'digicert';
/** In an order of their own, not that of the words. */
const standingGroups: readonly (readonly OrderStanding[])[] = [
  ['cancelled'],
  ['active'],
  ['ended', 'awaitingCsr'],
  ['awaitingApproval', 'awaitingValidation', 'issuing'],
  ['revoked'],
  ['reissuing'],
  ['rejected', 'failed'],
];

/** An order as the test knows it, by which each search is answered once more. */
interface Known {
  order: Order;
  issuance: Issuance;
  certificateUntil: Date | null;
  readonly product: Product;
}

export function listedOrderSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`many orders of an account on ${name}`, () => {
    let opened: Opened;
    let world: World;
    const all: Known[] = [];
    const write: Database['write'] = (work) => opened.database.write(work);

    const record = (tx: Stores, order: Order, kind: EventKind, data = {}) =>
      tx.events.append({
        kind,
        accountId: order.accountId,
        actor: 'system',
        subject: order.id,
        data,
        requestId: null,
        at: later(order.number % 1000),
      });

    before(async () => {
      opened = await openFresh();
      world = await write((tx) => insertWorld(tx));
      const { account } = world;
      const products = [
        world.product,
        ...['Zeta', 'Alpha', 'Alpha'].map((named) => newProduct({ code: id('product'), name: named })),
      ];
      const [key, other] = await write(async (tx) => {
        for (const product of products) await tx.products.put(product);
        const ofAccount = { accountId: account.id, userId: null };
        return [
          await tx.credentials.insert(newCredential({ ...ofAccount, publicId: id('credential') })),
          await tx.credentials.insert(newCredential({ ...ofAccount, publicId: id('credential') })),
        ];
      });
      const states = [
        'active',
        'active',
        'active',
        'ended',
        'revoked',
        'cancelled',
        'failed',
        'rejected',
        'open',
      ] as const;
      await write(async (tx) => {
        for (let index = 0; index < count; index++) {
          const product = products[(index * 7) % products.length] ?? world.product;
          const state = states[(index * 11) % states.length] ?? 'active';
          const orderId = id('order');
          const coverageUntil = state === 'open' ? null : later(index % 5 === 0 ? -index : index);
          const order = await tx.orders.insert(
            newOrder(world, {
              id: orderId,
              dialect,
              productId: product.id,
              state,
              credentialId: index % 3 === 0 ? (key?.id ?? null) : (other?.id ?? null),
              coverage: { unit: 'years', count: 1 + (index % 4) },
              coverageUntil,
              organizationId: null,
              containerId: null,
              customValues: [],
              renewalOf: index % 10 === 0 ? id('order') : null,
              alternativeReference: index % 6 === 0 ? `PO-${index % 40}/Ä` : null,
              contact: index % 8 === 0 ? { name: 'Li', email: `Li${index % 50}@Mail.example` } : null,
              reminders: { isOff: false, addresses: index % 9 === 0 ? ['ops@example.com'] : [], message: '' },
              createdAt: later(count - index),
            }),
          );
          const names = [`host${(index * 37) % 701}.zone${index % 20}.example`, `www.host${index}.example`];
          const isWaiting = index % 2 === 0;
          const issuance = await tx.issuances.insert({
            ...newIssuance(order, names),
            csr: index % 7 === 0 ? null : bytes(3),
            state: state === 'open' ? (isWaiting ? 'awaitingApproval' : 'awaitingValidation') : 'issued',
          });
          const certificateUntil = state === 'open' || index % 13 === 0 ? null : later(index % 60);
          if (certificateUntil !== null) await tx.orders.updateCertificateUntil(orderId, certificateUntil);
          await record(tx, order, 'order.placed');
          all.push({ order, issuance, certificateUntil, product });
        }
      });
    });
    after(() => opened.remove());

    /** The orders that the search must find, in their order. */
    function expected({ sort = [], ...search }: Partial<StoredOrderSearch>): readonly Known[] {
      const standing = ({ order, issuance }: Known) => standingOf(order, issuance, at);
      const isWithin = (value: Date | null, from: Date | undefined, until: Date | undefined) =>
        (from === undefined || (value !== null && value >= from)) &&
        (until === undefined || (value !== null && value <= until));
      const found = all.filter(
        (one) =>
          (search.standings?.includes(standing(one)) ?? true) &&
          (search.productCodes?.includes(one.product.code) ?? true) &&
          (search.isRenewal === undefined || search.isRenewal === (one.order.renewalOf !== null)) &&
          isWithin(one.order.createdAt, search.createdFrom, search.createdUntil) &&
          isWithin(one.certificateUntil, search.expiresFrom, search.expiresUntil) &&
          hasText(one, search.text) &&
          (search.emails === undefined || emailsOf(one.order).some((email) => search.emails?.includes(email))),
      );
      return found.toSorted((a, b) => {
        for (const by of sort) {
          const [left, right] = [keyOf(a, by), keyOf(b, by)];
          if (left === right) continue;
          if (left === null || right === null) return left === null ? 1 : -1;
          return left < right === by.descending ? 1 : -1;
        }
        return 0;
      });
    }

    function emailsOf({ contact, reminders }: Order): readonly string[] {
      return [contact?.email?.toLowerCase() ?? '', ...reminders.addresses];
    }

    function hasText({ order, issuance }: Known, text: StoredOrderSearch['text']): boolean {
      if (text === undefined) return true;
      const value = text.value.toLowerCase();
      const fields = [
        ...issuance.names.map(({ identifier }) => identifier.value),
        order.alternativeReference?.toLowerCase() ?? '',
        ...(text.inEmails === true ? emailsOf(order) : []),
      ];
      return (
        text.value === String(order.number) ||
        fields.some((field) => (text.isExact ? field === value : field.includes(value)))
      );
    }

    async function assertFound(search: Partial<StoredOrderSearch>): Promise<void> {
      const query = { accountId: world.account.id, dialect, now: at, limit: 2000, offset: 0, ...search };
      const wanted = expected(search);
      const { items, total } = await opened.database.read.orders.search(query);
      const label = JSON.stringify(search);
      assert.equal(total, wanted.length, `total of ${label}`);
      const page = wanted.slice(query.offset, query.offset + query.limit);
      assert.equal(items.length, page.length, label);
      const sorted = search.sort ?? [];
      const by = new Map(all.map((known) => [known.order.id, known]));
      const keys = (ones: readonly Known[]) => ones.map((one) => sorted.map((key) => keyOf(one, key)).join(' '));
      assert.deepEqual(keys(items.flatMap((one) => by.get(one.id) ?? [])), keys(page), label);
      assert.equal(new Set(items.map((one) => one.id)).size, items.length, label);
      if (query.limit >= wanted.length && query.offset === 0)
        assert.deepEqual(items.map((one) => one.id).toSorted(), wanted.map((one) => one.order.id).toSorted(), label);
    }

    /** What it is sorted by; null comes last in both directions. */
    function keyOf({ order, issuance, product, certificateUntil }: Known, sort: OrderSort): string | number | null {
      switch (sort.by) {
        case 'standing':
          return sort.order.findIndex((group) => group.includes(standingOf(order, issuance, at)));
        case 'coverageYears':
          return yearsOf(order.coverage);
        case 'productName':
          return product.name;
        case 'commonName':
          return issuance.names[0]?.identifier.value ?? '';
        case 'certificateUntil':
          return certificateUntil?.getTime() ?? null;
        case 'coverageUntil':
          return order.coverageUntil?.getTime() ?? null;
        case 'number':
          return order.number;
        case 'createdAt':
          return order.createdAt.getTime();
        default:
          return sort satisfies never;
      }
    }

    const sorts: readonly (readonly OrderSort[])[] = [
      [],
      ...[true, false].flatMap((descending) => [
        ...(
          [
            'number',
            'createdAt',
            'coverageYears',
            'coverageUntil',
            'certificateUntil',
            'commonName',
            'productName',
          ] as const
        ).map((by) => [{ by, descending }]),
        [{ by: 'standing', descending, order: standingGroups } as const],
        [
          { by: 'standing', descending, order: standingGroups } as const,
          { by: 'coverageYears', descending: !descending } as const,
          { by: 'commonName', descending } as const,
        ],
        [{ by: 'productName', descending } as const, { by: 'certificateUntil', descending: !descending } as const],
        [{ by: 'commonName', descending } as const, { by: 'certificateUntil', descending } as const],
        [{ by: 'commonName', descending } as const, { by: 'createdAt', descending: !descending } as const],
        [{ by: 'commonName', descending } as const, { by: 'standing', descending, order: standingGroups } as const],
      ]),
    ];
    /** Each order has to be looked at, and most fit: their totals are carried forward. */
    const broad: readonly Partial<StoredOrderSearch>[] = [
      { text: { value: 'ex', isExact: false } },
      { text: { value: 'w.', isExact: false }, isRenewal: false },
      {
        text: { value: 'e1', isExact: false },
        standings: ['active', 'reissuing', 'ended', 'awaitingApproval', 'issuing', 'revoked', 'cancelled', 'failed'],
      },
      { text: { value: 'oN', isExact: false, inEmails: true } },
    ];
    const conditions = (): readonly Partial<StoredOrderSearch>[] => [
      {},
      { standings: ['active', 'ended'] },
      { standings: ['active'] },
      { standings: ['reissuing', 'awaitingCsr', 'failed'] },
      { standings: ['ended'], productCodes: [world.product.code] },
      { standings: [] },
      { productCodes: all.slice(0, 3).map(({ product }) => product.code) },
      { productCodes: ['nobody'] },
      { isRenewal: true },
      { isRenewal: false, standings: ['active', 'revoked'] },
      { createdFrom: later(100), createdUntil: later(900) },
      { expiresFrom: later(10), expiresUntil: later(40), standings: ['active', 'reissuing'] },
      { text: { value: 'zone7.ex', isExact: false, inEmails: true } },
      { text: { value: 'EXAMPLE', isExact: false } },
      { text: { value: 'www.host77.example', isExact: true, inEmails: true }, standings: ['active', 'cancelled'] },
      { text: { value: 'po-12/Ä', isExact: true } },
      { text: { value: '-1', isExact: false } },
      ...broad,
      { text: { value: 'li1', isExact: false, inEmails: true } },
      { text: { value: 'li1', isExact: false } },
      { text: { value: 'li16@mail.example', isExact: true, inEmails: true } },
      { text: { value: 'nobody has this', isExact: false, inEmails: true } },
      { text: { value: '50%', isExact: false } },
      { text: { value: 'e w', isExact: false } },
      { emails: ['ops@example.com', 'li8@mail.example'] },
      { emails: ['nobody@example.net'] },
    ];

    const sortedBy = (place: number) => ({ sort: sorts[place] ?? [] });
    const assertAll = async () => {
      // Each condition with some of the sorts, each sort with some of the conditions.
      for (const [index, condition] of conditions().entries())
        for (let place = index; place < sorts.length; place += 6)
          await assertFound({ ...condition, ...sortedBy(place) });
      for (const sort of sorts) {
        for (const page of [
          { offset: 3, limit: 7 },
          { offset: 600, limit: 200 },
          { offset: 1290, limit: 50 },
          { offset: 5000, limit: 9 },
        ])
          await assertFound({ ...page, sort });
        await assertFound({ offset: 40, limit: 100, standings: ['active', 'ended', 'reissuing'], sort });
      }
    };

    it('are found, sorted and counted as a look at each of them does', assertAll);

    it('have certificates that are found by their SHA-1 and SHA-256, those of other accounts are not', async () => {
      const made = await write(async (tx) => {
        const known = all.at(-1) ?? assert.fail();
        const issuance = (await tx.issuances.get(known.issuance.id)) ?? assert.fail();
        const certificate = await tx.certificates.insert(newCertificate(issuance));
        await record(tx, known.order, 'certificate.issued', { certificate: certificate.id });
        return certificate;
      });
      const accountId = world.account.id;
      const byThumbprint = (thumbprint: string, more: object = {}) =>
        opened.database.read.certificates.findByThumbprint({ accountId, ...more }, thumbprint);
      const sha1 = hash('sha1', made.der, 'hex');
      const found = { orderId: made.orderId, number: made.number };
      assert.deepEqual(await byThumbprint(sha1), found);
      assert.deepEqual(await byThumbprint(sha1, { dialect }), found);
      assert.deepEqual(await byThumbprint(hash('sha256', made.der, 'hex')), found);
      assert.equal(await byThumbprint(sha1, { dialect: 'racent' }), undefined);
      assert.equal(await byThumbprint(sha1, { accountId: id('account') }), undefined);
      // The same first six bytes, and others after them.
      assert.equal(await byThumbprint(`${sha1.slice(0, 12)}${'0'.repeat(28)}`), undefined);
      assert.equal(await byThumbprint('0'.repeat(40)), undefined);
    });

    it('are found as they are after a change, at once', async () => {
      // What is counted now is carried forward.
      for (const condition of broad) await assertFound(condition);
      const change = async (index: number, work: (tx: Stores, known: Known) => Promise<void>, kind: EventKind) => {
        const known = all[index] ?? assert.fail();
        await write(async (tx) => {
          await work(tx, known);
          await record(tx, known.order, kind);
        });
        known.order = (await opened.database.read.orders.get(known.order.id)) ?? assert.fail();
      };
      const active = all.flatMap(({ order }, index) => (order.state === 'active' ? [index] : []));
      for (const index of active.slice(0, 300))
        await change(
          index,
          async (tx, { order }) => void (await tx.orders.move(order.id, ['active'], 'revoked')),
          'order.changed',
        );
      for (const index of active.slice(300, 305))
        await change(
          index,
          async (tx, { order }) => tx.orders.update(order.id, { alternativeReference: `changed ${order.number}` }),
          'order.changed',
        );
      for (const index of active.slice(305, 310)) {
        await change(
          index,
          async (tx, known) => {
            const issuance = { ...newIssuance({ ...known.order, issuanceId: id('issuance') }, ['again.example']) };
            known.issuance = await tx.issuances.insert({ ...issuance, kind: 'reissue', state: 'awaitingValidation' });
            await tx.orders.updateIssuance(known.order.id, issuance.id, 0);
          },
          'order.reissued',
        );
        // Until it has a certificate, the one before is what is shown and searched.
        const known = all[index] ?? assert.fail();
        known.issuance = {
          ...known.issuance,
          names: (await opened.database.read.issuances.get(known.issuance.id))?.names ?? [],
        };
      }
      await assertFound({ text: { value: 'changed 2', isExact: false } });
      await assertFound({ standings: ['revoked'] });
      await assertFound({ standings: ['active'] });
      for (const condition of broad) await assertFound(condition);
      await assertFound({ text: { value: 'ch', isExact: false } });
    });
  });
}
