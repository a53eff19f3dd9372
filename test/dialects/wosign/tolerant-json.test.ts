/** JSON as the document prints it: what is understood, and what still is not. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseTolerantly } from '../../../src/dialects/wosign/tolerant-json.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { cpuMs } from '../../support/cpu-time.ts';

describe('is understood:', () => {
  const rows: readonly (readonly [why: string, text: string, value: unknown])[] = [
    ['JSON as it should be', '{"a": "b", "c": [1, -2.5e3, true, false, null], "d": {}}', undefined],
    ['a comma missing between members', '{"a": "b" "c": "d"}', { a: 'b', c: 'd' }],
    ['a comma missing at a line end', '{"a": "b"\n"c": "d"}', { a: 'b', c: 'd' }],
    ['a comma missing in a list', '{"a": ["b" "c"]}', { a: ['b', 'c'] }],
    ['commas at the end', '{"a": ["b", ], "c": "d", }', { a: ['b'], c: 'd' }],
    ['commas doubled', '{, "a": "b",, "c": [,"d"]}', { a: 'b', c: ['d'] }],
    ['typographic quotes', '{“a”: “b”, „c“: “d„}', { a: 'b', c: 'd' }],
    ['a typographic quote that a straight one ends', '{“a": "b"}', { a: 'b' }],
    ['a typographic quote inside straight ones', '{"a": "so-called “b”", }', { a: 'so-called “b”' }],
    ['Chinese punctuation', '{＂a＂：＂b＂，＂c＂：＂d＂}', { a: 'b', c: 'd' }],
    ['line breaks inside a text', '{"a": "b\r\nc\td"}', { a: 'b\r\nc\td' }],
    ['every escape', '{"a": "\\"\\\\\\/\\b\\f\\n\\r\\t\\u4f8b\\x",}', { a: '"\\/\b\f\n\r\t例x' }],
    ['blanks of word processors', '\ufeff\u3000{\u00a0"a"\u3000:\u00a0"b"}\u00a0', { a: 'b' }],
    ['a key twice: the last one counts', '{"a": 1, "a": 2,}', { a: 2 }],
    ['names that objects have', '{"__proto__": {"x": 1}, "toString": "b",}', undefined],
  ];
  for (const [why, text, value] of rows) {
    test(why, () => {
      const expected = value ?? JSON.parse(text.replace(',}', '}'));
      assert.deepEqual(parseTolerantly(text), expected);
      assert.equal(JSON.stringify(parseTolerantly(text)), JSON.stringify(expected));
    });
  }

  test('whatever a real parser understands, the same way', () => {
    const member = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
    const key = fc.string({ unit: 'binary' });
    const object = fc.dictionary(key, fc.oneof(member, fc.array(member), fc.dictionary(key, member)));
    fc.assert(
      fc.property(object, (value) => {
        const text = JSON.stringify(value);
        assert.equal(JSON.stringify(parseTolerantly(text)), JSON.stringify(JSON.parse(text)));
      }),
    );
  });
});

describe('is refused, with the place and nothing of the text:', () => {
  const rows: readonly (readonly [text: string, detail: string])[] = [
    ['', 'unexpected end'],
    ['{', 'unexpected end'],
    ['{"secret": "tok', 'unexpected end'],
    ['{"secret": "tok\\', 'unexpected character at position 15'],
    ['{"a" "b"}', 'unexpected character at position 5'],
    ['{"a": }', 'unexpected character at position 6'],
    ['{"a": secret}', 'unexpected character at position 6'],
    ['{a: "b"}', 'unexpected character at position 1'],
    ["{'a': 'b'}", 'unexpected character at position 1'],
    ['{"a": "b"} secret', 'unexpected character at position 11'],
    ['{"a": "\\u12"}', 'unexpected character at position 7'],
    ['{"n":01,}', 'unexpected character at position 5'], // no number; JSON.parse would throw what is no refusal
    ['{"n":-,}', 'unexpected character at position 5'],
    ['{"n":1.,}', 'unexpected character at position 6'],
    ['{"n":1e,}', 'unexpected character at position 6'],
    ['["a"]', 'unexpected character at position 0'],
    ['"a"', 'unexpected character at position 0'],
    ['{"a": [[[[[["secret"]]]]]]}', 'unexpected character at position 10'],
    [`{"a": ${'['.repeat(1_000_000)}`, 'unexpected character at position 10'],
  ];
  for (const [text, detail] of rows) {
    test(JSON.stringify(text.slice(0, 40)), () => {
      assert.throws(
        () => parseTolerantly(text),
        (thrown) => {
          assert.ok(thrown instanceof CertError);
          assert.deepEqual(thrown.reason, { key: 'malformedJson', params: { detail } });
          return true;
        },
      );
    });
  }

  test('any text at all ends in an object or a CertError', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '“',
      '”',
      ',',
      '，',
      ':',
      '：',
      '\\',
      'u',
      '1',
      '-',
      'a',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        try {
          assert.equal(typeof parseTolerantly(`{${pieces.join('')}`), 'object');
        } catch (thrown) {
          assert.ok(thrown instanceof CertError, String(thrown));
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('a megabyte of anything is read in no time worth counting', () => {
    for (const part of ['"', '“', '\\u0041', ',', ' ', '"a":"b"', '[', '"a":["b"],']) {
      const startedAt = cpuMs();
      try {
        parseTolerantly(`{${part.repeat(1_000_000 / part.length)}`);
      } catch (thrown) {
        assert.ok(thrown instanceof CertError);
      }
      assert.ok(cpuMs() - startedAt < 10_000, part);
    }
  });
});
