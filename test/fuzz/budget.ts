/** What an input may cost. Measured as CPU time of this thread: other processes and other threads do not count. */
import { type Outcome, run, type Target } from './target.ts';

/** Whatever is read once has these: the first use of a path, a collection of garbage. */
const baseMs = 25;
/** The slowest parser, that of YAML, needs about a quarter of it. */
const msPerKilobyte = 20;
/** A slow run is repeated, since only what is slow every time is the input's fault. */
const repetitions = 4;

export function budgetMs(input: Buffer): number {
  return baseMs + (msPerKilobyte * input.length) / 1024;
}

export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The outcome, and the least time that the parser needs for this input where it seems to need too much. */
export async function measure(target: Target, input: Buffer): Promise<Outcome & { readonly cpuMs: number }> {
  let startMs = threadCpuMs();
  const outcome = await run(target, input);
  let cpuMs = threadCpuMs() - startMs;
  for (let index = 0; index < repetitions && cpuMs > budgetMs(input); index++) {
    startMs = threadCpuMs();
    await run(target, input);
    cpuMs = Math.min(cpuMs, threadCpuMs() - startMs);
  }
  return { ...outcome, cpuMs };
}
