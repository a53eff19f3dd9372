/** JSON whose objects name each member once. JSON.parse takes the last of several, other readers the first (RFC 8259 §4). */

export type StrictJson = { readonly value: unknown } | { readonly repeated: string } | 'notJson';

/** Nothing that is signed nests deeper. The limit keeps what walks the value later from running out of stack. */
const maxDepth = 16;

export function parseStrictJson(text: string): StrictJson {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'notJson';
  }
  const fault = findFault(text);
  if (fault === 'tooDeep') return 'notJson';
  return fault === undefined ? { value } : fault;
}

/** @param text valid JSON */
function findFault(text: string): { readonly repeated: string } | 'tooDeep' | undefined {
  // The member names of each open object; null for an open list.
  const open: (Set<string> | null)[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') {
      if (open.push(character === '{' ? new Set() : null) > maxDepth) return 'tooDeep';
    } else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      const names = open.at(-1);
      if (names && isName(text, end)) {
        const name = textOf(text.slice(at, end));
        if (names.has(name)) return { repeated: name };
        names.add(name);
      }
      at = end - 1;
    }
  }
  return undefined;
}

/** The offset after the closing quote of the string that opens at `start`. Most of what is signed is one long string. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (isEscaped(text, at)) at = text.indexOf('"', at + 1);
  return at + 1;
}

/** Behind an odd number of backslashes a quote is a part of its string. */
function isEscaped(text: string, quote: number): boolean {
  let at = quote;
  while (text[at - 1] === '\\') at--;
  return (quote - at) % 2 === 1;
}

/** @param quoted a string of JSON with its quotes */
function textOf(quoted: string): string {
  return quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
}

/** Of an object's strings, names are those before a colon. */
function isName(text: string, end: number): boolean {
  let at = end;
  while (text[at] === ' ' || text[at] === '\t' || text[at] === '\n' || text[at] === '\r') at++;
  return text[at] === ':';
}
