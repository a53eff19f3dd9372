/** The delegation as a challenge: which orders it is offered to, and what its record lacks now. */
import type { Challenge, MethodChoice } from '../../domain/challenge.ts';
import { methodOfChoice } from '../../domain/challenge.ts';
import { type CnameChallenge, type Delegation, type DelegationLook, soleDelegation } from '../../domain/delegation.ts';
import { type CertError, type Reason, reason, refuse } from '../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import type { AccountId } from '../../domain/ids.ts';
import { modeOf } from '../../domain/ports/issuer.ts';
import { showsDelegation } from '../../domain/relay.ts';
import { delegationChallengeOf } from '../../pki/delegation.ts';
import type { AppContext } from '../context.ts';
import { bothLanguages, isFaultOfResolver } from './resolver-fault.ts';

/**
 * The only challenge of a name whose issuer has it delegated, where the front door can show that; undefined: the front door's own are
 * offered. Any other would be proved to us, and lead to no certificate.
 */
export function delegationChallenge(
  context: Pick<AppContext, 'alias' | 'issuers' | 'relayDoors'>,
  {
    dialect,
    issuerId,
    accountId,
    name,
  }: {
    readonly dialect: string;
    readonly issuerId: string;
    readonly accountId: AccountId;
    readonly name: Identifier;
  },
): CnameChallenge | undefined {
  const { alias } = context;
  if (alias === null || isIp(name) || !offersDelegation(context, { dialect, issuerId })) return undefined;
  return delegationChallengeOf(accountId, name, alias);
}

/** Reports whether what this front door orders from the issuer is proved by the delegation. */
export function offersDelegation(
  { alias, issuers, relayDoors }: Pick<AppContext, 'alias' | 'issuers' | 'relayDoors'>,
  { dialect, issuerId }: { readonly dialect: string; readonly issuerId: string },
): boolean {
  const issuer = issuers.get(issuerId);
  if (alias === null || issuer === undefined || modeOf(issuer) !== 'alias') return false;
  return showsDelegation({ dialect, door: relayDoors.get(dialect) });
}

/** The refusal of another method than the delegation, where that alone is offered; undefined: it is refused like any other. */
export function refusalBesideDelegation(
  name: Identifier,
  challenges: readonly Challenge[],
  choice: MethodChoice,
): CertError | undefined {
  const only = soleDelegation(challenges);
  const method = methodOfChoice(choice);
  if (only === undefined || method === only.method) return undefined;
  const { host, target } = only;
  return refuse('onlyDelegation', { method, name: name.value, host, target });
}

/** The first thing that keeps an upstream from finding our answer behind the delegation; undefined: it stands. */
export function missingIn(delegation: Delegation, look: DelegationLook, zone: string): Reason | undefined {
  const { host, target } = delegation;
  const { hops, end, others } = look;
  const last = hops.at(-1);
  if (last?.target === target) return undefined;
  if (typeof end === 'object') {
    const params = { ...delegation, detail: bothLanguages(end.problem) };
    return reason(isFaultOfResolver(end.problem) ? 'delegationUnchecked' : 'delegationUnresolved', params);
  }
  if (end === 'loop') return reason('delegationLoop', { host, target });
  if (end === 'noName') return reason('delegationNoName', { host, target });
  if (last === undefined) {
    if (others.length === 0) return reason('delegationNoRecord', { host, target });
    return reason('delegationOtherRecords', { host, target, found: textOf(others) });
  }
  const isLabel = last.target.endsWith(`.${zone}`);
  return reason(isLabel ? 'delegationOtherLabel' : 'delegationElsewhere', { host, target, found: last.target });
}

/** What is odd about a delegation that stands. */
export function notesOn(delegation: Delegation, { hops, others }: DelegationLook): readonly Reason[] {
  const { host } = delegation;
  return [
    ...(hops.length > 1 ? [reason('delegationIndirect', { ...delegation, count: hops.length })] : []),
    ...(others.length > 0 ? [reason('delegationBeside', { host, found: textOf(others) })] : []),
  ];
}

function textOf(records: DelegationLook['others']): string {
  return records.map(({ type, data }) => `${type} ${data}`).join(', ');
}

/**
 * What a customer may read of it (`domain/evidence.ts`): where their own record leads. What stands at the next names may be in an internal
 * zone, and so may the names that are in no public one; a chain that ends at the delegation's target gives nothing away.
 */
export function customersLook(
  delegation: Delegation,
  look: DelegationLook,
  name: Identifier,
  { publicSuffixes }: Pick<AppContext, 'publicSuffixes'>,
): DelegationLook | undefined {
  const { hops, end } = look;
  if (hops.at(-1)?.target === delegation.target) return look;
  if (!publicSuffixes.hasKnownSuffix(baseName(name))) return undefined;
  if (hops.length < 2) return look;
  return { hops: hops.slice(0, 1), others: look.others, end: end === 'loop' ? 'loop' : 'answered' };
}
