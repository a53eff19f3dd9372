/**
 * Reads one HTTP answer from a connection that is closed after it. Old devices and hand-written scripts break rules of RFC 9112
 * that guard connections with several messages or with caches behind them: lone line feeds, blanks around names, lengths
 * that are repeated, chunks that are not ended. Here nothing can be smuggled, since nothing follows and nobody else reads it, so
 * what has one meaning is read. What has two, and what is not HTTP, is refused in words.
 */
import type { ConnectionFault } from '../domain/messages/words.ts';

export interface HttpAnswer {
  readonly status: number;
  /** By lower-case name, in their order. One character for each byte that was sent. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** Without the transfer coding `chunked`, at most one byte more than the limit. */
  readonly body: Buffer;
  /** Whether the connection ended before the answer did. */
  readonly isCut: boolean;
}

export interface AnswerReader {
  /** Takes what came. @returns the answer or the fault as soon as either is certain */
  push(bytes: Buffer): HttpAnswer | ConnectionFault | undefined;
  /** The same at the end of the connection. */
  end(): HttpAnswer | ConnectionFault;
}

/** As Node's own client has it. */
const maxHeadBytes = 16_384;
/** Size lines of chunks may take so many times the room of what they announce; one byte in each chunk needs six. */
const maxFraming = 8;

type Step =
  | { readonly at: 'status' | 'headers' | 'chunkSize' | 'chunkEnd' | 'toClose' }
  | { readonly at: 'length' | 'chunk'; readonly leftBytes: number };

/** @param maxBodyBytes reading stops behind it: then the body is longer than this */
export function createAnswerReader(maxBodyBytes: number): AnswerReader {
  let step: Step = { at: 'status' };
  let line: Buffer = Buffer.alloc(0);
  let [headBytes, framingBytes, bodyBytes] = [0, 0, 0];
  let status = 0;
  let fields: [name: string, value: string][] = [];
  const body: Buffer[] = [];

  const answer = (isCut: boolean): HttpAnswer => ({
    status,
    headers: grouped(fields),
    body: Buffer.concat(body),
    isCut,
  });

  /** Takes one line of the head, or of the framing of chunks. */
  function onLine(text: string): HttpAnswer | ConnectionFault | undefined {
    switch (step.at) {
      case 'status': {
        // RFC 9112 §2.2: empty lines in front are ignored.
        if (text === '') return undefined;
        const found = statusOf(text);
        if (found === undefined) return 'sent something that is not HTTP';
        status = found;
        step = { at: 'headers' };
        return undefined;
      }
      case 'headers':
        return text === '' ? onHeadEnd() : onField(text);
      case 'chunkSize': {
        const size = chunkSizeOf(text);
        if (size === undefined) return 'sent chunks that cannot be read';
        // Trailers are of no interest, nor is it whether they come.
        if (size === 0) return answer(false);
        step = { at: 'chunk', leftBytes: size };
        return undefined;
      }
      default:
        if (text !== '') return 'sent chunks that cannot be read';
        step = { at: 'chunkSize' };
        return undefined;
    }
  }

  function onField(text: string): undefined {
    const last = fields.at(-1);
    // RFC 9112 §5.2: a line that begins with a blank goes on with the value before it.
    if (/^[ \t]/.test(text)) {
      if (last !== undefined) last[1] = `${last[1]} ${text.trim()}`.trim();
      return undefined;
    }
    const colon = text.indexOf(':');
    const name = text.slice(0, Math.max(0, colon)).trim().toLowerCase();
    // A line without a name says nothing; browsers pass over it.
    if (name !== '') fields.push([name, text.slice(colon + 1).trim()]);
    return undefined;
  }

  function onHeadEnd(): HttpAnswer | ConnectionFault | undefined {
    if (status === 101) return 'switched to another protocol';
    if (status < 200) {
      fields = [];
      step = { at: 'status' };
      return undefined;
    }
    if (status === 204 || status === 304) return answer(false);
    const headers = grouped(fields);
    // Nobody reads the page of a redirect, and it need not end.
    if (status >= 300 && status < 400 && headers.has('location')) return answer(false);
    const codings = listOf(headers, 'transfer-encoding');
    // RFC 9112 §6.3: chunks come before any length.
    if (codings.includes('chunked')) step = { at: 'chunkSize' };
    else {
      const length = lengthOf(headers);
      if (length === 'several') return 'announced several lengths for one answer';
      step = length === undefined ? { at: 'toClose' } : { at: 'length', leftBytes: length };
      if (length === 0) return answer(false);
    }
    return undefined;
  }

  /** Takes bytes of the body; what is behind its end is not looked at. */
  function onBody(bytes: Buffer): HttpAnswer | undefined {
    const isChunk = step.at === 'chunk';
    const taken = 'leftBytes' in step ? bytes.subarray(0, step.leftBytes) : bytes;
    body.push(taken.subarray(0, maxBodyBytes + 1 - bodyBytes));
    bodyBytes += taken.length;
    if (bodyBytes > maxBodyBytes) return answer(true);
    if (!('leftBytes' in step)) return undefined;
    const leftBytes = step.leftBytes - taken.length;
    if (leftBytes > 0) step = { at: step.at, leftBytes };
    else if (isChunk) step = { at: 'chunkEnd' };
    else return answer(false);
    return undefined;
  }

  return {
    push(bytes) {
      for (let at = 0; at < bytes.length; ) {
        if (step.at === 'length' || step.at === 'chunk' || step.at === 'toClose') {
          const before = bodyBytes;
          const done = onBody(bytes.subarray(at));
          if (done !== undefined) return done;
          at += bodyBytes - before;
          continue;
        }
        const lineFeed = bytes.indexOf(0x0a, at);
        const end = lineFeed < 0 ? bytes.length : lineFeed;
        const isHead = step.at === 'status' || step.at === 'headers';
        if (isHead) headBytes += end - at + 1;
        else framingBytes += end - at + 1;
        if (headBytes > maxHeadBytes) return 'sent headers that are too large';
        if (framingBytes > maxHeadBytes + maxFraming * maxBodyBytes) return 'sent chunks that cannot be read';
        line = Buffer.concat([line, bytes.subarray(at, end)]);
        if (line.length > maxHeadBytes) return 'sent chunks that cannot be read';
        at = end + 1;
        if (lineFeed < 0) break;
        const text = line.toString('latin1').replace(/\r$/, '');
        line = Buffer.alloc(0);
        const done = onLine(text);
        if (done !== undefined) return done;
      }
      return undefined;
    },
    end() {
      if (step.at === 'toClose') return answer(false);
      // The size line of the last chunk may lack its line end.
      if (step.at === 'chunkSize' && chunkSizeOf(line.toString('latin1')) === 0) return answer(false);
      if (step.at === 'status') {
        if (line.length === 0) return 'closed the connection without an answer';
        const isHttp = statusOf(line.toString('latin1')) !== undefined;
        return isHttp ? 'closed the connection in the middle of the answer' : 'sent something that is not HTTP';
      }
      return step.at === 'headers' ? 'closed the connection in the middle of the answer' : answer(true);
    },
  };
}

/** The version may be any or none, and the reason may be missing. `ICY` is what the first servers of radio stations said for it. */
function statusOf(line: string): number | undefined {
  const digits = /^[ \t]*(?:HTTP|ICY)(?:\/\d{1,2}(?:\.\d{1,2})?)?[ \t]+([1-9]\d\d)(?!\d)/i.exec(line)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Blanks around the number and anything behind a semicolon mean nothing. */
function chunkSizeOf(line: string): number | undefined {
  const [digits = ''] = line.split(';', 1);
  return /^[0-9a-f]{1,12}$/i.test(digits.trim()) ? Number.parseInt(digits, 16) : undefined;
}

/** Of lengths that are no numbers browsers make nothing, and read to the end of the connection; so does this. */
function lengthOf(headers: HttpAnswer['headers']): number | 'several' | undefined {
  const numbers = listOf(headers, 'content-length').filter((text) => /^\d{1,15}$/.test(text));
  const lengths = new Set(numbers.map(Number));
  return lengths.size > 1 ? 'several' : [...lengths][0];
}

/** The items of a header that is a list, in lower case. */
export function listOf(headers: HttpAnswer['headers'], name: string): readonly string[] {
  const values = headers.get(name) ?? [];
  return values
    .flatMap((value) => value.split(','))
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '');
}

function grouped(fields: readonly (readonly [name: string, value: string])[]): HttpAnswer['headers'] {
  const headers = new Map<string, string[]>();
  for (const [name, value] of fields) {
    const values = headers.get(name);
    if (values === undefined) headers.set(name, [value]);
    else values.push(value);
  }
  return headers;
}
