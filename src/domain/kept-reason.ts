/** Reasons in the data of events and in rows, which any version may have written. */
import { type Reason, reason, renderReason } from './errors.ts';
import type { Language } from './language.ts';
import { type ReasonKey, reasons } from './messages/index.ts';

/** Undefined: it is none, or one that this version does not know. */
export function keptReason(value: unknown): Reason | undefined {
  if (typeof value !== 'object' || value === null || !('key' in value) || !('params' in value)) return undefined;
  const { key, params } = value;
  if (typeof key !== 'string' || !Object.hasOwn(reasons, key) || typeof params !== 'object' || params === null)
    return undefined;
  // The key is one of the catalogue's, and it was kept with the parameters of its row.
  return reason(key as ReasonKey, params as never);
}

/** A reason; or a text in the words of a program, or of a version that kept no reasons. */
export type KeptText = string | Reason;

export function renderKept(kept: KeptText, language: Language): string {
  return typeof kept === 'string' ? kept : renderReason(kept, language);
}
