/** A proxy as companies have them, that treats the stream of changes as it is told and passes on all else. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** `pass`: as it comes. `hold`: gathers, and lets nothing through. `refuse`: knows no such thing. */
export type Treatment = 'pass' | 'hold' | 'refuse';

export interface StreamProxy {
  readonly url: string;
  treatment: Treatment;
  /** What each request for the stream said of where to go on; undefined: nothing. */
  readonly asked: readonly (string | undefined)[];
  readonly openStreams: number;
  /** Ends the streams that are open, as a proxy does that is started again. */
  cut(): void;
  close(): Promise<void>;
}

export async function startStreamProxy(serverUrl: string): Promise<StreamProxy> {
  const { hostname, port } = new URL(serverUrl);
  const asked: (string | undefined)[] = [];
  const streams = new Set<ServerResponse>();
  let treatment: Treatment = 'pass';

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const isStream = incoming.url?.startsWith('/api/v1/stream') === true;
    if (isStream) asked.push(incoming.headers['last-event-id']?.toString());
    if (isStream && treatment === 'refuse') {
      outgoing.writeHead(404).end();
      return;
    }
    const { method, url, headers } = incoming;
    const sent = request({ hostname, port, method, path: url, headers, agent: false });
    sent.on('error', () => outgoing.destroy());
    sent.on('response', (reply) => {
      reply.on('error', () => outgoing.destroy());
      if (isStream) {
        streams.add(outgoing);
        if (treatment === 'hold') {
          reply.resume();
          return;
        }
      }
      outgoing.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
      reply.pipe(outgoing);
    });
    outgoing.on('close', () => {
      streams.delete(outgoing);
      sent.destroy();
    });
    incoming.pipe(sent);
  }

  const server = createServer(pass);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get treatment() {
      return treatment;
    },
    set treatment(wanted) {
      treatment = wanted;
    },
    asked,
    get openStreams() {
      return streams.size;
    },
    cut() {
      for (const stream of streams) stream.destroy();
    },
    async close() {
      for (const stream of streams) stream.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
