/**
 * `npm run fuzz -- --minutes 5 --target csr,dns --seed 7`: changed inputs for every parser that meets strangers. What it finds
 * is written to test/fuzz/findings, where `npm test` replays it from then on.
 */
import { parseArgs } from 'node:util';
import { findingsFolder, writeFinding } from '../test/fuzz/files.ts';
import { type Finding, fileNameOf, fuzz, type Progress } from '../test/fuzz/fuzz.ts';
import { targets } from '../test/fuzz/targets.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    /** Ends earlier, after so many. */
    inputs: { type: 'string', default: 'Infinity' },
    /** Names, separated by commas; all of them otherwise. */
    target: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

const wanted = values.target?.split(',') ?? targets.map(({ name }) => name);
const unknown = wanted.filter((name) => !targets.some((target) => target.name === name));
if (unknown.length > 0) {
  console.error(`there is no target ${unknown.join(', ')}; there are ${targets.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

// Most of the time of a refusal is its stack; of a crash, only the place is reported.
Error.stackTraceLimit = 1;

const startMs = performance.now();
let shownMs = startMs;

function show({ inputs, findings }: Progress): void {
  if (performance.now() - shownMs < 10_000) return;
  shownMs = performance.now();
  const seconds = (shownMs - startMs) / 1000;
  console.log(`${seconds.toFixed(0)} s: ${inputs} inputs (${(inputs / seconds).toFixed(0)}/s), ${findings} findings`);
}

async function keep(finding: Finding): Promise<void> {
  const { target, kind, what, input } = finding;
  const place = input === undefined ? '' : await writeFinding(findingsFolder, target, fileNameOf(finding), input);
  console.log(`FOUND ${target} ${kind}: ${what} ${place}`);
}

// The summary covers what was done until then.
const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => interrupted.abort());

console.log(`seed ${values.seed}, ${wanted.length} targets`);
const result = await fuzz({
  targets: targets.filter(({ name }) => wanted.includes(name)),
  seed: Number(values.seed),
  maxInputs: Number(values.inputs),
  maxMs: Number(values.minutes) * 60_000,
  signal: interrupted.signal,
  onFinding: keep,
  onRound: show,
});

for (const [name, { inputs, outcomes, findings, slowestMs }] of result.byTarget) {
  const numbers = `${String(inputs).padStart(9)} inputs  ${String(outcomes).padStart(4)} outcomes`;
  console.log(`${name.padEnd(18)}${numbers}  slowest ${slowestMs.toFixed(0).padStart(4)} ms  ${findings} findings`);
}
console.log(`${result.inputs} inputs, ${result.findings} findings`);
process.exitCode = result.findings === 0 ? 0 : 1;
