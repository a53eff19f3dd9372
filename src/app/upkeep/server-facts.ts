/** What this installation is made of, and how its parts do: profiles, authorities with their lists, issuers, the server. */
import type { Authority } from '../../domain/authority.ts';
import { type Caller, seesAllAccounts } from '../../domain/caller.ts';
import { quoted, refuse, renderReason } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import { publishesCrl, type RollingIssuer, rollsOver } from '../../domain/ports/issuer.ts';
import type { AuthorityState, ServerFacts } from '../../domain/ports/server-facts.ts';
import { profileAt } from '../../domain/profile.ts';
import { authorityKey, inAll } from '../../domain/statistics.ts';
import type { AppContext } from '../context.ts';
import { isOutsideListDue } from '../watching/outside-lists.ts';
import { authorityOutlooks } from './authority-watch.ts';
import { countNewEvents } from './event-counts.ts';
import { issuerStates } from './issuer-states.ts';
import { listNodes } from './nodes.ts';

const kind = 'publishCrl';
/** A list of 100,000 entries takes a second. A person waits for it. */
const publishWaitMs = 10_000;

export function createServerFacts(context: AppContext): ServerFacts {
  const { database, clock, clockGuard, queue, installation, profiles } = context;
  const { read } = database;

  /** How many certificates each issued and revoked, by `authorityKey`. */
  async function countsOf(isWanted: boolean): Promise<ReadonlyMap<string, number> | null> {
    if (!isWanted) return null;
    await countNewEvents(context);
    const counts = await read.statistics.list('authorities', 'all', { from: inAll, until: inAll });
    return new Map(counts.map(({ key, total }) => [key, total]));
  }

  async function stateOf(
    authority: Authority,
    all: readonly Authority[],
    counts: ReadonlyMap<string, number> | null,
  ): Promise<AuthorityState> {
    const crl = (await read.crls.summaryOf(authority.id)) ?? null;
    const isListDue = isOutsideListDue(authority, { updates: crl, all, now: clock.now() });
    const issued = counts?.get(authorityKey(authority.id, 'certificate.issued')) ?? 0;
    const revoked = counts?.get(authorityKey(authority.id, 'certificate.revoked')) ?? 0;
    return { authority, crl, isListDue, certificates: counts && { issued, revoked } };
  }

  async function stateNow(authorityId: string): Promise<AuthorityState> {
    const authority = isId('authority', authorityId) ? await read.authorities.get(authorityId) : undefined;
    if (authority === undefined) throw unknown(authorityId);
    return stateOf(authority, await read.authorities.list(), await countsOf(true));
  }

  /** @throws {CertError} notFound */
  function rollingIssuerOf(authorityId: string): RollingIssuer {
    const [issuer] = [...context.issuers.values()].filter((one) => rollsOver(one));
    if (issuer === undefined || !isId('authority', authorityId)) throw unknown(authorityId);
    return issuer;
  }

  return {
    async profiles() {
      return [...profiles.values()].map((profile) => profileAt(profile, clock.now()));
    },

    async authorities(caller) {
      const counts = await countsOf(seesAllAccounts(caller));
      const all = await read.authorities.list();
      return Promise.all(all.map((authority) => stateOf(authority, all, counts)));
    },

    async publishCrl(caller, authorityId) {
      const publishers = [...context.issuers.values()].filter((issuer) => publishesCrl(issuer));
      const isOurs = publishers.some(({ authorityIds }) => authorityIds().some((id) => id === authorityId));
      const authority = (await read.authorities.list()).find(({ id }) => id === authorityId);
      if (authority?.keyPlace === 'outside') throw refuse('authorityKeyOutside', { authority: authority.subject });
      if (!isId('authority', authorityId) || !isOurs || authority === undefined) throw unknown(authorityId);
      const job = await database.write(async (tx) => {
        const now = clock.now();
        await tx.events.append({
          kind: 'crl.requested',
          accountId: null,
          actor: caller.actor,
          subject: authorityId,
          data: {},
          requestId: caller.requestId,
          at: now,
        });
        return tx.jobs.enqueueClaimed({ kind, subject: authorityId, now });
      });
      if (job === undefined) queue.wake();
      else queue.adopt(job);
      await (queue.settled(kind, authorityId, publishWaitMs) ?? queue.endedElsewhere(kind, authorityId, publishWaitMs));
      return stateNow(authorityId);
    },

    outlook: () => authorityOutlooks(context),

    async rollAuthority(caller, authorityId, request) {
      const id = await rollingIssuerOf(authorityId).succeed(authorityId, { ...request, by: authorOf(caller) });
      // What follows from it: the list of the new one, and the look at whom it follows.
      queue.wake();
      return stateNow(id);
    },

    async revokeAuthority(caller, authorityId, reason) {
      await rollingIssuerOf(authorityId).revokeAuthority(authorityId, { reason, by: authorOf(caller) });
      queue.wake();
      return stateNow(authorityId);
    },

    issuers: () => issuerStates(context),

    async state() {
      const fault = clockGuard.fault();
      return {
        ...installation,
        now: clock.now(),
        nodes: await listNodes(context),
        jobs: await read.jobs.count(),
        isDiskFull: database.isFull,
        clockFault: fault === undefined ? null : renderReason(fault, 'en'),
      };
    },
  };
}

function unknown(authorityId: string) {
  return refuse('notFound', { what: 'authority', value: quoted(authorityId) });
}

function authorOf({ actor, requestId }: Caller) {
  return { actor, requestId };
}
