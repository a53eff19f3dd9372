/** An order with everything that belongs to it, as the dialects project it. */
import type { Account } from '../domain/account.ts';
import type { Authorization } from '../domain/authorization.ts';
import type { Certificate } from '../domain/certificate.ts';
import { refuse } from '../domain/errors.ts';
import type { Issuance } from '../domain/issuance.ts';
import type { Order } from '../domain/order.ts';
import type { OrderView } from '../domain/platform.ts';
import type { Database, Stores } from '../domain/stores.ts';
import { chainOfAuthority } from './authority-chains.ts';
import type { AppContext } from './context.ts';

/** Reads what belongs to the order. The rows it names exist by foreign keys. */
export async function viewOrder(context: AppContext, order: Order): Promise<OrderView> {
  const { read } = context.database;
  const [product, account, issuance, approval] = await Promise.all([
    read.products.get(order.productId),
    read.accounts.get(order.accountId),
    read.issuances.get(order.issuanceId),
    read.approvals.getNewestOfOrder(order.id),
  ]);
  if (product === undefined || account === undefined || issuance === undefined) {
    throw refuse('internal', {}, { cause: new Error(`order ${order.id} lacks its product, account or issuance`) });
  }
  const [authorizations, certificate] = await Promise.all([
    authorizationsOf(read, issuance),
    issuance.certificateId === null ? undefined : read.certificates.get(issuance.certificateId),
  ]);
  return {
    order,
    product,
    account,
    issuance,
    authorizations,
    certificate: certificate ?? null,
    chain: certificate === undefined ? [] : await chainOf(context.database, certificate),
    approval: approval ?? null,
    organization: null,
    now: context.clock.now(),
  };
}

/** The authorizations of the issuance's names, in the order of the names. */
export async function authorizationsOf(stores: Stores, issuance: Issuance): Promise<readonly Authorization[]> {
  const found = await stores.authorizations.listByIds(issuance.names.map((name) => name.authorizationId));
  const byId = new Map(found.map((authorization) => [authorization.id, authorization]));
  return issuance.names.flatMap(({ authorizationId }) => byId.get(authorizationId) ?? []);
}

/** The issuing certificates, nearest first: our own up to the root, an upstream's as it sent them. */
export async function chainOf(database: Database, certificate: Certificate): Promise<readonly Uint8Array[]> {
  if (certificate.upstreamChain !== null) return certificate.upstreamChain;
  return certificate.authorityId === null ? [] : chainOfAuthority(database, certificate.authorityId);
}

/** What is known of an order right after its transaction, without reading it again. */
export function viewOfNew(
  parts: Pick<OrderView, 'order' | 'product' | 'issuance' | 'authorizations' | 'approval' | 'now'> & {
    readonly account: Account;
  },
): OrderView {
  return { ...parts, certificate: null, chain: [], organization: null };
}
