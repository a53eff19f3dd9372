/** Sockets: listens, hands requests to the front, and stops without cutting off answers under way. */
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import type { Front } from './front.ts';

export interface TlsMaterial {
  /** PEM: leaf, then chain. */
  readonly certificate: string;
  readonly key: string;
}

export interface ListenOptions {
  /** `http://127.0.0.1:8080`; port 0 takes a free one. */
  readonly url: string;
  readonly front: Front;
  /** For https. */
  readonly tls: TlsMaterial | undefined;
}

export interface Listener {
  /** With the port that was really taken. */
  readonly url: string;
  /** New connections get the new certificate. Ignored for http. */
  renewTls(material: TlsMaterial): void;
  /** Takes no more connections, ends idle ones, and resolves when every request under way is answered or `graceMs` is over. */
  close(graceMs: number): Promise<void>;
}

// A client that sends its headers or its body this slowly only holds a connection open (Slowloris).
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 30_000;
const keepAliveTimeoutMs = 65_000;

export async function listen({ url, front, tls }: ListenOptions): Promise<Listener> {
  const { protocol, hostname, port } = new URL(url);
  const handle = getRequestListener((request, { incoming }) => front(request, incoming.socket.remoteAddress ?? ''), {
    overrideGlobalObjects: false,
  });
  const options = {
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    noDelay: true,
  };
  const server: Server | TlsServer =
    protocol === 'https:'
      ? createTlsServer({ ...options, minVersion: 'TLSv1.2', cert: tls?.certificate, key: tls?.key }, handle)
      : createServer(options, handle);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // URL drops a port that is its scheme's default.
    const portNumber = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
    server.listen(portNumber, hostname.replace(/^\[|\]$/g, ''), resolve);
  });
  const taken = (server.address() as AddressInfo).port;

  return {
    url: `${protocol}//${hostname}:${taken}`,
    renewTls({ certificate, key }) {
      if (server instanceof TlsServer) server.setSecureContext({ cert: certificate, key });
    },
    close(graceMs) {
      return new Promise((resolve) => {
        const cutOff = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cutOff);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}
