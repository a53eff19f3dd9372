/**
 * Reports whether the transactions of a history could have run one after the other. Who saw a fact stands behind the one that added it; who
 * did not see it stands before. A circle of such relations (Adya, Liskov and O'Neil's dependency graph) has no order.
 */
import type { Fact, History, RecordedTransaction } from './history.ts';

interface Step {
  readonly from: string;
  readonly to: string;
  /** Why `from` stands before `to`. */
  readonly why: string;
}

/** Stands for everybody who reads after all transactions have ended. */
const theEnd = 'the end';

/** What is wrong, as sentences for a person; empty: nothing is. */
export function anomaliesOf({ transactions, end }: History): readonly string[] {
  const committed = transactions.filter(({ isCommitted }) => isCommitted);
  const last: RecordedTransaction = { name: theEnd, isCommitted: true, reads: end, additions: [] };
  const all = [...committed, last];
  const addedBy = new Map<Fact, RecordedTransaction>();
  const found: string[] = [];
  for (const transaction of transactions) {
    for (const { fact } of transaction.additions) {
      if (addedBy.has(fact))
        found.push(`${fact} was added twice: by ${addedBy.get(fact)?.name} and ${transaction.name}`);
      addedBy.set(fact, transaction);
    }
  }
  for (const { name, reads } of all) {
    for (const { object, facts } of reads) {
      for (const fact of facts) {
        const by = addedBy.get(fact);
        if (by === undefined) found.push(`${name} saw ${fact} in ${object}, which nobody added`);
        else if (!by.isCommitted)
          found.push(`${name} saw ${fact} in ${object}, which ${by.name} added and did not commit`);
      }
    }
  }
  // One between two transactions says more than that something is missing at the end.
  const circle = circleIn(committed, committed) ?? circleIn(all, committed);
  if (circle !== undefined) {
    const lines = circle.map(({ from, to, why }) => `  ${from} before ${to}: ${why}`);
    found.push(`no order of these transactions explains what they saw:\n${lines.join('\n')}`);
  }
  return found;
}

function circleIn(
  readers: readonly RecordedTransaction[],
  committed: readonly RecordedTransaction[],
): readonly Step[] | undefined {
  const names = readers.map(({ name }) => name);
  return shortestCircle(names, stepsOf(readers, committed));
}

function stepsOf(
  readers: readonly RecordedTransaction[],
  committed: readonly RecordedTransaction[],
): ReadonlyMap<string, readonly Step[]> {
  const steps = new Map<string, Step[]>();
  const add = (step: Step) => {
    if (step.from === step.to) return;
    const known = steps.get(step.from);
    if (known === undefined) steps.set(step.from, [step]);
    else known.push(step);
  };
  const additions = new Map<string, { readonly fact: Fact; readonly by: string }[]>();
  for (const { name, additions: own } of committed) {
    for (const { object, fact } of own) {
      const known = additions.get(object);
      if (known === undefined) additions.set(object, [{ fact, by: name }]);
      else known.push({ fact, by: name });
    }
    if (readers.length > committed.length) add({ from: name, to: theEnd, why: 'it was committed' });
  }
  for (const { name, reads } of readers) {
    for (const { object, facts } of reads) {
      for (const { fact, by } of additions.get(object) ?? []) {
        if (facts.has(fact)) add({ from: by, to: name, why: `${name} saw ${fact} in ${object}` });
        else add({ from: name, to: by, why: `${name} did not see ${fact} in ${object}` });
      }
    }
  }
  return steps;
}

/** Undefined: there is none. */
function shortestCircle(
  names: readonly string[],
  steps: ReadonlyMap<string, readonly Step[]>,
): readonly Step[] | undefined {
  let best: readonly Step[] | undefined;
  for (const start of onCircles(names, steps)) {
    const circle = wayBack(start, steps, best?.length ?? Number.POSITIVE_INFINITY);
    if (circle !== undefined) best = circle;
    if (best?.length === 2) break;
  }
  return best;
}

/** Those left when whoever has nobody before them is taken away, again and again: none where an order exists. */
function onCircles(names: readonly string[], steps: ReadonlyMap<string, readonly Step[]>): readonly string[] {
  const before = new Map(names.map((name) => [name, 0]));
  for (const own of steps.values()) for (const { to } of own) before.set(to, (before.get(to) ?? 0) + 1);
  const free = names.filter((name) => before.get(name) === 0);
  for (let next = free.pop(); next !== undefined; next = free.pop()) {
    before.delete(next);
    for (const { to } of steps.get(next) ?? []) {
      const left = (before.get(to) ?? 0) - 1;
      before.set(to, left);
      if (left === 0) free.push(to);
    }
  }
  return [...before.keys()];
}

/** The shortest way from a transaction to itself, breadth first. */
function wayBack(
  start: string,
  steps: ReadonlyMap<string, readonly Step[]>,
  most: number,
): readonly Step[] | undefined {
  const ways = new Map<string, readonly Step[]>([[start, []]]);
  const line = [start];
  for (let at = line.shift(); at !== undefined; at = line.shift()) {
    const way = ways.get(at) ?? [];
    if (way.length + 1 >= most) return undefined;
    for (const step of steps.get(at) ?? []) {
      if (step.to === start) return [...way, step];
      if (ways.has(step.to)) continue;
      ways.set(step.to, [...way, step]);
      line.push(step.to);
    }
  }
  return undefined;
}
