/** Nothing comes to be signed without the question whether it may be: only its answer holds a plan. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { readSources } from '../support/source.ts';

const app = await readSources(join(import.meta.dirname, '..', '..', 'src', 'app'));
const namesOf = (files: typeof app) => files.map(({ path }) => path).toSorted();
const importersOf = (target: string) => app.filter(({ imports }) => imports.some((one) => one.target === target));

test('a plan is made by one function, which asks whether it may be', () => {
  assert.deepEqual(namesOf(importersOf('issuing/plan.ts')), ['issuing/may-be-issued.ts']);
});

test('whatever stores an issuance, commits its plan, or is about to buy it has asked', () => {
  const writers = app.filter(({ code }) =>
    /(issuances|upstreamOrders)\.insert\(|issuances\.move\([^;]*\{\s*plan\b/.test(code),
  );
  assert.deepEqual(namesOf(writers), [
    'issuing/advance.ts',
    'issuing/upstream-begin.ts',
    'issuing/work-to-sign.ts',
    'orders/new-issuance.ts',
  ]);
  const asking = namesOf(importersOf('issuing/may-be-issued.ts'));
  for (const path of namesOf(writers)) assert.ok(asking.includes(path), path);
});
