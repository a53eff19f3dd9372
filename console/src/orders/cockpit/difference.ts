/** Where what was found differs from what was wanted: what both begin and end with is the same, the rest is marked. */

export interface Part {
  readonly text: string;
  readonly isDifferent: boolean;
}

export interface Difference {
  readonly found: readonly Part[];
  readonly wanted: readonly Part[];
}

/** Fewer characters in common are chance, and marking the rest would mark everything. */
const leastCommon = 8;

export function differenceOf(found: string, wanted: string): Difference {
  const value = nearestValue(found, wanted);
  const start = found.indexOf(value);
  const before = commonStart(value, wanted);
  const after = commonEnd(value.slice(before), wanted.slice(before));
  if (before + after < leastCommon) return { found: same(found), wanted: same(wanted) };
  return {
    found: parts(found, start + before, start + value.length - after),
    wanted: parts(wanted, before, wanted.length - after),
  };
}

/** Of several TXT records, each in quotes, the one that is nearest; else the whole. */
function nearestValue(found: string, wanted: string): string {
  const values = [...found.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, value = '']) => value);
  const [nearest] = values.toSorted((one, other) => commonLength(other, wanted) - commonLength(one, wanted));
  return nearest === undefined || nearest === '' ? found : nearest;
}

function commonLength(one: string, other: string): number {
  const before = commonStart(one, other);
  return before + commonEnd(one.slice(before), other.slice(before));
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && length < other.length && one[length] === other[length]) length += 1;
  return length;
}

function commonEnd(one: string, other: string): number {
  let length = 0;
  while (length < one.length && length < other.length && one.at(-1 - length) === other.at(-1 - length)) length += 1;
  return length;
}

function parts(text: string, from: number, until: number): readonly Part[] {
  return [
    { text: text.slice(0, from), isDifferent: false },
    { text: text.slice(from, until), isDifferent: true },
    { text: text.slice(until), isDifferent: false },
  ].filter((part) => part.text !== '');
}

const same = (text: string): readonly Part[] => [{ text, isDifferent: false }];
