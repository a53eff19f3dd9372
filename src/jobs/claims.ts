/** Looks for due jobs and claims them: when somebody says that there may be some, at the time of the next one, and as a node ends others. */
import { isSharedLane, type Job, jobKinds, mayUseReserve } from '../domain/job.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Claimed } from '../domain/ports/stores/jobs.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import type { Deadline, Deadlines } from './deadlines.ts';
import { freePlaces, type Lane, type Lanes, leastClaim } from './lanes.ts';

export interface ClaimsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly deadlines: Deadlines;
  readonly lanes: Lanes;
  readonly leaseMs: number;
  /** Times beyond this are looked at by others. */
  readonly sweepMs: number;
  isOpen(): boolean;
  /** How often the queue has been woken. */
  wakes(): number;
  onClaimed(job: Job, wakesBefore: number): void;
  /** A look, or a part of it, has ended. */
  onLooked(): void;
}

export interface Claims {
  readonly isLooking: boolean;
  /** Looks now, or right after the look under way. */
  look(): void;
  lookAt(time: Date): void;
}

/** How long to wait when the database fails. */
const pauseMs = 1000;

export function createClaims(options: ClaimsOptions): Claims {
  const { database, clock, log, deadlines, lanes, leaseMs, sweepMs, isOpen, wakes, onClaimed, onLooked } = options;
  let isLooking = false;
  let mustLookAgain = false;
  let nextLook: Deadline | undefined;

  function look(): void {
    mustLookAgain = true;
    if (isLooking || !isOpen()) return;
    isLooking = true;
    void lookWhileAsked();
  }

  async function lookWhileAsked(): Promise<void> {
    while (mustLookAgain && isOpen()) {
      mustLookAgain = false;
      try {
        await claimDue();
      } catch (error) {
        log.error({ err: error }, 'jobs could not be claimed');
        lookAt(new Date(clock.now().getTime() + pauseMs));
      }
    }
    isLooking = false;
    onLooked();
  }

  async function claimDue(): Promise<void> {
    const now = clock.now();
    const due: Lane[] = [];
    const free = [...lanes.all()].filter((lane) => {
      lane.isMoreDue = freePlaces(lane) < leastClaim(lane);
      return !lane.isMoreDue;
    });
    const next = await Promise.all(free.map(({ name }) => database.read.jobs.nextRunAt(name)));
    for (const [i, lane] of free.entries()) {
      const nextRunAt = next[i];
      if (nextRunAt === undefined) continue;
      if (nextRunAt > now) lookAt(nextRunAt);
      else due.push(lane);
    }
    if (due.length === 0) return;
    const wakesBefore = wakes();
    if (database.isFull) {
      await claimVital(now);
      lookAt(new Date(now.getTime() + pauseMs));
      return;
    }
    // A transaction for each: whoever waits for its turn in a lane holds up nobody in another. Those of the embedded database share a commit.
    const claims = await Promise.all(due.map((lane) => claimIn(lane, now)));
    for (const [i, lane] of due.entries()) {
      const claimed = claims[i];
      if (claimed === undefined) continue;
      lane.turn = claimed.turn;
      for (const job of claimed.jobs) onClaimed(job, wakesBefore);
      onLooked();
      if (claimed.jobs.length + claimed.putOff > 0) mustLookAgain = true;
      else await lookWhenOthersEnd(lane, now);
    }
  }

  function claimIn(lane: Lane, now: Date): Promise<Claimed> {
    const { name, turn } = lane;
    const places = freePlaces(lane);
    return database.write(
      async (tx) => {
        if (isSharedLane(name)) return tx.jobs.claimShared(name, { now, leaseMs, places, turn });
        return { jobs: await tx.jobs.claimDue(name, now, leaseMs, places), putOff: 0, turn };
      },
      { onlyClaims: true },
    );
  }

  /** All that is due belongs to accounts that have their share under way, here or on other nodes. */
  async function lookWhenOthersEnd(lane: Lane, now: Date): Promise<void> {
    lane.isMoreDue = true;
    lookAt(new Date(now.getTime() + pauseMs));
    const nextRunAt = await database.read.jobs.nextRunAt(lane.name, now);
    if (nextRunAt !== undefined) lookAt(nextRunAt);
  }

  /** What runs on a disk that is too full for everything else. */
  async function claimVital(now: Date): Promise<void> {
    const wakesBefore = wakes();
    for (const kind of jobKinds.filter(mayUseReserve)) {
      const jobs = await database.write((tx) => tx.jobs.claimDueOf(kind, now, leaseMs, lanes.local.limit), {
        mayUseReserve: true,
        onlyClaims: true,
      });
      for (const job of jobs) onClaimed(job, wakesBefore);
    }
  }

  function lookAt(time: Date): void {
    const delayMs = Math.max(0, time.getTime() - clock.now().getTime());
    if (delayMs >= sweepMs) return;
    if (nextLook !== undefined && nextLook.atMs <= clock.monotonicMs() + delayMs) return;
    nextLook?.cancel();
    nextLook = deadlines.set(delayMs, () => {
      nextLook = undefined;
      look();
    });
  }

  return {
    get isLooking() {
      return isLooking;
    },
    look,
    lookAt,
  };
}
