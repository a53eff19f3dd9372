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
  const limitMs = limitFor(Math.min(...Array.from({ length: runs }, () => timeOf(() => parse(small)))));
  let largeMs = Number.POSITIVE_INFINITY;
  // Stops at the first run that is fast enough: the minimum then is too.
  for (let run = 0; run < runs && largeMs > limitMs; run++) largeMs = timeOf(() => parse(large));
  check(largeMs, limitMs);
}

/** The same for a parser that answers later. */
export async function assertLinearAsync<Input>(
  count: number,
  make: (count: number) => Input,
  parse: (input: Input) => Promise<unknown>,
): Promise<void> {
  const [small, large] = [make(count), make(count * factor)];
  await parse(small);
  let smallMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) smallMs = Math.min(smallMs, await laterTimeOf(() => parse(small)));
  const limitMs = limitFor(smallMs);
  let largeMs = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs && largeMs > limitMs; run++) largeMs = await laterTimeOf(() => parse(large));
  check(largeMs, limitMs);
}

function limitFor(smallMs: number): number {
  return factor * tolerance * smallMs + allowanceMs;
}

function check(largeMs: number, limitMs: number): void {
  const what = `${factor} times as much takes ${largeMs.toFixed(2)} ms, more than ${limitMs.toFixed(2)} ms`;
  assert.ok(largeMs <= limitMs, what);
}

function timeOf(run: () => unknown): number {
  const startMs = cpuMs();
  run();
  return cpuMs() - startMs;
}

async function laterTimeOf(run: () => Promise<unknown>): Promise<number> {
  const startMs = cpuMs();
  await run();
  return cpuMs() - startMs;
}
