import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Column, factLines, tableLines } from '../../src/cli/table.ts';
import { visible } from '../../src/domain/visible-text.ts';
import { cutToWidth, padToWidth, textWidth, wrapToWidth } from '../../src/cli/width.ts';

describe('the width of a text in columns', () => {
  const rows: readonly (readonly [text: string, width: number])[] = [
    ['', 0],
    ['free', 4],
    ['免费', 4],
    ['免费 DV', 7],
    ['（中文）', 8], // full-width brackets
    ['ｱｲｳ', 3], // half-width katakana
    ['한국', 4],
    ['é', 1],
    ['e\u0301', 1], // a combining accent adds nothing
    ['👍', 2],
    ['👩‍💻', 2], // one picture of three code points
    ['…', 1],
  ];
  for (const [text, width] of rows) test(`"${text}" takes ${width}`, () => assert.equal(textWidth(text), width));
});

describe('cutting', () => {
  const rows: readonly (readonly [text: string, width: number, cut: string])[] = [
    ['example.com', 11, 'example.com'],
    ['example.com', 8, 'example…'],
    ['免费证书', 8, '免费证书'],
    ['免费证书', 7, '免费证…'],
    ['免费证书', 6, '免费…'], // never half a character: five columns used
    ['免费', 1, '…'],
    ['免费', 0, ''],
  ];
  for (const [text, width, cut] of rows) {
    test(`"${text}" to ${width}: "${cut}"`, () => {
      assert.equal(cutToWidth(text, width), cut);
      assert.ok(textWidth(cut) <= width);
    });
  }
});

test('padding counts columns, on either side', () => {
  assert.equal(padToWidth('免费', 6), '免费  ');
  assert.equal(padToWidth('免费', 6, 'right'), '  免费');
  assert.equal(padToWidth('too long', 3), 'too long');
});

test('wrapping breaks at blanks and leaves long words whole', () => {
  assert.deepEqual(wrapToWidth('a bc def', 4), ['a bc', 'def']);
  assert.deepEqual(wrapToWidth('https://example.com/very/long x', 5), ['https://example.com/very/long', 'x']);
});

interface Row {
  readonly name: string;
  readonly count: number;
  readonly id: string;
}

const columns: readonly Column<Row>[] = [
  { title: 'NAME', value: ({ name }) => name, isFlexible: true },
  { title: 'COUNT', value: ({ count }) => String(count), align: 'right' },
  { title: 'ID', value: ({ id }) => id },
];

const rows: readonly Row[] = [
  { name: '免费版 SSL 证书', count: 5, id: 'prd_1' },
  { name: 'Basic certificate', count: 1250, id: 'prd_2' },
];

describe('a table', () => {
  test('is aligned by columns, whatever the script', () => {
    assert.deepEqual(tableLines(columns, rows, 80), [
      'NAME               COUNT  ID',
      '免费版 SSL 证书        5  prd_1',
      'Basic certificate   1250  prd_2',
    ]);
  });

  test('gives way in its flexible columns when the terminal is narrow', () => {
    const lines = tableLines(columns, rows, 26);
    assert.deepEqual(lines, ['NAME          COUNT  ID', '免费版 SSL …      5  prd_1', 'Basic certi…   1250  prd_2']);
    for (const line of lines) assert.ok(textWidth(line) <= 26);
  });

  test('takes a second line for what does not fit, rather than cutting what one copies', () => {
    assert.deepEqual(tableLines(columns, rows, 22), [
      'NAME',
      '  COUNT  ID',
      '免费版 SSL 证书',
      '      5  prd_1',
      'Basic certificate',
      '   1250  prd_2',
    ]);
  });

  test('keeps ids whole even when nothing more can give', () => {
    assert.deepEqual(tableLines(columns, rows, 5).slice(-3), ['Basic certi…', '   1250', '  prd_2']);
  });

  test('for a pipe is one line a row, however long', () => {
    const lines = tableLines(columns, [{ name: 'n'.repeat(500), count: 1, id: 'x' }], Number.POSITIVE_INFINITY);
    assert.equal(lines.length, 2);
  });

  test('shows what would move the cursor instead of obeying it', () => {
    const [, line] = tableLines(columns, [{ name: 'a\x1b[2Jb\nc\u202ed', count: 1, id: 'x' }], 80);
    assert.equal(line, 'a\\u{1b}[2Jb c\\u{202e}d      1  x');
  });
});

test('facts line up, and those without a value are left out', () => {
  assert.deepEqual(
    factLines([
      ['Name', 'Acme'],
      ['Contact', null],
      ['Approval', 'manual'],
    ]),
    ['Name:      Acme', 'Approval:  manual'],
  );
});

test('ordinary text of any script is printed as it is', () => {
  for (const text of ['例子公司', 'Ünïcode', 'می‌خواهم', '👩‍💻']) assert.equal(visible(text), text);
});
