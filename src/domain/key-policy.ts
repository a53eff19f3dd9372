/**
 * What the clients of an external account key may do: pure rules. Each of them narrows what the account and the product allow, except
 * `profiles` and `approval`, which grant something; none of them spares anybody a proof.
 */
import type { Account } from './account.ts';
import type { Profile } from './profile.ts';
import type { ValidationMethod } from './validation-method.ts';

export interface KeyPolicy {
  /** Domains and addresses, with all names below them, that its clients may order; null: any of the account. */
  readonly names: readonly string[] | null;
  /** Profiles of a directory that its clients may name; null: those that the directory offers for its product. */
  readonly profiles: readonly string[] | null;
  /** What its clients order when they name no profile; null: the product of the key. */
  readonly defaultProfile: string | null;
  /** Null: as long as the profile of the product allows. */
  readonly maxValidityDays: number | null;
  /** The configured issuer of its certificates; null: that of the product. */
  readonly issuerId: string | null;
  /** By which its clients prove names, and by which a name that was proved before must have been proved; null: any. */
  readonly methods: readonly ValidationMethod[] | null;
  /** `automatic`: what its clients order needs no approval. */
  readonly approval: 'account' | 'automatic';
  /** Who decided that: an operator's decision holds in every account. Null where nobody did. */
  readonly approvalBy: 'operator' | 'administrator' | null;
  /** ACME accounts that it binds; null: as many as the directory allows. */
  readonly accounts: number | null;
  /** Addresses (CIDR) from which requests of its clients are accepted; null: any. */
  readonly addressRanges: readonly string[] | null;
  /**
   * Names, and what is below them, for which proofs of the account serve that its own clients did not make: of domains that the account
   * manages, of other clients, of other front doors. Null: for all names.
   */
  readonly preAuthorized: readonly string[] | null;
}

export const openPolicy: KeyPolicy = {
  names: null,
  profiles: null,
  defaultProfile: null,
  maxValidityDays: null,
  issuerId: null,
  methods: null,
  approval: 'account',
  approvalBy: null,
  accounts: null,
  addressRanges: null,
  preAuthorized: null,
};

/** The profile as it is for clients of the key: no longer, and proved by fewer methods. */
export function profileUnder(policy: KeyPolicy | null, profile: Profile): Profile {
  if (policy === null || (policy.methods === null && policy.maxValidityDays === null)) return profile;
  const { methods, maxValidityDays } = policy;
  return {
    ...profile,
    methods: methods === null ? profile.methods : profile.methods.filter((method) => methods.includes(method)),
    maxValidityDays: Math.min(profile.maxValidityDays, maxValidityDays ?? profile.maxValidityDays),
  };
}

/**
 * Reports whether orders of its clients need no approval of the account today. What one administrator decided holds only where one
 * administrator may decide: not where two people do, nor where nobody decides about their own requests.
 */
export function isApprovedByKey(policy: KeyPolicy, account: Pick<Account, 'approval' | 'separatesDuties'>): boolean {
  if (policy.approval !== 'automatic') return false;
  return policy.approvalBy === 'operator' || mayOneDecide(account);
}

/** Reports whether one person may decide that requests of the account need no approval. */
export function mayOneDecide({ approval, separatesDuties }: Pick<Account, 'approval' | 'separatesDuties'>): boolean {
  return approval !== 'twoStep' && !separatesDuties;
}
