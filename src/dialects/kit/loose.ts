/**
 * Reads values of a vendor's reply that may be missing, of another type, or in another form. For client halves: what their schemas
 * promise is what our own servers send, and a vendor keeps none of it.
 */

export type Loose = Readonly<Record<string, unknown>>;

/** No members where it is no object. PHP writes an empty map as `[]`. */
export function looseObject(value: unknown): Loose {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Loose) : {};
}

/** The items of a list, or the values of the object that PHP makes of a list with gaps. */
export function looseList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : Object.values(looseObject(value));
}

/** Undefined for an empty one as well. Numbers stand where texts should, and the reverse. */
export function looseText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value !== 'string') return undefined;
  return value.trim() || undefined;
}

/** Whether a flag is set, as `true`, `1`, `"1"`, `"true"` or one of the further words. */
export function looseFlag(value: unknown, ...words: readonly string[]): boolean {
  return value === true || ['1', 'true', ...words].includes((looseText(value) ?? '').toLowerCase());
}

/** The first of these members that has a text. */
export function firstText(from: Loose, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = looseText(from[name]);
    if (text !== undefined) return text;
  }
  return undefined;
}
