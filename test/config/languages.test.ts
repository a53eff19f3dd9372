/** What is wrong with a setting is told in both languages: by each schema's own words, and for every kind of issue that the schema library knows. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { configSchema, dialectBase } from '../../src/config/schema.ts';
import { wording } from '../../src/config/wording.ts';
import { dialects } from '../../src/dialects/registry.ts';
import { asOneText, asPhrase } from '../../src/domain/two-languages.ts';
import { assertChinese } from '../support/both-languages.ts';

/** A schema, or a check of one, as the library keeps it. */
interface Definition {
  readonly error?: (issue: object) => unknown;
}

/** Every definition of the schema and of all that it is made of. */
function definitionsOf(value: unknown, seen = new Set<unknown>()): readonly Definition[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const internals: unknown = '_zod' in value ? value._zod : undefined;
  if (typeof internals === 'object' && internals !== null && 'def' in internals) {
    const { def } = internals;
    return [def as Definition, ...definitionsOf(def, seen)];
  }
  return Object.values(value).flatMap((child) => definitionsOf(child, seen));
}

const schemas: readonly unknown[] = [configSchema, dialectBase, ...dialects.map((dialect) => dialect.configSchema)];

test('The words of every schema are in both languages.', () => {
  const words = schemas
    .flatMap((schema) => definitionsOf(schema))
    .flatMap(({ error }) => (error === undefined ? [] : [error({ code: 'invalid_union', input: {} })]))
    .filter((text) => text !== undefined)
    .map(String);
  assert.ok(words.length >= 40, `${words.length} have been found`);
  for (const text of words) {
    const phrase = asPhrase(text);
    assert.ok(phrase !== undefined, `in one language only: ${text}`);
    assertChinese(phrase.zh);
    assert.doesNotMatch(phrase.en, /[\u4e00-\u9fff]/);
  }
});

describe('each kind of issue', () => {
  // Of keys that stand in a path, the library tells of the entry itself.
  const map = z.map(z.object({}), z.number());
  const rows: readonly (readonly [
    code: z.core.$ZodIssueCode,
    schema: z.ZodType,
    input: unknown,
    en: string,
    zh: string,
  ])[] = [
    ['invalid_type', z.string(), undefined, 'is missing', '缺失'],
    ['invalid_type', z.string(), 5, 'must be text, not "5"', '必须是文本，不能是 "5"'],
    ['invalid_type', z.number(), '5', 'must be a number, not "5"', '必须是数字，不能是 "5"'],
    ['invalid_type', z.int(), 5.5, 'must be a whole number, not "5.5"', '必须是整数，不能是 "5.5"'],
    ['invalid_type', z.boolean(), 'yes', 'must be true or false, not "yes"', '必须是 true 或 false，不能是 "yes"'],
    ['invalid_type', z.array(z.string()), 'a', 'must be a list, not "a"', '必须是列表，不能是 "a"'],
    ['invalid_type', z.object({}), 'a', 'must be a section, not "a"', '必须是一组设置，不能是 "a"'],
    ['invalid_type', z.record(z.string(), z.string()), 'a', 'must be a section, not "a"', '必须是一组设置，不能是 "a"'],
    ['invalid_type', z.date(), 'a', 'must be a date, not "a"', '必须是日期，不能是 "a"'],
    ['invalid_type', z.never(), 'a', 'must be left out, not "a"', '必须是空，不能是 "a"'],
    ['invalid_value', z.enum(['a', 'b']), 'c', 'must be a or b, not "c"', '必须是 a 或 b，不能是 "c"'],
    ['too_small', z.int().min(3), 2, 'must be at least 3, not "2"', '必须至少为 3，不能是 "2"'],
    ['too_small', z.number().gt(3), 3, 'must be more than 3, not "3"', '必须大于 3，不能是 "3"'],
    ['too_small', z.string().min(3), 'ab', 'must have at least 3 characters', '至少需要 3 个字符'],
    ['too_small', z.array(z.int()).min(1), [], 'must have at least 1 entry', '至少需要 1 项'],
    ['too_small', z.string().length(3), 'ab', 'must have exactly 3 characters', '正好需要 3 个字符'],
    ['too_big', z.int().max(3), 4, 'must be at most 3, not "4"', '必须至多为 3，不能是 "4"'],
    ['too_big', z.number().lt(3), 3, 'must be less than 3, not "3"', '必须小于 3，不能是 "3"'],
    ['too_big', z.string().max(1), 'ab', 'must have at most 1 character', '至多只能有 1 个字符'],
    ['too_big', z.array(z.int()).max(1), [1, 2], 'must have at most 1 entry', '至多只能有 1 项'],
    ['invalid_format', z.string().regex(/^a$/), 'b', 'must be text of the form /^a$/', '必须是符合 /^a$/ 的文本'],
    ['invalid_format', z.url(), 'b', 'must be a URL', '必须是网址'],
    ['invalid_format', z.email(), 'b', 'must be a mail address', '必须是邮箱地址'],
    ['invalid_format', z.ipv4(), 'b', 'must be an IPv4 address', '必须是 IPv4 地址'],
    ['invalid_format', z.string().startsWith('a'), 'b', 'must be text that begins with "a"', '必须是以 "a" 开头的文本'],
    ['invalid_format', z.string().endsWith('a'), 'b', 'must be text that ends with "a"', '必须是以 "a" 结尾的文本'],
    ['invalid_format', z.string().includes('a'), 'b', 'must be text with "a" in it', '必须是含有 "a" 的文本'],
    ['invalid_format', z.ulid(), 'b', 'must be ulid', '必须是 ulid 格式的文本'],
    ['not_multiple_of', z.int().multipleOf(5), 7, 'must be a multiple of 5, not "7"', '必须是 5 的倍数，不能是 "7"'],
    ['unrecognized_keys', z.strictObject({}), { a: 1, b: 2 }, 'there is no such setting: a, b', '没有此设置项：a、b'],
    [
      'invalid_union',
      z.union([z.string(), z.int()]),
      true,
      'is not written in any of the ways that this setting takes',
      '不符合此设置项支持的任何一种写法',
    ],
    [
      'invalid_union',
      z.xor([z.string(), z.string().min(1)]),
      'a',
      'can be read in several ways; write it in one of them',
      '可作多种理解，请改为其中一种写法',
    ],
    [
      'invalid_key',
      z.record(z.string().regex(/^a$/), z.string()),
      { b: 'c' },
      'is not a name that can stand here',
      '不是此处可用的名称',
    ],
    ['invalid_element', map, new Map([[{}, 'b']]), 'has an entry that cannot stand here', '含有此处不可用的项'],
    ['custom', z.string().refine(() => false), 'a', 'is not a value that this setting takes', '不是此设置项可用的值'],
  ];
  for (const [code, schema, input, en, zh] of rows) {
    test(`${code}: ${en}`, () => {
      const { error } = schema.safeParse(input, { error: wording });
      const [issue] = error?.issues ?? [];
      assert.equal(issue?.code, code);
      assert.equal(issue.message, asOneText({ en, zh }));
    });
  }

  test('has a row', () => {
    const codes = new Set(rows.map(([code]) => code));
    const known = {
      invalid_type: 0,
      too_big: 0,
      too_small: 0,
      invalid_format: 0,
      not_multiple_of: 0,
      unrecognized_keys: 0,
      invalid_union: 0,
      invalid_key: 0,
      invalid_element: 0,
      invalid_value: 0,
      custom: 0,
    } satisfies Record<z.core.$ZodIssueCode, 0>;
    assert.deepEqual([...codes].toSorted(), Object.keys(known).toSorted());
  });
});

test('A value with the separator of languages in it is shown as an escape.', () => {
  const { error } = z.number().safeParse('a\u001fb', { error: wording });
  const phrase = asPhrase(error?.issues[0]?.message ?? '');
  assert.deepEqual(phrase, { en: 'must be a number, not "a\\u{1f}b"', zh: '必须是数字，不能是 "a\\u{1f}b"' });
});
