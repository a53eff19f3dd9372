/** How much the CA lets its customers have: all without limit, unless a test sets one. */
import { type CaAccount, setOf } from './books.ts';
import type { Ca } from './context.ts';
import { problem } from './problem.ts';

export function requireRoomForAccount(ca: Ca): void {
  requireRoom(ca, ca.books.accounts.length, ca.settings.limits.accounts, 'accounts');
}

/** @param isRenewal one in the window of an earlier certificate, which no limit is for */
export function requireRoomForOrder(
  ca: Ca,
  {
    account,
    names,
    isRenewal,
  }: { readonly account: CaAccount; readonly names: readonly string[]; readonly isRenewal: boolean },
): void {
  if (isRenewal) return;
  const { limits } = ca.settings;
  const { orders, certificates, failedValidations } = ca.books;
  const isRecent = (at: Date) => at.getTime() > ca.now().getTime() - limits.windowMs;
  const own = orders.filter((one) => one.account === account && isRecent(one.createdAt));
  requireRoom(ca, own.length, limits.ordersPerAccount, 'new orders');
  const same = certificates.filter((one) => setOf(one.names) === setOf(names) && isRecent(one.issuedAt));
  requireRoom(ca, same.length, limits.certificatesPerSet, 'certificates for these names');
  const failed = failedValidations.filter(({ name, at }) => names.includes(name) && isRecent(at));
  requireRoom(ca, failed.length, limits.failedValidationsPerName, 'failed validations');
}

function requireRoom({ settings: { limits } }: Ca, has: number, limit: number, what: string): void {
  if (has < limit) return;
  const headers = { 'retry-after': String(Math.ceil(limits.windowMs / 1000)) };
  throw problem('rateLimited', `too many ${what}: ${limit} already`, { headers });
}
