/** Numbers that look random and repeat with their seed (xorshift128, Marsaglia 2003). Not for secrets. */

export interface Random {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  /** One in `count` times. */
  oneIn(count: number): boolean;
  /** One of the items. @throws {RangeError} when there is none */
  pick<T>(items: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  let [x, y, z, w] = [seed >>> 0, 0x1234_5678, 0x9e37_79b9, 0x2545_f491];
  const next = (): number => {
    const t = x ^ (x << 11);
    [x, y, z] = [y, z, w];
    w = (w ^ (w >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return w;
  };
  for (let index = 0; index < 16; index++) next();
  const below = (limit: number) => (limit <= 1 ? 0 : next() % limit);
  return {
    below,
    oneIn: (count) => below(count) === 0,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to choose from');
      return item;
    },
  };
}
