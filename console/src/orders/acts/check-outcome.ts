/** What came of a check that somebody asked for: it runs at the server, and what the page has until then is of before. */
import { meantProof } from '../cockpit/groups.ts';
import type { Order, OrderName } from '../order-types.ts';

export type CheckOutcome =
  | { readonly kind: 'running' }
  /** Everything that was waited for is there. */
  | { readonly kind: 'found' }
  | { readonly kind: 'missing'; readonly names: readonly string[] };

type Checked = Pick<Order, 'issuance' | 'names'>;

/** Of each name that was not proved: when it was looked for last. */
export type Looks = ReadonlyMap<string, string | null>;

const lookOf = (name: OrderName) => meantProof(name)?.lastCheck?.checkedAt ?? null;

export function looksOf({ names }: Checked): Looks {
  return new Map(names.filter(({ state }) => state !== 'valid').map((name) => [name.name, lookOf(name)]));
}

/** @param before as it was when the check was asked for */
export function outcomeOf(before: Looks, now: Checked): CheckOutcome {
  if (now.issuance.state !== 'awaitingValidation') return { kind: 'found' };
  const open = now.names.filter(({ name, state }) => state !== 'valid' && before.has(name));
  if (open.length === 0) return { kind: 'found' };
  const isLookedFor = open.every((name) => lookOf(name) !== null && lookOf(name) !== before.get(name.name));
  return isLookedFor ? { kind: 'missing', names: open.map(({ name }) => name) } : { kind: 'running' };
}
