/**
 * What must stand at the customer's before an order is placed at an upstream that looks for it there, looked at by our own resolver and
 * fetcher. Nothing is sent to the upstream.
 */
import type { Delegation } from '../delegation.ts';
import type { Identifier } from '../identifier.ts';
import type { AccountId } from '../ids.ts';
import type { PersistentNames, UpstreamWait } from './issuer.ts';

/** For the issuers that need them (`PreparedIssuer.missingPreparation`). Undefined: all of it stands. None throws for what the network did. */
export interface Preparations {
  /** The delegation of the name: the same at every front door. Undefined: no zone is configured for it. */
  delegationOf(accountId: AccountId, name: Identifier): Delegation | undefined;
  /** Mode `alias`: each name's `_acme-challenge` must lead to the account's label. */
  missingDelegation(
    accountId: AccountId,
    names: readonly Identifier[],
    signal: AbortSignal,
  ): Promise<UpstreamWait | undefined>;
  /** Mode `serve`: our responder must answer at each name. */
  unreachableResponder(names: readonly Identifier[], signal: AbortSignal): Promise<UpstreamWait | undefined>;
  /** Mode `signfile`: the vendor's file must be served at each name, over http or https. */
  missingFile(
    names: readonly Identifier[],
    file: { readonly issuer: string; readonly path: string; readonly content: string },
    signal: AbortSignal,
  ): Promise<UpstreamWait | undefined>;
  /** Mode `persist`: each name must have the record that names the CA and our account there. */
  missingRecord(
    names: readonly Identifier[],
    at: PersistentNames,
    signal: AbortSignal,
  ): Promise<UpstreamWait | undefined>;
}
