/** What was done last and can be taken back: offered for a while, one at a time. */
import { useSyncExternalStore } from 'react';
import type { Noun } from '../../api/call.ts';

/** What takes an act back: the call of the API that is its opposite. */
export interface Undo {
  /** What it was done to, as people call it. */
  readonly object: string;
  run(): Promise<unknown>;
}

export interface UndoOffer extends Undo {
  /** What was done: the words of its button. */
  readonly act: string;
  readonly changes: readonly Noun[];
}

let present: UndoOffer | undefined;
const listeners = new Set<() => void>();

/** Takes the place of what was offered before; undefined: nothing is offered any longer. */
export function offerUndo(offer: UndoOffer | undefined): void {
  present = offer;
  for (const listener of listeners) listener();
}

export function useUndoOffer(): UndoOffer | undefined {
  return useSyncExternalStore(subscribe, () => present);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
