/** Times as the Chinese vendors write them: `2021-11-02 14:07:15`, without a zone, by the vendor's clock. */

/** An offset from UTC such as `+08:00`; all four vendors' samples are China time. */
export type UtcOffset = string;

/** `YYYY-MM-DD HH:MM:SS` at the offset; fractions of a second are cut. */
export function formatWireTime(date: Date, offset: UtcOffset): string {
  const shifted = new Date(date.getTime() + offsetMs(offset));
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}

/** The moment the text names at the offset; undefined when it is not such a text. */
export function parseWireTime(text: string, offset: UtcOffset): Date | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})$/.exec(text.trim());
  if (match === null) return undefined;
  const ms = Date.parse(`${match[1]}T${match[2]}Z`);
  // 31 February would be read as a day in March, and 24:00:00 as one of the day after.
  const isReal = !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(`${match[1]}T${match[2]}`);
  return isReal ? new Date(ms - offsetMs(offset)) : undefined;
}

/** Reports whether the text is an offset that the two functions above take. */
export function isUtcOffset(text: string): boolean {
  return /^[+-](0\d|1[0-4]):[0-5]\d$/.test(text);
}

function offsetMs(offset: UtcOffset): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return (offset.startsWith('-') ? -minutes : minutes) * 60_000;
}
