/** What the stream of changes says, read as it comes: server-sent events (WHATWG HTML §9.2.6), as `operations/stream.ts` writes them. */
import type { z } from 'zod';
import { refuse } from '../../domain/errors.ts';
import { replyJson } from '../kit/json.ts';
import { change } from './schema/stream.ts';

export interface FollowedChange {
  /** Where to go on from, once this was dealt with: `lastEventId` of the next stream. */
  readonly lastEventId: string;
  /** Null: some changes are not known; read again what is shown. */
  readonly change: z.output<typeof change> | null;
}

/** No line of the stream is nearly as long. */
const longestLine = 64 << 10;

/** Ends where the server ends it: when it stops, or when the caller may not follow any more. @throws {CertError} replyUnreadable */
export async function* readChanges(body: AsyncIterable<Uint8Array>, url: string): AsyncGenerator<FollowedChange> {
  const decoder = new TextDecoder();
  let begun = '';
  let lastEventId = '';
  let event = '';
  let data: string[] = [];
  for await (const bytes of body) {
    const lines = (begun + decoder.decode(bytes, { stream: true })).split('\n');
    begun = lines.pop() ?? '';
    if (begun.length > longestLine) throw unreadable(url, 'a line that does not end');
    for (const line of lines) {
      const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
      if (field === 'id') lastEventId = value;
      else if (field === 'event') event = value;
      else if (field === 'data') data.push(value);
      if (line !== '') continue;
      if (data.length > 0) {
        yield { lastEventId, change: event === 'reset' ? null : changeOf(data.join('\n'), url) };
      }
      event = '';
      data = [];
    }
  }
}

function changeOf(data: string, url: string): z.output<typeof change> {
  const parsed = change.safeParse(replyJson(data));
  if (parsed.success) return parsed.data;
  throw unreadable(url, `"${data.slice(0, 80)}" is no change`);
}

function unreadable(url: string, detail: string) {
  return refuse('replyUnreadable', { url, detail });
}
