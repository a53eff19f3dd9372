/** Taking money for an order and giving it back, in the transaction that changes the order. */
import type { Account, LedgerEntry } from '../../domain/account.ts';
import { refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { formatMoney } from '../../domain/money.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { markBalance } from '../accounts/low-balance.ts';
import type { AppContext } from '../context.ts';
import { queueDeliveries } from '../outbound/deliveries.ts';

/** Takes the money, or refuses the whole transaction. @throws {CertError} insufficientBalance, currencyDiffers */
export async function charge(
  context: AppContext,
  tx: Stores,
  { order, amountMinor, note }: { readonly order: Order; readonly amountMinor: number; readonly note: string },
): Promise<void> {
  if (amountMinor === 0) return;
  const { currency, accountId } = order;
  const account = await tx.accounts.get(accountId);
  if (account === undefined) throw refuse('notFound', { what: 'account', value: accountId });
  requireCurrency(account, currency);
  const entry = await tx.ledger.append({
    id: newId('ledgerEntry', context),
    accountId,
    kind: 'charge',
    amountMinor: -amountMinor,
    currency,
    orderId: order.id,
    note,
    at: context.clock.now(),
  });
  if (entry !== undefined) {
    await markBalance(context, tx, { account, balanceMinor: entry.balanceAfterMinor, by: null });
    return;
  }
  throw refuse('insufficientBalance', {
    needed: formatMoney({ minor: amountMinor, currency }),
    balance: formatMoney({ minor: await tx.ledger.balance(accountId), currency }),
  });
}

/** @throws {CertError} currencyDiffers */
export function requireCurrency(account: Account, currency: string): void {
  if (account.currency !== currency) throw refuse('currencyDiffers', { account: account.currency, product: currency });
}

/** Refunds an issuance. A reissue is no longer part of its order's cost; a first issuance leaves the price on record. */
export async function refund(
  context: AppContext,
  tx: Stores,
  { order, issuance, note }: { readonly order: Order; readonly issuance: Issuance; readonly note: string },
): Promise<void> {
  const { kind, chargedMinor } = issuance;
  await giveBack(context, tx, { order, amountMinor: chargedMinor, note });
  const current = kind === 'reissue' && chargedMinor > 0 ? await tx.orders.get(order.id) : undefined;
  if (current !== undefined) await tx.orders.updateIssuance(current.id, current.issuanceId, -chargedMinor);
}

/**
 * Gives back a part of what an order cost: no more than is left of it, since an operator may have refunded some already.
 * @returns what was given back
 */
export async function giveBack(
  context: AppContext,
  tx: Stores,
  { order, amountMinor, note }: { readonly order: Order; readonly amountMinor: number; readonly note: string },
): Promise<number> {
  if (amountMinor === 0) return 0;
  const { paidMinor = 0 } = (await tx.orders.getForUpdate(order.id)) ?? {};
  const givenMinor = Math.min(amountMinor, paidMinor);
  if (givenMinor > 0) await appendRefund(context, tx, { order, amountMinor: givenMinor, note });
  return givenMinor;
}

interface NewRefund {
  readonly order: Order;
  readonly amountMinor: number;
  readonly note: string;
  /** Who decided it by hand; nobody by default. */
  readonly actor?: LedgerEntry['actor'];
}

/** The order's line in the ledger, and what is left of what was paid. The caller has looked that there is so much left. */
export async function appendRefund(
  context: AppContext,
  tx: Stores,
  { order, amountMinor, note, actor = null }: NewRefund,
): Promise<LedgerEntry> {
  await tx.orders.addPaid(order.id, -amountMinor);
  const entry = await tx.ledger.append({
    id: newId('ledgerEntry', context),
    accountId: order.accountId,
    kind: 'refund',
    amountMinor,
    currency: order.currency,
    orderId: order.id,
    note,
    actor,
    at: context.clock.now(),
  });
  // A balance only refuses what would take it below zero.
  if (entry === undefined)
    throw refuse('internal', {}, { cause: new Error(`account ${order.accountId} has no balance`) });
  const account = await tx.accounts.get(order.accountId);
  if (account !== undefined)
    await markBalance(context, tx, { account, balanceMinor: entry.balanceAfterMinor, by: null });
  const refunded = { id: entry.id, amountMinor, currency: order.currency, note };
  await queueDeliveries(context, tx, { event: 'orderRefunded', order, issuanceId: order.issuanceId, refund: refunded });
  return entry;
}
