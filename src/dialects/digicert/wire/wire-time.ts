/** Times and dates as this API writes them, in UTC; and as its clients do. */

/** `2018-10-09T19:29:02+00:00`; fractions of a second are cut. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}+00:00`;
}

/** `2018-10-09` */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
/** The `+` of an offset, as the one between date and time, arrives as a blank where a client did not encode it. */
const momentForm = /^(\d{4}-\d{2}-\d{2})[ T+](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[ +-]\d{2}:?\d{2})?$/i;

/** A date as its first moment, or a date with a time, in UTC by default; undefined for any other text. */
export function parseMoment(text: string): Date | undefined {
  const trimmed = text.trim();
  const match = momentForm.exec(trimmed);
  if (match === null && !dayForm.test(trimmed)) return undefined;
  const [date = trimmed, time = '00:00:00', offset = 'Z'] = match?.slice(1) ?? [];
  const ms = Date.parse(`${date}T${time}${offset.replace(' ', '+').toUpperCase()}`);
  return isRealDay(date) && !Number.isNaN(ms) ? new Date(ms) : undefined;
}

/** 31 February is a text of the right form, but Date would make it a day in March. */
function isRealDay(date: string): boolean {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && day(new Date(ms)) === date;
}

/** Reports whether the text is a date without a time: then it means all of that day. */
export function isWholeDay(text: string): boolean {
  return dayForm.test(text.trim());
}

/** The last second of the UTC day that the moment is in. */
export function endOfDay(date: Date): Date {
  return new Date(`${day(date)}T23:59:59Z`);
}
