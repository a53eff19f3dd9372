/** What a rule would refuse, without acting: the same function that the operation calls, and the reason that it throws. */
import { CertError, type Reason } from '../domain/errors.ts';
import type { Actions } from '../domain/ports/order-pages.ts';

/** Null: it would pass. Faults of ours are thrown on. */
export async function refusalOf(rule: () => void | Promise<void>): Promise<Reason | null> {
  try {
    await rule();
    return null;
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code !== 'internal') return thrown.reason;
    throw thrown;
  }
}

/** What each rule would refuse, under its name. */
export async function actionsBy<Action extends string>(
  rules: Readonly<Record<Action, () => void | Promise<void>>>,
): Promise<Actions<Action>> {
  const named = Object.entries<() => void | Promise<void>>(rules);
  const found = await Promise.all(named.map(async ([name, rule]) => [name, await refusalOf(rule)] as const));
  // One entry for each rule; TypeScript cannot follow that through Object.fromEntries.
  return Object.fromEntries(found) as Actions<Action>;
}
