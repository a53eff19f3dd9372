/** Turns what a schema says of an input into the refusal the subscriber reads: which field, what it was, what it should be. */

import type { z } from 'zod';
import { type CertError, quoted, refuse } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';

const separator = ' | ';

/** The `error` of a schema in both languages: `z.string({ error: expecting('a PEM text', 'PEM 文本') })`. */
export function expecting(en: string, zh: string): string {
  return `${en}${separator}${zh}`;
}

/**
 * Reads the input by the schema.
 * @param secretFields top-level fields whose values are never quoted
 * @throws {CertError} fieldMissing, fieldInvalid; or whatever CertError a transform of the schema throws
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  options: { readonly language: Language; readonly secretFields: ReadonlySet<string> },
): z.output<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw schemaError(result.error, input, options);
}

/** The first problem of the input as a refusal. */
export function schemaError(
  error: z.ZodError,
  input: unknown,
  options: { readonly language: Language; readonly secretFields: ReadonlySet<string> },
): CertError {
  const issue = error.issues[0];
  if (issue === undefined) return refuse('fieldInvalid', { field: 'body', value: quoted(input), expected: '' });
  // A strict object's stray key is the problem, not the object that holds it.
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const field = path.length === 0 ? 'body' : fieldName(path);
  const value = valueAt(input, path);
  const isEmpty = value === '' && issue.code === 'too_small';
  if (value === undefined || value === null || isEmpty) return refuse('fieldMissing', { field });
  const isSecret = path.some((key) => options.secretFields.has(String(key)));
  return refuse('fieldInvalid', {
    field,
    value: isSecret ? '[secret]' : typeof value === 'string' ? quoted(value) : JSON.stringify(value).slice(0, 80),
    expected: expectation(issue, options.language),
  });
}

/** `certificate.dns_names[0]` */
function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`))
    .join('');
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return value;
}

const typeNames: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  string: { en: 'a string', zh: '字符串' },
  number: { en: 'a number', zh: '数字' },
  int: { en: 'an integer', zh: '整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  array: { en: 'an array', zh: '数组' },
  object: { en: 'an object', zh: '对象' },
  record: { en: 'an object', zh: '对象' },
  date: { en: 'a date', zh: '日期' },
};

function expectation(issue: z.core.$ZodIssue, language: Language): string {
  const inBoth = issue.message.split(separator);
  if (inBoth.length === 2) return (language === 'en' ? inBoth[0] : inBoth[1]) ?? issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected]?.[language] ?? issue.expected;
    case 'invalid_value':
      return issue.values.map(String).join(language === 'en' ? ' or ' : ' 或 ');
    case 'too_small':
      return bound(issue.origin, issue.minimum, language, { en: 'at least', zh: '至少' });
    case 'too_big':
      return bound(issue.origin, issue.maximum, language, { en: 'at most', zh: '至多' });
    case 'unrecognized_keys':
      return language === 'en' ? 'absent: there is no such field' : '不存在的参数';
    case 'invalid_format':
      return formats[issue.format]?.[language] ?? issue.message;
    default:
      return issue.message;
  }
}

const formats: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  email: { en: 'an e-mail address', zh: '邮箱地址' },
  url: { en: 'a URL', zh: '网址' },
  datetime: { en: 'a time such as 2026-06-01T08:00:00Z', zh: '时间，例如 2026-06-01T08:00:00Z' },
  date: { en: 'a date such as 2026-06-01', zh: '日期，例如 2026-06-01' },
};

function bound(
  origin: string,
  limit: number | bigint,
  language: Language,
  words: { readonly en: string; readonly zh: string },
): string {
  const counted = { string: { en: 'characters', zh: '个字符' }, array: { en: 'items', zh: '项' } };
  const unit = origin === 'string' || origin === 'array' ? counted[origin] : { en: '', zh: '' };
  return language === 'en' ? `${words.en} ${limit} ${unit.en}`.trim() : `${words.zh} ${limit} ${unit.zh}`.trim();
}
