/** Store of authorizations. The contract of every store is in `stores.ts`. */
import type { Attempt, Authorization, Standalone } from '../../authorization.ts';
import type { Binding, Challenge, CheckResult } from '../../challenge.ts';
import type { AccountId, AuthorizationId } from '../../ids.ts';
import type { Total } from '../../page.ts';
import type { AuthorizationState } from '../../states.ts';
import type { ValidationMethod } from '../../validation-method.ts';

/** See `AuthorizationStore.listUsable`: an account that proves a name again and again must not make every order slower. */
export const usablePerName = 16;

export interface AuthorizationStore {
  insert(authorization: Authorization): Promise<void>;
  get(id: AuthorizationId): Promise<Authorization | undefined>;
  /** In no order. */
  listByIds(ids: readonly AuthorizationId[]): Promise<readonly Authorization[]>;
  /**
   * The account's authorizations of these identifiers (canonical values) that are valid at `now` and that we checked: of each those that hold for
   * any key, then those that hold for this one, the longest first. No more than `usablePerName` times the number of
   * identifiers; hardly ever is there a second of one. Those of other keys are not among them, so that however many keys a
   * name was proved for, none of them takes another's place.
   */
  listUsable(
    accountId: AccountId,
    identifiers: readonly string[],
    use: { readonly now: Date; readonly keyHash: string | null },
  ): Promise<readonly Authorization[]>;
  /** The account's that are valid at `now` and that we checked, by name, those of one name by id. */
  listValid(
    accountId: AccountId,
    page: { readonly now: Date; readonly limit: number; readonly after?: Pick<Authorization, 'id' | 'identifier'> },
  ): Promise<readonly Authorization[]>;
  /** How many those are. */
  countValid(accountId: AccountId, now: Date): Promise<Total>;
  move(
    id: AuthorizationId,
    from: readonly AuthorizationState[],
    to: AuthorizationState,
    change?: {
      readonly provedBy: ValidationMethod;
      readonly provedAt: Date;
      readonly validUntil: Date;
      /** Null: an upstream checked it. */
      readonly binding: Binding | null;
      readonly keyHash: string | null;
      readonly coversBelow?: Authorization['coversBelow'];
    },
  ): Promise<boolean>;
  updateRenouncedBy(id: AuthorizationId, renouncedBy: Authorization['renouncedBy']): Promise<void>;
  updateAttempt(id: AuthorizationId, attempt: Attempt): Promise<void>;
  /** What the check that the client asked for has found at its newest look. */
  updateLook(
    id: AuthorizationId,
    look: { readonly attempt: Attempt; readonly checks: readonly CheckResult[] },
  ): Promise<void>;
  /** Those that were made for themselves, newest first. */
  listOfOwner(
    ownerId: Standalone['ownerId'],
    page: { readonly before?: AuthorizationId; readonly limit: number },
  ): Promise<readonly Authorization[]>;
  /** Those that were made for themselves and are not proved yet. */
  listPendingOfOwner(ownerId: Standalone['ownerId']): Promise<readonly Authorization[]>;
  /** Of the account: those that were made for themselves, are not proved yet and have not run out at `now`. */
  countPending(accountId: AccountId, now: Date): Promise<number>;
  updateChecks(id: AuthorizationId, checks: readonly CheckResult[]): Promise<void>;
  updateChallenges(
    id: AuthorizationId,
    change: { readonly challenges?: readonly Challenge[]; readonly preferredMethod?: ValidationMethod },
  ): Promise<void>;
  /**
   * The account's authorizations of the identifier that were made for a domain: marks those that are valid as expired, those that are
   * pending as invalid, and says how many.
   */
  endOfDomain(accountId: AccountId, identifier: string): Promise<number>;
  /**
   * Valid authorizations whose time is over at `now`, and those made for themselves that were not proved in time: marks at most so many
   * of them expired. @returns how many
   */
  expireDue(now: Date, limit: number): Promise<number>;
}
