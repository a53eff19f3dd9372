/**
 * Reading requests as this API's clients really write them: `?&container_id=1`, brackets percent-encoded or not,
 * `/domain/?container_id/4`.
 */
import { queryEntries } from '../kit/form.ts';
import { type Input, parseJsonObject, type ReadInput } from '../kit/input.ts';

/**
 * Path parameters over the body over the query, in one record. `filters[…]` of the query is one field `filters`: lists of values
 * by property.
 */
export const readRequest: ReadInput = async (incoming) => {
  const { method } = incoming.request;
  const hasBody = method !== 'GET' && method !== 'HEAD' && method !== 'DELETE';
  const body = hasBody ? parseJsonObject(await incoming.text()) : {};
  return { ...queryOf(incoming.request.url), ...body, ...incoming.params };
};

/** For a repeated key the last one counts, as in PHP; for filters, all. */
export function queryOf(url: string): Input {
  // Maps, and objects made of them: a key may be called `__proto__`.
  const plain = new Map<string, unknown>();
  const filters = new Map<string, string[]>();
  for (const [key, value] of queryEntries(url)) {
    const property = /^filters\[([^\]]*)\]/.exec(key)?.[1];
    // sapcc writes `?container_id/4` for `?container_id=4`.
    const slash = value === '' ? /^(\w+)\/(\d+)$/.exec(key) : null;
    if (property !== undefined) addTo(filters, property, value);
    // It names no property, so it is unknown as any other.
    else if (key === 'filters') continue;
    else if (slash !== null) plain.set(slash[1] ?? '', slash[2] ?? '');
    else plain.set(key, value);
  }
  if (filters.size > 0) plain.set('filters', Object.fromEntries(filters));
  return Object.fromEntries(plain);
}

function addTo(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
