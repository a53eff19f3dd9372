/**
 * Placing an order: all that can be refused is refused first; then one transaction charges, stores and queues the work;
 * then the work starts.
 */

import type { Account, Container } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import type { CustomValue } from '../../domain/custom-field.ts';
import { soleDelegation } from '../../domain/delegation.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import type { OrderId } from '../../domain/ids.ts';
import { profileUnder } from '../../domain/key-policy.ts';
import { defaultReminderSettings, type Order } from '../../domain/order.ts';
import type { Organization } from '../../domain/organization.ts';
import { objectionToPeriods, objectionToValidity } from '../../domain/policy.ts';
import type { CheckedOrder, OrderView, PlaceOrder } from '../../domain/ports/orders.ts';
import { costOfUnprovedName } from '../../domain/ports/request-turns.ts';
import type { Stores, WriteOptions } from '../../domain/ports/stores/index.ts';
import { coverageOfPeriods, pricedFor, priceOfNames } from '../../domain/product.ts';
import { findContainer, requireAllowedIn } from '../accounts/containers.ts';
import { changeUser } from '../accounts/users.ts';
import { type AppContext, issuerOf, profileOf } from '../context.ts';
import { objectionToDoor, relayingIssuerOf } from '../issuing/relay.ts';
import { type Signing, signSoon } from '../issuing/signing.ts';
import { checkChoice, chooseOrganization } from '../organizations/organization-choice.ts';
import { requireChosenRegistration, requireRegistration } from '../organizations/organization-registration.ts';
import { requireActive } from '../organizations/organizations.ts';
import { requireCallback } from '../outbound/outbound-url.ts';
import { delegationChallenge } from '../proving/delegation.ts';
import { objectionToArrivedKey } from '../revoking/blocked-keys.ts';
import { accountOf, findOrder } from '../scope.ts';
import { findProduct, type ProductChoice } from './catalogue.ts';
import { charge, requireCurrency } from './charging.ts';
import { isCarriedOver } from './coverage.ts';
import { valuesOfNewOrder } from './custom-values.ts';
import { claimIdempotency } from './idempotency.ts';
import {
  type InsertedIssuance,
  insertIssuance,
  type NewIssuance,
  offeredProofs,
  offeredRelays,
} from './new-issuance.ts';
import { recordOrder } from './order-event.ts';
import {
  checkedContact,
  checkNames,
  type OrderTerms,
  requireAlternativeReference,
  requireReminderSettings,
} from './order-request.ts';
import { viewOfNew, viewOfSigned, viewOrder } from './order-view.ts';
import { whenPrepared } from './settle-order.ts';
import { keyOfNewOrder, requireGoodKey } from './subscriber-key.ts';

/** Result of a transaction. */
export interface Placed extends InsertedIssuance {
  readonly order: Order;
}

/** What a caller asks for; or what a key of the account orders, by the id of its product. */
export type OrderRequest = Omit<PlaceOrder, 'productCode'> & ProductChoice & Partial<Pick<OrderTerms, 'policy'>>;

/** A request without objections, and the objects it refers to. */
export interface OrderDraft extends OrderTerms, Pick<Order, 'dialect' | 'credentialId'> {
  readonly request: OrderRequest;
  readonly periods: number;
  readonly issuerId: string;
  readonly renewed: Order | null;
  readonly container: Container | null;
  readonly customValues: readonly CustomValue[];
  readonly isApproved?: boolean;
}

export async function placeOrder(context: AppContext, caller: Caller, request: PlaceOrder): Promise<OrderView> {
  const draft = await draftOrder(context, caller, request);
  requireCsr(draft);
  // The expensive check, or a new key, comes last.
  const ids = await keyOfNewOrder(context, request.csr, { names: request.names, profile: draft.profile });
  const work = createNewWork(context);
  const placed = await context.database.write((tx) => place(context, tx, caller, { ...draft, ...ids }), {
    ...chargesOf(draft),
    ...work.options,
  });
  if ('earlier' in placed) return viewEarlier(context, placed.earlier);
  return whenBegun(context, draft, { placed, signing: work.signing }, request);
}

/** Transaction options for an order that costs something. */
export function chargesOf({ account, product, request, periods }: OrderDraft): WriteOptions {
  return priceOfNames(product, request.names, periods).minor > 0 ? { chargesAccount: account.id } : {};
}

/** A dry run: what `placeOrder` would refuse, as far as that is known before the transaction; the balance apart. */
export async function checkOrder(context: AppContext, caller: Caller, request: PlaceOrder): Promise<CheckedOrder> {
  const draft = await draftOrder(context, caller, request);
  requireCsr(draft);
  const { account, product, profile, periods, dialect, issuerId } = draft;
  const { csr, names } = request;
  await requireGoodKey(csr, profile);
  await requireUnblocked(context, account, csr);
  if (priceOfNames(product, names, periods).minor > 0) requireCurrency(account, product.currency);
  const relaying = relayingIssuerOf(context, issuerId);
  if (relaying !== undefined) {
    const relayed = offeredRelays(context, { dialect, issuer: relaying, request, profile });
    for (const identifier of names) relayed(identifier);
    return { isRelayed: true, delegations: [] };
  }
  const { credentialId } = caller;
  const accountId = account.id;
  const known = csr === null || csr instanceof Uint8Array ? csr : null;
  const facts = { accountId, credentialId, csr: known, dialectData: request.dialectData };
  const offered = offeredProofs(context, { dialect, issuerId, facts, request, profile });
  const delegations = names.flatMap((name) => {
    // Other challenges may depend on a key that would only be made now.
    const isDelegated = delegationChallenge(context, { dialect, issuerId, accountId, name }) !== undefined;
    if (known !== csr && !isDelegated) return [];
    const challenge = soleDelegation(offered(name).challenges);
    return challenge === undefined ? [] : [{ name: name.value, challenge }];
  });
  return { isRelayed: false, delegations };
}

/** Checks the key as storing the order would. A key that would be made now is known to nobody. */
async function requireUnblocked({ database }: AppContext, { id }: Account, csr: PlaceOrder['csr']): Promise<void> {
  if (!(csr instanceof Uint8Array)) return;
  const objection = await objectionToArrivedKey(database.read, { accountId: id, csr, sealedKey: null });
  if (objection !== undefined) throw new CertError(objection);
}

/** @throws {CertError} fieldMissing for a product that is not sold before there is a CSR */
export function requireCsr({ request, product }: OrderDraft): void {
  if (request.csr === null && !product.csrMayFollow) throw refuse('fieldMissing', { field: 'csr' });
}

/** Everything that can be refused without looking at the key. @throws {CertError} */
export async function draftOrder(context: AppContext, caller: Caller, request: OrderRequest): Promise<OrderDraft> {
  const { read } = context.database;
  const { periods = 1, validity = null, policy = null } = request;
  const account = await accountOf(read, caller);
  const product = await findProduct(read, caller, account, request);
  const profile = profileUnder(policy, profileOf(context, product.profileId));
  const issuerId = request.issuerId ?? product.issuerId;
  // A dialect's mistaken setting is found here, not after the customer has proved every name.
  if (request.issuerId !== undefined) issuerOf(context, issuerId);
  const objection =
    objectionToDoor(context, caller.dialect, issuerId) ??
    objectionToPeriods(periods, product) ??
    (validity === null ? undefined : objectionToValidity(validity, context.clock.now()));
  if (objection !== undefined) throw new CertError(objection);
  requireReminderSettings(request.reminders);
  const contact = checkedContact(request.contact);
  if (request.notifyUrl !== undefined) {
    const hasKey = request.csr !== null && 'make' in request.csr;
    requireCallback(context, { field: 'notifyUrl', text: request.notifyUrl, hasKey });
  }
  requireAlternativeReference(request.alternativeReference);
  checkNames(context, { account, product, profile, policy }, request.names);
  checkChoice(product, request.organization);
  await requireChosenRegistration(read, caller, { level: product.level, choice: request.organization });
  const { renewalOf } = request;
  const container = request.container == null ? null : await findContainer(read, caller, request.container);
  if (container !== null) await requireAllowedIn(read, container, request.names);
  return {
    account,
    product,
    profile,
    policy,
    request: { ...request, contact },
    periods,
    issuerId,
    dialect: caller.dialect,
    credentialId: caller.credentialId,
    renewed: renewalOf === null ? null : await findOrder(read, caller, renewalOf),
    container,
    customValues: await valuesOfNewOrder(read, caller, account.id, request.customValues),
  };
}

/** A draft with what is drawn and made for it before the transaction. */
export interface OrderToPlace extends OrderDraft, Pick<NewIssuance, 'key'> {
  readonly orderId: OrderId;
}

/** @param caller null: the platform itself */
export async function place(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  input: OrderToPlace,
): Promise<Placed | { readonly earlier: OrderId }> {
  const { account, profile, request, periods, orderId, key, issuerId, renewed } = input;
  const now = context.clock.now();
  // Its price may be another by now. Products and accounts are kept in memory: on SQLite this costs no query.
  const [earlier, current = input.product, payer = account] = await Promise.all([
    claimIdempotency(tx, {
      idempotency: request.idempotency,
      accountId: account.id,
      objectId: orderId,
      now,
      isOver: async (id) => endedWithoutCertificate((await tx.orders.get(id))?.state),
    }),
    tx.products.get(input.product.id),
    tx.accounts.get(account.id),
  ]);
  if (earlier !== undefined) return { earlier };
  const product = pricedFor(payer, current);

  if (caller !== null) {
    for (const { userNumber, person } of request.persons ?? []) {
      await changeUser(context, tx, caller, String(userNumber), { person });
    }
  }
  const organization = await organizationOf(context, tx, caller, input);
  const price = priceOfNames(product, request.names, periods);
  const base: Omit<Order, 'number'> = {
    id: orderId,
    accountId: account.id,
    credentialId: input.credentialId,
    dialect: input.dialect,
    productId: product.id,
    state: 'open',
    coverage: coverageOfPeriods(product.coverage, periods),
    coverageFrom: null,
    coverageUntil: null,
    totalMinor: price.minor,
    paidMinor: price.minor,
    currency: price.currency,
    renewalOf: renewed?.id ?? null,
    renewedBy: null,
    renewalMark: null,
    isAutoRenewed: request.isAutoRenewed ?? false,
    reminders: request.reminders ?? defaultReminderSettings,
    organization: organization?.details ?? null,
    organizationId: organization?.id ?? null,
    containerId: input.container?.id ?? null,
    customValues: input.customValues,
    alternativeReference: request.alternativeReference ?? null,
    contact: request.contact,
    issuanceId: key.issuanceId,
    notifyUrl: request.notifyUrl ?? null,
    dialectData: request.dialectData,
    createdAt: now,
  };
  const order = await tx.orders.insert(base);
  if (renewed !== null) await noteRenewal(tx, renewed, order);
  await charge(context, tx, { order, amountMinor: price.minor, note: product.name });
  const parts = await insertIssuance(context, tx, {
    order,
    profile,
    request,
    key,
    issuerId,
    kind: 'new',
    chargedMinor: price.minor,
    isApproved: input.isApproved ?? false,
    caller,
  });
  await recordOrder(tx, caller, 'order.placed', order, { names: request.names, totalMinor: price.minor, now });
  return { order, ...parts };
}

/** The remaining coverage of an order is added to only one other, which it then names if there are more. */
async function noteRenewal(tx: Stores, renewed: Order, { id }: Order): Promise<void> {
  const current = await tx.orders.getForUpdate(renewed.id);
  if (current === undefined || (await isCarriedOver(tx, current))) return;
  await tx.orders.updateRenewedBy(renewed.id, id);
}

/** The customer's choice; the platform renews for the same organization as before. */
async function organizationOf(
  context: AppContext,
  tx: Stores,
  caller: Caller | null,
  { request, product, renewed }: OrderDraft,
): Promise<Organization | null> {
  const { organization: choice } = request;
  if (caller !== null) {
    const { organizationContacts: contacts } = request;
    return choice && chooseOrganization(context, tx, caller, { choice, level: product.level, contacts });
  }
  const id = renewed?.organizationId ?? null;
  const organization = id === null ? undefined : await tx.organizations.get(id);
  if (organization === undefined) return null;
  requireActive(organization);
  requireRegistration(product.level, organization);
  return organization;
}

function endedWithoutCertificate(state: Order['state'] | undefined): boolean {
  return state === 'failed' || state === 'rejected' || state === 'cancelled';
}

/** The work of what one transaction stores. */
export interface NewWork {
  /** Of the transaction: begin what it stores. */
  readonly options: {
    readonly whenWritten: (outcome: Outcome) => void;
    readonly whenCommitted: (outcome: Outcome) => void;
  };
  /** The signature, where one is under way. */
  readonly signing: Signing | undefined;
}

/** Of a transaction that may place something. */
type Outcome = Placed | { readonly earlier: unknown } | string | undefined;

export function createNewWork(context: AppContext): NewWork {
  let signing: Signing | undefined;
  return {
    options: {
      whenWritten(outcome) {
        if (!isPlaced(outcome)) return;
        const { order, issuance } = outcome;
        if (issuance.plan !== null) signing = signSoon(context, { order, issuance });
      },
      // Only then its jobs are found.
      whenCommitted(outcome) {
        if (!isPlaced(outcome)) return;
        const { hasMore, order, issuance } = outcome;
        if (hasMore) context.queue.wake();
        if (issuance.state === 'awaitingValidation')
          context.turns.charge(order.accountId, costOfUnprovedName * issuance.names.length);
      },
    },
    get signing() {
      return signing;
    },
  };
}

function isPlaced(outcome: Outcome): outcome is Placed {
  return typeof outcome === 'object' && 'issuance' in outcome;
}

/** The answer to what was placed, once its work has begun, or its certificate is signed where the API waits for that. */
export async function whenBegun(
  context: AppContext,
  { account, product }: OrderTerms,
  { placed, signing }: { readonly placed: Placed } & Pick<NewWork, 'signing'>,
  { signedWithinMs = 0 }: Pick<PlaceOrder, 'signedWithinMs'>,
): Promise<OrderView> {
  const view = () => viewOfNew({ ...placed, account, product, now: context.clock.now() });
  if (signing === undefined || signedWithinMs === 0) return whenPrepared(context, view());
  const stored = await signing.within(signedWithinMs);
  if (stored !== undefined && !stored.isVain) return viewOfSigned(context, view(), stored);
  const { order, issuance } = placed;
  return viewOrder(context, (await context.database.read.orders.get(order.id)) ?? order, issuance.id);
}

async function viewEarlier(context: AppContext, orderId: OrderId): Promise<OrderView> {
  const order = await context.database.read.orders.get(orderId);
  if (order === undefined) throw refuse('internal', {}, { cause: new Error(`claimed order ${orderId} is missing`) });
  return viewOrder(context, order);
}
