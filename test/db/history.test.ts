/** The checker of histories (`docs/isolation.md`): what it finds, and that it finds nothing in histories that ran one after the other. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { openTempDatabase } from '../support/database.ts';
import type { History, RecordedTransaction } from '../support/history/history.ts';
import { play } from '../support/history/play.ts';
import { anomaliesOf } from '../support/history/serializability.ts';

type Reads = Readonly<Record<string, readonly string[]>>;

/** Additions are `object:fact`. */
function transaction(
  name: string,
  reads: Reads,
  additions: readonly string[],
  isCommitted = true,
): RecordedTransaction {
  return {
    name,
    isCommitted,
    reads: Object.entries(reads).map(([object, facts]) => ({ object, facts: new Set(facts) })),
    additions: additions.map((text) => ({ object: text.slice(0, text.indexOf(':')), fact: text })),
  };
}

const end = (reads: Reads) => Object.entries(reads).map(([object, facts]) => ({ object, facts: new Set(facts) }));

const faulty: readonly {
  readonly what: string;
  readonly history: History;
  readonly expected: string;
}[] = [
  {
    what: 'a lost update: both read the same, and one of the results is gone',
    history: {
      transactions: [transaction('A', { x: [] }, ['x:a']), transaction('B', { x: [] }, ['x:b'])],
      end: end({ x: ['x:b'] }),
    },
    expected: 'A before B: A did not see x:b in x\n  B before A: B did not see x:a in x',
  },
  {
    what: 'an update that is lost without anybody having read',
    history: { transactions: [transaction('A', {}, ['x:a'])], end: end({ x: [] }) },
    expected: 'A before the end: it was committed\n  the end before A: the end did not see x:a in x',
  },
  {
    what: 'write skew: each wrote what the other had read',
    history: {
      transactions: [transaction('A', { x: [], y: [] }, ['x:a']), transaction('B', { x: [], y: [] }, ['y:b'])],
      end: end({ x: ['x:a'], y: ['y:b'] }),
    },
    expected: 'A before B: A did not see y:b in y\n  B before A: B did not see x:a in x',
  },
  {
    what: 'a read of half of another transaction',
    history: {
      transactions: [transaction('A', {}, ['x:a', 'y:a']), transaction('B', { x: ['x:a'], y: [] }, [])],
      end: end({ x: ['x:a'], y: ['y:a'] }),
    },
    expected: 'A before B: B saw x:a in x\n  B before A: B did not see y:a in y',
  },
  {
    what: 'two readers who saw two writers in different order',
    history: {
      transactions: [
        transaction('A', {}, ['x:a']),
        transaction('B', {}, ['y:b']),
        transaction('C', { x: ['x:a'], y: [] }, []),
        transaction('D', { x: [], y: ['y:b'] }, []),
      ],
      end: end({ x: ['x:a'], y: ['y:b'] }),
    },
    expected:
      'A before C: C saw x:a in x\n  C before B: C did not see y:b in y\n  B before D: D saw y:b in y\n  D before A: D did not see x:a in x',
  },
  {
    what: 'a read of what was undone',
    history: {
      transactions: [transaction('A', {}, ['x:a'], false), transaction('B', { x: ['x:a'] }, [])],
      end: end({ x: [] }),
    },
    expected: 'B saw x:a in x, which A added and did not commit',
  },
  {
    what: 'a fact that comes from nowhere',
    history: { transactions: [], end: end({ x: ['x:a'] }) },
    expected: 'the end saw x:a in x, which nobody added',
  },
];

describe('the checker of histories finds', () => {
  for (const { what, history, expected } of faulty) {
    it(what, () => {
      const [first = ''] = anomaliesOf(history);
      // A circle may be told from any of its transactions.
      const steps = (text: string) =>
        text
          .split('\n')
          .map((line) => line.trim())
          .toSorted();
      assert.deepEqual(
        steps(first).filter((line) => !line.startsWith('no order')),
        steps(expected),
      );
    });
  }
});

/** For each transaction the objects it reads, and those it adds to. */
const plans = fc.array(fc.record({ reads: fc.subarray(['x', 'y', 'z']), additions: fc.subarray(['x', 'y', 'z']) }), {
  minLength: 2,
  maxLength: 12,
});

/** The history of the plans, one after the other. */
function serial(all: readonly { readonly reads: readonly string[]; readonly additions: readonly string[] }[]): History {
  const state: Record<string, string[]> = { x: [], y: [], z: [] };
  const snapshot = (objects: readonly string[]) => objects.map((object) => ({ object, facts: new Set(state[object]) }));
  const transactions = all.map(({ reads, additions }, i) => {
    const seen = snapshot(reads);
    const added = additions.map((object) => ({ object, fact: `${object}:${i}` }));
    for (const { object, fact } of added) state[object]?.push(fact);
    return { name: `T${i}`, isCommitted: true, reads: seen, additions: added };
  });
  return { transactions, end: snapshot(['x', 'y', 'z']) };
}

describe('the checker of histories', () => {
  it('finds nothing in what ran one after the other, in whatever order it is recorded', () => {
    fc.assert(
      fc.property(plans, fc.integer(), (all, seed) => {
        const { transactions, end: last } = serial(all);
        const mixed = transactions.toSorted((a, b) => order(a.name, seed) - order(b.name, seed));
        assert.deepEqual(anomaliesOf({ transactions: mixed, end: last }), []);
      }),
    );
  });

  it('finds every update that two made to what both had read', () => {
    fc.assert(
      fc.property(plans, fc.nat(), (all, at) => {
        const { transactions, end: last } = serial(all);
        const place = at % transactions.length;
        const chosen = transactions[place];
        if (chosen === undefined) return;
        // Another one that read the same, and did not see what this one added.
        const twin = { ...chosen, name: 'twin', additions: [{ object: 'x', fact: 'x:twin' }] };
        const reads = [{ object: 'x', facts: new Set(factsBefore(transactions, place)) }];
        const both = [
          { ...chosen, reads, additions: [{ object: 'x', fact: 'x:chosen' }] },
          { ...twin, reads },
        ];
        const rest = transactions.slice(0, place);
        const facts = new Set([...factsBefore(transactions, place), 'x:chosen', 'x:twin']);
        const ended = [...last.filter(({ object }) => object !== 'x' && rest.length > transactions.length)];
        assert.notDeepEqual(
          anomaliesOf({ transactions: [...rest, ...both], end: [...ended, { object: 'x', facts }] }),
          [],
        );
      }),
    );
  });
});

describe('histories of the embedded engine', () => {
  it('have an order that explains what they saw', async () => {
    const { database, remove } = await openTempDatabase();
    const played = await play([database], { seed: 1, works: 300 });
    assert.deepEqual(played, { committed: 300, repeated: 0, refused: 0, faults: [] });
    await remove();
  });
});

const factsBefore = (transactions: readonly RecordedTransaction[], place: number) =>
  transactions
    .slice(0, place)
    .flatMap(({ additions }) => additions.filter(({ object }) => object === 'x').map(({ fact }) => fact));

const order = (name: string, seed: number) => Math.abs(Math.sin(seed + Number(name.slice(1)) * 7919));
