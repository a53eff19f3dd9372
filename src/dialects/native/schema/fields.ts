/** The fields of the items of a list, for those who write them side by side. */
import { z } from 'zod';

/** What answers pages of a list. */
export interface ListEndpoint {
  readonly response: z.ZodType;
}

/** Names of every field of an item, with those on the way to it: `total.minor`. In the order of the schema. */
export function fieldsOfItems({ response }: ListEndpoint): readonly string[] {
  const page = plain(response);
  const items = page instanceof z.ZodObject ? plain(page.shape.items) : page;
  if (!(items instanceof z.ZodArray)) throw new Error('only the items of a list have fields');
  return fieldsOf(items.element, []);
}

function fieldsOf(schema: unknown, path: readonly string[]): readonly string[] {
  const field = plain(schema);
  if (!(field instanceof z.ZodObject)) return [path.join('.')];
  return Object.entries(field.shape).flatMap(([name, part]) => fieldsOf(part, [...path, name]));
}

/** The schema of the value itself, where it may be null or absent. */
function plain(schema: unknown): unknown {
  let inner = schema;
  while (inner instanceof z.ZodNullable || inner instanceof z.ZodOptional || inner instanceof z.ZodExactOptional)
    inner = inner.unwrap();
  return inner;
}
