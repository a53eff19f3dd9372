/** Orders with everything that belongs to them, as the dialects project them. */
import type { Account } from '../../domain/account.ts';
import type { Authorization } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import type { Certificate } from '../../domain/certificate.ts';
import { refuse } from '../../domain/errors.ts';
import { withCustomersChecks } from '../../domain/evidence.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { IssuanceView, OrderSummary, OrderView } from '../../domain/ports/orders.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { UpstreamRelay } from '../../domain/relay.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { inTurns } from '../in-turns.ts';
import { chainOfAuthority } from '../issuing/authority-chains.ts';
import { type FoundOrder, seesAllAccounts } from '../scope.ts';

/**
 * Reads what belongs to the order.
 * @param issuanceId of the issuance to show, where it is not the newest
 * @param reader who sees it: an operator sees all evidence, anybody else what customers may see
 */
export async function viewOrder(
  context: AppContext,
  order: Order,
  issuanceId: IssuanceId = order.issuanceId,
  reader?: Caller,
): Promise<OrderView> {
  const [view] = await viewOrders(context, [{ order, issuanceId }], reader);
  if (view === undefined) throw refuse('internal', {}, { cause: new Error(`order ${order.id} has no view`) });
  return view;
}

/** The views of orders, in their order, in as many queries as one takes. The rows they name exist by foreign keys. */
async function viewOrders(
  context: AppContext,
  found: readonly FoundOrder[],
  reader?: Caller,
): Promise<readonly OrderView[]> {
  const { read } = context.database;
  const issuances = await read.issuances.listByIds(found.map(({ issuanceId }) => issuanceId));
  const ids = new Set(issuances.flatMap(({ names }) => names.map(({ authorizationId }) => authorizationId)));
  const [views, authorizations] = await Promise.all([
    viewIssuances(context, found, issuances),
    read.authorizations.listByIds([...ids]).then(mapById),
  ]);
  const relays = await relaysOf(read, issuances, authorizations);
  return views.map((view) => ({
    ...view,
    ...shownOfRelay(view.issuance, relays.get(view.issuance.id)),
    authorizations: view.issuance.names.flatMap(({ identifier, authorizationId }) => {
      const authorization = authorizations.get(authorizationId);
      return authorization === undefined ? [] : [asOf(identifier, shownTo(reader, authorization))];
    }),
  }));
}

/** Of issuances whose names an upstream checks; the others cost no query. */
async function relaysOf(
  read: Stores,
  issuances: readonly Issuance[],
  authorizations: ReadonlyMap<string, Authorization>,
): Promise<ReadonlyMap<IssuanceId, UpstreamRelay>> {
  const isChecked = ({ authorizationId }: Issuance['names'][number]) =>
    authorizations.get(authorizationId)?.checkedBy != null;
  const relayed = issuances.filter(({ names }) => names.some(isChecked));
  const relays = await Promise.all(
    relayed.map(async ({ id }) => [id, (await read.upstreamOrders.get(id))?.relay] as const),
  );
  return new Map(relays.flatMap(([id, relay]) => (relay == null ? [] : [[id, relay] as const])));
}

function shownOfRelay(
  { state }: Pick<Issuance, 'state'>,
  relay: UpstreamRelay | undefined,
): Pick<OrderView, 'proofsUntil' | 'refusedWish'> {
  return withDefined({
    proofsUntil: relay?.proofsUntil ?? undefined,
    refusedWish: state === 'awaitingValidation' ? relay?.refusal?.reason : undefined,
  });
}

/** The same without what proves the names. @param issuances those that are to be shown */
export async function viewIssuances(
  context: AppContext,
  found: readonly FoundOrder[],
  issuances: readonly Issuance[],
): Promise<readonly IssuanceView[]> {
  const views = await readBeside(context, found, issuances);
  return Promise.all(
    views.map(async (view) => ({
      ...view,
      chain: view.certificate === null ? [] : await chainOf(context, view.certificate),
    })),
  );
}

/** The orders as lists show them, in their order. */
export async function summarizeOrders(
  context: AppContext,
  found: readonly FoundOrder[],
): Promise<readonly OrderSummary[]> {
  return inTurns(found, async (some) => {
    const ids = some.map(({ issuanceId }) => issuanceId);
    return readBeside(context, some, await context.database.read.issuances.listSummaries(ids));
  });
}

/** Reads the rows that belong to each issuance, in as many queries as one takes. */
async function readBeside<Shown extends Pick<Issuance, 'id' | 'certificateId'>>(
  context: AppContext,
  found: readonly FoundOrder[],
  shown: readonly Shown[],
): Promise<readonly (Omit<IssuanceView, 'issuance' | 'chain'> & { readonly issuance: Shown })[]> {
  const { read } = context.database;
  const orders = found.map(({ order }) => order);
  const named = orders.flatMap(({ organizationId }) => organizationId ?? []);
  const [products, accounts, approvals, certificates, organizations] = await Promise.all([
    byId(distinct(orders, 'productId'), (id) => read.products.get(id)),
    byId(distinct(orders, 'accountId'), (id) => read.accounts.get(id)),
    read.approvals.listNewestOfOrders(distinct(orders, 'id')).then((rows) => mapBy(rows, ({ orderId }) => orderId)),
    read.certificates.listByIds(shown.flatMap(({ certificateId }) => certificateId ?? [])).then(mapById),
    read.organizations.listByIds([...new Set(named)]).then(mapById),
  ]);
  const issuances = mapById(shown);
  const now = context.clock.now();
  return found.map(({ order, issuanceId }) => {
    const product = products.get(order.productId);
    const account = accounts.get(order.accountId);
    const issuance = issuances.get(issuanceId);
    if (product === undefined || account === undefined || issuance === undefined) {
      throw refuse('internal', {}, { cause: new Error(`order ${order.id} lacks its product, account or issuance`) });
    }
    return {
      order,
      product,
      account,
      issuance,
      certificate: (issuance.certificateId && certificates.get(issuance.certificateId)) ?? null,
      approval: approvals.get(order.id) ?? null,
      organization: (order.organizationId && organizations.get(order.organizationId)) ?? null,
      now,
    };
  });
}

function distinct<K extends keyof Order>(orders: readonly Order[], key: K): readonly Order[K][] {
  return [...new Set(orders.map((order) => order[key]))];
}

async function byId<I, T>(ids: readonly I[], get: (id: I) => Promise<T | undefined>): Promise<ReadonlyMap<I, T>> {
  const items = await Promise.all(ids.map(async (id) => [id, await get(id)] as const));
  return new Map(items.flatMap(([id, item]) => (item === undefined ? [] : [[id, item] as const])));
}

function mapById<T extends { readonly id: string }>(items: readonly T[]): ReadonlyMap<T['id'], T> {
  return mapBy(items, ({ id }): T['id'] => id);
}

function mapBy<K, T>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, T> {
  return new Map(items.map((item) => [keyOf(item), item]));
}

/** Leaves out evidence that is not for the reader. */
export function shownTo(reader: Caller | undefined, authorization: Authorization): Authorization {
  return reader !== undefined && seesAllAccounts(reader) ? authorization : withCustomersChecks(authorization);
}

/** The authorization as shown for a name that it serves, perhaps from a parent: one for each name, under that name. */
export function asOf(identifier: Identifier, authorization: Authorization): Authorization {
  return authorization.identifier.value === identifier.value ? authorization : { ...authorization, identifier };
}

/** A name of an issuance and what proves it, or is to: its own authorization, or one of a parent. */
export interface NameProof {
  readonly identifier: Identifier;
  readonly authorization: Authorization;
}

/** Sorts by the issuance's names. */
export async function proofsOf(stores: Stores, issuance: Issuance): Promise<readonly NameProof[]> {
  const ids = [...new Set(issuance.names.map((name) => name.authorizationId))];
  const known = mapById(await stores.authorizations.listByIds(ids));
  return issuance.names.flatMap(({ identifier, authorizationId }) => {
    const authorization = known.get(authorizationId);
    return authorization === undefined ? [] : [{ identifier, authorization }];
  });
}

/** The issuing certificates, nearest first: our own up to the root, an upstream's as it sent them. */
export async function chainOf(
  context: Pick<AppContext, 'database' | 'clock'>,
  certificate: Certificate,
): Promise<readonly Uint8Array[]> {
  if (certificate.upstreamChain !== null) return certificate.upstreamChain;
  return certificate.authorityId === null ? [] : chainOfAuthority(context, certificate.authorityId);
}

/** The view of an order right after its transaction, without reading it again. */
export function viewOfNew(
  parts: Pick<OrderView, 'order' | 'product' | 'issuance' | 'authorizations' | 'approval' | 'organization' | 'now'> & {
    readonly account: Account;
  },
): OrderView {
  const { order, product, account, issuance, approval, organization, now } = parts;
  const authorizations = parts.authorizations.map(withCustomersChecks);
  return {
    order,
    product,
    account,
    issuance,
    authorizations,
    approval,
    organization,
    now,
    certificate: null,
    chain: [],
  };
}

/** The same with what was signed meanwhile. */
export async function viewOfSigned(
  context: AppContext,
  view: OrderView,
  { order, issuance, certificate }: Pick<OrderView, 'order' | 'issuance'> & { readonly certificate: Certificate },
): Promise<OrderView> {
  return { ...view, order, issuance, certificate, chain: await chainOf(context, certificate) };
}
