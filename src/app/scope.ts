/** Scope of a caller: every look-up of an account's object goes through here. */

import type { Account } from '../domain/account.ts';
import {
  accountFilter,
  accountIdOf,
  type Caller,
  isOperator,
  type Reference,
  seesAllAccounts,
} from '../domain/caller.ts';
import type { Certificate } from '../domain/certificate.ts';
import { quoted, refuse } from '../domain/errors.ts';
import { type AccountId, type Id, type IssuanceId, isId, type Noun } from '../domain/ids.ts';
import type { Issuance } from '../domain/issuance.ts';
import { expected } from '../domain/messages/expectations.ts';
import type { Thing } from '../domain/messages/row.ts';
import type { Order } from '../domain/order.ts';
import { type OrderReference, referenceText } from '../domain/ports/orders.ts';
import type { Stores } from '../domain/ports/stores/index.ts';
import { isServerRole, type Role } from '../domain/role.ts';

/**
 * Locks the order and reads it with its newest issuance, as every change of an order begins.
 * @param issuanceId another one of the order, where that one is meant
 */
export async function newestIssuance(
  tx: Stores,
  order: Order,
  issuanceId?: IssuanceId,
): Promise<{ readonly order: Order; readonly issuance: Issuance }> {
  const current = await tx.orders.getForUpdate(order.id);
  const issuance = current === undefined ? undefined : await tx.issuances.get(issuanceId ?? current.issuanceId);
  if (current === undefined || issuance === undefined) {
    throw refuse('notFound', { what: 'order', value: String(order.number) });
  }
  return { order: current, issuance };
}

export { accountFilter, accountIdOf, isOperator, seesAllAccounts };

/** Reports whether what belongs to this account (null: to none) is the caller's to see. */
export function isWithin(caller: Caller, accountId: AccountId | null): boolean {
  return seesAllAccounts(caller) || caller.scope === accountId;
}

export async function accountOf(stores: Stores, caller: Caller): Promise<Account> {
  const accountId = accountIdOf(caller);
  const account = await stores.accounts.get(accountId);
  if (account === undefined) throw refuse('notFound', { what: 'account', value: accountId });
  return account;
}

/**
 * The order, if it is the caller's to see: of their account and placed through their dialect (some front doors see all of them).
 * @throws {CertError} notFound, the same for another account's order as for none
 */
export async function findOrder(stores: Stores, caller: Caller, reference: OrderReference): Promise<Order> {
  return (await findIssuance(stores, caller, reference)).order;
}

/** An order and the issuance of it that is meant: the newest, unless the reference is of another one. */
export interface FoundOrder {
  readonly order: Order;
  readonly issuanceId: IssuanceId;
}

/** Like `findOrder`, for uses of a single issuance. @throws {CertError} notFound */
export async function findIssuance(stores: Stores, caller: Caller, reference: OrderReference): Promise<FoundOrder> {
  const found = await lookUp(stores, caller, reference);
  if (found === undefined || !maySee(caller, found.order)) {
    // A client that names an issuance means its certificate.
    const what = 'issuanceNumber' in reference ? 'certificate' : 'order';
    throw refuse('notFound', { what, value: referenceText(reference) });
  }
  return found;
}

async function lookUp(stores: Stores, caller: Caller, reference: OrderReference): Promise<FoundOrder | undefined> {
  if ('issuanceNumber' in reference)
    return ofIssuance(stores, await stores.issuances.getByNumber(reference.issuanceNumber));
  if ('proofReference' in reference) {
    if (caller.scope === 'all') return undefined;
    const kind = proofReferenceKind(caller.dialect, caller.scope);
    const id = await stores.externalIds.get(kind, reference.proofReference);
    return id !== undefined && isId('issuance', id) ? ofIssuance(stores, await stores.issuances.get(id)) : undefined;
  }
  const order = await lookUpOrder(stores, reference);
  return order && { order, issuanceId: order.issuanceId };
}

/**
 * The space of proof references (`ExternalIdStore`): each account has its own. Clients send some of them, and a tenant must
 * neither learn of another's nor take it away from them.
 */
export function proofReferenceKind(dialect: string, accountId: AccountId): string {
  return `${dialect}.proof ${accountId}`;
}

async function ofIssuance(stores: Stores, issuance: Issuance | undefined): Promise<FoundOrder | undefined> {
  const order = issuance && (await stores.orders.get(issuance.orderId));
  return issuance && order && { order, issuanceId: issuance.id };
}

async function lookUpOrder(stores: Stores, reference: Reference): Promise<Order | undefined> {
  if ('number' in reference) return stores.orders.getByNumber(reference.number);
  if (/^[0-9]{1,10}$/.test(reference.id)) return stores.orders.getByNumber(Number(reference.id));
  return isId('order', reference.id) ? stores.orders.get(reference.id) : undefined;
}

/** The dialect of the orders that the caller may see, where it is not every one: part of a query. */
export function dialectScope({ dialect, seesAllDialects }: Caller): { readonly dialect?: string } {
  return seesAllDialects ? {} : { dialect };
}

export function maySee(caller: Caller, order: Order): boolean {
  if (seesAllAccounts(caller)) return true;
  return order.accountId === caller.scope && (caller.seesAllDialects || caller.dialect === order.dialect);
}

/**
 * A certificate of the account by id, by number, or by serial in hex as people write it: in either case, with colons, and
 * without the zeros in front.
 * @throws {CertError} notFound, the same for another account's as for none
 */
export async function findCertificate(stores: Stores, caller: Caller, reference: string): Promise<Certificate> {
  const certificate = await lookUpCertificate(stores, caller, reference.trim());
  if (certificate === undefined || !(await maySeeCertificate(stores, caller, certificate))) {
    throw refuse('notFound', { what: 'certificate', value: quoted(reference) });
  }
  return certificate;
}

/** Visible like its order; one that came when it was no longer wanted is not the customer's. */
async function maySeeCertificate(
  stores: Stores,
  caller: Caller,
  { accountId, orderId, isWithheld }: Certificate,
): Promise<boolean> {
  if (seesAllAccounts(caller)) return true;
  if (isWithheld || accountId !== caller.scope) return false;
  if (caller.seesAllDialects) return true;
  const order = await stores.orders.get(orderId);
  return order !== undefined && maySee(caller, order);
}

async function lookUpCertificate(stores: Stores, caller: Caller, text: string): Promise<Certificate | undefined> {
  if (isId('certificate', text)) return stores.certificates.get(text);
  // A serial of ten digits or fewer has 88 zeros in front: there is none.
  if (/^[0-9]{1,10}$/.test(text)) return stores.certificates.getByNumber(Number(text));
  const hex = text.replaceAll(':', '').toLowerCase();
  if (!/^[0-9a-f]{1,40}$/.test(hex)) return undefined;
  const bare = hex.replace(/^0+(?=.)/, '');
  // Ours have 16 bytes; an upstream's may have any number of them.
  const forms = new Set([bare.padStart(serialDigits, '0'), hex, bare.padStart(bare.length + (bare.length % 2), '0')]);
  for (const serial of forms) {
    const [found] = await stores.certificates.list({ accountId: accountFilter(caller), serial, limit: 1 });
    if (found !== undefined) return found;
  }
  return undefined;
}

const serialDigits = 32;

/** @throws {CertError} notFound, the same for another account as for none */
export async function findAccount(stores: Stores, caller: Caller, idOrNumber: string): Promise<Account> {
  const account = await lookUpAccount(stores, idOrNumber);
  if (account === undefined || !isWithin(caller, account.id)) {
    throw refuse('notFound', { what: 'account', value: quoted(idOrNumber) });
  }
  return account;
}

/** An account that the operator's configuration names. @throws {CertError} internal: its customers can do nothing about it */
export async function accountNamed(stores: Stores, idOrNumber: string): Promise<Account> {
  const account = await lookUpAccount(stores, idOrNumber);
  if (account !== undefined) return account;
  throw refuse(
    'internal',
    {},
    { cause: new Error(`the configuration names the account ${idOrNumber}, which there is not`) },
  );
}

/** Reports whether there is an account of this id or number. */
export async function isAccountKnown(stores: Stores, idOrNumber: string): Promise<boolean> {
  return (await lookUpAccount(stores, idOrNumber)) !== undefined;
}

async function lookUpAccount(stores: Stores, idOrNumber: string): Promise<Account | undefined> {
  if (/^[0-9]{1,10}$/.test(idOrNumber)) return stores.accounts.getByNumber(Number(idOrNumber));
  return isId('account', idOrNumber) ? stores.accounts.get(idOrNumber) : undefined;
}

/** Look-ups of one kind of object, by its id and by its number. */
export interface FoundByNumber<N extends Noun, T> {
  get(id: Id<N>): Promise<T | undefined>;
  getByNumber(number: number): Promise<T | undefined>;
}

/**
 * An object of the account, by id or number; an operator's are those of every account. A text of digits is a number.
 * @throws {CertError} notFound, the same for another account's as for none
 */
export async function findOwned<N extends Noun & Thing, T extends { readonly accountId: AccountId }>(
  store: FoundByNumber<N, T>,
  noun: N,
  caller: Caller,
  reference: Reference,
): Promise<T> {
  const text = 'number' in reference ? String(reference.number) : reference.id;
  const found = /^[0-9]{1,10}$/.test(text)
    ? await store.getByNumber(Number(text))
    : isId(noun, text)
      ? await store.get(text)
      : undefined;
  if (found === undefined || !isWithin(caller, found.accountId)) {
    throw refuse('notFound', { what: noun, value: quoted(text) });
  }
  return found;
}

function mayManage(caller: Caller, accountId: AccountId | null): boolean {
  const isManager = caller.roles.includes('administrator') || caller.roles.includes('userManager');
  return isOperator(caller) || (isManager && caller.scope === accountId);
}

/** Those who manage an account make users and keys of that account only, and never anybody who sees every account. */
export function requireManagerOf(caller: Caller, accountId: AccountId | null, roles: readonly Role[]): void {
  if (!mayManage(caller, accountId))
    throw refuse('roleMissing', { role: ['operator', 'administrator', 'userManager'] });
  const isForServer = roles.some(isServerRole);
  if (isForServer && !(isOperator(caller) && accountId === null)) throw refuse('roleMissing', { role: 'operator' });
  // Without an account every list is of all accounts.
  if (accountId === null && !isForServer) {
    throw refuse('fieldInvalid', {
      field: 'roles',
      value: quoted(roles.join(', ')),
      expected: expected.operatorOrAccount,
    });
  }
}
