/** The word that was probably meant by one that is not known. */

/** Undefined where none is near enough: a wrong guess is worse than none. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  let nearest: string | undefined;
  let smallest = mistakesIn(lower.length) + 1;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase(), smallest);
    if (distance < smallest) {
      smallest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/** How many mistakes a word of this length may have. */
function mistakesIn(length: number): number {
  return length < 3 ? 1 : Math.min(3, Math.floor(length * 0.4));
}

/**
 * How many letters must be added, taken out, replaced, or exchanged with their neighbour (optimal string alignment).
 * @param enough what is as far as this need not be counted out
 */
function editDistance(one: string, other: string, enough: number): number {
  if (Math.abs(one.length - other.length) >= enough) return enough;
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length] ?? enough;
}
