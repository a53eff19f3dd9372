/** The authorizations of an account: shown, and deactivated by their owner. */
import { type Authorization, asSeenBy } from '../../domain/authorization.ts';
import { accountIdOf, type Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { Authorizations, AuthorizationView } from '../../domain/ports/authorizations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { authorizationTransitions, statesAccepting } from '../../domain/states.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { recordAccount } from '../accounts/account-event.ts';
import { type AppContext, profileOf } from '../context.ts';
import { policyOfCaller } from '../orders/key-terms.ts';
import { proofsOf, shownTo } from '../orders/order-view.ts';
import { findIssuance, isWithin } from '../scope.ts';
import { requestAttempt, stateNow } from './check-on-request.ts';
import { queueWaiting } from './proof.ts';
import { createStandalone } from './standalone.ts';

export function createAuthorizations(context: AppContext): Authorizations {
  const { database, clock, queue } = context;
  const { read } = database;

  async function view(caller: Caller, authorization: Authorization): Promise<AuthorizationView> {
    const state = stateNow(authorization, clock.now());
    const policy = state === 'pending' ? await policyOfCaller(read, caller) : null;
    // A copy would read every text of the row, also those that nobody looks at.
    const shown = state === authorization.state ? authorization : { ...authorization, state };
    return {
      authorization: shownTo(caller, asSeenBy(caller.credentialId, shown)),
      methods: policy?.methods ?? null,
      expiresAt:
        authorization.validUntil ??
        authorization.standalone?.pendingUntil ??
        (await lastLookAt(context, authorization)),
    };
  }

  const views = (caller: Caller, authorizations: Iterable<Authorization>) =>
    Promise.all([...authorizations].map((authorization) => view(caller, authorization)));

  return {
    async get(caller, id) {
      return view(caller, await findAuthorization(read, caller, id));
    },

    async list(caller, { limit, after, withTotal }) {
      const accountId = accountIdOf(caller);
      const last = after === undefined ? undefined : await findAuthorization(read, caller, after);
      const now = clock.now();
      const page = { now, limit: limit + 1, ...withDefined({ after: last }) };
      const found = await read.authorizations.listValid(accountId, page);
      const total = withTotal && (await read.authorizations.countValid(accountId, now));
      const items = found.slice(0, limit);
      const next = found.length > limit ? (items.at(-1)?.id ?? null) : null;
      return { items: await views(caller, items), next, ...withDefined({ total }) };
    },

    async listOwn(caller, { limit, after }) {
      const last = after === undefined ? undefined : await findAuthorization(read, caller, after);
      const page = { limit: limit + 1, ...(last === undefined ? {} : { before: last.id }) };
      const found = await read.authorizations.listOfOwner(caller.credentialId ?? caller.actor, page);
      const items = found.slice(0, limit);
      return { items: await views(caller, items), next: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },

    async create(caller, request) {
      return views(caller, await createStandalone(context, caller, request));
    },

    async check(caller, id, position, withinMs = 0) {
      const job = await database.write(async (tx) =>
        requestAttempt(context, tx, caller, { authorization: await findAuthorization(tx, caller, id), position }),
      );
      if (job === undefined) queue.wake();
      else queue.adopt(job);
      const isElsewhere = job === undefined && !database.isExclusive;
      const ended = () => (isElsewhere ? queue.endedElsewhere('checkOnRequest', id, withinMs) : undefined);
      if (withinMs > 0) await (queue.settled('checkOnRequest', id, withinMs) ?? ended());
      return view(caller, await findAuthorization(read, caller, id));
    },

    async listOfOrder(caller, reference) {
      const { issuanceId } = await findIssuance(read, caller, reference);
      const issuance = await read.issuances.get(issuanceId);
      if (issuance === undefined) throw refuse('internal', {}, { cause: new Error(`no issuance ${issuanceId}`) });
      const proofs = await proofsOf(read, issuance);
      return views(caller, new Set(proofs.map(({ authorization }) => authorization)));
    },

    async deactivate(caller, id) {
      const found = requireOurs(await findAuthorization(read, caller, id));
      await database.write((tx) => deactivate(context, tx, caller, found));
      queue.wake();
      return view(caller, await findAuthorization(read, caller, id));
    },

    async renounce(caller, id) {
      const found = requireOurs(await findAuthorization(read, caller, id));
      const isOwn = found.standalone?.ownerId === (caller.credentialId ?? caller.actor);
      await database.write((tx) => (isOwn ? deactivate : giveUp)(context, tx, caller, found));
      queue.wake();
      return view(caller, await findAuthorization(read, caller, id));
    },
  };
}

/** @throws {CertError} checkedByIssuer */
function requireOurs(found: Authorization): Authorization {
  const { checkedBy: issuer, identifier } = found;
  if (issuer !== null) throw refuse('checkedByIssuer', { name: identifier.value, issuer });
  return found;
}

/** It proves nothing to anybody from now on. @throws {CertError} wrongState */
async function deactivate(context: AppContext, tx: Stores, caller: Caller, found: Authorization): Promise<void> {
  const from = statesAccepting(authorizationTransitions, 'deactivate');
  if (!(await tx.authorizations.move(found.id, from, 'deactivated'))) return requireDeactivated(tx, found);
  const { accountId, identifier } = found;
  const data = { name: identifier.value };
  const at = context.clock.now();
  await recordAccount(tx, caller, 'authorization.deactivated', { accountId, subject: found.id, data, at });
  // They need another proof, and show it once they have looked.
  await queueWaiting(context, tx, found);
}

/** It proves nothing to this client from now on. @throws {CertError} wrongState */
async function giveUp(
  { clock }: AppContext,
  tx: Stores,
  caller: Caller,
  { id, accountId, identifier }: Authorization,
): Promise<void> {
  const { credentialId } = caller;
  const current = await tx.authorizations.get(id);
  if (current === undefined || credentialId === null || current.renouncedBy.includes(credentialId)) return;
  const { state, renouncedBy } = current;
  if (state === 'deactivated') return;
  const needed = statesAccepting(authorizationTransitions, 'deactivate');
  if (!needed.includes(state)) throw refuse('wrongState', { what: 'authorization', value: id, state, needed });
  await tx.authorizations.updateRenouncedBy(id, [...renouncedBy, credentialId]);
  const event = { accountId, subject: id, data: { name: identifier.value }, at: clock.now() };
  await recordAccount(tx, caller, 'authorization.renounced', event);
}

/** @throws {CertError} notFound, the same for another account's as for none */
export async function findAuthorization(stores: Stores, caller: Caller, id: string): Promise<Authorization> {
  const found = isId('authorization', id) ? await stores.authorizations.get(id) : undefined;
  if (found === undefined || !isWithin(caller, found.accountId)) {
    throw refuse('notFound', { what: 'authorization', value: quoted(id) });
  }
  return found;
}

async function requireDeactivated(tx: Stores, { id }: Authorization): Promise<void> {
  const state = (await tx.authorizations.get(id))?.state;
  if (state === undefined || state === 'deactivated') return;
  const needed = statesAccepting(authorizationTransitions, 'deactivate');
  throw refuse('wrongState', { what: 'authorization', value: id, state, needed });
}

/** Until when a proof is looked for: as long as the issuance that it was asked for waits. Null: without an end, or not any more. */
async function lastLookAt(context: AppContext, { state, issuanceId, checkedBy }: Authorization): Promise<Date | null> {
  if (state !== 'pending' || issuanceId === null) return null;
  const issuance = await context.database.read.issuances.get(issuanceId);
  if (issuance?.state !== 'awaitingValidation') return null;
  if (checkedBy !== null)
    return (await context.database.read.upstreamOrders.get(issuanceId))?.relay?.proofsUntil ?? null;
  const since = issuance.validatingSince ?? issuance.createdAt;
  return new Date(since.getTime() + profileOf(context, issuance.profileId).validationDays * 86_400_000);
}
