/** What a caller may see: every look-up of an account's object goes through here. */
import type { Account, Role } from '../domain/account.ts';
import { quoted, refuse } from '../domain/errors.ts';
import { type AccountId, isId } from '../domain/ids.ts';
import type { Order } from '../domain/order.ts';
import { type Caller, type OrderReference, referenceText } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';

/** The account the caller acts for. @throws {CertError} forbidden for an operator, who acts for none */
export function accountIdOf(caller: Caller): AccountId {
  if (caller.accountId === null) throw refuse('accountNeeded', {});
  return caller.accountId;
}

export async function accountOf(stores: Stores, caller: Caller): Promise<Account> {
  const account = await stores.accounts.get(accountIdOf(caller));
  if (account === undefined) throw refuse('notFound', { what: 'account', value: caller.accountId ?? '' });
  return account;
}

export function isOperator(caller: Caller): boolean {
  return caller.accountId === null && caller.roles.includes('operator');
}

/** @throws {CertError} forbidden unless the caller has one of the roles; an operator has all of them */
export function requireRole(caller: Caller, ...roles: readonly Role[]): void {
  if (isOperator(caller) || roles.some((role) => caller.roles.includes(role))) return;
  throw refuse('roleMissing', { role: roles });
}

/**
 * The order, if it is the caller's to see: of their account and placed through their dialect (native sees all dialects).
 * @throws {CertError} notFound, the same for another account's order as for none
 */
export async function findOrder(stores: Stores, caller: Caller, reference: OrderReference): Promise<Order> {
  const order = await lookUp(stores, reference);
  if (order === undefined || !maySee(caller, order)) {
    throw refuse('notFound', { what: 'order', value: referenceText(reference) });
  }
  return order;
}

async function lookUp(stores: Stores, reference: OrderReference): Promise<Order | undefined> {
  if ('number' in reference) return stores.orders.getByNumber(reference.number);
  if (/^[0-9]{1,10}$/.test(reference.id)) return stores.orders.getByNumber(Number(reference.id));
  return isId('order', reference.id) ? stores.orders.get(reference.id) : undefined;
}

function maySee(caller: Caller, order: Order): boolean {
  if (isOperator(caller)) return true;
  return order.accountId === caller.accountId && (caller.dialect === 'native' || caller.dialect === order.dialect);
}

/** @throws {CertError} notFound, the same for another account as for none */
export async function findAccount(stores: Stores, caller: Caller, idOrNumber: string): Promise<Account> {
  const account = /^[0-9]{1,10}$/.test(idOrNumber)
    ? await stores.accounts.getByNumber(Number(idOrNumber))
    : isId('account', idOrNumber)
      ? await stores.accounts.get(idOrNumber)
      : undefined;
  if (account === undefined || !(isOperator(caller) || caller.accountId === account.id)) {
    throw refuse('notFound', { what: 'account', value: quoted(idOrNumber) });
  }
  return account;
}

export function mayManage(caller: Caller, accountId: AccountId | null): boolean {
  return isOperator(caller) || (caller.roles.includes('administrator') && caller.accountId === accountId);
}

/** An administrator makes users and keys of their own account only, and never an operator. */
export function requireManagerOf(caller: Caller, accountId: AccountId | null, roles: readonly Role[]): void {
  if (!mayManage(caller, accountId)) throw refuse('roleMissing', { role: ['operator', 'administrator'] });
  const wantsOperator = roles.includes('operator');
  if (wantsOperator && !(isOperator(caller) && accountId === null)) throw refuse('roleMissing', { role: 'operator' });
  // Without an account every list is of all accounts: only an operator may stand outside of them.
  if (accountId === null && !wantsOperator) {
    const expected = { en: 'operator, or an account to act for', zh: 'operator，或指定所属账户' };
    throw refuse('fieldInvalid', { field: 'roles', value: quoted(roles.join(', ')), expected });
  }
}
