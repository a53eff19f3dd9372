/** Looking up which CAs may issue for a name (RFC 8659). */
import type { Reason } from './errors.ts';

export type CaaOutcome =
  | { readonly ok: true; readonly answer: CaaAnswer }
  /** The resolver gave no usable answer for one of the names: then nothing is known about any of them. */
  | { readonly ok: false; readonly problem: Reason };

/** Over the network. Never throws for what the network did. `name`: a DNS name without a wildcard. */
export type LookUpCaa = (name: string, signal: AbortSignal) => Promise<CaaOutcome>;

/** One record of a CAA look-up (RFC 8659 §4). */
export interface CaaRecord {
  readonly flags: number;
  readonly tag: string;
  readonly value: string;
}

export interface CaaAnswer {
  /** The name that has the records: the name itself or its nearest parent; null: none has. */
  readonly foundAt: string | null;
  readonly records: readonly CaaRecord[];
}
