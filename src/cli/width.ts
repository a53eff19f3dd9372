/**
 * How many columns a text takes in a terminal. Chinese, Japanese and Korean characters and emoji take two, combining
 * marks none (UAX #11, Unicode East Asian Width).
 */

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wideScript =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}]/u;
// Punctuation and forms that belong to no script but are drawn two columns wide: 、。「」【】 and ！（）：～.
const wideForm = /[\u3000-\u303e\u30fb-\u30ff\uff01-\uff60\uffe0-\uffe6]/u;
const emoji = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u;
// Half-width katakana and hangul are letters of wide scripts, one column wide.
const halfWidth = /[\uff61-\uffdc\uffe8-\uffee]/u;
const markOnly = /^[\p{M}\p{Cf}]+$/u;
const plain = /^[\x20-\x7e]*$/;

export function textWidth(text: string): number {
  if (plain.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (markOnly.test(grapheme)) return 0;
  if (halfWidth.test(grapheme)) return 1;
  return wideScript.test(grapheme) || wideForm.test(grapheme) || emoji.test(grapheme) ? 2 : 1;
}

/** The text cut to the width, its last column a … where something was left out; never cuts a character in two. */
export function cutToWidth(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = graphemeWidth(segment);
    if (used + next > width - 1) break;
    kept += segment;
    used += next;
  }
  return width < 1 ? '' : `${kept}…`;
}

export function padToWidth(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'left' ? text + blanks : blanks + text;
}

/** Lines of at most the width, broken at blanks; a word longer than a line stays whole, so that it can be copied. */
export function wrapToWidth(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(joined) > width) {
      lines.push(line);
      line = word;
    } else {
      line = joined;
    }
  }
  return [...lines, line];
}
