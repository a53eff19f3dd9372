/** Looking up which CAs may issue for a name (RFC 8659). */
import type { Reason } from './errors.ts';
import type { CaaAnswer } from './platform.ts';

export type CaaOutcome =
  | { readonly ok: true; readonly answer: CaaAnswer }
  /** The resolver gave no usable answer for one of the names that were asked: then nothing is known of any. */
  | { readonly ok: false; readonly problem: Reason };

/** Over the network. Never throws for what the network did. `name`: a DNS name without a wildcard. */
export type LookUpCaa = (name: string, signal: AbortSignal) => Promise<CaaOutcome>;
