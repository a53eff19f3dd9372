/** Schemas of parameters: in a path or a query everything is text, so a number has no second spelling there, and null none at all. */
import type { ApiSchema } from '../../domain/api-document.ts';

export function asParameter(schema: ApiSchema): ApiSchema {
  const { anyOf, type, ...rest } = schema;
  if (Array.isArray(type) && type.includes('string')) return { ...rest, type: 'string' };
  if (!Array.isArray(anyOf)) return schema;
  const { description, default: standard } = schema;
  const about = {
    ...(description === undefined ? {} : { description }),
    ...(standard === undefined ? {} : { default: standard }),
  };
  const alternatives = (anyOf as readonly ApiSchema[]).filter((one) => one.type !== 'null' && one.const !== '');
  const number = alternatives.find((one) => one.type === 'integer' || one.type === 'number');
  if (number !== undefined) return { ...number, ...about };
  if (alternatives.some((one) => one.type === 'boolean')) return { enum: spellings(alternatives), ...about };
  const [only = {}, ...others] = alternatives;
  return others.length === 0 ? { ...only, ...about } : { anyOf: alternatives, ...about };
}

/** How a yes or a no is written as text. */
function spellings(alternatives: readonly ApiSchema[]): readonly string[] {
  const values = alternatives.flatMap((one) => (Array.isArray(one.enum) ? one.enum : [true, false]));
  return [...new Set(values.map(String))].filter((text) => text !== '');
}
