/**
 * Objects that many answers hold: the same object until what it says changes, as the caches of the core hand them out. Whoever sends
 * answers to another thread can send such an object once and name it afterwards. Nobody may change one.
 */
const lasting = new WeakSet<object>();

/** Call it where the object is put into the cache. */
export function markLasting(value: unknown): void {
  if (typeof value === 'object' && value !== null) lasting.add(value);
}

export function isLasting(value: unknown): value is object {
  return typeof value === 'object' && value !== null && lasting.has(value);
}
