/**
 * Runs the jobs of a database, in one process or in one of several. Jobs come from two sides into one line: claimed
 * from the database in batches, and adopted from use cases that took them as they queued them. A row stays in the database
 * until its work is done, so that a crash at any point loses nothing: the next start frees what this node was running.
 * In the lanes that accounts share nothing waits in a line here: only what can begin at once is claimed, so that whose turn it is
 * is decided as late as possible.
 */
import { isDiskFull } from '../domain/errors.ts';
import { newId } from '../domain/ids.ts';
import { isSharedKind, isSharedLane, type Job, leaseMsOf } from '../domain/job.ts';
import { type JobGivenUp, type JobHandlers, type JobQueue, jobKey } from '../domain/ports/jobs.ts';
import type { Meter } from '../domain/ports/meter.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../domain/ports/system.ts';
import { createClaims } from './claims.ts';
import { createDeadlines } from './deadlines.ts';
import { createElsewhere } from './elsewhere.ts';
import { createLanes } from './lanes.ts';
import { recoverAtStart, watchLeases } from './leases.ts';
import { createRun, type NewRun, type Run, type RunEnd, recordEnd, resultOf } from './run.ts';

export interface JobRunnerOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly log: Log;
  readonly meter?: Pick<Meter, 'jobEnded'>;
  /** Handlers that may run at the same time, not counting those of other lanes. */
  readonly concurrency?: number;
  /**
   * How often rows are looked for whose lease is over (jobs of a node that died, whose end could not be written, or that nobody adopted), and
   * leases are renewed.
   */
  readonly sweepMs?: number;
  /** How often a node looks for jobs that others queued, besides when it hears of them. */
  readonly pollMs?: number;
  /** False: jobs of the queue are left to other nodes, and only what has no row there (`perform`) runs here. */
  readonly runsJobs?: boolean;
}

/** How long to wait when the database fails. */
const pauseMs = 1000;
/** How long aborted handlers have to end when the runner stops. */
const stopMs = 1000;

export function createJobRunner(options: JobRunnerOptions): JobQueue {
  const { database, clock, log, meter, concurrency = 64, runsJobs = true, pollMs = 5_000 } = options;
  const leaseMs = leaseMsOf(database);
  const { sweepMs = database.isExclusive ? 60_000 : 15_000 } = options;
  const deadlines = createDeadlines(clock);
  const elsewhere = createElsewhere(clock);
  const lanes = createLanes(concurrency);
  /** Every job that is in memory, running or in line, by id and by what it is about. */
  const held = new Map<string, Run>();
  const bySubject = new Map<string, Run>();
  /** Claimed while still held: enqueued again and claimed before its run had ended, or freed by a sweep. */
  const claimedEarly = new Map<string, Job>();
  const watchers = new Set<() => void>();
  let handlers: JobHandlers | undefined;
  let onGivenUp: JobGivenUp | undefined;
  let state: 'new' | 'started' | 'stopping' | 'stopped' = 'new';
  let wakes = 0;
  const claims = createClaims({
    database,
    clock,
    log,
    deadlines,
    lanes,
    leaseMs,
    sweepMs,
    isOpen: () => state === 'started' && runsJobs,
    wakes: () => wakes,
    onClaimed: (job, wakesBefore) => enterLine({ job, isClaimed: true, wakesBefore }),
    onLooked: notify,
  });
  const { look, lookAt } = claims;

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

  function enterLine(entry: NewRun): void {
    const { job, isClaimed } = entry;
    if (held.has(job.id)) {
      claimedEarly.set(job.id, job);
      return;
    }
    const run = createRun(entry);
    held.set(job.id, run);
    bySubject.set(jobKey(job.kind, job.subject), run);
    const lane = lanes.of(run);
    lane.line.push(run);
    if (isClaimed) lane.claimedInLine++;
    beginRuns();
  }

  function beginRuns(): void {
    for (const lane of lanes.all()) {
      while (state === 'started' && lane.running < lane.limit) {
        const run = lane.line.shift();
        if (run === undefined) break;
        if (run.isClaimed && --lane.claimedInLine === Math.floor(lane.batch / 2) && !isSharedLane(lane.name)) look();
        lane.running++;
        void perform(run);
      }
    }
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
    // After an abort by `stop` the row stays as it is: the next start frees it, its attempts uncounted. Or it is another node's by now.
    if (!run.isStopped || end.kind === 'outcome') {
      await writeEnd(run, end);
      meter?.jobEnded(job.kind, resultOf(job, end));
    }
    lanes.of(run).running--;
    letGo(run);
    // What has no row is over in a moment; whoever waits for it on another node looks by itself.
    if (run.isStored && !database.isExclusive)
      database.signals.send({ kind: 'ended', jobs: [jobKey(job.kind, job.subject)] });
    const early = claimedEarly.get(job.id);
    if (early !== undefined) void runEarly(early);
    // This job may have been enqueued again while it ran; its row is claimable only now.
    const lane = lanes.of(run);
    if (wakes !== run.wakesBefore || (lane.isMoreDue && lane.line.length === 0)) look();
    beginRuns();
    notify();
  }

  function letGo(run: Run): void {
    const { job } = run;
    held.delete(job.id);
    const key = jobKey(job.kind, job.subject);
    if (bySubject.get(key) === run) bySubject.delete(key);
    run.settle();
  }

  /** Another node may have the job: what has not begun does not begin, and what runs ends, and writes nothing about it. */
  function lose(run: Run): void {
    const { line } = lanes.of(run);
    const place = line.indexOf(run);
    if (place < 0) {
      run.stop('the lease of the job is lost');
      return;
    }
    line.splice(place, 1);
    if (run.isClaimed) lanes.of(run).claimedInLine--;
    letGo(run);
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
          lanes.of(run).running--;
          beginRuns();
          notify();
        }
        await pause();
      }
    }
    // Another job has its place, and counts on it when it ends.
    if (isWaiting) lanes.of(run).running++;
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

  /** Where word of another node does not come, this node finds its jobs in so long. */
  function pollLater(): void {
    deadlines.set(pollMs, () => {
      pollLater();
      look();
    });
  }

  return {
    async start(newHandlers, options = {}) {
      if (state !== 'new') throw new Error(`the job runner is ${state} already`);
      handlers = newHandlers;
      onGivenUp = options.onGivenUp;
      const { takeUp = async () => 0 } = options;
      for (const lane of options.lanes ?? []) lanes.add(lane);
      // What was adopted before this start is held already and is not run twice.
      const freed = await recoverAtStart(database, { takeUp, lanes });
      if (freed > 0) log.info({ jobs: freed }, 'jobs that were cut off are resumed');
      state = 'started';
      database.signals.receive((signal) => {
        if (signal.kind === 'ended') elsewhere.hear(signal.jobs);
        if (signal.kind === 'queued') look();
      });
      if (runsJobs) {
        const heldRows = () => [...held.values()].filter(({ isStored }) => isStored);
        watchLeases({
          database,
          log,
          deadlines,
          leaseMs,
          sweepMs,
          held: heldRows,
          onLost: lose,
          takeUp,
          onFreed: look,
        });
        if (!database.isExclusive) pollLater();
      }
      beginRuns();
      look();
    },
    wake(dueAt) {
      if (dueAt !== undefined && dueAt > clock.now()) {
        // Other nodes poll, and all of them sweep.
        if (runsJobs) lookAt(dueAt);
        return;
      }
      wakes++;
      if (runsJobs) look();
      else database.signals.send({ kind: 'queued' });
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
        lane: lanes.local.name,
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
      const key = jobKey(kind, subject);
      // A look under way may take it up. Other work is adopted by whoever queues it.
      if (!bySubject.has(key) && !(claims.isLooking && isSharedKind(kind))) return undefined;
      return new Promise((resolve) => {
        const patience = deadlines.set(withinMs, () => resolve(false));
        void waitUntil(() => bySubject.has(key) || !claims.isLooking).then(async () => {
          const run = bySubject.get(key);
          await run?.settled();
          patience.cancel();
          resolve(run !== undefined);
        });
      });
    },
    endedElsewhere: (kind, subject, withinMs) => elsewhere.wait(jobKey(kind, subject), withinMs),
    async stop(graceMs) {
      if (state === 'stopped') return;
      state = 'stopping';
      const ended = () => lanes.countRunning() === 0 && !claims.isLooking;
      let isGraceOver = false;
      const grace = deadlines.set(graceMs, () => {
        for (const run of held.values()) run.stop('the server is stopping');
        deadlines.set(stopMs, () => {
          isGraceOver = true;
          notify();
        });
      });
      await waitUntil(() => ended() || isGraceOver);
      grace.cancel();
      if (lanes.countRunning() > 0)
        log.warn({ jobs: lanes.countRunning() }, 'job handlers were still running at the stop');
      state = 'stopped';
      deadlines.close();
      // Those in line have not begun: their rows are freed at the next start.
      for (const lane of lanes.all()) for (const run of lane.line.splice(0)) run.settle();
      notify();
    },
    async idle() {
      const startedAt = clock.now();
      while (state === 'started') {
        look();
        await waitUntil(() => (held.size + claimedEarly.size === 0 && !claims.isLooking) || state !== 'started');
        const next = await Promise.all(lanes.names().map((lane) => database.read.jobs.nextRunAt(lane)));
        if (held.size === 0 && next.every((runAt) => runAt === undefined || runAt > startedAt)) return;
      }
    },
  };
}
