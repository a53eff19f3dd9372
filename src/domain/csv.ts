/**
 * Lists as CSV (RFC 4180) for spreadsheets: a column for every field of the API, named as it is there (`total.minor`), in its order, so
 * that the columns are the same whatever the rows hold.
 */
import { visible } from './visible-text.ts';

export function csvHeader(fields: readonly string[]): string {
  return csvLine(fields);
}

export function csvRow(fields: readonly string[], item: unknown): string {
  return csvLine(fields.map((field) => cellOf(valueAt(item, field.split('.')))));
}

function valueAt(item: unknown, path: readonly string[]): unknown {
  let value = item;
  for (const name of path) value = isRecord(value) ? value[name] : undefined;
  return value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Times are texts of ISO 8601 already. A list of texts is one cell, and what has members of its own is JSON. */
function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  // A number is written by us and no formula, also below zero.
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return harmless(value);
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return harmless(value.join('; '));
  return harmless(JSON.stringify(value));
}

/**
 * A text that a spreadsheet would take for a formula and run, with what names and notes of strangers hold: the apostrophe makes it text.
 * The full-width signs are formulas where Chinese or Japanese is written. What a terminal would obey is made visible, since a list is
 * printed there as well; tabs and line ends stay.
 */
function harmless(text: string): string {
  const shown = text.replace(/[^\t\r\n]+/g, visible);
  return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(shown) ? `'${shown}` : shown;
}

/** RFC 4180 §2: lines end with CRLF; a cell with a comma, a quote or a line end is quoted, and its quotes are doubled. */
function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',')}\r\n`;
}
