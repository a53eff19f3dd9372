/** The fields of a JSON Schema, and values that go beyond what it says of one. */
import type { ApiSchema } from '../../src/domain/api-document.ts';

export interface SchemaField {
  /** `['certificate', 'dns_names', '*']`: a star is any item of a list. */
  readonly path: readonly string[];
  readonly schema: ApiSchema;
}

type Shared = Readonly<Record<string, ApiSchema>>;

/** Every field, those inside of others too; of alternatives the fields of each. */
export function fieldsOf(schema: ApiSchema, shared: Shared, path: readonly string[] = []): readonly SchemaField[] {
  const { $ref: reference, anyOf, oneOf, properties = {}, items } = schema;
  if (typeof reference === 'string') return fieldsOf(shared[reference.split('/').at(-1) ?? ''] ?? {}, shared, path);
  const alternatives = (anyOf ?? oneOf ?? []) as readonly ApiSchema[];
  return [
    ...(path.length === 0 ? [] : [{ path, schema }]),
    ...alternatives.flatMap((one) => fieldsOf(one, shared, path).filter((field) => field.path.length > path.length)),
    ...Object.entries(properties as Shared).flatMap(([name, field]) => fieldsOf(field, shared, [...path, name])),
    ...(typeof items === 'object' && items !== null ? fieldsOf(items as ApiSchema, shared, [...path, '*']) : []),
  ];
}

export interface Excess {
  readonly what: string;
  readonly value: unknown;
}

/** Values that the schema does not allow, one for each of its bounds. */
export function beyond(schema: ApiSchema): readonly Excess[] {
  const { type, maxLength, minLength, maximum, minimum, maxItems, enum: words, pattern, anyOf } = schema;
  // Of alternatives each has its own bounds, and what is beyond one may be another: but no other is a number.
  if (anyOf !== undefined)
    return (anyOf as readonly ApiSchema[]).filter((one) => one.type === 'integer').flatMap(beyond);
  const excesses: Excess[] = [];
  if (typeof maxLength === 'number' && maxLength < 1 << 20) {
    excesses.push({ what: `longer than ${maxLength}`, value: 'a'.repeat(maxLength + 1) });
  }
  if (typeof minLength === 'number' && minLength > 1) excesses.push({ what: `shorter than ${minLength}`, value: 'a' });
  if (typeof maximum === 'number') excesses.push({ what: `more than ${maximum}`, value: maximum + 1 });
  // Zero alone is how some clients say nothing, which is read as such.
  if (typeof minimum === 'number') excesses.push({ what: `less than ${minimum}`, value: Math.min(minimum - 1, -1) });
  if (typeof maxItems === 'number' && maxItems > 0) {
    excesses.push({
      what: `more than ${maxItems} items`,
      value: Array.from({ length: maxItems + 1 }, () => sampleOf(schema)),
    });
  }
  if (Array.isArray(words)) excesses.push({ what: 'none of the words', value: 'no-such-word' });
  if (typeof pattern === 'string' && type === 'string' && pattern !== '\\S') {
    excesses.push({ what: 'not of the pattern', value: '\u0001' });
  }
  return excesses;
}

/** Values that only a bound which the schema lacks can refuse. */
export function farTooMuch(schema: ApiSchema): readonly Excess[] {
  const { maxLength, pattern, enum: words, format, const: constant } = schema;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes('string') && [maxLength, pattern, words, format, constant].every((bound) => bound === undefined)) {
    return [{ what: 'a text of 12,000 characters', value: 'a'.repeat(12_000) }];
  }
  return [];
}

function sampleOf({ items }: ApiSchema): unknown {
  const { type } = (items ?? {}) as ApiSchema;
  if (type === 'object') return {};
  return type === 'integer' || type === 'number' ? 1 : 'a';
}
