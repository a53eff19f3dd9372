/**
 * The delegated `_acme-challenge`: the customer points it once, by a CNAME, to an alias in our zone, where we publish what an upstream asks
 * for. The same record is the challenge of front doors that can show it (design §5, mode `alias`).
 */
import type { Challenge } from './challenge.ts';
import type { Reason } from './errors.ts';

/** The label under which ACME looks for its proof (RFC 8555 §8.4). */
export const delegatedLabel = '_acme-challenge';

/** A record of the customer's: `host` is a CNAME to `target`. Both absolute, without a trailing dot. */
export interface Delegation {
  readonly host: string;
  readonly target: string;
}

/** The zone of the aliases, and the key that keeps them from being guessed. */
export interface AliasSetting {
  readonly secret: Uint8Array;
  readonly zone: string;
}

export type CnameChallenge = Extract<Challenge, { readonly method: 'dnsCname' }>;

/** The delegation, where nothing else is offered for the name. */
export function soleDelegation(challenges: readonly Challenge[]): CnameChallenge | undefined {
  const [only, ...others] = challenges;
  if (only?.method !== 'dnsCname' || others.length > 0) return undefined;
  return only.binding === 'account' && only.host.startsWith(`${delegatedLabel}.`) ? only : undefined;
}

/** One CNAME record on the way. */
export interface Hop {
  readonly name: string;
  readonly target: string;
}

/** What stands at the host now, as our resolver sees it. */
export interface DelegationLook {
  /** The CNAME records from the host on, as far as they lead, and not beyond the expected target. */
  readonly hops: readonly Hop[];
  /** Records at the host itself beside or instead of a CNAME, where they were looked for. */
  readonly others: readonly { readonly type: string; readonly data: string }[];
  /** `noName`: the host does not exist. `loop`: the records lead in a circle, or on and on. */
  readonly end: 'answered' | 'noName' | 'loop' | { readonly problem: Reason };
}

/**
 * Looks over the network. Never throws for what the network did.
 * @param options.looksBeside whether other records at the host are looked for as well
 */
export type LookUpDelegation = (
  delegation: Delegation,
  options: { readonly looksBeside: boolean },
  signal: AbortSignal,
) => Promise<DelegationLook>;
