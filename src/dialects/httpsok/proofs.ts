/**
 * The delegated `_acme-challenge`: the customer points it once to an alias under the service's zone. The alias of an
 * account's name is always the same, so that its record never has to change.
 */
import { createHmac } from 'node:crypto';
import type { Caller } from '../../domain/caller.ts';
import type { Challenge } from '../../domain/challenge.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { Proving } from '../../domain/ports/proving.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import type { WireDelegation } from './schema.ts';

const label = '_acme-challenge';
const aliasDigits = 16;

/** Domain of the aliases, and the key that keeps them from being guessed. */
export interface AliasSetting {
  readonly secret: Uint8Array;
  readonly zone: string;
}

/** Challenge for the name: the same for `x` and `*.x`. */
export function challengeOf(
  accountId: AccountId,
  identifier: Identifier,
  { secret, zone }: AliasSetting,
): Extract<Challenge, { method: 'dnsCname' }> {
  const host = `${label}.${baseName(identifier)}`;
  const alias = createHmac('sha256', secret).update(`${accountId}\n${host}`).digest('hex').slice(0, aliasDigits);
  return { method: 'dnsCname', binding: 'account', host, target: `${alias}.${zone}` };
}

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
          : [{ identifier, challenge: challengeOf(caller.accountId, identifier, alias) }];
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
  return relativeTo(identifier, `${label}.${baseName(identifier)}`, publicSuffixes);
}

/** The host without the registrable domain of the name, as DNS panels want it. */
export function relativeTo(identifier: Identifier, host: string, publicSuffixes: PublicSuffixes): string {
  const base = baseName(identifier);
  const top = publicSuffixes.registrableDomain(base) ?? base;
  return host.endsWith(`.${top}`) ? host.slice(0, -top.length - 1) : host;
}
