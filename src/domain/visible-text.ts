/** Text of strangers, shown on one line without what a terminal would obey. */

// What could move the cursor, recolour the screen or turn the direction of the text: names, labels and answers of
// strangers' servers are printed here. ZWJ and ZWNJ are left, since scripts need them.
export const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** The text on one line, with characters that a terminal would obey made visible. */
export function visible(text: string): string {
  return text.replace(unsafe, (character) => {
    if (character === '\n' || character === '\t') return ' ';
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
