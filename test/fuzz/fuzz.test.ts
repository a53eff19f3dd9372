/**
 * Replays the corpus and every input that `npm run fuzz` ever found, and a few changed ones, so that the fuzzer itself cannot rot.
 */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { budgetMs, measure, threadCpuMs } from './budget.ts';
import { corpusFolder, findingsFolder, readSamples } from './files.ts';
import { type Finding, fuzz } from './fuzz.ts';
import { createRandom } from './random.ts';
import { mutate, type Target } from './target.ts';
import { targets } from './targets.ts';

for (const target of targets) {
  test(`${target.name}: its corpus and findings are read or refused, in good time`, async () => {
    const corpus = await readSamples(corpusFolder, target.name);
    assert.ok(corpus.length > 0, 'a target needs a corpus');
    const seeds = (target.seeds ?? []).map((input, index) => ({ file: `seed ${index}`, input }));
    for (const { file, input } of [...corpus, ...seeds, ...(await readSamples(findingsFolder, target.name))]) {
      const { crash, cpuMs } = await measure(target, input);
      assert.equal(crash, undefined, file);
      assert.ok(cpuMs <= budgetMs(input), `${file}: ${cpuMs} ms`);
    }
  });
}

test('some of each corpus is read, so that changes reach all of the parser', async () => {
  for (const target of targets) {
    const samples = await readSamples(corpusFolder, target.name);
    const outcomes = await Promise.all(samples.map(async ({ input }) => (await measure(target, input)).words));
    assert.ok(
      outcomes.some((words) => words.startsWith('read')),
      target.name,
    );
  }
});

test('every folder belongs to a target', async () => {
  const names = new Set(targets.map(({ name }) => name));
  for (const folder of [corpusFolder, findingsFolder]) {
    const strays = (await readdir(folder)).filter((name) => !name.startsWith('.') && !names.has(name));
    assert.deepEqual(strays, []);
  }
});

describe('the fuzzer', () => {
  test('makes the same inputs of the same seed', async () => {
    for (const target of targets) {
      const corpus = (await readSamples(corpusFolder, target.name)).map(({ input }) => input);
      const inputs = [1, 1, 2].map((seed) => {
        const random = createRandom(seed);
        return Array.from({ length: 20 }, () => mutate(target, random.pick(corpus), corpus, random).toString('hex'));
      });
      assert.deepEqual(inputs[0], inputs[1], target.name);
      assert.notDeepEqual(inputs[0], inputs[2], target.name);
    }
  });

  const broken = (parse: Target['parse']): Target => ({ name: 'cursor', kind: 'text', parse });
  const kept: unknown[] = [];
  let slowRuns = 12;
  const rows: readonly (readonly [kind: Finding['kind'], target: Target])[] = [
    [
      'crash',
      broken((input) => {
        if (input.length % 7 === 3) throw new TypeError('a mistake');
      }),
    ],
    [
      'slow',
      broken((input) => {
        if (input.length !== 3 || slowRuns-- <= 0) return;
        const endMs = threadCpuMs() + 2 * budgetMs(input);
        while (threadCpuMs() < endMs);
      }),
    ],
    ['memory', broken(() => kept.push(Array.from({ length: 300 }, () => ({}))))],
  ];
  for (const [kind, target] of rows) {
    test(`finds ${kind === 'crash' ? 'a crash' : kind === 'slow' ? 'a slow input' : 'growth of memory'}`, async () => {
      const findings: Finding[] = [];
      const onFinding = async (finding: Finding) => {
        findings.push(finding);
      };
      await fuzz({ targets: [target], seed: 1, maxInputs: 12_000, maxMs: 60_000, onFinding });
      kept.length = 0;
      assert.ok(findings.length > 0 && findings.every((finding) => finding.kind === kind), JSON.stringify(findings));
    });
  }
});
