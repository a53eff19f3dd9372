/** What came back, made fit to be shown and kept. */
import { printable } from '../domain/printable.ts';

const maxLength = 200;

/** Text from strangers, printable and cut to a readable length. */
export function excerpt(text: string): string {
  // Escaping first would let a megabyte of control characters grow further before it is cut.
  const escaped = printable(text.slice(0, maxLength));
  return text.length > maxLength || escaped.length > maxLength ? `${escaped.slice(0, maxLength)}…` : escaped;
}

/** The excerpt in quotes, for a message. */
export function quotedExcerpt(text: string): string {
  return `"${excerpt(text)}"`;
}
