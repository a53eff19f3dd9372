/** Turns what a schema says of an input into the refusal the subscriber reads: which field, what it was, what it should be. */

import type { z } from 'zod';
import { type CertError, quoted, refuse } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { expected, expectedOf, type Phrase } from '../../domain/messages/expectations.ts';
import type { Wording } from '../../domain/messages/words.ts';
import { asOneText, asPhrase } from '../../domain/two-languages.ts';
import { parseAsPhp } from './php-values.ts';

/** The `error` of a schema in both languages: `z.string({ error: expecting(expected.pem) })`. */
export const expecting: (phrase: Phrase) => string = asOneText;

export interface InputOptions {
  readonly language: Language;
  readonly secretFields: ReadonlySet<string>;
  /** Whether values may be as PHP clients write them. */
  readonly readsPhp?: boolean;
}

/**
 * Reads the input by the schema.
 * @param secretFields top-level fields whose values are never quoted
 * @throws {CertError} fieldMissing, fieldInvalid; or whatever CertError a transform of the schema throws
 */
export function parseInput<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  options: InputOptions,
): z.output<Schema> {
  const { result, input: meant } =
    options.readsPhp === true ? parseAsPhp(schema, input) : { result: schema.safeParse(input), input };
  if (result.success) return result.data;
  throw schemaError(result.error, meant, options);
}

/** The first problem of the input as a refusal. */
export function schemaError(error: z.ZodError, input: unknown, options: InputOptions): CertError {
  const issue = error.issues[0];
  if (issue === undefined)
    return refuse('fieldInvalid', { field: 'body', value: quoted(input), expected: expected.object });
  // A strict object's stray key is the problem, not the object that holds it.
  const { path, value } = placeOf(
    input,
    issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path,
  );
  const field = path.length === 0 ? 'body' : fieldName(path);
  const isEmpty = value === '' && issue.code === 'too_small';
  if (value === undefined || value === null || isEmpty) return refuse('fieldMissing', { field });
  const isSecret = path.some((key) => options.secretFields.has(String(key)));
  return refuse('fieldInvalid', {
    field,
    value: isSecret ? '[secret]' : typeof value === 'string' ? quoted(value) : JSON.stringify(value).slice(0, 80),
    expected: expectation(issue),
  });
}

/** `certificate.dns_names[0]` */
export function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? String(key) : `.${String(key)}`))
    .join('');
}

/** The place in what was sent: a text that was read as a list of one has no places of its own. */
function placeOf(
  input: unknown,
  path: readonly PropertyKey[],
): { readonly path: readonly PropertyKey[]; readonly value: unknown } {
  let value = input;
  for (const [depth, key] of path.entries()) {
    if (value === undefined || value === null) return { path, value: undefined };
    if (typeof value !== 'object') return { path: path.slice(0, depth), value };
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return { path, value };
}

const typeNames: Readonly<Record<string, Phrase>> = {
  string: expected.string,
  number: expected.number,
  int: expected.integer,
  boolean: expected.boolean,
  array: expected.array,
  object: expected.object,
  record: expected.object,
  date: expected.date,
};

const formats: Readonly<Record<string, Phrase>> = {
  email: expected.email,
  url: expected.url,
  datetime: expected.isoTime,
  date: expected.isoDate,
};

function expectation(issue: z.core.$ZodIssue): Wording {
  // Zod gives a schema's own words for its type also where only its bound is passed.
  if (issue.code === 'too_big') return atMost(issue.origin, issue.maximum);
  const own = asPhrase(issue.message);
  if (own !== undefined) return own;
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return expectedOf.oneOf(issue.values.map(String));
    case 'too_small':
      return atLeast(issue.origin, issue.minimum);
    case 'unrecognized_keys':
      return expected.absent;
    case 'invalid_format':
      return formats[issue.format] ?? issue.message;
    default:
      return issue.message;
  }
}

function atLeast(origin: string, least: number | bigint): Phrase {
  if (origin === 'string') return expectedOf.charactersAtLeast(Number(least));
  return origin === 'array' ? expectedOf.itemsAtLeast(Number(least)) : expectedOf.atLeast(least);
}

function atMost(origin: string, most: number | bigint): Phrase {
  if (origin === 'string') return expectedOf.charactersAtMost(Number(most));
  return origin === 'array' ? expectedOf.itemsAtMost(Number(most)) : expectedOf.atMost(most);
}
