/**
 * The delegated `_acme-challenge`: the customer points it once to an alias under the service's zone (`pki/delegation.ts`), for every front
 * door the same.
 */
import type { Caller } from '../../domain/caller.ts';
import { type AliasSetting, delegatedLabel } from '../../domain/delegation.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Proving } from '../../domain/ports/proving.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import { delegationChallengeOf } from '../../pki/delegation.ts';
import type { WireDelegation } from './schema.ts';

export interface Delegations {
  /** Looks now, over the core's resolver. One entry for each record that is needed, under the first name that needs it. */
  check(
    caller: Caller & { readonly accountId: AccountId },
    names: readonly Identifier[],
  ): Promise<readonly Delegation[]>;
}

export interface Delegation extends WireDelegation {
  /** Absolute. */
  readonly fullHost: string;
}

export function createDelegations(options: {
  readonly proving: Pick<Proving, 'checkChallenges'>;
  readonly publicSuffixes: PublicSuffixes;
  readonly alias: AliasSetting;
}): Delegations {
  const { proving, publicSuffixes, alias } = options;

  return {
    async check(caller, names) {
      const firstOf = new Map(names.toReversed().map((identifier) => [baseName(identifier), identifier]));
      const needed = [...new Set(names.map(baseName))].flatMap((base) => {
        const identifier = firstOf.get(base);
        return identifier === undefined
          ? []
          : [{ identifier, challenge: delegationChallengeOf(caller.accountId, identifier, alias) }];
      });
      const results = await proving.checkChallenges(caller, needed);
      return needed.map(({ identifier, challenge }, index) => ({
        domain: identifier.value,
        host: relativeHost(identifier, publicSuffixes),
        hostValue: challenge.target,
        valid: results[index]?.proved === true,
        fullHost: challenge.host,
      }));
    },
  };
}

function relativeHost(identifier: Identifier, publicSuffixes: PublicSuffixes): string {
  return relativeTo(identifier, `${delegatedLabel}.${baseName(identifier)}`, publicSuffixes);
}

/** The host without the registrable domain of the name, as DNS panels want it. */
export function relativeTo(identifier: Identifier, host: string, publicSuffixes: PublicSuffixes): string {
  const base = baseName(identifier);
  const top = publicSuffixes.registrableDomain(base) ?? base;
  return host.endsWith(`.${top}`) ? host.slice(0, -top.length - 1) : host;
}
