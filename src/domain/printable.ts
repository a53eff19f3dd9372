/** Text from strangers, made fit to stand in a message. */

/**
 * The text with control and formatting characters escaped: they could forge log lines, colour a terminal or turn the text
 * around (bidi). Half a surrogate pair becomes U+FFFD.
 */
export function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  return shortEscapes[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
