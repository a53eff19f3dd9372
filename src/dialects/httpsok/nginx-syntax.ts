/** The text of an nginx configuration as directives. Only reads as far as certificates need: one pass, whatever the text holds. */

export interface Directive {
  readonly words: readonly string[];
  /** Undefined where it ends with a semicolon. */
  readonly block?: readonly Directive[];
}

/** Deeper nesting than nginx has: what lies deeper is left out. */
export const maxDepth = 12;

const blanks = /\s+/y;
const comment = /#[^\n]*/y;
const word = /[^\s{};]+/y;

/** Unbalanced braces end where the text does. */
export function parseDirectives(text: string): readonly Directive[] {
  const root: Directive[] = [];
  const stack: Directive[][] = [root];
  let words: string[] = [];
  for (const { value, isMark } of tokensOf(text)) {
    const top = stack.at(-1) ?? root;
    if (!isMark) words.push(value);
    else if (value === ';') {
      if (words.length > 0) top.push({ words });
      words = [];
    } else if (value === '{') {
      const block: Directive[] = [];
      if (stack.length <= maxDepth) top.push({ words, block });
      stack.push(block);
      words = [];
    } else {
      if (stack.length > 1) stack.pop();
      words = [];
    }
  }
  return root;
}

interface Token {
  readonly value: string;
  /** A brace or a semicolon that stands outside of quotes. */
  readonly isMark: boolean;
}

function* tokensOf(text: string): Generator<Token> {
  let at = 0;
  /** Quotation marks that nothing closes from where they stood: none behind is looked for again. */
  const unclosed = new Set<string>();
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [found = ''] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  };
  for (skip(blanks); at < text.length; skip(blanks)) {
    const first = text.charAt(at);
    if (first === '#') skip(comment);
    else if (first === '{' || first === '}' || first === ';') {
      at++;
      yield { value: first, isMark: true };
    } else {
      const isQuote = (first === '"' || first === "'") && !unclosed.has(first);
      const end = isQuote ? closingQuote(text, at) : undefined;
      if (isQuote && end === undefined) unclosed.add(first);
      // A quotation mark that nothing closes is a character of a word.
      const value = end === undefined ? skip(word) : text.slice(at + 1, end);
      if (end !== undefined) at = end + 1;
      yield { value, isMark: false };
    }
  }
}

function closingQuote(text: string, start: number): number | undefined {
  const quote = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) return at;
    if (character === 0x5c) at++;
  }
  return undefined;
}
