/** Store of issuances. The contract of every store is in `stores.ts`. */
import type { Reason } from '../../errors.ts';
import type { AccountId, CertificateId, IssuanceId, OrderId } from '../../ids.ts';
import type { Finding, Issuance, IssuanceName, IssuancePlan, IssuanceSummary, Rest } from '../../issuance.ts';
import type { PageQuery } from '../../page.ts';
import type { IssuanceState } from '../../states.ts';

export type Resting = Pick<Issuance, 'id' | 'accountId' | 'state' | 'issuerId'>;

export interface IssuanceStore {
  insert(issuance: Omit<Issuance, 'number'>): Promise<Issuance>;
  get(id: IssuanceId): Promise<Issuance | undefined>;
  getByNumber(number: number): Promise<Issuance | undefined>;
  /** In no order. */
  listByIds(ids: readonly IssuanceId[]): Promise<readonly Issuance[]>;
  /** In no order. */
  listSummaries(ids: readonly IssuanceId[]): Promise<readonly IssuanceSummary[]>;
  /** Oldest first. */
  listOfOrder(orderId: OrderId): Promise<readonly Issuance[]>;
  /** Newest first. */
  listNewestOfOrder(orderId: OrderId, page: PageQuery): Promise<readonly Issuance[]>;
  move(
    id: IssuanceId,
    from: readonly IssuanceState[],
    to: IssuanceState,
    change?: {
      /** Kept until it is `issued`: then the certificate has it. */
      readonly plan?: IssuancePlan;
      readonly names?: readonly IssuanceName[];
      readonly certificateId?: CertificateId;
      readonly failure?: Reason;
      readonly validatingSince?: Date;
    },
  ): Promise<boolean>;
  /** A pool has given it to one of its issuers, or taken it back. */
  updateIssuer(id: IssuanceId, issuerId: string): Promise<void>;
  /** The conditions besides validation that it waits for, as found now. Every move to another state clears them. */
  updateRest(id: IssuanceId, rest: Rest | null): Promise<void>;
  /** What the last check could not prove; null: nothing. Every move clears it. */
  updateFinding(id: IssuanceId, finding: Finding | null): Promise<void>;
  /** Those of the account, or of all (null), that wait for something besides validation: the next ones behind `after`. */
  listResting(
    accountId: AccountId | null,
    page: { readonly after?: Resting | undefined; readonly limit: number },
  ): Promise<readonly Resting[]>;
  /** Those with numbers in the range that are to be signed here, and that have no job in the queue. */
  listSigning(range: { readonly after: number; readonly upTo: number }): Promise<readonly IssuanceId[]>;
  /** 0 where there is none. */
  oldestNumber(): Promise<number>;
  /** 0 where there is none. */
  newestNumber(): Promise<number>;
  /** Orders of the account that wait for proofs, and the names in them. Reads as many index entries as there are. */
  countAwaiting(accountId: AccountId): Promise<{ readonly orders: number; readonly names: number }>;
  /** The account's that await validation of the DNS name or of names below it. */
  listAwaiting(accountId: AccountId, name: string): Promise<readonly IssuanceId[]>;
  /** A name may move to a newer authorization that was proved meanwhile. */
  updateNames(id: IssuanceId, names: readonly IssuanceName[]): Promise<void>;
  /** The CSR that an issuance was waiting for. Changes nothing where there is one. */
  updateCsr(
    id: IssuanceId,
    key: { readonly csr: Uint8Array | null; readonly sealedKey: Uint8Array | null },
  ): Promise<void>;
  /** The CSR of one that waits for approval gives way to another. @returns false, and changes nothing, where it does not wait */
  replaceCsr(id: IssuanceId, csr: Uint8Array): Promise<boolean>;
  /** A key that was made here gives way to the one that its upstream made. @returns false, and changes nothing, where none was made here */
  replaceKey(id: IssuanceId, key: { readonly csr: Uint8Array; readonly sealedKey: Uint8Array }): Promise<boolean>;
  /** Names were taken out, and what they cost. */
  reduce(id: IssuanceId, to: { readonly names: readonly IssuanceName[]; readonly chargedMinor: number }): Promise<void>;
}
