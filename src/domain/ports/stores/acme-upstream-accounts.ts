/** Store of our accounts at ACME CAs. */
import type { AcmeUpstreamAccount } from '../../acme-upstream-account.ts';

export interface AcmeUpstreamAccountStore {
  get(account: string, directory: string): Promise<AcmeUpstreamAccount | undefined>;
  /** At most one for each account and directory, for ever. */
  insert(row: AcmeUpstreamAccount): Promise<void>;
  update(
    account: string,
    directory: string,
    change: Partial<Omit<AcmeUpstreamAccount, 'account' | 'directory'>>,
  ): Promise<void>;
  /** By directory, then by account. */
  list(limit: number): Promise<readonly AcmeUpstreamAccount[]>;
}
