/** What was seen last of accounts at upstreams, as the settings keep it. */
import type { Money } from '../../domain/money.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { ProductLimits } from '../../domain/product-limits.ts';
import type {
  ComparedOrders,
  UpstreamBalance,
  UpstreamComparison,
  UpstreamDifference,
} from '../../domain/upstream-watch.ts';

/** Differences that are kept; where there are more, their number says enough. */
const mostKept = 50;
/** A vendor has some dozens. */
const mostProducts = 1000;

const balanceKey = (account: string) => `upstreamBalance ${account}`;
const comparisonKey = (account: string) => `upstreamComparison ${account}`;

const limitsKey = (account: string) => `upstreamProducts ${account}`;

type Settings = Pick<Stores, 'settings'>;

export function keepBalance({ settings }: Settings, account: string, { amount, at }: UpstreamBalance): Promise<void> {
  const { minor, currency } = amount;
  return settings.put(balanceKey(account), { minor, currency, at: at.toISOString() });
}

/** Null: it was never seen. */
export async function balanceOf({ settings }: Settings, account: string): Promise<UpstreamBalance | null> {
  const kept = (await settings.get(balanceKey(account))) as KeptBalance | undefined;
  return kept === undefined ? null : { amount: { minor: kept.minor, currency: kept.currency }, at: new Date(kept.at) };
}

export function keepComparison(
  { settings }: Settings,
  account: string,
  { compared, differences }: ComparedOrders,
  at: Date,
): Promise<void> {
  const kept: KeptComparison = {
    at: at.toISOString(),
    compared,
    differences: differences.slice(0, mostKept),
    more: Math.max(0, differences.length - mostKept),
  };
  return settings.put(comparisonKey(account), kept);
}

/** Null: there was none. */
export async function comparisonOf({ settings }: Settings, account: string): Promise<UpstreamComparison | null> {
  const kept = (await settings.get(comparisonKey(account))) as KeptComparison | undefined;
  return kept === undefined ? null : { ...kept, at: new Date(kept.at) };
}

/** By the upstream's codes. */
export function keepLimits(
  { settings }: Settings,
  account: string,
  limits: readonly (readonly [string, ProductLimits])[],
): Promise<void> {
  return settings.put(limitsKey(account), limits.slice(0, mostProducts));
}

/** Empty: they were never read, or none has any. */
export async function limitsOf({ settings }: Settings, account: string): Promise<ReadonlyMap<string, ProductLimits>> {
  const kept = (await settings.get(limitsKey(account))) as readonly (readonly [string, ProductLimits])[] | undefined;
  return new Map(kept ?? []);
}

/** Written by this file alone. */
interface KeptBalance extends Money {
  readonly at: string;
}

interface KeptComparison {
  readonly at: string;
  readonly compared: number;
  readonly differences: readonly UpstreamDifference[];
  readonly more: number;
}
