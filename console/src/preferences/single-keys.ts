/** Whether keys without Ctrl do something (WCAG 2.1.4): whoever speaks to their computer, or leans on a key, turns them off. */
import { useSyncExternalStore } from 'react';
import { rememberPreference } from './cookies.ts';

const listeners = new Set<() => void>();

export function areKeysOn(): boolean {
  return !/(?:^|;\s*)certmux_keys=off/.test(document.cookie);
}

export function useKeysOn(): boolean {
  return useSyncExternalStore(subscribe, areKeysOn);
}

export function turnKeys(isOn: boolean): void {
  rememberPreference('certmux_keys', isOn ? 'on' : 'off');
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
