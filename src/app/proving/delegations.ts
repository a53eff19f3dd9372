/** What stands at the customer's for the upstreams that look for it there, and what is to be set: before an order, or when one waits. */
import { accountIdOf, type Caller } from '../../domain/caller.ts';
import { type Reason, reason } from '../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { CheckedName, CheckedWay, Delegations } from '../../domain/ports/delegations.ts';
import {
  hasSignfile,
  type Issuer,
  knowsPersistentNames,
  modeOf,
  type PersistentNames,
  upstreamsOf,
} from '../../domain/ports/issuer.ts';
import { costOfUnprovedName } from '../../domain/ports/request-turns.ts';
import { type AgentMode, agentModes, objectionToNamesInMode } from '../../domain/relay.ts';
import { delegationOf } from '../../pki/delegation.ts';
import { type AppContext, issuerOf } from '../context.ts';
import { withinMs } from '../issuing/time-limit.ts';
import { findProduct } from '../orders/catalogue.ts';
import { accountOf, seesAllAccounts } from '../scope.ts';
import { placeOf } from './check-places.ts';
import { customersLook, missingIn, notesOn } from './delegation.ts';
import { createPersistentRecords, persistentRecordOf } from './persistent-records.ts';
import { createResponderLook } from './responder-look.ts';
import { createSignfileLook } from './signfile-look.ts';

/** The whole request, so that names on dead servers do not keep its sender waiting. Looks that are cut short say so by themselves. */
const limitMs = 20_000;

/** A mode, with the issuers that have it. */
interface Wanted {
  readonly mode: AgentMode;
  readonly issuers: readonly Issuer[];
}

type Look = (name: Identifier, signal: AbortSignal) => Promise<Omit<CheckedWay, 'mode' | 'issuers'>>;

const nothing = { notes: [], record: null, hops: [], others: [], responder: null, file: null } as const;

export function createDelegations(context: AppContext): Delegations {
  const { database, clock, checkPlaces, turns, publicSuffixes } = context;
  const responderLook = createResponderLook(context);
  const records = createPersistentRecords(context);
  const signfileLook = createSignfileLook(context);

  return {
    async check(caller, { names, productCode }) {
      const account = await accountOf(database.read, caller);
      const wanted =
        productCode === undefined
          ? everyMode(context)
          : modeOfIssuer(
              issuerOf(context, (await findProduct(database.read, caller, account, { productCode })).issuerId),
            );
      return withinMs(clock, limitMs, async (signal) => {
        const looks = await Promise.all(
          wanted.flatMap(oncePerCa).map(async (one) => ({ ...one, look: await lookOf(one, caller, signal) })),
        );
        return Promise.all(
          names.map(async (name): Promise<CheckedName> => {
            const base = baseName(name);
            const toCheck = { accountId: account.id, identifier: name, createdAt: null };
            const ways = await checkPlaces.run(placeOf(context, toCheck), signal, () =>
              Promise.all(looks.map((one) => wayOf(name, one, signal))),
            );
            turns.charge(account.id, costOfUnprovedName);
            const domain = isIp(name) ? base : (publicSuffixes.registrableDomain(base) ?? base);
            return { name: name.value, domain, ways };
          }),
        );
      });
    },
  };

  async function wayOf(
    name: Identifier,
    { mode, issuers, look }: Wanted & { readonly look: Look },
    signal: AbortSignal,
  ): Promise<CheckedWay> {
    const ids = issuers.map(({ id }) => id);
    const objection = objectionToNamesInMode(mode, [name], ids.join(', ') || mode);
    if (objection !== undefined) return { mode, issuers: ids, stands: false, problem: objection, ...nothing };
    return { mode, issuers: ids, ...(await look(name, signal)) };
  }

  async function lookOf({ mode, issuers }: Wanted, caller: Caller, signal: AbortSignal): Promise<Look> {
    switch (mode) {
      case 'alias':
        return (name, signal) => lookAtDelegation(name, caller, signal);
      case 'serve':
        return async (name, signal) => {
          const problem = await responderLook(name, signal);
          return { ...nothing, ...outcome(problem), responder: context.publicUrl };
        };
      case 'persist': {
        const at = await persistentNamesOf(issuers, signal);
        return async (name, signal) => {
          const problem = await records.missing(name, at, signal);
          const record = persistentRecordOf(name, at);
          return { ...nothing, ...outcome(problem), record: record ? { type: 'TXT', ...record } : null };
        };
      }
      case 'signfile': {
        const [issuer] = issuers;
        if (issuer === undefined || !hasSignfile(issuer)) throw new Error(`${issuer?.id} has no signfile`);
        const { path, content } = issuer.signfile;
        return async (name, signal) => {
          const problem = await signfileLook(name, { issuer: issuer.id, path, content }, signal);
          return { ...nothing, ...outcome(problem), file: { path, content } };
        };
      }
      default:
        return mode satisfies never;
    }
  }

  async function lookAtDelegation(
    name: Identifier,
    caller: Caller & { readonly accountId?: AccountId },
    signal: AbortSignal,
  ): ReturnType<Look> {
    const { alias, lookUpDelegation } = context;
    if (alias === null) {
      return { ...nothing, ...outcome(reason('aliasZoneMissing', { host: `_acme-challenge.${baseName(name)}` })) };
    }
    const delegation = delegationOf(accountIdOf(caller), name, alias);
    const { host, target } = delegation;
    const record = { type: 'CNAME', host, value: target } as const;
    const look = await lookUpDelegation(delegation, { looksBeside: true }, signal);
    const shown = seesAllAccounts(caller) || caller.isActingFor ? look : customersLook(delegation, look, name, context);
    if (shown === undefined) {
      const isThere = missingIn(delegation, look, alias.zone) === undefined;
      return { ...nothing, ...outcome(isThere ? undefined : reason('delegationUnseen', delegation)), record };
    }
    const problem = missingIn(delegation, shown, alias.zone);
    const { hops, others } = shown;
    const notes = problem === undefined ? notesOn(delegation, shown) : [];
    return { ...nothing, ...outcome(problem), notes, record, hops, others };
  }
}

function outcome(problem: Reason | undefined): Pick<CheckedWay, 'stands' | 'problem'> {
  return { stands: problem === undefined, problem: problem ?? null };
}

/** Of one issuer; none where it needs nothing at the customer's. */
function modeOfIssuer(issuer: Issuer): readonly Wanted[] {
  const mode = modeOf(issuer);
  return mode === 'own' || mode === 'standing' ? [] : [{ mode, issuers: [issuer] }];
}

/** Those that some issuer has; and the delegation wherever there is a zone for it, which httpsok shows with every issuer. */
function everyMode({ issuers, alias }: Pick<AppContext, 'issuers' | 'alias'>): readonly Wanted[] {
  return agentModes.flatMap((mode): Wanted[] => {
    const having = [...issuers.values()].filter((issuer) => modeOf(issuer) === mode);
    return having.length === 0 && (mode !== 'alias' || alias === null) ? [] : [{ mode, issuers: having }];
  });
}

/** Each CA has a record of its own, also those of a pool. */
function oncePerCa({ mode, issuers }: Wanted): readonly Wanted[] {
  if (mode !== 'persist' && mode !== 'signfile') return [{ mode, issuers }];
  const upstreams = new Map(issuers.flatMap(upstreamsOf).map((one) => [one.id, one]));
  return [...upstreams.values()].map((one) => ({ mode, issuers: [one] }));
}

async function persistentNamesOf(issuers: readonly Issuer[], signal: AbortSignal): Promise<PersistentNames> {
  const found = issuers.find(knowsPersistentNames);
  return (await found?.persistentNames(signal)) ?? { issuers: [], accountUrl: null };
}
