/** Store of sealed values, as the change of the master key reads them. */
import type { SealedRow } from '../key-sealer.ts';
import type { KeyRotation } from '../master-keys.ts';

/** Sealed values, and the master keys that they are under. */
export interface SealingStore {
  /** Ids of the keys that something may be sealed under. A key stands here before it seals for the first time. */
  masterKeysInUse(): Promise<readonly string[]>;
  putMasterKeyInUse(id: string, at: Date): Promise<void>;
  retireMasterKeysBut(id: string, at: Date): Promise<void>;
  newestRotation(): Promise<KeyRotation | undefined>;
  /** Inserts it, or replaces the one with its number. */
  putRotation(rotation: KeyRotation): Promise<void>;
  /** Rows of the kind in the order of their ids, those behind `after`; also rows that hold no value. */
  page(
    kind: SealedRow,
    after: string,
    limit: number,
  ): Promise<readonly { readonly id: string; readonly sealed: Uint8Array | null }[]>;
  replace(kind: SealedRow, id: string, sealed: Uint8Array): Promise<void>;
}
