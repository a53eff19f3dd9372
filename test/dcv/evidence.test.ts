import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerpt } from '../../src/dcv/evidence.ts';

const rows: readonly (readonly [text: string, expected: string, why: string])[] = [
  ['plain', 'plain', 'plain text stays'],
  ['证书', '证书', 'Chinese stays'],
  ['a\r\n\tb', 'a\\r\\n\\tb', 'line ends and tabs'],
  ['\u0000\u001b[2J\u007f\u009b', '\\u{0}\\u{1b}[2J\\u{7f}\\u{9b}', 'control characters'],
  [
    'a\u202eb\u200bc\u2028d',
    'a\\u{202e}b\\u{200b}c\\u{2028}d',
    'bidi overrides, invisible characters, line separators',
  ],
  ['x'.repeat(200), 'x'.repeat(200), 'the longest that is whole'],
  ['x'.repeat(201), `${'x'.repeat(200)}…`, 'one more'],
  ['\n'.repeat(150), `${'\\n'.repeat(100)}…`, 'escapes count'],
  [`${'x'.repeat(199)}😀`, `${'x'.repeat(199)}\uFFFD…`, 'a character cut in half'],
];
for (const [text, expected, why] of rows) test(why, () => assert.equal(excerpt(text), expected));
