/** Changes that fit any bytes: set, flip, lose, double, repeat, splice. */
import type { Random } from './random.ts';

/** What lengths, counts, tags and signs go wrong at. */
const interesting = [
  0x00, 0x01, 0x02, 0x1f, 0x20, 0x30, 0x31, 0x3f, 0x40, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xc0, 0xff,
];

/** No input grows beyond this. */
export const maxBytes = 64 << 10;

/** @param others to take pieces from */
export function mutateBytes(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let changed = bytes;
  const changes = 1 + random.below(4);
  for (let index = 0; index < changes; index++) changed = changeOnce(changed, others, random);
  return changed.subarray(0, maxBytes);
}

function changeOnce(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1);
  const length = 1 + random.below(random.oneIn(4) ? bytes.length : 8);
  const [before, piece, after] = [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
  switch (random.below(9)) {
    case 0:
      return set(bytes, at, random.pick(interesting));
    case 1:
      return set(bytes, at, random.below(256));
    case 2:
      return set(bytes, at, (bytes[at] ?? 0) ^ (1 << random.below(8)));
    case 3:
      return Buffer.concat([before, after]);
    case 4:
      return Buffer.concat([before, piece, piece, after]);
    case 5:
      return before;
    case 6:
      return Buffer.concat([before, pieceOf(random.pick(others), random), after]);
    case 7:
      return Buffer.concat([
        before,
        Buffer.from(Array.from({ length: 1 + random.below(4) }, () => random.below(256))),
        piece,
        after,
      ]);
    default:
      return random.oneIn(40) ? repeated(before, piece, after, random) : set(bytes, at, random.pick(interesting));
  }
}

function set(bytes: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(bytes);
  if (at < changed.length) changed[at] = value;
  return changed;
}

function pieceOf(bytes: Buffer, random: Random): Buffer {
  const start = random.below(bytes.length);
  return bytes.subarray(start, start + 1 + random.below(64));
}

/** Long inputs, which show what grows faster than they do. */
function repeated(before: Buffer, piece: Buffer, after: Buffer, random: Random): Buffer {
  if (piece.length === 0) return before;
  const times = Math.floor((1 << (4 + random.below(13))) / piece.length);
  return Buffer.concat([before, Buffer.alloc(Math.max(1, times) * piece.length, piece), after]);
}
