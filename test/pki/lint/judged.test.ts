/** What the runs of other linters and of verifiers have kept for the pages about lint is about all that there is today. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { notApplicable } from '../../../scripts/lint-certificates/not-applicable.ts';
import { looks } from '../../../scripts/lint-certificates/products.ts';
import { keptJudged } from '../../../scripts/lint-certificates/results.ts';
import { tally } from '../../../scripts/lint-certificates/tally.ts';
import { cannotAsk, type Expectation, expectations, situationIds } from '../../../scripts/verifiers/expected.ts';
import { keptResults } from '../../../scripts/verifiers/results.ts';
import { dialects } from '../../../src/dialects/registry.ts';

describe('npm run lint:certificates', () => {
  const all = dialects.flatMap(({ name, catalogue }) => catalogue.map(({ code }) => `${name}:${code}`)).toSorted();

  it('makes a certificate like that of each product', () => {
    assert.deepEqual(
      looks()
        .flatMap(({ products }) => products)
        .toSorted(),
      all,
    );
  });

  it('was run for all products: where this fails, npm run lint:certificates -- --write, then npm run docs', () => {
    assert.deepEqual(keptJudged().products, all);
    assert.equal(keptJudged().looks, looks().length);
  });

  it('fails on a finding without a row, on one of its own lint, and on a row that is not met', () => {
    const [row] = notApplicable;
    assert.ok(row !== undefined);
    const made = { title: 'one', kind: 'private', pem: '', own: [{ rule: 'der', source: '', found: 'a' }] } as const;
    const known = { tool: row.tool, lint: row.lint, detail: '' };
    const { wrong, met, unmet } = tally(
      [made, { ...made, kind: 'root', own: [] }],
      [[known, { ...known, lint: 'other' }], [known]],
    );
    assert.deepEqual(
      wrong.map(({ made: { kind }, complaint: { tool, lint } }) => [kind, tool, lint]),
      [
        ['private', 'zlint', 'other'],
        ['private', 'certmux', 'der'],
        ['root', 'zlint', row.lint],
      ],
    );
    assert.deepEqual([...met], [[`zlint ${row.lint}, private`, 1]]);
    assert.equal(unmet.length, notApplicable.flatMap(({ kinds }) => kinds).length - 1);
  });

  it('has one row for each finding that does not apply', () => {
    const keys = notApplicable.flatMap(({ tool, lint, kinds }) => kinds.map((kind) => `${tool} ${lint} ${kind}`));
    assert.equal(new Set(keys).size, keys.length);
  });
});

describe('npm run test:verifiers', () => {
  const { versions, results } = keptResults();
  const verifiers = ['openssl', 'go', 'java', 'nss', 'gnutls', 'rustls'] as const;

  it('was run with all verifiers: where this fails, npm run test:verifiers -- --write, then npm run docs', () => {
    assert.deepEqual(Object.keys(versions), verifiers);
    assert.deepEqual(Object.keys(results), situationIds);
  });

  for (const id of situationIds) {
    it(`saw what is expected of ${expectations[id].title.en}`, () => {
      const { expected, needs }: Expectation = expectations[id];
      const wanted = verifiers.map((by) => {
        const excuse = needs === undefined ? undefined : cannotAsk[by]?.[needs];
        return [by, excuse === undefined ? expected : 'cannotAsk'];
      });
      assert.deepEqual(results[id], Object.fromEntries(wanted));
    });
  }
});
