/** The embedded engine answers at once: whoever reads a lot lets others have their turn between its pages. */
import { setImmediate } from 'node:timers';

export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
