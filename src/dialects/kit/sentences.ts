/**
 * Recognizes the sentences of our own message catalogue, for the dialects whose errors carry no code: when the other side is
 * certmux too, its refusals keep their kind.
 */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { reasons } from '../../domain/messages/index.ts';
import type { Row } from '../../domain/messages/row.ts';
import { startReasons } from '../../domain/messages/start.ts';

interface Pattern {
  readonly code: ErrorCode;
  /** The sentence's own words, in their order; parameters stand between them. */
  readonly parts: readonly string[];
  readonly literalLength: number;
}

/** Stands for a parameter while a row's sentence is cut into its own words. Appears in no message. */
const mark = '\u0000';

let patterns: readonly Pattern[] | undefined;

/** The code of the row that says this, in any language; undefined when none does. */
export function codeOfSentence(sentence: string): ErrorCode | undefined {
  patterns ??= allPatterns();
  return patterns.find(({ parts }) => begins(sentence, parts))?.code;
}

/** Most specific first, as `… is required` also ends longer sentences. */
function allPatterns(): Pattern[] {
  const rows = Object.entries(reasons) as [string, Row<unknown>][];
  return (
    rows
      // "X answered: …" matches whatever X answered. What stops a start answers nobody, and some of it is hardly more than parameters.
      .filter(([key]) => !key.startsWith('upstream') && !Object.hasOwn(startReasons, key))
      .flatMap(([, row]) => [patternOf(row, row.en), patternOf(row, row.zh)])
      .sort((a, b) => b.literalLength - a.literalLength)
  );
}

function patternOf(row: Row<unknown>, render: (params: unknown) => string): Pattern {
  // Every parameter reads as the mark, so that what is left of the sentence is its own words.
  const marks = new Proxy({}, { get: () => mark });
  const parts = render(marks).replaceAll('undefined', mark).split(mark);
  return { code: row.code, parts, literalLength: parts.join('').length };
}

/** Reports whether the text begins with these parts, whatever stands between them. The first place that fits is as good as any. */
function begins(text: string, [first = '', ...others]: readonly string[]): boolean {
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
