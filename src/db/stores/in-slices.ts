/** Long lists are read some rows at a time: the embedded engine answers at once, and others get their turn between. */
import { nextTurn } from '../next-turn.ts';

/** A millisecond or two of work. */
const rowsAtOnce = 100;

/** What `read` gives for the keys, so many of them at a time. */
export async function inSlices<K, R>(
  keys: readonly K[],
  read: (some: readonly K[]) => Promise<readonly R[]>,
): Promise<readonly R[]> {
  const found: R[] = [];
  for (let from = 0; from < keys.length; from += rowsAtOnce) {
    if (from > 0) await nextTurn();
    found.push(...(await read(keys.slice(from, from + rowsAtOnce))));
  }
  return found;
}
