/** Text of others, in which nothing hides: controls and what turns the direction of writing are shown by their numbers. */
const hiding = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

export function visible(text: string): string {
  return text.replace(hiding, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
