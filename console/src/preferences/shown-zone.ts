/** The time zone that times are shown in: the one that the person chose, else that of the browser. */
import { useSyncExternalStore } from 'react';

let shown: string | undefined;
const listeners = new Set<() => void>();

/** For formats; undefined: that of the browser. */
export function shownZone(): string | undefined {
  return shown;
}

/** @param zone null: that of the browser */
export function showTimesIn(zone: string | null): void {
  const next = zone !== null && isKnown(zone) ? zone : undefined;
  if (next === shown) return;
  shown = next;
  for (const listener of listeners) listener();
}

/** For whatever shows a time: it is drawn again when another zone is chosen. */
export function useShownZone(): string | undefined {
  return useSyncExternalStore(subscribe, shownZone);
}

/** As the browser has them, which may be fewer than the server knows. */
export function knownZones(): readonly string[] {
  return Intl.supportedValuesOf('timeZone');
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
