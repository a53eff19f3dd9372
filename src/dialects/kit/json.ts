/**
 * JSON from strangers. Depth and number of values are counted before the text is parsed: whatever works on the value later
 * may then walk it freely.
 */
import { CertError, refuse } from '../../domain/errors.ts';
import type { JsonFault } from '../../domain/messages/words.ts';

export interface JsonLimits {
  readonly maxDepth: number;
  /** Members of objects and items of lists, all together. */
  readonly maxValues: number;
}

/** Far beyond the largest request: an order of 250 names. */
const requestLimits: JsonLimits = { maxDepth: 32, maxValues: 10_000 };
/** Lists of orders have as many values as they like; they come from servers that somebody configured. */
const replyLimits: JsonLimits = { maxDepth: 32, maxValues: 1_000_000 };

/**
 * The value of a JSON text.
 * @param field what holds the text, for messages: `body`, or a field's name
 * @throws {CertError} malformedJson, jsonTooDeep, jsonTooManyValues
 */
export function parseJson(text: string, field: string, limits: JsonLimits = requestLimits): unknown {
  checkShape(text, field, limits);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refuse('malformedJson', { detail: whereJsonFails(cause) });
  }
}

/** The value of another server's reply; undefined for a text that is no JSON, or more of it than any reply has. */
export function replyJson(text: string): unknown {
  try {
    return parseJson(text, 'reply', replyLimits);
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openList, closeList, openObject, closeObject] = [0x5b, 0x5d, 0x7b, 0x7d];

/** One pass. What is no JSON at all is left to the parser behind it. */
function checkShape(text: string, field: string, { maxDepth, maxValues }: JsonLimits): void {
  let depth = 0;
  let values = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === quote) at = endOfString(text, at + 1);
    else if (character === openList || character === openObject) {
      depth++;
      values++;
      if (depth > maxDepth) throw refuse('jsonTooDeep', { field, limit: maxDepth });
    } else if (character === closeList || character === closeObject) depth--;
    else if (character === comma) values++;
    if (values > maxValues) throw refuse('jsonTooManyValues', { field, limit: maxValues });
  }
}

/** Finds the closing quote of the string that began before `start`; the text's end where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (at - 1 - escapes >= start && text.charCodeAt(at - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return text.length;
}

/** The place only: V8 quotes the text around it, and that may be a password. */
function whereJsonFails(cause: unknown): JsonFault {
  const message = cause instanceof Error ? cause.message : '';
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return `unexpected character at position ${position}`;
  return message.includes('end of JSON') ? 'unexpected end' : 'unexpected character';
}
