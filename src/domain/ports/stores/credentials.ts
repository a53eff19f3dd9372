/** Store of credentials. The contract of every store is in `stores.ts`. */
import type { Credential, CredentialKey } from '../../account.ts';
import type { AccountId, CredentialId, ExternalAccountKeyId, UserId } from '../../ids.ts';
import type { EitherWayQuery, PageQuery, Total } from '../../page.ts';
import type { CredentialFilter } from '../credentials.ts';

/** `CredentialFilter` with what it names looked up. */
export interface StoredCredentialFilter extends Omit<CredentialFilter, 'account' | 'user' | 'externalAccountKey'> {
  /** Null: of every account, and of the operators. */
  readonly accountId: AccountId | null;
  readonly userId?: UserId;
  readonly externalAccountKeyId?: ExternalAccountKeyId;
}

export type CredentialListQuery = StoredCredentialFilter & PageQuery;

export interface CredentialStore {
  insert(credential: Omit<Credential, 'number'>): Promise<Credential>;
  get(id: CredentialId): Promise<Credential | undefined>;
  getByNumber(number: number): Promise<Credential | undefined>;
  /** Those that there are, in no order; also the revoked ones. */
  listByIds(ids: readonly CredentialId[]): Promise<readonly Credential[]>;
  getByPublicId(dialect: string, publicId: string): Promise<Credential | undefined>;
  /** The one with this key, in any state. */
  getByKey(dialect: string, key: Pick<CredentialKey, 'realm' | 'hash'>): Promise<Credential | undefined>;
  /** Reports whether anybody of the dialect has, or had, this key, in whatever realm. */
  hasKey(dialect: string, hash: string): Promise<boolean>;
  /** Also the revoked ones. */
  countOfExternalAccountKey(id: ExternalAccountKeyId): Promise<number>;
  /** Newest first. Null: of every account and of the operators. */
  list(accountId: AccountId | null, page: EitherWayQuery): Promise<readonly Credential[]>;
  /** Newest first. */
  find(query: CredentialListQuery): Promise<readonly Credential[]>;
  /** How many all pages of that list have. */
  count(filter: StoredCredentialFilter): Promise<Total>;
  /** Those that are not revoked. */
  listUsableOfUser(userId: UserId): Promise<readonly Credential[]>;
  update(
    id: CredentialId,
    change: Partial<Pick<Credential, 'label' | 'roles' | 'expiresAt' | 'allowedAddresses' | 'dialectData'>>,
  ): Promise<void>;
  updateLastUsed(id: CredentialId, at: Date, address: string): Promise<void>;
  /** False where it is revoked, or has another key than `from` by now. */
  moveToKey(id: CredentialId, from: CredentialKey, to: CredentialKey): Promise<boolean>;
  /** False when it is revoked already. */
  moveToRevoked(id: CredentialId, at: Date): Promise<boolean>;
}
