/** Feeds changed inputs to the targets, in rounds, until time or number is over; the same seed makes the same inputs. */
import { hash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { budgetMs, measure } from './budget.ts';
import { corpusFolder, readSamples } from './files.ts';
import { createRandom, type Random } from './random.ts';
import { mutate, type Target } from './target.ts';

export interface FuzzOptions {
  readonly targets: readonly Target[];
  readonly seed: number;
  /** Of all targets together. */
  readonly maxInputs: number;
  readonly maxMs: number;
  /** Ends earlier, after the round. */
  readonly signal?: AbortSignal;
  readonly onFinding: (finding: Finding) => Promise<void>;
  readonly onRound?: (progress: Progress) => void;
}

export interface Finding {
  readonly target: string;
  readonly kind: 'crash' | 'slow' | 'memory';
  readonly what: string;
  /** Absent where no single input is to blame. */
  readonly input?: Buffer;
}

export interface Progress {
  readonly inputs: number;
  readonly findings: number;
  readonly byTarget: ReadonlyMap<string, TargetProgress>;
}

export interface TargetProgress {
  readonly inputs: number;
  /** Different ways through the parser. */
  readonly outcomes: number;
  readonly findings: number;
  readonly slowestMs: number;
}

const inputsOfRound = 2000;
const expensiveInputsOfRound = 100;
/** Inputs that went a new way are changed further. */
const maxPool = 300;
/** How many findings of one kind are told: what fails once fails a thousand times. */
const maxFindings = 5;
/** The first rounds fill caches. */
const warmUpRounds = 3;
const roundsBetweenWeighing = 5;
/** In the rounds that are weighed, all together. */
const maxGrowthBytes = 16 << 20;

interface State {
  readonly target: Target;
  readonly pool: Buffer[];
  readonly corpus: readonly Buffer[];
  readonly outcomes: Set<string>;
  readonly told: Map<string, number>;
  rounds: number;
  inputs: number;
  findings: number;
  slowestMs: number;
  /** What the heap grew by in the rounds of this target, without its pool. */
  grownBytes: number;
}

export async function fuzz(options: FuzzOptions): Promise<Progress> {
  const random = createRandom(options.seed);
  const states = await Promise.all(options.targets.map(stateOf));
  const endMs = performance.now() + options.maxMs;
  const isOver = () =>
    options.signal?.aborted === true || performance.now() >= endMs || progressOf(states).inputs >= options.maxInputs;
  while (!isOver()) {
    for (const state of states) {
      const isWeighed = state.rounds >= warmUpRounds && state.rounds % roundsBetweenWeighing === 0;
      const before = isWeighed ? heapBytes() : 0;
      const pooled = await round(state, random, options);
      if (isWeighed) await checkMemory(state, heapBytes() - before - pooled, options);
      // Nothing else waits for the event loop here, and a signal arrives there.
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver()) break;
    }
    options.onRound?.(progressOf(states));
  }
  return progressOf(states);
}

async function stateOf(target: Target): Promise<State> {
  const samples = await readSamples(corpusFolder, target.name);
  if (samples.length === 0) throw new Error(`${target.name} has no corpus`);
  const corpus = [...samples.map(({ input }) => input), ...(target.seeds ?? [])];
  return {
    target,
    pool: [...corpus],
    corpus,
    outcomes: new Set(),
    told: new Map(),
    rounds: 0,
    inputs: 0,
    findings: 0,
    slowestMs: 0,
    grownBytes: 0,
  };
}

/** @returns the bytes of the inputs that were kept */
async function round(state: State, random: Random, options: FuzzOptions): Promise<number> {
  const { target, pool, corpus, outcomes } = state;
  let pooledBytes = 0;
  const inputs = target.isExpensive === true ? expensiveInputsOfRound : inputsOfRound;
  for (let index = 0; index < inputs; index++) {
    const input = mutate(target, random.pick(random.oneIn(2) ? corpus : pool), corpus, random);
    const { words, crash, cpuMs } = await measure(target, input);
    state.inputs++;
    state.slowestMs = Math.max(state.slowestMs, cpuMs);
    if (crash !== undefined) await tell(state, { kind: 'crash', what: textOf(crash), input }, options);
    if (cpuMs > budgetMs(input)) {
      const what = `${cpuMs.toFixed(0)} ms for ${input.length} bytes`;
      await tell(state, { kind: 'slow', what, input }, options);
    }
    if (outcomes.has(words)) continue;
    outcomes.add(words);
    if (pool.length >= maxPool) continue;
    // A copy, since what was cut out of a longer input would keep all of it.
    pool.push(Buffer.from(input));
    pooledBytes += input.length;
  }
  state.rounds++;
  return pooledBytes;
}

async function checkMemory(state: State, growthBytes: number, options: FuzzOptions): Promise<void> {
  state.grownBytes += growthBytes;
  if (state.grownBytes <= maxGrowthBytes) return;
  const what = `the heap grew by ${state.grownBytes >> 20} MiB in the rounds that were weighed`;
  state.grownBytes = 0;
  await tell(state, { kind: 'memory', what }, options);
}

async function tell(state: State, finding: Omit<Finding, 'target'>, options: FuzzOptions): Promise<void> {
  state.findings++;
  const alike = finding.kind === 'crash' ? finding.what : finding.kind;
  const told = (state.told.get(alike) ?? 0) + 1;
  state.told.set(alike, told);
  if (told <= maxFindings) await options.onFinding({ target: state.target.name, ...finding });
}

/** Where it was thrown is part of what it is. */
function textOf(crash: unknown): string {
  if (!(crash instanceof Error)) return String(crash);
  const place = /\n\s+at .*?([^/\\]+:\d+):\d+/.exec(crash.stack ?? '')?.[1] ?? '';
  return `${crash.name}: ${crash.message.slice(0, 100)} (${place})`;
}

/** A name for the file of a finding: what it is and of what. */
export function fileNameOf({ kind, input = Buffer.alloc(0) }: Finding): string {
  return `${kind}-${hash('sha256', input, 'hex').slice(0, 12)}`;
}

function progressOf(states: readonly State[]): Progress {
  const sum = (of: (state: State) => number) => states.reduce((total, state) => total + of(state), 0);
  const rows = states.map(
    ({ target, inputs, findings, slowestMs, outcomes }) =>
      [target.name, { inputs, findings, slowestMs, outcomes: outcomes.size }] as const,
  );
  return { inputs: sum(({ inputs }) => inputs), findings: sum(({ findings }) => findings), byTarget: new Map(rows) };
}

let collectGarbage: (() => void) | undefined;

function heapBytes(): number {
  if (collectGarbage === undefined) {
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc');
  }
  collectGarbage?.();
  // What lies outside of the heap belongs to objects in it, and is freed some time after them.
  return process.memoryUsage().heapUsed;
}
