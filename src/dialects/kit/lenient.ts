/** Members of a schema for replies, of values that may be missing, null or of another type (`loose.ts`). */
import { z } from 'zod';
import { looseFlag, looseText } from './loose.ts';

const anything = z.unknown().optional();

/** As it stands there, blanks and all: it may be a file's content. Empty for what is no text or number. */
export const lenientText = anything.transform(textFromWire);

export const lenientTextOrNull = anything.transform((value) => textFromWire(value) || null);

export const lenientBoolean = anything.transform((value) => looseFlag(value));

/** Null for what is no number. */
export const lenientNumber = anything.transform(numberFromWire);

/** A list, or one text with commas or blanks between the items. */
export const lenientTexts = anything.transform((value) => {
  const items = Array.isArray(value) ? value.map((item) => looseText(item) ?? '') : textFromWire(value).split(/[,\s]+/);
  return items.filter((item) => item !== '');
});

/** A text without which the reply says nothing. */
export const neededText = anything.transform((value) => looseText(value) ?? '').pipe(z.string().min(1));

export function textFromWire(value: unknown): string {
  return typeof value === 'string' ? value : (looseText(value) ?? '');
}

export function numberFromWire(value: unknown): number | null {
  const text = (looseText(value) ?? '').replaceAll(/,(?=\d{3}(\D|$))/g, '');
  return /^-?\d{1,15}(?:\.\d{1,20})?$/.test(text) ? Number(text) : null;
}
