/**
 * Lists of orders and of certificates by filters, on every engine: an account with few orders is answered by the tables, one with many and
 * all of them together by the projection. Both must find what a look at each of them finds, in the same order, page by page.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type Certificate, certificateStandingOf, certificateStandings } from '../../src/domain/certificate.ts';
import { reason } from '../../src/domain/errors.ts';
import type { EventKind } from '../../src/domain/event.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import type { Finding, Issuance } from '../../src/domain/issuance.ts';
import { type Order, type OrderStanding, standingOf } from '../../src/domain/order.ts';
import { isByEnd, type ListPlace, type OrderTurn, sortOf } from '../../src/domain/ports/list-filters.ts';
import type { FilteredCertificatesQuery } from '../../src/domain/ports/stores/certificates.ts';
import type { ContainerCondition } from '../../src/domain/ports/stores/containers.ts';
import type { Stores } from '../../src/domain/ports/stores/index.ts';
import type { FilteredOrdersQuery } from '../../src/domain/ports/stores/orders.ts';
import type { Product } from '../../src/domain/product.ts';
import { withDefined } from '../../src/domain/with-defined.ts';
import { createFakeRandomness } from '../support/system.ts';
import {
  at,
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

/** Few enough for the tables, and enough for the projection. */
const counts = { few: 150, many: 1030 } as const;
const filtersOfEach = 30;
const day = 86_400;

const states = ['active', 'active', 'active', 'open', 'ended', 'revoked', 'cancelled', 'failed', 'rejected'] as const;
const standings = [
  'awaitingApproval',
  'awaitingCsr',
  'awaitingValidation',
  'issuing',
  'active',
  'reissuing',
  'ended',
  'revoked',
  'cancelled',
] as const satisfies readonly OrderStanding[];
const openStates = ['awaitingValidation', 'awaitingValidation', 'awaitingApproval', 'ready', 'issuing'] as const;
const issuers = ['embedded', 'embedded', 'sectigo-main'] as const;
const dialects = ['native', 'digicert', 'acme'] as const;

/** An order as the test knows it. */
interface Known {
  readonly order: Order;
  readonly product: Product;
  readonly issuances: Issuance[];
  readonly certificates: Certificate[];
  certificateUntil: Date | null;
}

type OrderConditions = Omit<FilteredOrdersQuery, 'accountId' | 'limit' | 'before' | 'now'>;
type Looked = { readonly [Key in 'text' | 'inEmails']?: OrderConditions[Key] | undefined };
type CertificateConditions = Omit<FilteredCertificatesQuery, 'accountId' | 'limit' | 'before' | 'now'>;

/** The same choices in each run. */
function choices(seed: number) {
  const random = createFakeRandomness(seed);
  const below = (count: number) => Buffer.from(random.bytes(4)).readUInt32BE() % count;
  return {
    below,
    oneOf: <T>(values: readonly T[]): T => values[below(values.length)] ?? assert.fail('there are no values'),
    isOne: (in_: number) => below(in_) === 0,
  };
}

export function filterSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`lists by filters on ${name}`, () => {
    let opened: Opened;
    const worlds: { few?: World; many?: World } = {};
    const products: Product[] = [];
    const all: Known[] = [];
    const { below, oneOf, isOne } = choices(11);
    const places = { organizationId: id('organization'), containerId: id('container') };

    const record = (tx: Stores, { id: subject, accountId }: Order, kind: EventKind, data = {}) =>
      tx.events.append({ kind, accountId, actor: 'system', subject, data, requestId: null, at });

    const finding = (issuance: Issuance): Finding => ({
      name: issuance.names[0]?.identifier.value ?? '',
      method: 'httpFile',
      reason: reason('httpStatus', { url: 'http://host.example/x', status: 404 }),
      since: later(5),
    });

    async function addIssuance(tx: Stores, known: Known, change: Partial<Issuance>): Promise<Issuance> {
      const { order } = known;
      const issuanceId = id('issuance');
      const names = [`again${below(40)}.zone${below(7)}.example`];
      const issuance = await tx.issuances.insert({ ...newIssuance({ ...order, issuanceId }, names), ...change });
      if (change.kind === 'reissue') await tx.orders.updateIssuance(order.id, issuanceId, 0);
      known.issuances.push(issuance);
      if (issuance.state === 'awaitingValidation' && isOne(2))
        await tx.issuances.updateFinding(issuance.id, finding(issuance));
      return issuance;
    }

    async function certify(tx: Stores, known: Known, issuance: Issuance): Promise<void> {
      const notAfter = later(day * (below(120) - 40));
      const isWithheld = isOne(15);
      const createdAt = later(-below(200) * 3600);
      const change = { notAfter, isWithheld, createdAt, issuerId: issuance.issuerId };
      const certificate = await insertCertificate(tx, issuance, change);
      known.certificates.push(certificate);
      if (issuance.kind !== 'duplicate' && !isWithheld) known.certificateUntil = notAfter;
      await record(tx, known.order, 'certificate.issued', { certificate: certificate.id });
    }

    async function addOrder(tx: Stores, world: World): Promise<void> {
      const product = oneOf(products);
      const state = oneOf(states);
      const isIssued = ['active', 'ended', 'revoked'].includes(state);
      const order = await tx.orders.insert(
        newOrder(world, {
          id: id('order'),
          productId: product.id,
          dialect: oneOf(dialects),
          state,
          organizationId: isOne(9) ? places.organizationId : null,
          containerId: isOne(5) ? places.containerId : null,
          alternativeReference: isOne(3) ? `REF-${below(40)}` : null,
          contact: isOne(3) ? { name: 'Li', email: `Li${below(40)}@Mail.example` } : null,
          renewalMark: isOne(7) ? oneOf(['renewed', 'notRenewed'] as const) : null,
          coverageFrom: isIssued ? at : null,
          // Over, and not seen by the sweep yet.
          ...(state === 'active' && isOne(12) ? { coverageUntil: later(-9) } : {}),
          // Some at the same moment as others.
          createdAt: later(-below(300) * 7200),
        }),
      );
      const first = `host${below(90)}.zone${below(7)}.example`;
      const issuance = await tx.issuances.insert({
        ...newIssuance(order, isOne(3) ? [first, `*.zone${below(7)}.example`] : [first]),
        issuerId: oneOf(issuers),
        state: isIssued ? 'issued' : state === 'open' ? oneOf(openStates) : 'cancelled',
        ...(isOne(4) ? { csr: null } : {}),
      });
      const known: Known = { order, product, issuances: [issuance], certificates: [], certificateUntil: null };
      all.push(known);
      if (issuance.state === 'awaitingValidation' && isOne(2))
        await tx.issuances.updateFinding(issuance.id, finding(issuance));
      if (isIssued) await certify(tx, known, issuance);
      if (state === 'active' && isOne(4)) {
        const kind = oneOf(['reissue', 'duplicate'] as const);
        const isReady = isOne(2);
        const change = { kind, issuerId: oneOf(issuers), state: isReady ? 'issued' : 'awaitingValidation' } as const;
        const again = await addIssuance(tx, known, change);
        if (isReady) await certify(tx, known, again);
        else if (isOne(3)) await addIssuance(tx, known, { kind: 'duplicate', state: 'awaitingValidation' });
      }
      await record(tx, order, 'order.placed');
    }

    before(async () => {
      opened = await openFresh();
      await opened.database.write(async (tx) => {
        worlds.few = await insertWorld(tx);
        worlds.many = await insertWorld(tx);
        products.push(worlds.few.product, worlds.many.product, newProduct({ code: id('product') }));
        for (const product of products) await tx.products.put(product);
        for (const [size, count] of Object.entries(counts)) {
          const world = size === 'few' ? worlds.few : worlds.many;
          for (let index = 0; index < count; index++) await addOrder(tx, world);
        }
      });
      await opened.database.write(async (tx) => {
        for (const { order, certificates } of all) {
          for (const { id: certificate } of certificates.filter(() => isOne(5))) {
            await tx.certificates.moveToRevoked(certificate, at, 'superseded');
            await record(tx, order, 'certificate.revoked', { certificate });
          }
        }
      });
      // As they are now.
      const { read } = opened.database;
      for (const known of all) {
        for (const [index, { id: issuance }] of known.issuances.entries())
          known.issuances[index] = (await read.issuances.get(issuance)) ?? assert.fail();
        for (const [index, { id: certificate }] of known.certificates.entries())
          known.certificates[index] = (await read.certificates.get(certificate)) ?? assert.fail();
      }
    });
    after(() => opened.remove());

    const scopes = (): readonly (readonly [string, AccountId | null])[] => [
      ['an account with few orders', worlds.few?.account.id ?? assert.fail()],
      ['an account with many', worlds.many?.account.id ?? assert.fail()],
      ['all accounts', null],
    ];

    const isWithin = (value: Date | null, from: Date | undefined, end: Date | undefined) =>
      (from === undefined || (value !== null && value >= from)) &&
      (end === undefined || (value !== null && value < end));

    const namesOf = ({ names }: Issuance) => names.map(({ identifier }) => identifier.value);

    /** The issuance of the certificate that counts; before there is one, the newest. */
    function shownOf({ order, issuances }: Known): Issuance {
      const later = issuances.filter(({ kind, certificateId }) => kind === 'reissue' && certificateId !== null);
      const main = issuances.filter(({ kind }) => kind !== 'duplicate');
      return later.at(-1) ?? (order.coverageFrom === null ? main.at(-1) : issuances[0]) ?? assert.fail();
    }

    function failingOf({ issuances }: Known): Issuance | undefined {
      return issuances.findLast(({ state, finding: found }) => state === 'awaitingValidation' && found !== null);
    }

    const newestOf = ({ issuances }: Known) => issuances.findLast(({ kind }) => kind !== 'duplicate') ?? assert.fail();
    const hasPart = (names: readonly string[], part: string) => names.some((name) => name.includes(part.toLowerCase()));
    const isRenewedOf = ({ renewedBy, renewalMark }: Order) =>
      renewalMark === null ? renewedBy !== null : renewalMark === 'renewed';

    /** As the native API says it of orders that nothing keeps from going on. */
    function turnOf(known: Known): OrderTurn | undefined {
      const { state, csr } = newestOf(known);
      if (!['open', 'active'].includes(known.order.state)) return undefined;
      if (state === 'awaitingApproval') return 'approver';
      if (state === 'awaitingValidation') return 'customer';
      if (state === 'ready') return csr === null ? 'customer' : 'server';
      return state === 'issuing' ? 'server' : undefined;
    }

    function isInContainers({ containerId }: Order, condition: ContainerCondition): boolean {
      if ('in' in condition) return containerId !== null && condition.in.includes(containerId);
      return containerId === null || !condition.notIn.includes(containerId);
    }

    function hasText(order: Order, listed: Issuance, { text, inEmails }: Looked): boolean {
      if (text === undefined) return true;
      const { number, alternativeReference, contact, reminders } = order;
      const emails = [contact?.email ?? '', ...reminders.addresses];
      if (inEmails === true && emails.some((email) => email.toLowerCase().includes(text.toLowerCase()))) return true;
      const isInReference = alternativeReference?.toLowerCase().includes(text.toLowerCase()) === true;
      return isInReference || String(number) === text || hasPart(namesOf(listed), text);
    }

    function isReplaced({ issuances, certificates }: Known, { number, issuanceId }: Certificate): boolean {
      const kindOf = (issuance: string) => issuances.find(({ id: one }) => one === issuance)?.kind;
      if (kindOf(issuanceId) === 'duplicate') return false;
      const later = certificates.filter((one) => one.number > number);
      return later.some(({ id: one }) =>
        issuances.some(({ kind, certificateId }) => kind === 'reissue' && certificateId === one),
      );
    }

    /** The orders that the list must have, as `order issuance`, in their order. */
    function expectedOrders(accountId: AccountId | null, filter: OrderConditions): readonly string[] {
      const found = all.flatMap((known) => {
        const { order, issuances, certificateUntil } = known;
        const listed = filter.isFailing === true ? failingOf(known) : shownOf(known);
        const fits =
          listed !== undefined &&
          (accountId === null || order.accountId === accountId) &&
          (filter.dialect === undefined || order.dialect === filter.dialect) &&
          (filter.states?.includes(order.state) ?? true) &&
          (filter.productId === undefined || order.productId === filter.productId) &&
          (filter.issuerId === undefined || listed.issuerId === filter.issuerId) &&
          (filter.name === undefined || issuances.some((one) => namesOf(one).includes(filter.name ?? ''))) &&
          (filter.standings?.includes(standingOf(order, newestOf(known), at)) ?? true) &&
          (filter.turns === undefined || filter.turns.some((turn) => turn === turnOf(known))) &&
          (filter.isRenewed === undefined || filter.isRenewed === isRenewedOf(order)) &&
          (filter.organizationId === undefined || order.organizationId === filter.organizationId) &&
          (filter.containers === undefined || isInContainers(order, filter.containers)) &&
          (filter.reference === undefined || order.alternativeReference === filter.reference) &&
          (filter.serial === undefined || known.certificates.some(({ serial }) => serial === filter.serial)) &&
          hasText(order, listed, accountId === null ? { ...filter, inEmails: undefined } : filter) &&
          (!isByEnd(filter) || certificateUntil !== null) &&
          (filter.namePart === undefined || namesOf(listed).some((one) => one.includes(filter.namePart ?? ''))) &&
          isWithin(order.createdAt, filter.createdFrom, filter.createdBefore) &&
          isWithin(certificateUntil, filter.endsFrom, filter.endsBefore);
        if (!fits) return [];
        const newest = issuances.filter(({ kind }) => kind !== 'duplicate').at(-1);
        const shown = filter.isFailing === true || isByEnd(filter) ? listed : newest;
        const sortedBy = isByEnd(filter) ? certificateUntil : order.createdAt;
        return [{ order, shown: shown ?? assert.fail(), time: sortedBy?.getTime() ?? 0 }];
      });
      const sorted = found.toSorted((a, b) => {
        if (filter.isFailing === true) return b.shown.number - a.shown.number;
        const difference = a.time - b.time || a.order.number - b.order.number;
        return sortOf(filter).descending ? -difference : difference;
      });
      return sorted.map(({ order, shown }) => `${order.id} ${shown.id}`);
    }

    function expectedCertificates(accountId: AccountId | null, filter: CertificateConditions): readonly string[] {
      const found = all.flatMap((known) => {
        const { order, certificates } = known;
        return certificates.filter(
          (one) =>
            (accountId === null || one.accountId === accountId) &&
            (filter.dialect === undefined || order.dialect === filter.dialect) &&
            (filter.withheld === undefined || !one.isWithheld) &&
            (filter.standings?.includes(certificateStandingOf(one, at)) ?? true) &&
            (filter.productId === undefined || order.productId === filter.productId) &&
            (filter.issuerId === undefined || one.issuerId === filter.issuerId) &&
            (filter.name === undefined || one.names.includes(filter.name)) &&
            (filter.serial === undefined || one.serial === filter.serial) &&
            (filter.keyHash === undefined || one.keyHash === filter.keyHash) &&
            (filter.isReplaced === undefined || filter.isReplaced === isReplaced(known, one)) &&
            (filter.text === undefined || hasPart(one.names, filter.text)) &&
            (filter.text === undefined || hasPart(namesOf(shownOf(known)), filter.text)) &&
            isWithin(one.createdAt, filter.createdFrom, filter.createdBefore) &&
            isWithin(one.notAfter, filter.endsFrom, filter.endsBefore),
        );
      });
      const time = (one: Certificate) => (isByEnd(filter) ? one.notAfter : one.createdAt).getTime();
      const sorted = found.toSorted((a, b) => {
        const difference = time(a) - time(b) || a.number - b.number;
        return sortOf(filter).descending ? -difference : difference;
      });
      return sorted.map((one) => one.id);
    }

    /** All pages of a list, each no longer than it may be. */
    async function allPages<T extends { readonly place: ListPlace }>(
      limit: number,
      read: (page: { readonly limit: number; readonly before?: ListPlace }) => Promise<readonly T[]>,
    ): Promise<readonly T[]> {
      const found: T[] = [];
      for (;;) {
        const page = await read({ limit, ...withDefined({ before: found.at(-1)?.place }) });
        assert.ok(page.length <= limit);
        found.push(...page);
        if (page.length < limit) return found;
        assert.ok(found.length <= 2 * all.length, 'the pages end');
      }
    }

    const moments = () => ({
      createdFrom: isOne(3) ? later(-below(320) * 7200) : undefined,
      createdBefore: isOne(4) ? later(-below(200) * 7200) : undefined,
      endsFrom: isOne(4) ? later(day * (below(120) - 40)) : undefined,
      endsBefore: isOne(4) ? later(day * (below(120) - 30)) : undefined,
    });
    const some = <T>(values: readonly T[]) => values.filter(() => isOne(2));
    const shared = () => ({
      ...moments(),
      sort: isOne(3) ? { by: oneOf(['created', 'ends'] as const), descending: isOne(2) } : undefined,
      dialect: isOne(8) ? oneOf(dialects) : undefined,
      productId: isOne(4) ? oneOf(products).id : undefined,
      issuerId: isOne(4) ? oneOf([...issuers, 'nobody']) : undefined,
    });

    function orderFilter(): OrderConditions {
      return withDefined({
        ...shared(),
        states: isOne(3) ? some([...new Set(states)]) : undefined,
        name: isOne(6) ? `host${below(90)}.zone${below(7)}.example` : undefined,
        namePart: isOne(4)
          ? oneOf([`zone${below(7)}`, `host${below(9)}`, '*.zone', 'again', 'example', 'e%e', '9.', 'absent'])
          : undefined,
        isFailing: isOne(5) ? (true as const) : undefined,
        standings: isOne(3) ? some(standings) : undefined,
        turns: isOne(5) ? some(['approver', 'customer', 'server', 'operator'] as const) : undefined,
        isRenewed: isOne(8) ? isOne(2) : undefined,
        organizationId: isOne(10) ? places.organizationId : undefined,
        containers: isOne(6) ? (isOne(2) ? { in: [places.containerId] } : { notIn: [places.containerId] }) : undefined,
        text: isOne(5)
          ? oneOf([
              `zone${below(7)}`,
              `REF-${below(40)}`,
              `LI${below(40)}@m`,
              'ref',
              'absent',
              String(oneOf(all).order.number),
            ])
          : undefined,
        inEmails: isOne(2) ? (true as const) : undefined,
        serial: isOne(12) ? oneOf(all).certificates[0]?.serial : undefined,
      });
    }

    function certificateFilter(): CertificateConditions {
      const known = oneOf(all.filter(({ certificates }) => certificates.length > 0)).certificates[0];
      return withDefined({
        ...shared(),
        withheld: isOne(2) ? (false as const) : undefined,
        standings: isOne(3) ? some(certificateStandings) : undefined,
        name: isOne(7) ? known?.names[0] : undefined,
        serial: isOne(9) ? known?.serial : undefined,
        keyHash: isOne(12) ? (known?.keyHash ?? undefined) : undefined,
        isReplaced: isOne(3) ? isOne(2) : undefined,
        text: isOne(4) ? oneOf([`zone${below(7)}`, `host${below(9)}`, 'again', 'absent']) : undefined,
      });
    }

    it('find of orders what a look at each of them finds, page by page', async () => {
      let nonEmpty = 0;
      for (const [scope, accountId] of scopes()) {
        for (let n = 0; n < filtersOfEach; n++) {
          const ofReference = accountId !== null && isOne(9) ? { reference: `REF-${below(40)}` } : {};
          const filter = n === 0 ? {} : { ...orderFilter(), ...ofReference };
          const expected = expectedOrders(accountId, filter);
          if (expected.length > 0) nonEmpty++;
          const limit = oneOf([Math.max(5, Math.ceil(expected.length / 3)), 2000]);
          const found = await allPages(limit, (page) =>
            opened.database.read.orders.listFiltered({ accountId, now: at, ...filter, ...page }),
          );
          const shown = found.map(({ order, issuanceId }) => `${order.id} ${issuanceId}`);
          assert.deepEqual(shown, expected, `${scope}: ${JSON.stringify(filter)} by ${limit}`);
          const total = await opened.database.read.orders.countFiltered({ accountId, now: at, ...filter });
          assert.deepEqual(total, { count: expected.length, isMore: false }, `${scope}: ${JSON.stringify(filter)}`);
        }
      }
      assert.ok(nonEmpty > filtersOfEach, `${nonEmpty} lists had orders`);
    });

    it('find of certificates what a look at each of them finds, page by page', async () => {
      let nonEmpty = 0;
      for (const [scope, accountId] of scopes()) {
        for (let n = 0; n < filtersOfEach; n++) {
          const filter = n === 0 ? {} : certificateFilter();
          const expected = expectedCertificates(accountId, filter);
          if (expected.length > 0) nonEmpty++;
          const limit = oneOf([Math.max(5, Math.ceil(expected.length / 3)), 2000]);
          const found = await allPages(limit, (page) =>
            opened.database.read.certificates.listFiltered({ accountId, now: at, ...filter, ...page }),
          );
          const shown = found.map(({ certificate }) => certificate.id);
          assert.deepEqual(shown, expected, `${scope}: ${JSON.stringify(filter)} by ${limit}`);
          const total = await opened.database.read.certificates.countFiltered({ accountId, now: at, ...filter });
          assert.deepEqual(total, { count: expected.length, isMore: false }, `${scope}: ${JSON.stringify(filter)}`);
        }
      }
      assert.ok(nonEmpty > filtersOfEach, `${nonEmpty} lists had certificates`);
    });

    it('of another account find nothing', async () => {
      const accountId = id('account');
      const { orders, certificates } = opened.database.read;
      assert.deepEqual(await orders.listFiltered({ accountId, now: at, limit: 5, states: ['active', 'open'] }), []);
      assert.deepEqual(await orders.listFiltered({ accountId, now: at, limit: 5, isFailing: true }), []);
      assert.deepEqual(await certificates.listFiltered({ accountId, limit: 5, now: at, standings: ['valid'] }), []);
    });
  });
}
