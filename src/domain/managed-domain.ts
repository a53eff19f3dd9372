/**
 * A domain that an account keeps, to prove control of it once and before any order (RFC 8555 §7.4.1 calls it
 * pre-authorization). Its proof is an ordinary authorization, and serves orders for the domain and for names under it.
 */
import type { Authorization } from './authorization.ts';
import type { Identifier } from './identifier.ts';
import type { AccountId, AuthorizationId, ContainerId, ManagedDomainId, OrganizationId } from './ids.ts';
import type { Organization } from './organization.ts';

export interface ManagedDomain {
  readonly id: ManagedDomainId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  /** Identifier of kind `dns`. Unique in the account. */
  readonly name: Identifier;
  readonly organizationId: OrganizationId | null;
  readonly containerId: ContainerId | null;
  readonly state: 'active' | 'inactive';
  /** The seed of the dialect's proofs; a new one with every new token. */
  readonly proofReference: string;
  /** The newest one. */
  readonly authorizationId: AuthorizationId;
  /** The requested levels, in the front door's words. */
  readonly requestedLevels: readonly string[];
  readonly createdAt: Date;
}

export interface ManagedDomainView {
  readonly domain: ManagedDomain;
  /** The newest one. */
  readonly authorization: Authorization;
  /**
   * The authorization that proves the domain now, by the rules for domains: the newest one, or an older one still valid while
   * that is pending; null: nothing. `validUntil` is how long it does.
   */
  readonly proof: Authorization | null;
  readonly organization: Organization | null;
  readonly now: Date;
}

/** Reports whether it is the newest proof that proves the domain now. */
export function isNewestProved({ authorization, proof }: Pick<ManagedDomainView, 'authorization' | 'proof'>): boolean {
  return proof?.id === authorization.id;
}
