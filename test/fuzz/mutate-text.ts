/** Changes that fit text: words of its grammar, characters that mean something somewhere, numbers at their edges. */
import { maxBytes, mutateBytes } from './mutate-bytes.ts';
import type { Random } from './random.ts';

const characters = [
  '\0',
  '\t',
  '\n',
  '\r\n',
  ' ',
  '\u00a0',
  '\u3000',
  '\ufeff',
  '\u202e',
  '\u2028',
  '\ud800',
  '\udfff',
  '\u212a',
  '\u0130',
  'ß',
  '例',
  'é',
  '。',
  '😀',
  '"',
  "'",
  '\\',
  '/',
  '.',
  ',',
  ';',
  ':',
  '=',
  '&',
  '%',
  '+',
  '-',
  '_',
  '*',
  '?',
  '#',
  '@',
  '$',
  '^',
  '~',
  '|',
  '<',
  '>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '!',
  '`',
];
const numbers = [
  '0',
  '00',
  '01',
  '-1',
  '1',
  '255',
  '256',
  '65535',
  '65536',
  '2147483648',
  '4294967296',
  '9007199254740993',
  '1e999',
  '-0',
  '0x10',
  'NaN',
  '9'.repeat(40),
];
const words = [
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  'null',
  'undefined',
  'true',
  '%00',
  '%ff',
  '%u0000',
  'xn--',
  'xn--a',
  '..',
  '*.',
  '[]',
  '{}',
  '[0]',
  '[[',
  '-----BEGIN ',
  '-----END ',
  '-----',
  '\\u0000',
  '\\n',
];

/** @param grammar words that mean something to the parser */
export function mutateText(
  bytes: Buffer,
  others: readonly Buffer[],
  random: Random,
  grammar: readonly string[],
): Buffer {
  if (random.oneIn(10)) return mutateBytes(bytes, others, random);
  let text = bytes.toString('utf8');
  const changes = 1 + random.below(4);
  for (let index = 0; index < changes; index++) text = changeOnce(text, others, random, grammar);
  return Buffer.from(text.slice(0, maxBytes)).subarray(0, maxBytes);
}

function changeOnce(text: string, others: readonly Buffer[], random: Random, grammar: readonly string[]): string {
  const at = random.below(text.length + 1);
  const length = 1 + random.below(random.oneIn(3) ? text.length : 6);
  const [before, piece, after] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
  switch (random.below(10)) {
    case 0:
      return before + random.pick(characters) + piece + after;
    case 1:
      return before + random.pick(characters) + after;
    case 2:
      return before + after;
    case 3:
      return before + piece + piece + after;
    case 4:
      return before + random.pick(grammar.length > 0 && !random.oneIn(3) ? grammar : words) + piece + after;
    case 5:
      return replaceNumber(text, at, random);
    case 6: {
      const other = random.pick(others).toString('utf8');
      const start = random.below(other.length);
      return before + other.slice(start, start + 1 + random.below(60)) + after;
    }
    case 7:
      return before;
    case 8:
      return before + (random.oneIn(2) ? piece.toUpperCase() : [...piece].reverse().join('')) + after;
    default:
      return random.oneIn(30)
        ? before + repeated(piece || random.pick(characters), random) + after
        : before + random.pick(words) + after;
  }
}

function replaceNumber(text: string, from: number, random: Random): string {
  const found = /\d+/.exec(text.slice(from));
  if (found === null) return text + random.pick(numbers);
  const start = from + found.index;
  return text.slice(0, start) + random.pick(numbers) + text.slice(start + found[0].length);
}

/** Long inputs, which show what grows faster than they do. */
function repeated(piece: string, random: Random): string {
  return piece.repeat(Math.max(1, Math.floor((1 << (4 + random.below(13))) / piece.length)));
}
