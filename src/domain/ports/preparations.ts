/** What must stand at the customer's before a public CA can validate the names, looked at by our own resolver and fetcher. */
import type { Identifier } from '../identifier.ts';
import type { AccountId } from '../ids.ts';
import type { UpstreamWait } from './issuer.ts';

export interface DelegatedNames {
  readonly accountId: AccountId;
  readonly names: readonly Identifier[];
}

/** How a record that stays names the CA and our account there. */
export interface PersistentRecord {
  readonly issuers: readonly string[];
  readonly accountUrl: string;
}

/** Each: undefined where all of it stands. They never throw for what the network did. */
export interface Preparations {
  /** Host and target of the delegation of `_acme-challenge`: the same at every front door. */
  delegationOf(accountId: AccountId, name: Identifier): { readonly host: string; readonly target: string };
  missingDelegation(of: DelegatedNames, signal: AbortSignal): Promise<UpstreamWait | undefined>;
  unreachableResponder(names: readonly Identifier[], signal: AbortSignal): Promise<UpstreamWait | undefined>;
  missingRecord(
    names: readonly Identifier[],
    record: PersistentRecord,
    signal: AbortSignal,
  ): Promise<UpstreamWait | undefined>;
}
