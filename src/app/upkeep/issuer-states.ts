/** How each issuer of the configuration does: its last certificate, what waits for it, and why it does not issue where it does not. */
import { laneOfIssuer } from '../../domain/job.ts';
import { reasonOutside } from '../../domain/may-be-issued.ts';
import {
  type Issuer,
  isPool,
  isWithoutCa,
  modeOf,
  publishesCrl,
  upstreamsOf,
  wantsProofs,
} from '../../domain/ports/issuer.ts';
import type { IssuerHealth, IssuerState } from '../../domain/ports/server-facts.ts';
import type { LaneDue } from '../../domain/ports/stores/jobs.ts';
import type { UpstreamSummary } from '../../domain/ports/upstreams.ts';
import { dayOf, inAll } from '../../domain/statistics.ts';
import type { AppContext } from '../context.ts';
import { standings } from '../issuing/upstream-standing.ts';
import { countNewEvents } from './event-counts.ts';

const shownDays = 30;

interface Seen {
  readonly upstreams: ReadonlyMap<string, UpstreamSummary>;
  readonly due: ReadonlyMap<string, LaneDue>;
  readonly lastIssuedAt: ReadonlyMap<string, Date>;
  readonly issued: ReadonlyMap<string, number>;
}

export async function issuerStates(context: AppContext): Promise<readonly IssuerState[]> {
  const { database, clock, issuers } = context;
  const { read } = database;
  await countNewEvents(context);
  const now = clock.now();
  const today = dayOf(now);
  const days = await read.statistics.list('issuers', 'all', { from: today - shownDays + 1, until: today });
  const issued = new Map<string, number>();
  for (const { key, total } of days) issued.set(key, (issued.get(key) ?? 0) + total);
  const ever = await read.statistics.list('issuers', 'all', { from: inAll, until: inAll });
  const seen: Seen = {
    upstreams: new Map((await standings(context, 1)).map((one) => [one.account.account, one])),
    due: new Map((await read.jobs.due(now)).map((one) => [one.lane, one])),
    lastIssuedAt: new Map(ever.map(({ key, lastAt }) => [key, lastAt])),
    issued,
  };
  const states = await Promise.all([...issuers.values()].map((issuer) => stateOf(context, issuer, seen)));
  return states.map((state) => (state.kind === 'pool' ? ofMembers(state, states) : state));
}

async function stateOf(context: AppContext, issuer: Issuer, seen: Seen): Promise<IssuerState> {
  const { id } = issuer;
  const due = seen.due.get(laneOfIssuer(id));
  const [upstream] = isPool(issuer) ? [] : upstreamsOf(issuer);
  const account = upstream?.upstream.account ?? null;
  const summary = account === null ? undefined : seen.upstreams.get(account);
  const kind = isPool(issuer) ? 'pool' : upstream === undefined ? 'embedded' : 'upstream';
  return {
    id,
    kind,
    mode: wantsProofs(issuer) ? 'relay' : modeOf(issuer),
    health: summary === undefined ? healthOf(context, issuer) : healthOfUpstream(summary),
    lastIssuedAt: seen.lastIssuedAt.get(id) ?? null,
    issuedIn30Days: seen.issued.get(id) ?? 0,
    upstream: account,
    members: isPool(issuer) ? issuer.members.map((member) => member.id) : [],
    authorities: publishesCrl(issuer) ? issuer.authorityIds() : [],
    isWithoutCa: isWithoutCa(issuer),
    queue: {
      due: due?.jobs ?? 0,
      oldestDueAt: due?.since ?? null,
      underWay: summary?.orders.reduce((sum, { count }) => sum + count, 0) ?? 0,
    },
    breaker:
      summary === undefined || summary.account.openUntil === null
        ? null
        : { openSince: summary.openSince, nextTryAt: summary.account.openUntil },
    budget: summary?.budgets[0] ?? null,
    lastFailure: summary === undefined ? null : await lastFailureOf(context, summary),
  };
}

/** Nothing is signed while the clock is wrong, nor outside of the validity of each of its authorities. */
function healthOf({ clock, clockGuard }: AppContext, issuer: Issuer): IssuerHealth {
  if (!publishesCrl(issuer)) return 'working';
  if (clockGuard.fault() !== undefined) return 'stopped';
  const now = clock.now();
  const isValid = issuer.authorityIds().some((id) => reasonOutside(issuer.validityOf(id), now) === undefined);
  return isValid ? 'working' : 'stopped';
}

function healthOfUpstream({ account }: UpstreamSummary): IssuerHealth {
  if (account.openUntil !== null) return 'stopped';
  return account.faults > 0 ? 'faulty' : 'working';
}

async function lastFailureOf(
  { database }: AppContext,
  { account }: UpstreamSummary,
): Promise<IssuerState['lastFailure']> {
  const [exchange] = await database.read.upstreamExchanges.list(account.account, 1);
  const detail = account.lastFault ?? exchange?.answer ?? null;
  return detail === null ? null : { at: exchange?.at ?? null, faults: account.faults, detail };
}

/** A pool issues while one of its members does; what its members issued is theirs. */
function ofMembers(pool: IssuerState, states: readonly IssuerState[]): IssuerState {
  const members = states.filter(({ id }) => pool.members.includes(id));
  const healths = new Set(members.map(({ health }) => health));
  const health = (['working', 'faulty', 'stopped'] as const).find((one) => healths.has(one)) ?? 'stopped';
  return { ...pool, health };
}
