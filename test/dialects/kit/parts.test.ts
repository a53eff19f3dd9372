/** The small parts of the kit. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';
import { z } from 'zod';
import { codeOfRow, upstreamError } from '../../../src/dialects/kit/error-table.ts';
import { expecting, parseInput } from '../../../src/dialects/kit/schema-errors.ts';
import { Secret } from '../../../src/dialects/kit/secret.ts';
import { formatWireTime, isUtcOffset, parseWireTime } from '../../../src/dialects/kit/wire-time.ts';
import { errorCodes } from '../../../src/domain/error-codes.ts';
import { CertError, renderReason } from '../../../src/domain/errors.ts';
import { acceptedLanguage, type Language } from '../../../src/domain/language.ts';

describe('wire time', () => {
  const rows: readonly [string, string, string][] = [
    ['2021-11-02T06:07:15.999Z', '+08:00', '2021-11-02 14:07:15'],
    ['2021-12-31T16:00:00.000Z', '+08:00', '2022-01-01 00:00:00'],
    ['2024-02-28T18:30:00.000Z', '+05:30', '2024-02-29 00:00:00'],
    ['2026-01-01T00:00:00.000Z', '-03:30', '2025-12-31 20:30:00'],
    ['2026-01-01T00:00:00.000Z', '+00:00', '2026-01-01 00:00:00'],
  ];
  for (const [utc, offset, text] of rows) {
    test(`${utc} is ${text} at ${offset}, and back to the second`, () => {
      assert.equal(formatWireTime(new Date(utc), offset), text);
      assert.equal(parseWireTime(text, offset)?.toISOString(), `${utc.slice(0, 19)}.000Z`);
    });
  }

  test('is not read from what is no such text', () => {
    for (const text of [
      '',
      '2021-11-02',
      'yesterday',
      '2021-13-02 00:00:00',
      '2021-02-31 00:00:00',
      '2021-02-01 24:00:00',
      '0000-00-00 00:00:00',
    ]) {
      assert.equal(parseWireTime(text, '+08:00'), undefined, text);
    }
  });

  test('knows an offset from other texts', () => {
    for (const good of ['+08:00', '-03:30', '+14:00']) assert.ok(isUtcOffset(good), good);
    for (const bad of ['8', '+8:00', '+15:00', 'CST', '+08:60']) assert.ok(!isUtcOffset(bad), bad);
  });
});

describe('the accepted language', () => {
  const rows: readonly [string | null, Language][] = [
    [null, 'zh'],
    ['', 'zh'],
    ['en', 'en'],
    ['en-US,zh;q=0.9', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh'],
    ['de,en;q=0.5', 'en'],
    ['en;q=0.2,zh;q=0.7', 'zh'],
    ['en;q=0', 'zh'], // RFC 9110 §12.4.2: not acceptable
    ['fr, *', 'zh'],
    ['en;q=nonsense', 'zh'],
  ];
  for (const [header, language] of rows) {
    test(`of ${header} is ${language}`, () => assert.equal(acceptedLanguage(header, 'zh'), language));
  }
});

test('a secret shows itself to nobody but who asks for it', () => {
  const secret = new Secret('hunter2');
  assert.equal(`${secret}`, '[secret]');
  assert.equal(JSON.stringify({ secret }), '{"secret":"[secret]"}');
  assert.equal(inspect({ secret }), '{ secret: [secret] }');
  assert.equal(secret.reveal(), 'hunter2');
});

describe('what a schema refuses', () => {
  const schema = z.object({
    pid: z.int({ error: expecting({ en: 'a product number', zh: '产品编号' }) }).optional(),
    token: z.string().max(3).optional(),
    kind: z.enum(['a', 'b']).optional(),
    csr: z.string().min(1).optional(),
    names: z
      .array(z.object({ name: z.string() }))
      .max(2)
      .optional(),
    strict: z.strictObject({ x: z.number().optional() }).optional(),
  });
  const rows: readonly [unknown, string, string][] = [
    [{ pid: 'x' }, 'pid must be a product number, not "x"', '参数 pid 无效："x"（应为产品编号）'],
    [{ kind: 'c' }, 'kind must be a or b, not "c"', '参数 kind 无效："c"（应为 a 或 b）'],
    [{ csr: '' }, 'csr is required', '缺少参数 csr'],
    [{ csr: null }, 'csr is required', '缺少参数 csr'],
    [
      { token: 'hunter2' },
      'token must be at most 3 characters, not [secret]',
      '参数 token 无效：[secret]（应为至多 3 个字符）',
    ],
    [
      { names: [{ name: 'a' }, { name: 7 }] },
      'names[1].name must be a string, not 7',
      '参数 names[1].name 无效：7（应为字符串）',
    ],
    [{ names: [{}] }, 'names[0].name is required', '缺少参数 names[0].name'],
    [{ names: {} }, 'names must be an array, not {}', '参数 names 无效：{}（应为数组）'],
    [
      { strict: { y: 1 } },
      'strict.y must be absent: there is no such field, not 1',
      '参数 strict.y 无效：1（应为空：没有此参数）',
    ],
    ['text', 'body must be an object, not "text"', '参数 body 无效："text"（应为对象）'],
  ];
  for (const [input, en, zh] of rows) {
    test(`${JSON.stringify(input)}: ${en}`, () => {
      for (const [language, expected] of [
        ['en', en],
        ['zh', zh],
      ] as const) {
        const parse = () => parseInput(schema, input, { language, secretFields: new Set(['token']) });
        assert.throws(parse, (error) => {
          assert.ok(error instanceof CertError);
          assert.equal(renderReason(error.reason, language), expected);
          return true;
        });
      }
    });
  }

  test('is cut, so that a megabyte does not become a megabyte of message', () => {
    for (const value of ['x'.repeat(1e6), Array.from({ length: 1e5 }, () => 1)]) {
      const parse = () => parseInput(schema, { kind: value }, { language: 'en', secretFields: new Set() });
      assert.throws(parse, (error) => error instanceof CertError && error.message.length < 200);
    }
  });
});

describe('an error table', () => {
  test('is read backwards, first row first', () => {
    const table = Object.fromEntries(errorCodes.map((code) => [code, { status: code === 'conflict' ? 409 : 400 }]));
    const errors = table as Record<(typeof errorCodes)[number], { status: number }>;
    assert.equal(
      codeOfRow(errors, (row) => row.status === 409),
      'conflict',
    );
    assert.equal(
      codeOfRow(errors, (row) => row.status === 400),
      'malformedRequest',
    );
    assert.equal(
      codeOfRow(errors, (row) => row.status === 500),
      undefined,
    );
  });

  test('turns what another server said into our own error of every code', () => {
    for (const code of errorCodes) {
      const error = upstreamError(code, { upstream: 'ca.example', detail: 'no' });
      assert.equal(error.code, code);
      assert.equal(error.message, 'ca.example answered: no');
    }
  });
});
