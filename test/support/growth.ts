/** That the time a parser needs grows in proportion to its input. */
import assert from 'node:assert/strict';
import { cpuMs } from './cpu-time.ts';

/** Runs whose least time counts: what else the machine does only makes a run longer. */
const runs = 5;
const factor = 8;
/** Three times what is linear. What is quadratic needs 64 times as much. */
const tolerance = 3;
/** Caches, the compiler and the collector of garbage. */
const allowanceMs = 30;

/**
 * Compares the CPU time for an input with that for one eight times as long.
 * @param count of the smaller one: large enough that the larger one shows what grows faster than the input
 */
export function assertLinear<Input>(
  count: number,
  make: (count: number) => Input,
  parse: (input: Input) => unknown,
): void {
  const [small, large] = [make(count), make(count * factor)];
  parse(small);
  check(
    leastMs(() => parse(small)),
    leastMs(() => parse(large)),
  );
}

/** The same for a parser that answers later. */
export async function assertLinearAsync<Input>(
  count: number,
  make: (count: number) => Input,
  parse: (input: Input) => Promise<unknown>,
): Promise<void> {
  const [small, large] = [make(count), make(count * factor)];
  await parse(small);
  check(await leastMsAsync(() => parse(small)), await leastMsAsync(() => parse(large)));
}

function check(smallMs: number, largeMs: number): void {
  const limitMs = factor * tolerance * smallMs + allowanceMs;
  assert.ok(largeMs <= limitMs, `${smallMs.toFixed(2)} ms, but ${largeMs.toFixed(2)} ms for ${factor} times as much`);
}

function leastMs(run: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < runs; index++) {
    const startMs = cpuMs();
    run();
    least = Math.min(least, cpuMs() - startMs);
  }
  return least;
}

async function leastMsAsync(run: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < runs; index++) {
    const startMs = cpuMs();
    await run();
    least = Math.min(least, cpuMs() - startMs);
  }
  return least;
}
