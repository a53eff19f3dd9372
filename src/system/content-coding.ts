/**
 * Undoes the compression of an answer. Nobody is asked to compress, but some servers and the boxes before them do so for every
 * text file. What comes out is limited while it comes, so that a small answer never becomes a large one.
 */
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync, type ZlibOptions } from 'node:zlib';

/** One is what servers apply; a second may come from a proxy. */
const maxCodings = 2;

/**
 * The body behind these codings. A body that is not what its header says stays as it is: some servers announce a compression and
 * apply none.
 * @param codings in the order in which they were applied (RFC 9110 §8.4)
 * @returns undefined when it would be larger than the limit
 */
export function withoutCodings(body: Buffer, codings: readonly string[], maxBytes: number): Buffer | undefined {
  const applied = codings.filter((coding) => coding !== 'identity');
  if (applied.length > maxCodings) return body;
  let decoded = body;
  for (const coding of applied.reverse()) {
    const next = withoutCoding(decoded, coding, maxBytes);
    if (next === 'tooLarge') return undefined;
    if (next === 'otherForm') return body;
    decoded = next;
  }
  return decoded;
}

type Decode = (body: Buffer, maxOutputLength: number) => Buffer;

/** A stream that is cut off, or lacks its check sum, gives what there is of it. */
const lenient = (maxOutputLength: number): ZlibOptions => ({ maxOutputLength, finishFlush: constants.Z_SYNC_FLUSH });
const gunzip: Decode = (body, limit) => gunzipSync(body, lenient(limit));

/**
 * `deflate` is the zlib format (RFC 9110 §8.4.1.2); many servers leave out its header. Where nothing else tells one form from
 * another, the stream must be whole.
 */
const decoders: Readonly<Record<string, readonly Decode[]>> = {
  gzip: [gunzip],
  'x-gzip': [gunzip],
  deflate: [
    (body, limit) => inflateSync(body, lenient(limit)),
    (body, maxOutputLength) => inflateRawSync(body, { maxOutputLength }),
  ],
  br: [(body, maxOutputLength) => brotliDecompressSync(body, { maxOutputLength })],
};

function withoutCoding(body: Buffer, coding: string, maxBytes: number): Buffer | 'tooLarge' | 'otherForm' {
  const ways = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
  for (const decode of ways ?? []) {
    try {
      return decode(body, maxBytes);
    } catch (thrown) {
      if (thrown instanceof RangeError && 'code' in thrown && thrown.code === 'ERR_BUFFER_TOO_LARGE') return 'tooLarge';
    }
  }
  return 'otherForm';
}
