/**
 * The budget of the parsers that have no test of growth beside their own: eight times the text takes no more than eight times as
 * long, whatever it repeats.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertLinearAsync } from '../support/growth.ts';
import { run } from './target.ts';
import { targets } from './targets.ts';

interface Shape {
  readonly target: string;
  readonly what: string;
  /** Characters of the shorter text. */
  readonly length: number;
  readonly beginning?: string;
  readonly repeated: string;
  readonly end?: string;
}

const shapes: readonly Shape[] = [
  { target: 'identifier', what: 'letters', length: 20_000, repeated: 'a' },
  { target: 'identifier', what: 'Unicode labels', length: 20_000, repeated: 'ä.' },
  { target: 'identifier', what: 'dots of Chinese keyboards', length: 20_000, repeated: '。' },
  { target: 'identifier', what: 'names', length: 20_000, repeated: 'a.example,' },
  { target: 'mailbox', what: 'dots', length: 20_000, beginning: 'a@', repeated: '.', end: '@' },
  { target: 'mailbox', what: 'control characters', length: 20_000, repeated: '\u0001' },
  { target: 'address-range', what: 'colons', length: 20_000, repeated: ':' },
  { target: 'address-range', what: 'slashes', length: 20_000, beginning: '10.0.0.0', repeated: '/8' },
  { target: 'forwarded', what: 'trusted proxies', length: 8000, repeated: '10.0.0.1,' },
  { target: 'forwarded', what: 'digits', length: 8000, repeated: '1' },
  { target: 'url', what: 'fields', length: 8000, beginning: '/a?', repeated: 'a&' },
  { target: 'url', what: 'filters', length: 8000, beginning: '/a?', repeated: 'filters[a]=b&' },
  { target: 'url', what: 'slashes', length: 8000, repeated: '/' },
  {
    target: 'time',
    what: 'digits of a fraction',
    length: 20_000,
    beginning: '2026-01-01 10:00:00.',
    repeated: '0',
    end: 'x',
  },
  { target: 'time', what: 'dots', length: 20_000, repeated: '.', end: '\n' },
  { target: 'filters', what: 'sort keys', length: 20_000, beginning: 'sort=', repeated: 'id,' },
  { target: 'filters', what: 'blanks in a sort key', length: 20_000, beginning: 'sort=x%0a', repeated: '+', end: 'x' },
  { target: 'cursor', what: 'letters', length: 20_000, repeated: 'YmVmb3JlOg' },
  { target: 'header', what: 'languages', length: 20_000, repeated: 'zh;q=0.5,' },
  { target: 'header', what: 'semicolons', length: 20_000, repeated: ';' },
  { target: 'sentence', what: 'parts of our sentences', length: 20_000, repeated: 'the request body is larger than ' },
  { target: 'sentence', what: 'beginnings and ends', length: 20_000, repeated: ' must be , not ' },
  { target: 'tolerant-json', what: 'separators', length: 40_000, beginning: '{', repeated: ',' },
  { target: 'tolerant-json', what: 'quotation marks', length: 40_000, beginning: '{“a“：[', repeated: '“' },
  { target: 'tolerant-json', what: 'escapes', length: 40_000, beginning: '{"a":"', repeated: '\\u12' },
  { target: 'tolerant-json', what: 'digits', length: 40_000, beginning: '{"a":1', repeated: '0', end: 'x' },
  {
    target: 'dns-query',
    what: 'labels',
    length: 16_000,
    beginning: '\u0001\u0002\u0001\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0000\u0000',
    repeated: '\u0001a',
  },
  {
    target: 'dns-query',
    what: 'records',
    length: 16_000,
    beginning: `\u0001\u0002\u0001\u0000\u0000\u0001\u0000\u0000\u0000\u0000\u0005\u0000${'\u0000'.repeat(5)}`,
    repeated: '\u0000',
  },
  { target: 'yaml', what: 'list items', length: 1500, repeated: '- a\n' },
  { target: 'yaml', what: 'aliases', length: 1500, beginning: 'a: &a [1]\nb:\n', repeated: ' - *a\n' },
  { target: 'yaml', what: 'opening brackets', length: 500, repeated: '[' },
  { target: 'yaml', what: 'settings that do not exist', length: 1500, repeated: '? a\n' },
  { target: 'request-racent', what: 'places of a list', length: 20_000, beginning: '\u0001', repeated: 'a[]&' },
  { target: 'request-racent', what: 'brackets', length: 20_000, beginning: '\u0001a', repeated: '[b]', end: '=c' },
  { target: 'request-racent', what: 'members', length: 20_000, beginning: '\u0000{"a":1', repeated: ',"":1', end: '}' },
  {
    target: 'request-wosign',
    what: 'blanks in keys',
    length: 20_000,
    beginning: '\u0001a=1&',
    repeated: '+',
    end: '[]=x',
  },
  { target: 'request-wosign', what: 'brackets', length: 20_000, beginning: '\u0001a=1&', repeated: '[1' },
  {
    target: 'operation',
    what: 'wrong items',
    length: 16_000,
    beginning: '{"operation":"native.orders.place","input":{"names":[1',
    repeated: ',1',
    end: ']}}',
  },
];

describe('the time grows with', () => {
  for (const { target: name, what, length, beginning = '', repeated, end = '' } of shapes) {
    test(`${what} in ${name}`, async () => {
      const target = targets.find((one) => one.name === name);
      assert.ok(target);
      const make = (count: number) => Buffer.from(beginning + repeated.repeat(count / repeated.length) + end);
      await assertLinearAsync(length, make, async (input) => {
        const { crash } = await run(target, input);
        assert.equal(crash, undefined);
      });
    });
  }
});
