/** The outside world for tests: time that moves by hand, randomness that repeats, a log that can be read. */
import type { ClockGuard } from '../../src/domain/ports/clock-guard.ts';
import type { ResolverWatch } from '../../src/domain/ports/resolver-watch.ts';
import type { Clock, Log, Randomness } from '../../src/domain/ports/system.ts';
import { postgresAnswers, postgresUrl } from './postgres.ts';

export interface FakeClock extends Clock {
  /** Moves time on, ending every sleep that falls due on the way, in order, and lets what waited for it run. */
  advance(ms: number): Promise<void>;
  /** Somebody sets the wall clock, forwards or back. Steady time stands still. */
  set(byMs: number): void;
  /** The number of sleeps under way. */
  readonly sleeping: number;
  /** Milliseconds until the nearest sleep ends; undefined when nobody sleeps. */
  readonly nextWakeMs: number | undefined;
}

interface Sleep {
  readonly at: number;
  readonly end: () => void;
}

/** A clock that stands still until it is moved. */
export function createFakeClock(start = '2026-06-01T00:00:00.000Z'): FakeClock {
  let startMs = Date.parse(start);
  const sleeps = new Set<Sleep>();
  let elapsedMs = 0;

  const nearest = () => [...sleeps].reduce<Sleep | undefined>((a, b) => (a && a.at <= b.at ? a : b), undefined);

  return {
    now: () => new Date(startMs + elapsedMs),
    monotonicMs: () => elapsedMs,
    sleep(delayMs, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        const onAbort = () => {
          sleeps.delete(sleep);
          reject(signal?.reason);
        };
        const sleep: Sleep = {
          at: elapsedMs + Math.max(delayMs, 0),
          end: () => {
            sleeps.delete(sleep);
            signal?.removeEventListener('abort', onAbort);
            resolve();
          },
        };
        signal?.addEventListener('abort', onAbort, { once: true });
        sleeps.add(sleep);
      });
    },
    async advance(ms) {
      const until = elapsedMs + ms;
      await settle();
      for (let sleep = nearest(); sleep !== undefined && sleep.at <= until; sleep = nearest()) {
        elapsedMs = Math.max(elapsedMs, sleep.at);
        sleep.end();
        await settle();
      }
      elapsedMs = until;
      await settle();
    },
    set(byMs) {
      startMs += byMs;
    },
    get sleeping() {
      return sleeps.size;
    },
    get nextWakeMs() {
      const sleep = nearest();
      return sleep && sleep.at - elapsedMs;
    },
  };
}

/**
 * Lets everything that is ready to run, run: promises, what the event loop already holds, and commits on their way to the
 * disk. A job is a few transactions one after the other, and each is run up to three times (`repeating.ts`), a turn each. On a server it is as many
 * answers as it has statements: the turns are counted from the last of them.
 */
export async function settle(turns = 12): Promise<void> {
  for (let i = 0; i < turns; i++) {
    await turn();
    for (;;) {
      const answers = postgresAnswers();
      if (answers !== undefined) {
        await answers;
        i = 0;
      } else if (process.getActiveResourcesInfo().includes('FSReqCallback')) await turn();
      else break;
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/**
 * Waits until the condition holds: tests wait for conditions, not for milliseconds. Asks less and less often, since others need the
 * processor to bring it about. Gives up after `limitMs`.
 */
export async function until(condition: () => boolean | Promise<boolean>, what: string, limitMs = 30_000) {
  const startMs = performance.now();
  while (!(await condition())) {
    const waitedMs = performance.now() - startMs;
    if (waitedMs > limitMs) throw new Error(`waited ${limitMs} ms in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, Math.min(1 + waitedMs / 20, 20)));
  }
}

/** The longest step in which the core waits for work to end: on a database that nodes share it looks ever less often. */
export const longestStepMs = postgresUrl === undefined ? 20 : 200;

/**
 * Moves the clock while the answer waits for it.
 * @param stepMs whoever waits longer than this is not hurried
 */
export async function passingTime<T>(clock: FakeClock, answer: Promise<T>, stepMs = longestStepMs): Promise<T> {
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  const over = answer.then(end, end);
  while (!isOver) {
    await turn();
    if (postgresAnswers() !== undefined) {
      // What goes on behind the answer is nobody's concern.
      await Promise.race([settle(), over]);
      continue;
    }
    const { nextWakeMs } = clock;
    if (!isOver && nextWakeMs !== undefined && nextWakeMs <= stepMs) await clock.advance(nextWakeMs);
  }
  return answer;
}

/** DNS resolvers that answer. */
export const answeringResolvers: ResolverWatch = {
  fault: () => undefined,
  look: async () => undefined,
  stop: () => {},
};

/** A clock that can be believed. */
export const rightClock: ClockGuard = { fault: () => undefined, newest: () => new Date(0) };

/** The same bytes for the same seed, never the same bytes twice (splitmix32). */
export function createFakeRandomness(seed = 1): Randomness {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
  return { bytes: (size) => Uint8Array.from({ length: size }, () => next() >>> 24) };
}

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log that keeps its lines, children's too. */
export function createFakeLog(): Log & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = [];
  const at = (bound: object): Log => {
    const write = (level: LogLine['level']) => (fields: object, message: string) => {
      lines.push({ level, message, fields: { ...bound, ...fields } });
    };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => at({ ...bound, ...fields }),
    };
  };
  return { ...at({}), lines };
}
