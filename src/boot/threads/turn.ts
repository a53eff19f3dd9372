/** What is sent to another thread in one turn of the event loop goes as one message: waking the other side costs more than a call does. */
import { setImmediate } from 'node:timers';

/**
 * @param send throws where something cannot cross
 * @param onUnsendable handles the one that cannot; the others are sent without it
 * @returns adds one to the message of this turn
 */
export function createTurn<T>(
  send: (items: readonly T[]) => void,
  onUnsendable: (item: T, thrown: unknown) => void,
): (item: T) => void {
  let items: T[] = [];

  function sendAlone(item: T): void {
    try {
      send([item]);
    } catch (thrown) {
      onUnsendable(item, thrown);
    }
  }

  function sendAll(): void {
    const all = items;
    items = [];
    try {
      send(all);
    } catch {
      for (const item of all) sendAlone(item);
    }
  }

  return (item) => {
    items.push(item);
    if (items.length === 1) setImmediate(sendAll);
  };
}
