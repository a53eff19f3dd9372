/** The threads of a server and the memory that they share, before there is anything to serve. */
import { createAllowanceMemory, createNumberMemory, createRandomness } from '../../system/index.ts';
import type { ThreadMemory } from './front-thread.ts';
import { createFrontThreads, type FrontThreads } from './front-threads.ts';

export interface StartedThreads {
  /** With the core's. */
  readonly count: number;
  readonly memory: ThreadMemory;
  /** Undefined where the core's thread does everything. */
  readonly front: FrontThreads | undefined;
}

/** Call it early: they load their code, which takes most of their start, while the core loads its own. */
export function startThreads(count: number): StartedThreads {
  const random = createRandomness();
  const memory = { numberMemory: createNumberMemory(random), allowanceMemory: createAllowanceMemory(random) };
  return { count, memory, front: count > 1 ? createFrontThreads(count - 1, memory) : undefined };
}
