/** The stream of changes as server-sent events (WHATWG HTML §9.2). */
import type { ChangeBatch, Changes, OpenStream } from '../../../domain/ports/changes.ts';
import { streamApi } from '../schema/stream.ts';
import { handled } from '../services.ts';

/** Proxies end what is silent for a minute or less; a client that hears nothing for twice as long asks by itself. */
const heartbeatMs = 15_000;
/** After which a client that was cut off comes again. */
const retryMs = 3000;

const eventStream = 'text/event-stream';

export const streamOperations = [
  {
    ...handled(streamApi.open, async (_, { caller, services, request, reply }) => {
      reply.headers.set('content-type', `${eventStream}; charset=utf-8`);
      // A proxy that gathers, or compresses, would hold back what there is.
      reply.headers.set('cache-control', 'no-store, no-transform');
      reply.headers.set('x-accel-buffering', 'no');
      if (request.method === 'HEAD') return '';
      const opened = await services.changes.open(caller, lastNumber(request));
      reply.pieces = { [Symbol.asyncIterator]: () => createReader(services.changes, opened) };
      return '';
    }),
    mediaTypes: [eventStream],
    replyHeaders: {
      'X-Accel-Buffering': { en: '`no`: proxies pass every event on at once.', zh: '`no`，代理应立即转发每个事件。' },
    },
  },
];

/** An id that is none of ours, such as one of another server, is too long ago. */
function lastNumber({ headers }: Request): number | null {
  const id = headers.get('last-event-id')?.trim() ?? '';
  if (id === '') return null;
  return /^\d{1,15}$/.test(id) ? Number(id) : 0;
}

/** Reads on when its reader has taken what there was, so that a slow one holds nothing but its socket. */
function createReader(changes: Changes, { stream, isReset, ...opened }: OpenStream): AsyncIterator<string, undefined> {
  let seq = opened.seq;
  let isBegun = false;
  return {
    async next() {
      if (!isBegun) {
        isBegun = true;
        return { done: false, value: `retry: ${retryMs}\n${textOf({ changes: [], seq, isReset })}` };
      }
      const batch = await changes.next(stream, { seq, waitMs: heartbeatMs });
      if (batch === null) return { done: true, value: undefined };
      seq = batch.seq;
      return { done: false, value: textOf(batch) };
    },
    async return() {
      await changes.close(stream);
      return { done: true, value: undefined };
    },
  };
}

/**
 * The last event of a batch has the number to go on from, and those before it have none: who is cut off between them hears of all of them
 * again. Without an event the id stands alone, which moves on where the client will go on from, and is an event to nobody.
 */
function textOf({ changes, seq, isReset }: ChangeBatch): string {
  if (isReset) return `id: ${seq}\nevent: reset\ndata: {}\n\n`;
  if (changes.length === 0) return `: \nid: ${seq}\n\n`;
  const lines = changes.map(({ topic, id, version }) => `data: ${JSON.stringify({ topic, id, version })}\n\n`);
  const last = lines.pop() ?? '';
  return `${lines.join('')}id: ${seq}\n${last}`;
}
