/**
 * What must stand at the customer's before an order is placed at an upstream that looks for it there: it may have been taken away since the
 * name was proved to us, and each look of the upstream that fails counts against a budget. Nothing is sent to the upstream.
 */
import type { Delegation } from '../../domain/delegation.ts';
import { type Reason, type ReasonOfName, reason, withParts } from '../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { UpstreamWait } from '../../domain/ports/issuer.ts';
import type { Preparations } from '../../domain/ports/preparations.ts';
import { delegationOf } from '../../pki/delegation.ts';
import type { AppContext } from '../context.ts';
import { customersLook, missingIn } from '../proving/delegation.ts';
import { createPersistentRecords } from '../proving/persistent-records.ts';
import { createResponderLook } from '../proving/responder-look.ts';
import { createSignfileLook } from '../proving/signfile-look.ts';

type Context = Pick<
  AppContext,
  | 'alias'
  | 'lookUpDelegation'
  | 'checkChallenge'
  | 'fetchUntrusted'
  | 'random'
  | 'responderSecret'
  | 'publicSuffixes'
  | 'resolverWatch'
>;

/** A certificate has hundreds of names, and there is more to look up than those of one order. */
const looksAtOnce = 16;

export function createPreparations(context: Context): Preparations {
  const { alias, lookUpDelegation } = context;
  const responder = createResponderLook(context);
  const records = createPersistentRecords(context);
  const signfiles = createSignfileLook(context);

  async function objectionToDelegation(
    accountId: AccountId,
    name: Identifier,
    signal: AbortSignal,
  ): Promise<Reason | undefined> {
    if (alias === null) return reason('aliasZoneMissing', { host: `_acme-challenge.${baseName(name)}` });
    const delegation = delegationOf(accountId, name, alias);
    const look = await lookUpDelegation(delegation, { looksBeside: false }, signal);
    const shown = customersLook(delegation, look, name, context);
    if (shown === undefined) return unseen(delegation, missingIn(delegation, look, alias.zone));
    return missingIn(delegation, shown, alias.zone);
  }

  return {
    delegationOf: (accountId, name) => (alias === null ? undefined : delegationOf(accountId, name, alias)),
    missingDelegation: (accountId, names, signal) =>
      firstMissing(oncePerRecord(names), signal, (name) => objectionToDelegation(accountId, name, signal)),
    unreachableResponder: (names, signal) => firstMissing(names, signal, (name) => responder(name, signal)),
    missingFile: (names, file, signal) => firstMissing(names, signal, (name) => signfiles(name, file, signal)),
    missingRecord: (names, at, signal) => firstMissing(names, signal, (name) => records.missing(name, at, signal)),
  };
}

/** In an internal zone: that it is not there, or why it cannot be seen, and no more. */
function unseen({ host, target }: Delegation, problem: Reason | undefined): Reason | undefined {
  if (problem === undefined || problem.key === 'delegationUnchecked') return problem;
  return reason('delegationUnseen', { host, target });
}

/** A name and its wildcard share one record. An address has none, and is refused before. */
function oncePerRecord(names: readonly Identifier[]): readonly Identifier[] {
  return [...new Map(names.filter((name) => !isIp(name)).map((name) => [baseName(name), name])).values()];
}

async function firstMissing(
  names: readonly Identifier[],
  signal: AbortSignal,
  look: (name: Identifier) => Promise<Reason | undefined>,
): Promise<UpstreamWait | undefined> {
  const parts: ReasonOfName[] = [];
  for (let from = 0; from < names.length; from += looksAtOnce) {
    signal.throwIfAborted();
    const some = names.slice(from, from + looksAtOnce);
    const found = await Promise.all(some.map(look));
    parts.push(...some.flatMap(({ value: name }, index) => partOf(name, found[index])));
    // Looks that find nothing may take as long as the network allows; `dns check` shows what is left.
    if (parts.length > 0) break;
  }
  signal.throwIfAborted();
  // What a customer can mend comes before what only passes.
  const first = parts.find(({ reason: { key } }) => !isOperators(key)) ?? parts[0];
  if (first === undefined) return undefined;
  return { turn: isOperators(first.reason.key) ? 'operator' : 'customer', reason: withParts(first.reason, parts) };
}

function partOf(name: string, found: Reason | undefined): readonly ReasonOfName[] {
  return found === undefined ? [] : [{ name, reason: found }];
}

const operators: readonly Reason['key'][] = [
  'aliasZoneMissing',
  'delegationUnchecked',
  'responderUnchecked',
  'persistentRecordUnchecked',
  'persistentAccountUnknown',
];

function isOperators(key: Reason['key']): boolean {
  return operators.includes(key);
}
