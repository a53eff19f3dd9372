/** Store of external account keys. The contract of every store is in `stores.ts`. */
import type { ExternalAccountKey } from '../../external-account-key.ts';
import type { AccountId, ExternalAccountKeyId } from '../../ids.ts';

export interface ExternalAccountKeyStore {
  insert(key: Omit<ExternalAccountKey, 'number'>): Promise<ExternalAccountKey>;
  get(id: ExternalAccountKeyId): Promise<ExternalAccountKey | undefined>;
  getByNumber(number: number): Promise<ExternalAccountKey | undefined>;
  getByKeyId(keyId: string): Promise<ExternalAccountKey | undefined>;
  /** Newest first. */
  list(accountId: AccountId): Promise<readonly ExternalAccountKey[]>;
  update(
    id: ExternalAccountKeyId,
    change: Partial<Pick<ExternalAccountKey, 'name' | 'policy' | 'expiresAt'>>,
  ): Promise<void>;
  /** False when it is revoked already. */
  moveToRevoked(id: ExternalAccountKeyId, at: Date): Promise<boolean>;
}
