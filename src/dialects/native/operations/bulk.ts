/**
 * One act on many objects: each is done as the call for it alone does it, by that very call, with its roles, its event and its refusals.
 * One that is refused changes nothing for the others.
 */
import type { z } from 'zod';
import { requireRole } from '../../../domain/caller.ts';
import { CertError, quoted, refuse, toCertError } from '../../../domain/errors.ts';
import { expectedOf } from '../../../domain/messages/expectations.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import type { Operation, RolesOfOperations } from '../../kit/operation.ts';
import { parseInput } from '../../kit/schema-errors.ts';
import { problemOf } from '../errors.ts';
import { rolesOfOperations } from '../operation-roles.ts';
import { bulkActions, bulkApi, decisionsAtMost } from '../schema/bulk.ts';
import { type Client, handled, type Services } from '../services.ts';
import { referenceFromWire } from '../values.ts';

type Input = z.output<typeof bulkApi.act.request>;
type Result = z.output<typeof bulkApi.act.response>['results'][number];

/** Clients and proxies wait no longer for an answer. What is left then is said to be. */
const longestMs = 25_000;
/** What one costs in comparison with other requests (`RequestTurns`). */
const costOfOne = 1;
/** Checks wait for other people's servers; all else is done one after the other. */
const checksAtOnce = 8;

export function bulkOperations(operations: readonly Operation<Services>[]): readonly Operation<Services>[] {
  return [handled(bulkApi.act, async (input, session) => ({ results: await actOnAll(operations, input, session) }))];
}

async function actOnAll(operations: readonly Operation<Services>[], input: Input, session: Client): Promise<Result[]> {
  const operation = operations.find(({ id }) => id === input.action);
  if (operation?.access !== 'caller')
    throw refuse('internal', {}, { cause: new Error(`no operation ${input.action}`) });
  const table: RolesOfOperations = rolesOfOperations;
  const roles = Object.hasOwn(table, operation.id) ? table[operation.id] : undefined;
  if (roles !== undefined) requireRole(session.caller, ...roles);
  const ids = [...new Set(input.ids)];
  const isDecision = input.action === 'approvals.approve' || input.action === 'approvals.reject';
  const versions = isDecision ? await versionsOf(session, ids) : new Map<string, number>();
  const { clock } = session.services;
  const deadline = clock.monotonicMs() + longestMs;

  const act = async (id: string): Promise<Result> => {
    const { language, origin } = session;
    try {
      if (clock.monotonicMs() >= deadline) throw refuse('bulkOutOfTime', {});
      const wanted = {
        [bulkActions[input.action]]: id,
        ...withDefined({
          note: input.note,
          reason: input.reason,
          version: isDecision ? (input.versions?.[id] ?? versions.get(id)) : undefined,
        }),
      };
      const parsed = parseInput(operation.request, wanted, { language, secretFields: new Set() });
      await inTurn(session, () => operation.handle(parsed, aloneOf(session)));
      return { id, status: operation.status ?? 200, problem: null };
    } catch (thrown) {
      const error = toCertError(thrown);
      // Nobody's to do without the password: as with one, it is typed, and the request sent again.
      if (error.reason.key === 'confirmationNeeded') throw error;
      if (error.code === 'internal')
        session.services.log.error({ err: thrown, requestId: origin.requestId }, 'one of many failed');
      const context = { language, requestId: origin.requestId, request: session.request, operation };
      const problem = problemOf(error, context);
      return { id, status: problem.status, problem };
    }
  };

  const results: Result[] = [];
  const atOnce = input.action.endsWith('.check') ? checksAtOnce : 1;
  for (let from = 0; from < ids.length; from += atOnce)
    results.push(...(await Promise.all(ids.slice(from, from + atOnce).map(act))));
  return results;
}

/** The session of one of them: what the whole request says of its version or its key is not for each, and each has a head that is not sent. */
function aloneOf(session: Client): Client {
  const headers = new Headers(session.request.headers);
  for (const name of ['if-match', 'idempotency-key']) headers.delete(name);
  return { ...session, request: new Request(session.request.url, { headers }), reply: { headers: new Headers() } };
}

/**
 * The versions of requests for approval that are decided now, of those that there are. The others are refused one by one.
 * @throws {CertError} invalidField where they are too many, or of several products: nobody looks at such a heap before they decide
 */
async function versionsOf({ caller, services }: Client, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length > decisionsAtMost)
    throw refuse('fieldInvalid', {
      field: 'ids',
      value: quoted(ids.length),
      expected: expectedOf.integerBetween(1, decisionsAtMost),
    });
  const versions = new Map<string, number>();
  const products = new Set<string>();
  for (const id of ids) {
    try {
      const { approval, view } = await services.approvals.get(caller, referenceFromWire(id));
      versions.set(id, approval.version);
      products.add(view.order.productId);
    } catch (thrown) {
      if (!(thrown instanceof CertError)) throw thrown;
    }
  }
  if (products.size > 1) throw refuse('bulkOfSeveralProducts', {});
  return versions;
}

/** A long list of acts takes its turns among the requests of everybody else, as if each had been sent alone. */
async function inTurn<T>({ caller, services }: Client, work: () => Promise<T>): Promise<T> {
  const turn = await services.turns.waitFor(caller.scope === 'all' ? caller.actor : caller.scope, costOfOne);
  try {
    return await work();
  } finally {
    turn.end();
  }
}
