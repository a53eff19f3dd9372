/**
 * Regular expressions meet what strangers write: none is made of such text, and none takes more than one pass over it, or one
 * small request could hold everybody.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { cpuMs } from './support/cpu-time.ts';
import { readSource, readSources } from './support/source.ts';

const files = await readSources(join(import.meta.dirname, '..', 'src'));

/**
 * Characters of the texts: what is linear needs microseconds for any of them. What is exponential shows at the first, before it
 * would never end at the next; what is cubic shows at the second, what is quadratic at the third.
 */
const lengths = [20, 500, 8000];
const limitMs = 8;

/** What most patterns repeat, each alone and in pairs. */
const common = ['a', '0', ' ', '.', '-', '/', '\n'];
const endings = ['', '\0', '\nx', '@"'];

/** Texts that begin like a match, repeat something, and end like none. */
function* attacks(source: string, length: number): Generator<string> {
  // The characters that the pattern itself names are those that it repeats or looks for.
  const own = [...new Set(source.replaceAll(/\\[a-zA-Z]/g, ''))].filter((one) => !'^$()|?+'.includes(one)).slice(0, 12);
  const beginnings = ['', ...openings(source)];
  for (const pump of new Set([...common, ...own, 'a.', 'a ', '0:', '\\"'])) {
    for (const beginning of beginnings) for (const ending of endings) yield beginning + filled(pump, length) + ending;
  }
}

function filled(pump: string, length: number): string {
  return pump.repeat(Math.ceil(length / pump.length)).slice(0, length);
}

/** What must stand in front of the repeated part: the literal text in front of each quantifier. */
function openings(source: string): readonly string[] {
  const literals = source.match(/[\w@:/"<{=. -]+(?=[^\w]*[+*])/g) ?? [];
  return [...new Set(literals)].slice(0, 4).flatMap((one) => [one, `a${one}`]);
}

function costOf(pattern: RegExp, text: string): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 4 && least > limitMs; run++) {
    pattern.lastIndex = 0;
    const startMs = cpuMs();
    pattern.test(text);
    least = Math.min(least, cpuMs() - startMs);
  }
  return least;
}

function patternOf(literal: string): RegExp {
  const end = literal.lastIndexOf('/');
  return new RegExp(literal.slice(1, end), literal.slice(end + 1));
}

/** A text for which the pattern takes too long, told in a few words. */
function weaknessOf(literal: string): string | undefined {
  const pattern = patternOf(literal);
  for (const length of lengths) {
    for (const text of attacks(pattern.source, length)) {
      const cost = costOf(pattern, text);
      if (cost > limitMs) return `${literal}: ${cost.toFixed(0)} ms for ${JSON.stringify(text.slice(0, 20))}…`;
    }
  }
  return undefined;
}

test('no text becomes a regular expression', () => {
  assert.ok(files.length > 50, 'the sources were found');
  const made = files.filter(({ code }) => /\bRegExp\s*\(/.test(code)).map(({ path }) => path);
  assert.deepEqual(made, []);
});

test('every regular expression takes one pass, whatever the text', () => {
  const literals = new Map(files.flatMap(({ path, patterns }) => patterns.map((one) => [one, path] as const)));
  assert.ok(literals.size > 100, 'the patterns were found');
  // One without a quantifier that has no end cannot be slow.
  const repeating = [...literals].filter(([literal]) => /[+*]|,\}/.test(literal));
  const weak = repeating.flatMap(([literal, path]) => {
    const weakness = weaknessOf(literal);
    return weakness === undefined ? [] : [`${path} ${weakness}`];
  });
  assert.deepEqual(weak, []);
});

describe('what is noticed', () => {
  const slow = [
    '/(a+)+$/',
    '/^\\s*([+-]?)\\s*(.*?)\\s*$/',
    '/\\/+$/',
    '/^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$/',
    '/@([^>\\s]+)>?\\s*$/',
  ];
  for (const literal of slow) test(literal, () => assert.notEqual(weaknessOf(literal), undefined));

  test('a pattern in a source', () => {
    assert.deepEqual(readSource('a.ts', "const a = text.replace(/[/]\\/+/g, 'b') / 2;").patterns, ['/[/]\\/+/g']);
  });
});
