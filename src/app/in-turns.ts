/** Long lists are made some items at a time, so that who asks for a thousand orders holds nobody else up meanwhile. */
import { setImmediate } from 'node:timers';

/** A few milliseconds of work. */
const itemsAtOnce = 50;

/** Rows that one transaction of upkeep touches at most: a few milliseconds of work. */
export const rowsAtOnce = 500;

/** Lets everybody else have their turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** What `make` makes of the items, in their order: of so many at a time, between which everybody else gets their turn. */
export async function inTurns<T, R>(
  items: readonly T[],
  make: (some: readonly T[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  if (items.length <= itemsAtOnce) return make(items);
  const made: R[] = [];
  for (let from = 0; from < items.length; from += itemsAtOnce) {
    if (from > 0) await nextTurn();
    made.push(...(await make(items.slice(from, from + itemsAtOnce))));
  }
  return made;
}
