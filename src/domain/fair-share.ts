/** Who gets the free places of a lane: those with the least under way, and of them what has waited the longest. */
import type { Shares } from './job.ts';

export interface Contender {
  readonly owner: string;
  readonly zone: string | null;
  readonly runAt: Date;
}

export type UnderWay = Pick<Contender, 'owner' | 'zone'>;

export interface Choice<T> {
  /** In the order in which they begin. */
  readonly chosen: readonly T[];
  /** All places of their zone are taken. They must not stand in front of others of their owner. */
  readonly crowded: readonly T[];
}

/** @param contenders what is due, in any order */
export function chosenInTurn<T extends Contender>(
  contenders: readonly T[],
  underWay: readonly UnderWay[],
  { places, perAccount, perZone }: Shares,
): Choice<T> {
  const ofOwner = countsOf(underWay.map(({ owner }) => owner));
  const ofZone = countsOf(underWay.flatMap(({ zone }) => (zone === null ? [] : [zone])));
  const lines = linesOf(contenders);
  const chosen: T[] = [];
  const crowded: T[] = [];
  while (chosen.length < places) {
    const line = nextLine(lines, (owner) => ofOwner.get(owner) ?? 0, perAccount);
    const first = line?.shift();
    if (first === undefined) break;
    const { owner, zone } = first;
    if (zone !== null && (ofZone.get(zone) ?? 0) >= perZone) {
      crowded.push(first);
      continue;
    }
    add(ofOwner, owner);
    if (zone !== null) add(ofZone, zone);
    chosen.push(first);
  }
  return { chosen, crowded };
}

/** The contenders of each owner, those that have waited the longest first. */
function linesOf<T extends Contender>(contenders: readonly T[]): readonly T[][] {
  const lines = new Map<string, T[]>();
  for (const one of contenders.toSorted((a, b) => a.runAt.getTime() - b.runAt.getTime())) {
    const line = lines.get(one.owner);
    if (line === undefined) lines.set(one.owner, [one]);
    else line.push(one);
  }
  return [...lines.values()];
}

function nextLine<T extends Contender>(
  lines: readonly T[][],
  underWay: (owner: string) => number,
  perAccount: number,
): T[] | undefined {
  let best: { readonly line: T[]; readonly first: T; readonly count: number } | undefined;
  for (const line of lines) {
    const [first] = line;
    if (first === undefined) continue;
    const count = underWay(first.owner);
    if (count >= perAccount) continue;
    const isBetter =
      best === undefined || count < best.count || (count === best.count && first.runAt < best.first.runAt);
    if (isBetter) best = { line, first, count };
  }
  return best?.line;
}

function countsOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) add(counts, key);
  return counts;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
