/** The lanes in which runs wait: those of one kind of waiting in each, so that none waits for another kind. */
import { isSharedLane, sharedLanes } from '../domain/job.ts';
import type { JobLane } from '../domain/ports/jobs.ts';
import type { Turn } from '../domain/ports/stores/jobs.ts';
import type { Run } from './run.ts';

export interface Lane {
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

export interface Lanes {
  readonly local: Lane;
  names(): readonly string[];
  all(): Iterable<Lane>;
  of(run: Run): Lane;
  add(lane: JobLane): void;
  countRunning(): number;
}

/** @param concurrency of the lane `local`, and of what is claimed ahead in any */
export function createLanes(concurrency: number): Lanes {
  const newLane = ({ name, concurrency: limit }: JobLane): Lane => {
    const batch = Math.min(limit, concurrency);
    return { name, limit, batch, line: [], running: 0, claimedInLine: 0, turn: { after: '' }, isMoreDue: false };
  };
  const local = newLane({ name: 'local', concurrency });
  const lanes = new Map<string, Lane>([[local.name, local]]);
  const add = (lane: JobLane) => void lanes.set(lane.name, newLane(lane));
  for (const [name, { places }] of Object.entries(sharedLanes)) add({ name, concurrency: places });

  return {
    local,
    names: () => [...lanes.keys()],
    all: () => lanes.values(),
    of: ({ job }) => lanes.get(job.lane) ?? local,
    add,
    countRunning: () => [...lanes.values()].reduce((sum, lane) => sum + lane.running, 0),
  };
}

/** A shared lane claims what can begin at once. In others half a line is claimed, not one job each time one ends. */
export function freePlaces(lane: Lane): number {
  // Adopted jobs do not count, or they could starve the others.
  return isSharedLane(lane.name) ? lane.limit - lane.running - lane.line.length : lane.batch - lane.claimedInLine;
}

export function leastClaim(lane: Lane): number {
  return isSharedLane(lane.name) ? 1 : Math.ceil(lane.batch / 2);
}
