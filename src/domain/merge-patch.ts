/** JSON Merge Patch (RFC 7396): a change of an object as data, so that two changes that come together both count. */

/** Objects are merged member by member, null removes a member, everything else replaces what was there. */
export type MergePatch = Readonly<Record<string, unknown>>;

type Json = Readonly<Record<string, unknown>>;

export function mergePatch(target: Json, patch: MergePatch): Json {
  const merged = new Map(Object.entries(target));
  for (const [key, change] of Object.entries(patch)) {
    if (change === undefined) continue;
    if (change === null) merged.delete(key);
    else merged.set(key, isObject(change) ? mergePatch(objectAt(merged, key), change) : change);
  }
  return Object.fromEntries(merged);
}

function objectAt(members: ReadonlyMap<string, unknown>, key: string): Json {
  const member = members.get(key);
  return isObject(member) ? member : {};
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
