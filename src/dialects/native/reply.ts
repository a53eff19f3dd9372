/** Replies: JSON, or a text that is sent piece by piece. */
import type { ReplyHead } from '../kit/operation.ts';
import { jsonReply } from '../kit/reply.ts';
import { repeatedHeader } from './idempotency.ts';

/** Answers hold keys' secrets and orders' state: no cache may keep them. */
const noStore = { 'cache-control': 'no-store' } as const;

export function renderNative(
  output: unknown,
  { status = 200 }: { readonly status?: number },
  head: ReplyHead,
): Response {
  const { pieces } = head;
  if (pieces === undefined) {
    const own = [repeatedHeader, 'etag'].flatMap((name) => {
      const value = head.headers.get(name);
      return value === null ? [] : [[name, value] as const];
    });
    return jsonReply(output, { status, headers: { ...noStore, ...Object.fromEntries(own) } });
  }
  const headers = new Headers(head.headers);
  for (const [name, value] of Object.entries(noStore)) if (!headers.has(name)) headers.set(name, value);
  return new Response(streamOf(pieces), { status, headers });
}

/** Takes a piece when the reader has room for it. What fails ends the connection, so that nobody takes a part for the whole. */
function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        // A stream asks again only for what it was given something of: an empty piece is passed over here.
        let { done, value } = await iterator.next();
        while (!done && value === '') ({ done, value } = await iterator.next());
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 1 },
  );
}
