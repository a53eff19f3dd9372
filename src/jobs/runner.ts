/**
 * Runs the jobs of a database, in one process or in one of several. Jobs come from two sides into one line: claimed
 * from the database in batches, and adopted from use cases that took them as they queued them. A row stays in the database
 * until its work is done, so that a crash at any point loses nothing: the next start frees what this node was running.
 * In the lanes that accounts share nothing waits in a line here: only what can begin at once is claimed, so that whose turn it is
 * is decided as late as possible.
 */
import { isDiskFull } from '../domain/errors.ts';
import { newId } from '../domain/ids.ts';
import {
  isSharedKind,
  isSharedLane,
  type Job,
  type JobKind,
  jobKinds,
  mayUseReserve,
  sharedLanes,
} from '../domain/job.ts';
import type { JobGivenUp, JobHandlers, JobLane, JobQueue, JobQueueStart } from '../domain/ports/jobs.ts';
import type { Database, Stores } from '../domain/ports/stores/index.ts';
import type { Claimed, SharedClaim, Turn } from '../domain/ports/stores/jobs.ts';
import type { Clock, Log, Randomness } from '../domain/ports/system.ts';
import { createDeadlines, type Deadline } from './deadlines.ts';
import { createRun, type NewRun, type Run, type RunEnd, recordEnd } from './run.ts';

export interface JobRunnerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  /** Handlers that may run at the same time, not counting those of other lanes. */
  readonly concurrency?: number;
  /** How long a claimed job is left to this runner; longer than the longest timeout of a handler. */
  readonly leaseMs?: number;
  /** How often rows are looked for whose lease is over: jobs whose end could not be written, or that nobody adopted. */
  readonly sweepMs?: number;
}

/** Runs of one kind of waiting: who is next, and how many are under way. */
interface Lane {
  readonly name: string;
  readonly limit: number;
  /** How many are claimed ahead at most. */
  readonly batch: number;
  readonly line: Run[];
  running: number;
  claimedInLine: number;
  /** Of a lane that accounts share: whose turn is next. */
  turn: Turn;
  /** The last look took all it could take, or could take none: there may be more that is due. */
  isMoreDue: boolean;
}

/** Rows that one transaction of the runner frees or moves at most. */
const rowsAtOnce = 500;
/** How long to wait when the database fails. */
const pauseMs = 1000;
/** How long aborted handlers have to end when the runner stops. */
const stopMs = 1000;

export function createJobRunner(options: JobRunnerOptions): JobQueue {
  const { database, clock, log, concurrency = 64 } = options;
  const { leaseMs = 600_000, sweepMs = 60_000 } = options;
  const deadlines = createDeadlines(clock);
  /** Every job that is in memory, running or in line, by id and by what it is about. */
  const held = new Map<string, Run>();
  const bySubject = new Map<string, Run>();
  /** Claimed while still held: enqueued again and claimed before its run had ended, or freed by a sweep. */
  const claimedEarly = new Map<string, Job>();
  const local = createLane({ name: 'local', concurrency });
  const lanes = new Map<string, Lane>([
    [local.name, local],
    ...Object.entries(sharedLanes).map(
      ([name, { places }]) => [name, createLane({ name, concurrency: places })] as const,
    ),
  ]);
  const watchers = new Set<() => void>();
  let handlers: JobHandlers | undefined;
  let onGivenUp: JobGivenUp | undefined;
  let takeUp: NonNullable<JobQueueStart['takeUp']> = async () => 0;
  let state: 'new' | 'started' | 'stopping' | 'stopped' = 'new';
  let wakes = 0;
  let isLooking = false;
  let mustLookAgain = false;
  let nextLook: Deadline | undefined;

  /** Something ended or was looked for: those who wait for a condition test it again. */
  function notify(): void {
    for (const watcher of [...watchers]) watcher();
  }

  function waitUntil(condition: () => boolean): Promise<void> {
    if (condition()) return Promise.resolve();
    return new Promise((resolve) => {
      const watcher = () => {
        if (!condition()) return;
        watchers.delete(watcher);
        resolve();
      };
      watchers.add(watcher);
    });
  }

  function createLane({ name, concurrency: limit }: JobLane): Lane {
    const batch = Math.min(limit, concurrency);
    return { name, limit, batch, line: [], running: 0, claimedInLine: 0, turn: { after: '' }, isMoreDue: false };
  }

  function enterLine(entry: NewRun): void {
    const { job, isClaimed } = entry;
    if (held.has(job.id)) {
      claimedEarly.set(job.id, job);
      return;
    }
    const run = createRun(entry);
    held.set(job.id, run);
    bySubject.set(subjectKey(job.kind, job.subject), run);
    const lane = laneOf(run);
    lane.line.push(run);
    if (isClaimed) lane.claimedInLine++;
    beginRuns();
  }

  function beginRuns(): void {
    for (const lane of lanes.values()) {
      while (state === 'started' && lane.running < lane.limit) {
        const run = lane.line.shift();
        if (run === undefined) break;
        if (run.isClaimed && --lane.claimedInLine === Math.floor(lane.batch / 2) && !isSharedLane(lane.name)) look();
        lane.running++;
        void perform(run);
      }
    }
  }

  function laneOf({ job }: Run): Lane {
    return lanes.get(job.lane) ?? local;
  }

  function countRunning(): number {
    return [...lanes.values()].reduce((sum, lane) => sum + lane.running, 0);
  }

  /** One run from begin to end. Never rejects. */
  async function perform(run: Run): Promise<void> {
    const { job } = run;
    const end = await run.perform(handlers?.[job.kind], deadlines);
    if (end.kind === 'abandoned') {
      log.error(
        { job: job.id, kind: job.kind, subject: job.subject },
        'job handler ignores its abort signal: abandoned',
      );
    }
    // After an abort by `stop` the row stays as it is: the next start frees it, its attempts uncounted.
    if (!run.isStopped || end.kind === 'outcome') await writeEnd(run, end);
    laneOf(run).running--;
    held.delete(job.id);
    const key = subjectKey(job.kind, job.subject);
    if (bySubject.get(key) === run) bySubject.delete(key);
    run.settle();
    const early = claimedEarly.get(job.id);
    if (early !== undefined) void runEarly(early);
    // This job may have been enqueued again while it ran; its row is claimable only now.
    const lane = laneOf(run);
    if (wakes !== run.wakesBefore || (lane.isMoreDue && lane.line.length === 0)) look();
    beginRuns();
    notify();
  }

  /** Tries again while the disk is full, without holding up the jobs that run even then. Never rejects. */
  async function writeEnd(run: Run, end: RunEnd): Promise<void> {
    const { job } = run;
    let isWaiting = false;
    for (;;) {
      try {
        const nextAt = await recordEnd({ database, clock, log, onGivenUp }, run, end);
        if (nextAt !== undefined) lookAt(nextAt);
        break;
      } catch (error) {
        const isTriedAgain = isDiskFull(error) && state === 'started';
        const message = isTriedAgain
          ? 'the end of a job could not be written: tried again until there is space'
          : 'the end of a job could not be written: it will run again';
        if (!isWaiting || !isTriedAgain) log.error({ err: error, job: job.id, kind: job.kind }, message);
        if (!isTriedAgain) break;
        if (!isWaiting) {
          isWaiting = true;
          laneOf(run).running--;
          beginRuns();
          notify();
        }
        await pause();
      }
    }
    // Another job has its place, and counts on it when it ends.
    if (isWaiting) laneOf(run).running++;
  }

  /** Until the database may have recovered; at once when the runner stops. */
  function pause(): Promise<void> {
    return new Promise((resolve) => {
      const ended = () => {
        deadline.cancel();
        watchers.delete(onStop);
        resolve();
      };
      const deadline = deadlines.set(pauseMs, ended);
      const onStop = () => {
        if (state !== 'started') ended();
      };
      watchers.add(onStop);
    });
  }

  /** Runs a job that was claimed while it was held, unless the run that has ended now has done its work too. */
  async function runEarly(job: Job): Promise<void> {
    const wakesBefore = wakes;
    try {
      const row = await database.read.jobs.get(job.kind, job.subject);
      claimedEarly.delete(job.id);
      if (row?.id === job.id && row.state === 'running') enterLine({ job: row, isClaimed: true, wakesBefore });
    } catch (error) {
      claimedEarly.delete(job.id);
      log.error({ err: error, job: job.id }, 'a claimed job could not be read: its lease will run out');
    }
    notify();
  }

  /** Looks for due jobs, now or right after the look under way. */
  function look(): void {
    mustLookAgain = true;
    if (isLooking || state !== 'started') return;
    isLooking = true;
    void lookWhileAsked();
  }

  async function lookWhileAsked(): Promise<void> {
    while (mustLookAgain && state === 'started') {
      mustLookAgain = false;
      try {
        await claimDue();
      } catch (error) {
        log.error({ err: error }, 'jobs could not be claimed');
        lookAt(new Date(clock.now().getTime() + pauseMs));
      }
    }
    isLooking = false;
    notify();
  }

  async function claimDue(): Promise<void> {
    const now = clock.now();
    const due: { readonly lane: Lane; readonly limit: number }[] = [];
    for (const lane of lanes.values()) {
      const limit = freePlaces(lane);
      lane.isMoreDue = limit < leastClaim(lane);
      const nextRunAt = lane.isMoreDue ? undefined : await database.read.jobs.nextRunAt(lane.name);
      if (nextRunAt === undefined) continue;
      if (nextRunAt > now) lookAt(nextRunAt);
      else due.push({ lane, limit });
    }
    if (due.length === 0) return;
    const wakesBefore = wakes;
    const leaseUntil = new Date(now.getTime() + leaseMs);
    if (database.isFull) {
      await claimVital(now, leaseUntil);
      lookAt(new Date(now.getTime() + pauseMs));
      return;
    }
    const claims = await database.write(
      (tx) =>
        inTurn(due, async ({ lane, limit }) => ({
          lane,
          ...(await claimIn(tx, lane, { now, leaseUntil, places: limit })),
        })),
      { onlyClaims: true },
    );
    for (const { lane, jobs, putOff, turn } of claims) {
      lane.turn = turn;
      for (const job of jobs) enterLine({ job, isClaimed: true, wakesBefore });
      notify();
      if (jobs.length + putOff > 0) mustLookAgain = true;
      else await lookWhenOthersEnd(lane, now);
    }
  }

  /** A shared lane claims what can begin at once. In others half a line is claimed, not one job each time one ends. */
  function freePlaces(lane: Lane): number {
    // Adopted jobs do not count, or they could starve the others.
    return isSharedLane(lane.name) ? lane.limit - lane.running - lane.line.length : lane.batch - lane.claimedInLine;
  }

  function leastClaim(lane: Lane): number {
    return isSharedLane(lane.name) ? 1 : Math.ceil(lane.batch / 2);
  }

  async function claimIn(tx: Stores, lane: Lane, claim: Omit<SharedClaim, 'turn'>): Promise<Claimed> {
    const { name, turn } = lane;
    if (isSharedLane(name)) return tx.jobs.claimShared(name, { ...claim, turn });
    return { jobs: await tx.jobs.claimDue(name, claim.now, claim.leaseUntil, claim.places), putOff: 0, turn };
  }

  /** All that is due belongs to accounts that have their share under way, here or on other nodes. */
  async function lookWhenOthersEnd(lane: Lane, now: Date): Promise<void> {
    lane.isMoreDue = true;
    lookAt(new Date(now.getTime() + pauseMs));
    const nextRunAt = await database.read.jobs.nextRunAt(lane.name, now);
    if (nextRunAt !== undefined) lookAt(nextRunAt);
  }

  /** What runs on a disk that is too full for everything else. */
  async function claimVital(now: Date, leaseUntil: Date): Promise<void> {
    const wakesBefore = wakes;
    for (const kind of jobKinds.filter(mayUseReserve)) {
      const jobs = await database.write((tx) => tx.jobs.claimDueOf(kind, now, leaseUntil, concurrency), {
        mayUseReserve: true,
        onlyClaims: true,
      });
      for (const job of jobs) enterLine({ job, isClaimed: true, wakesBefore });
    }
  }

  function lookAt(time: Date): void {
    const delayMs = Math.max(0, time.getTime() - clock.now().getTime());
    // The sweep looks anyway.
    if (delayMs >= sweepMs) return;
    if (nextLook !== undefined && nextLook.atMs <= clock.monotonicMs() + delayMs) return;
    nextLook?.cancel();
    nextLook = deadlines.set(delayMs, () => {
      nextLook = undefined;
      look();
    });
  }

  function sweepLater(): void {
    deadlines.set(sweepMs, () => {
      sweepLater();
      if (database.isFull) return;
      sweep().then(
        (freed) => {
          if (freed > 0) log.warn({ jobs: freed }, 'jobs that nobody worked on any more are taken up');
          look();
        },
        (error) => log.error({ err: error }, 'jobs whose lease is over could not be freed'),
      );
    });
  }

  /** Frees what nobody works on any more. @returns how many jobs that was */
  function sweep(): Promise<number> {
    return inPieces(async (tx) => {
      const freed = await tx.jobs.recover(clock.now(), rowsAtOnce);
      if (freed === rowsAtOnce) return { count: freed, isAll: false };
      return { count: freed + (await takeUp(tx, 'overdue')), isAll: true };
    });
  }

  /**
   * Cut off by the end of the last process: all that is marked running where nobody else has the database; else what this node had, and
   * leases that are over.
   */
  function recoverAtStart(): Promise<number> {
    return inPieces(async (tx) => {
      const freed = await tx.jobs.recoverAtStart(clock.now(), rowsAtOnce);
      if (freed === rowsAtOnce) return { count: freed, isAll: false };
      const takenUp = await takeUp(tx, database.isExclusive ? 'all' : 'overdue');
      const moved = await tx.jobs.moveStrayed(local.name, [...lanes.keys()], rowsAtOnce);
      return { count: freed + takenUp, isAll: moved < rowsAtOnce };
    });
  }

  /** Each piece is a transaction, between which everybody else gets their turn. @returns the sum of the counts */
  async function inPieces(
    work: (tx: Stores) => Promise<{ readonly count: number; readonly isAll: boolean }>,
  ): Promise<number> {
    for (let sum = 0; ; ) {
      const { count, isAll } = await database.write(work);
      sum += count;
      if (isAll) return sum;
    }
  }

  return {
    async start(newHandlers, options = {}) {
      if (state !== 'new') throw new Error(`the job runner is ${state} already`);
      handlers = newHandlers;
      onGivenUp = options.onGivenUp;
      takeUp = options.takeUp ?? takeUp;
      for (const lane of options.lanes ?? []) lanes.set(lane.name, createLane(lane));
      // What was adopted before this start is held already and is not run twice.
      const freed = await recoverAtStart();
      if (freed > 0) log.info({ jobs: freed }, 'jobs that were cut off are resumed');
      state = 'started';
      sweepLater();
      beginRuns();
      look();
    },
    wake() {
      wakes++;
      look();
    },
    adopt(job) {
      if (state === 'stopping' || state === 'stopped') return;
      enterLine({ job, isClaimed: false, wakesBefore: wakes });
    },
    perform({ kind, subject, run }) {
      if (state === 'stopping' || state === 'stopped') return;
      const now = clock.now();
      const job: Job = {
        id: newId('job', options),
        kind,
        subject,
        state: 'running',
        lane: local.name,
        owner: null,
        zone: null,
        runAt: now,
        attempts: 0,
        lastError: null,
        createdAt: now,
      };
      enterLine({ job, isClaimed: false, wakesBefore: wakes, isStored: false, handler: (_, signal) => run(signal) });
    },
    settled(kind, subject, withinMs) {
      const key = subjectKey(kind, subject);
      // A look under way may take it up. Other work is adopted by whoever queues it.
      if (!bySubject.has(key) && !(isLooking && isSharedKind(kind))) return undefined;
      return new Promise((resolve) => {
        const patience = deadlines.set(withinMs, () => resolve(false));
        void waitUntil(() => bySubject.has(key) || !isLooking).then(async () => {
          const run = bySubject.get(key);
          await run?.settled();
          patience.cancel();
          resolve(run !== undefined);
        });
      });
    },
    async stop(graceMs) {
      if (state === 'stopped') return;
      state = 'stopping';
      const ended = () => countRunning() === 0 && !isLooking;
      let isGraceOver = false;
      const grace = deadlines.set(graceMs, () => {
        for (const run of held.values()) run.stop();
        deadlines.set(stopMs, () => {
          isGraceOver = true;
          notify();
        });
      });
      await waitUntil(() => ended() || isGraceOver);
      grace.cancel();
      if (countRunning() > 0) log.warn({ jobs: countRunning() }, 'job handlers were still running at the stop');
      state = 'stopped';
      deadlines.close();
      // Those in line have not begun: their rows are freed at the next start.
      for (const lane of lanes.values()) for (const run of lane.line.splice(0)) run.settle();
      notify();
    },
    async idle() {
      const startedAt = clock.now();
      while (state === 'started') {
        look();
        await waitUntil(() => (held.size + claimedEarly.size === 0 && !isLooking) || state !== 'started');
        const next = await Promise.all([...lanes.keys()].map((lane) => database.read.jobs.nextRunAt(lane)));
        if (held.size === 0 && next.every((runAt) => runAt === undefined || runAt > startedAt)) return;
      }
    },
  };
}

/** One after the other: statements of one transaction. */
async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

function subjectKey(kind: JobKind, subject: string): string {
  return `${kind} ${subject}`;
}
