/** The keys that everything else is sealed under: one that seals and, until a rotation is over, the former that still opens. */

import type { SealedObject } from './key-sealer.ts';

export interface MasterKeys {
  /** The id of the key that seals. */
  readonly current: string;
  /** Those that only open. */
  readonly others: readonly string[];
  /** The setting by which the operator hands the key in; null where certmux keeps it in its data directory and may make another. */
  readonly keptIn: string | null;
  /** Settings by which the operator hands in keys that only open. */
  readonly othersKeptIn: readonly string[];
  /**
   * Makes a new key beside the present one. Both are durable when it resolves, so that a crash at any point leaves the keys of
   * whatever is sealed. The new one seals from `switchToNext` on. Safe to repeat. @throws where the operator keeps the key
   */
  prepareNext(): Promise<string>;
  /** Makes the prepared key the one that seals; the former one only opens from here on. */
  switchToNext(): void;
  /**
   * Nothing is sealed under the others now: their files are moved aside and never read again.
   * @returns the files they lie in now
   */
  retireOthers(): Promise<readonly string[]>;
  /** The id of the key that sealed the value. @throws {Error} when it does not open */
  idOf(sealed: Uint8Array, object: SealedObject): string;
  /** The value that servers before the stored secrets computed from a master key instead. */
  formerSecret(keyId: string, purpose: string): Uint8Array;
}

/** The folder of sealed files. */
export interface SealedFiles {
  names(): Promise<readonly string[]>;
  read(name: string): Promise<Uint8Array | undefined>;
  /** Replaces the content, with no other change of the file in between; false: it is as it was, or gone. Durable. */
  replace(name: string, change: (bytes: Uint8Array) => Uint8Array): Promise<boolean>;
}

/** Progress of a rotation. */
export interface KeyRotation {
  readonly number: number;
  /** The id of the key that everything is sealed under in the end. */
  readonly toKey: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** Values that were sealed again, and values looked at, in every pass so far. */
  readonly resealed: number;
  readonly examined: number;
  /** Counts, in the pass under way, values that no key opens. They were damaged before, and are left as they are. */
  readonly unreadable: number;
  /** Counts, in the pass under way, values that were under another key. A pass that finds none is the last. */
  readonly found: number;
  /** Position of the pass: a kind of `sealedRows` or `files`, and the last id of it that was processed. */
  readonly kind: string;
  readonly after: string;
}

/** State of the rotation as an operator sees it. */
export interface KeyEncryption {
  readonly masterKeyId: string;
  readonly keptIn: string | null;
  /** The newest; null when there was none. */
  readonly rotation: KeyRotation | null;
}
