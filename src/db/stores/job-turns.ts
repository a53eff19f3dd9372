/**
 * Claims in the lanes that accounts share. What is under way is counted from the rows, so that a crash leaves no wrong count, and each node
 * sees what the others have. Every step is bounded, however much waits: a claim reads some hundred rows at most.
 */
import { type ExpressionBuilder, sql } from 'kysely';
import { chosenInTurn } from '../../domain/fair-share.ts';
import type { AccountId, JobId } from '../../domain/ids.ts';
import {
  type Job,
  type JobKind,
  type JobOwner,
  type LaneName,
  repeatLaneOf,
  type SharedLane,
  sharedLanes,
} from '../../domain/job.ts';
import type { Claimed, JobReference, SharedClaim, Turn } from '../../domain/ports/stores/jobs.ts';
import { restEnd, type ZoneRest } from '../../domain/zone-rest.ts';
import { each, sized, statement } from '../prepared.ts';
import { type JobRow, jobs } from '../rows/jobs.ts';
import type { Session } from '../session.ts';
import type { Tables } from '../tables.ts';
import { type Lease, leasedBy, leaseOf } from './job-leases.ts';
import { createZoneRestStore } from './zone-rests.ts';

/** As long as no more than this is due, all of it is looked at. */
const wholeLane = 256;
/** Owners that are looked at in one claim where more is due. */
const ownersAtOnce = 64;
/** How long a job waits whose zone has no free place. */
const crowdedMs = 1000;
/** How long the jobs of a zone wait for its probe. When it answers they are brought forward. */
const probeMs = 10_000;
/** The most that are brought forward at once; the others come when they are due. */
const broughtForward = 1000;
/** The lane of checks that somebody waits for. */
const laneOfAsked: SharedLane = 'checks';

export const jobTurnStatements = {
  underWay: statement((db, p: { lane: string }) =>
    db
      .selectFrom('jobs')
      .select(['owner', 'zone'])
      .where('state', '=', sql.lit('running'))
      .where('owner', 'is not', null)
      .where('lane', '=', p.lane),
  ),
  due: statement((db, p: { lane: string; now: number; limit: number }) =>
    db
      .selectFrom('jobs')
      .selectAll()
      .where('state', '=', sql.lit('waiting'))
      .where('lane', '=', p.lane)
      .where('run_at', '<=', p.now)
      .orderBy('run_at')
      .limit(p.limit),
  ),
  /** Owners after one of them, in the order of the index: each costs one step, however many jobs it has. */
  owners: statement((db, p: { lane: string; after: string; limit: number }) =>
    db
      .withRecursive('line(owner, position)', (first) =>
        first
          .selectFrom((row) => nextOwner(row, p.lane, row.val(p.after)).as('head'))
          .select((row) => ['head.owner', row.lit(1).as('position')])
          .unionAll((next) =>
            next
              .selectFrom('line')
              .select((row) => [
                nextOwner(row, p.lane, row.ref('line.owner')).as('owner'),
                row('line.position', '+', row.lit(1)).as('position'),
              ])
              .where('line.owner', 'is not', null)
              .where('line.position', '<', p.limit),
          ),
      )
      .selectFrom('line')
      .select((row) => row.ref('line.owner').$notNull().as('owner'))
      .where('line.owner', 'is not', null),
  ),
  dueOfOwner: statement((db, p: { lane: string; owner: JobOwner; now: number; limit: number }) =>
    db
      .selectFrom('jobs')
      .selectAll()
      .where('state', '=', sql.lit('waiting'))
      .where('owner', 'is not', null)
      .where('lane', '=', p.lane)
      .where('owner', '=', p.owner)
      .where('run_at', '<=', p.now)
      .orderBy('run_at')
      .limit(p.limit),
  ),
  bringForwardZone: statement((db, p: { lane: string; owner: JobOwner; zone: string; now: number; limit: number }) =>
    db
      .updateTable('jobs')
      .set({ run_at: p.now })
      .where((row) =>
        row(
          row.refTuple('kind', 'subject'),
          'in',
          row
            .selectFrom('jobs as later')
            .select(['later.kind', 'later.subject'])
            .where('later.state', '=', sql.lit('waiting'))
            .where('later.owner', 'is not', null)
            .where('later.lane', '=', p.lane)
            .where('later.owner', '=', p.owner)
            .where('later.run_at', '>', p.now)
            .where('later.zone', '=', p.zone)
            .orderBy('later.run_at')
            .limit(p.limit)
            .$asTuple('kind', 'subject'),
        ),
      ),
  ),
  take: sized((size) =>
    statement((db, p: Lease & { kind: JobKind; subjects: readonly string[]; ids: readonly JobId[] }) =>
      db
        .with('chosen', (chosen) =>
          chosen
            .selectFrom('jobs')
            .select(['kind', 'subject'])
            .where('kind', '=', p.kind)
            .where('subject', 'in', each(p.subjects, size))
            .where('id', 'in', each(p.ids, size))
            .where('state', '=', sql.lit('waiting'))
            .forUpdate()
            .skipLocked(),
        )
        .updateTable('jobs')
        .from('chosen')
        .set(leasedBy(p))
        .whereRef('jobs.kind', '=', 'chosen.kind')
        .whereRef('jobs.subject', '=', 'chosen.subject')
        .where('jobs.state', '=', sql.lit('waiting'))
        .returning('jobs.id'),
    ),
  ),
  putOff: statement((db, p: JobReference & { runAt: number; lane: string }) =>
    db
      .updateTable('jobs')
      .set({ run_at: p.runAt, lane: p.lane })
      .where('kind', '=', p.kind)
      .where('subject', '=', p.subject)
      .where('id', '=', p.id)
      .where('state', '=', sql.lit('waiting')),
  ),
};

const q = jobTurnStatements;

/** @see JobStore.claimShared */
export async function claimShared(session: Session, lane: SharedLane, claim: SharedClaim): Promise<Claimed> {
  const { now, leaseMs, places } = claim;
  // Two nodes that counted at the same time would give one account the places of both.
  await session.takeTurn(`claims of ${lane}`);
  const { found, turn } = await dueJobs(session, lane, claim);
  const underWay = (await session.all(q.underWay, { lane })).map(({ owner, zone }) => ({ owner: owner ?? '', zone }));
  const { awake, resting } = await apart(session, { found, underWay, lane, now });
  const { chosen, crowded } = chosenInTurn(awake, underWay, { ...sharedLanes[lane], places });
  const taken = await take(session, chosen, leaseMs);
  const soon = new Date(now.getTime() + crowdedMs);
  for (const { job, until } of resting) await putOff(session, job, until, repeatLaneOf(job.kind));
  for (const job of crowded) await putOff(session, job, soon, undefined);
  return { jobs: taken, putOff: resting.length + crowded.length, turn };
}

/** Those that nobody else has taken meanwhile, in their order. */
async function take(session: Session, chosen: readonly DueJob[], leaseMs: number): Promise<readonly Job[]> {
  const taken = new Set<JobId>();
  for (const [kind, ofKind = []] of Object.entries(Object.groupBy(chosen, ({ kind }) => kind))) {
    const subjects = ofKind.map(({ subject }) => subject);
    const ids = ofKind.map(({ id }) => id);
    const values = { kind: kind as JobKind, subjects, ids, ...leaseOf(session, leaseMs) };
    for (const { id } of await session.all(q.take(ids.length), values)) taken.add(id);
  }
  return chosen.filter(({ id }) => taken.has(id)).map((job) => ({ ...job, state: 'running' }));
}

/** Reports whether a job of this owner may begin without being claimed: neither the lane nor its owner has all places taken. */
export async function hasRoom(session: Session, lane: SharedLane, owner: JobOwner): Promise<boolean> {
  const { places, perAccount } = sharedLanes[lane];
  const underWay = await session.all(q.underWay, { lane });
  return underWay.length < places && underWay.filter((one) => one.owner === owner).length < perAccount;
}

/** A job of a shared lane always has an owner. */
type DueJob = Job & { readonly owner: JobOwner };

/** @see JobStore.bringForwardZone */
export async function bringForwardZone(session: Session, owner: JobOwner, zone: string, now: Date): Promise<void> {
  for (const lane of ['checks', 'repeats'] satisfies SharedLane[]) {
    session.write(q.bringForwardZone, { lane, owner, zone, now: now.getTime(), limit: broughtForward });
  }
}

/** All that is due, or what is due of the owners whose turn is next: of each as much as it may have under way. */
async function dueJobs(
  session: Session,
  lane: SharedLane,
  { now, turn }: SharedClaim,
): Promise<{ readonly found: readonly DueJob[]; readonly turn: Turn }> {
  const all = await session.all(q.due, { lane, now: now.getTime(), limit: wholeLane + 1 });
  if (all.length <= wholeLane) return { found: all.map(dueJob), turn };
  const owners = await nextOwners(session, lane, turn);
  const found: JobRow[] = [];
  for (const owner of owners) {
    const limit = sharedLanes[lane].perAccount;
    found.push(...(await session.all(q.dueOfOwner, { lane, owner, now: now.getTime(), limit })));
  }
  // Who has looked at all of them may begin anywhere: those with the least under way come first in any case.
  return { found: found.map(dueJob), turn: { after: owners.length < ownersAtOnce ? '' : (owners.at(-1) ?? '') } };
}

/** Owners with waiting jobs, from the turn on; behind the last comes the first. */
async function nextOwners(session: Session, lane: SharedLane, { after }: Turn): Promise<readonly JobOwner[]> {
  const behind = await session.all(q.owners, { lane, after, limit: ownersAtOnce });
  const left = ownersAtOnce - behind.length;
  const before = left > 0 && after !== '' ? await session.all(q.owners, { lane, after: '', limit: left }) : [];
  const owners = [...behind, ...before.filter(({ owner }) => owner <= after)];
  return owners.map(({ owner }) => owner);
}

/**
 * What may be taken, and what waits because its zone rests, until when. Of a zone that did not answer its last probe one job is the next
 * probe, and the others wait for what becomes of it.
 */
async function apart(
  session: Session,
  {
    found,
    underWay,
    lane,
    now,
  }: {
    readonly found: readonly DueJob[];
    readonly underWay: readonly { readonly owner: string; readonly zone: string | null }[];
    readonly lane: SharedLane;
    readonly now: Date;
  },
): Promise<{
  readonly awake: readonly DueJob[];
  readonly resting: readonly { readonly job: DueJob; readonly until: Date }[];
}> {
  const rests = await restsOf(session, found);
  const probed = new Set(underWay.map(({ owner, zone }) => `${owner} ${zone}`));
  const awake: DueJob[] = [];
  const resting: { readonly job: DueJob; readonly until: Date }[] = [];
  for (const job of found) {
    const key = `${job.owner} ${job.zone}`;
    const rest = rests.get(key);
    if (rest === undefined) {
      awake.push(job);
      continue;
    }
    const until = restEnd(rest, { isAsked: lane === laneOfAsked });
    if (until < rest.until) {
      const shorter = { ...rest, until };
      rests.set(key, shorter);
      await createZoneRestStore(session).put(shorter);
    }
    if (until <= now && !probed.has(key)) {
      probed.add(key);
      awake.push(job);
      continue;
    }
    resting.push({ job, until: new Date(Math.max(until.getTime(), now.getTime() + probeMs)) });
  }
  return { awake, resting };
}

async function restsOf(session: Session, found: readonly DueJob[]): Promise<Map<string, ZoneRest>> {
  const zones = new Map<AccountId, Set<string>>();
  for (const { owner, zone } of found) {
    if (zone === null || owner === 'platform') continue;
    zones.set(owner, (zones.get(owner) ?? new Set()).add(zone));
  }
  const rests = new Map<string, ZoneRest>();
  for (const [owner, itsZones] of zones) {
    for (const rest of await createZoneRestStore(session).list(owner, [...itsZones])) {
      rests.set(`${owner} ${rest.zone}`, rest);
    }
  }
  return rests;
}

async function putOff(session: Session, job: DueJob, runAt: Date, lane: LaneName | undefined): Promise<void> {
  session.write(q.putOff, { ...reference(job), runAt: runAt.getTime(), lane: lane ?? job.lane });
}

function dueJob(row: JobRow): DueJob {
  const job = jobs.fromRow(row);
  return { ...job, owner: job.owner ?? 'platform' };
}

function reference({ kind, subject, id }: JobReference): JobReference {
  return { kind, subject, id };
}

type Anything = ExpressionBuilder<Tables & { line: { owner: JobOwner | null; position: number } }, 'line'>;

function nextOwner(row: Pick<Anything, 'selectFrom'>, lane: string, after: unknown) {
  return row
    .selectFrom('jobs')
    .select('jobs.owner')
    .where('jobs.state', '=', sql.lit('waiting'))
    .where('jobs.owner', 'is not', null)
    .where('jobs.lane', '=', lane)
    .where('jobs.owner', '>', after as JobOwner)
    .orderBy('jobs.owner')
    .limit(1);
}
