/** A way to a server that a test can cut: it passes bytes on until it is told what to swallow. */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CutProxy {
  /** The address of the server, by way of this proxy. */
  readonly url: string;
  /**
   * The next time that a client sends these bytes, its connection ends: `before` the server has got them, or `after` it has answered
   * them, with an answer that the client never gets.
   */
  cutAt(text: string, when: 'before' | 'after'): void;
  /** Connections that were cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** @param port the one that an earlier proxy had; any by default */
export async function startCutProxy(serverUrl: string, port = 0): Promise<CutProxy> {
  const target = new URL(serverUrl);
  const open = new Set<Socket>();
  let wanted: { readonly text: string; readonly when: 'before' | 'after' } | undefined;
  let cuts = 0;

  const listener = createServer((client) => {
    const server = connect(Number(target.port), target.hostname);
    const end = () => {
      client.destroy();
      server.destroy();
    };
    let isSwallowing = false;
    for (const socket of [client, server]) {
      open.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        open.delete(socket);
        end();
      });
    }
    client.on('data', (bytes) => {
      if (wanted !== undefined && bytes.includes(wanted.text)) {
        const { when } = wanted;
        wanted = undefined;
        cuts++;
        if (when === 'before') return end();
        isSwallowing = true;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (isSwallowing) end();
      else client.write(bytes);
    });
  });
  listener.listen(port, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port');
  const url = new URL(serverUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    cutAt(text, when) {
      wanted = { text, when };
    },
    get cuts() {
      return cuts;
    },
    async close() {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}
