/** Calendar months in UTC, as whole numbers such as 202611: what reports add up by. */

/** The first that any report has; `Date.UTC` and this arithmetic would take years before 100 for others. */
export const earliestMonth = 197_001;

/** The month of a moment. */
export function monthOf(at: Date): number {
  return at.getUTCFullYear() * 100 + at.getUTCMonth() + 1;
}

/** `2026-11`, as people write it. */
export function monthText(month: number): string {
  return `${String(Math.floor(month / 100)).padStart(4, '0')}-${String(month % 100).padStart(2, '0')}`;
}

/** @returns undefined for what is no month, and for those before 1970 */
export function parseMonth(text: string): number | undefined {
  const [, year, month] = /^([0-9]{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  const number = Number(year) * 100 + Number(month);
  // No digits are NaN, which is no month either.
  return number >= earliestMonth ? number : undefined;
}

/**
 * The month that is so many later, or earlier.
 * @throws {RangeError} before the year 1, where numbers do not go on: a loop over the months would never end
 */
export function monthAfter(month: number, months: number): number {
  const index = Math.floor(month / 100) * 12 + (month % 100) - 1 + months;
  if (!(month > 100 && index >= 12)) throw new RangeError(`no month before the year 1: ${month}, ${months} later`);
  return Math.floor(index / 12) * 100 + (index % 12) + 1;
}

/** Its first moment. */
export function startOfMonth(month: number): Date {
  return new Date(Date.UTC(Math.floor(month / 100), (month % 100) - 1, 1));
}
