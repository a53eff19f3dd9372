/** What came back, made fit to be shown and kept. */

const maxLength = 200;

/**
 * Text from strangers, cut to a readable length. Control and formatting characters are escaped: they could forge log
 * lines, colour a terminal or turn the text around (bidi).
 */
export function excerpt(text: string): string {
  // Escaping first would let a megabyte of control characters grow further before it is cut.
  const escaped = text
    .slice(0, maxLength)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
  return text.length > maxLength || escaped.length > maxLength ? `${escaped.slice(0, maxLength)}…` : escaped;
}

/** The excerpt in quotes, for a message. */
export function quotedExcerpt(text: string): string {
  return `"${excerpt(text)}"`;
}

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  return shortEscapes[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
