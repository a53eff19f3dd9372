/** Objects without the members that have no value: an absent member and one that is `undefined` are two things on the wire. */

/** The members of `T`; those that may be undefined may be absent instead. */
export type WithDefined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same members in the same order, without those that are undefined. */
export function withDefined<T extends object>(members: T): WithDefined<T>;
export function withDefined(members: object): object {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** Undefined for an empty text or list. */
export function nonEmpty<T extends string | readonly unknown[]>(value: T | undefined): T | undefined {
  return value === undefined || value.length === 0 ? undefined : value;
}
