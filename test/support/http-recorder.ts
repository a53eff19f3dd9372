/** What an HTTP server of this process answers, as it goes over the wire, whoever asks: no proxy stands in between. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface RecordedReply {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  /** Each `Link` line by itself. */
  readonly linkLines: readonly string[];
  readonly text: string;
}

export interface HttpRecorder {
  close(): void;
}

const channel = 'http.server.response.created';

/** @param onReply called before the client can have the reply's end */
export function recordReplies(
  { port, start }: { readonly port: number; readonly start: string },
  onReply: (reply: RecordedReply) => void,
): HttpRecorder {
  const onCreated = (message: unknown) => {
    const { request, response } = message as { readonly request: IncomingMessage; readonly response: ServerResponse };
    const { method = '', url: path = '', socket } = request;
    if (socket.localPort !== port || !path.startsWith(start)) return;
    const chunks: Buffer[] = [];
    const keep = (chunk: unknown) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    };
    const write = response.write.bind(response) as (...parts: readonly unknown[]) => boolean;
    const end = response.end.bind(response) as (...parts: readonly unknown[]) => ServerResponse;
    response.write = (...parts: readonly unknown[]) => {
      keep(parts[0]);
      return write(...parts);
    };
    response.end = (...parts: readonly unknown[]) => {
      keep(parts[0]);
      const ended = end(...parts);
      const lines = headerLinesOf(response);
      onReply({
        method,
        path,
        status: response.statusCode,
        headers: new Headers(lines.map(([name, value]) => [name, value])),
        linkLines: lines.flatMap(([name, value]) => (name === 'link' ? [value] : [])),
        text: Buffer.concat(chunks).toString('utf8'),
      });
      return ended;
    };
  };
  subscribe(channel, onCreated);
  return { close: () => void unsubscribe(channel, onCreated) };
}

/** What `getHeaders` answers lacks what was passed to `writeHead` alone; the head as it was sent is only here. */
function headerLinesOf(response: ServerResponse): readonly (readonly [name: string, value: string])[] {
  const head: unknown = Reflect.get(response, '_header');
  if (typeof head !== 'string') throw new Error('Node does not keep the head of a reply any more');
  return head.split('\r\n').flatMap((line) => {
    const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
  });
}
