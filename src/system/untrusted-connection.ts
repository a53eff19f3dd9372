/** One TCP or TLS connection to an address that the guard has let through. */
import { constants } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, DEFAULT_CIPHERS, TLSSocket } from 'node:tls';
import { type FaultText, faultOf } from './connection-fault.ts';
import type { Endpoint } from './endpoint.ts';
import type { SocketPlaces } from './socket-places.ts';

export type Connection =
  | { readonly ok: true; readonly socket: Socket }
  | { readonly ok: false; readonly detail: FaultText };

export interface OpenOptions {
  /** Undefined: plain TCP. `serverName` is what SNI carries, `protocol` what ALPN offers. */
  readonly tls: { readonly serverName: string; readonly protocol: string } | undefined;
  /** Whether the certificate must be valid for the name: for what is sent, not for what is looked at. */
  readonly isVerified: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly sockets: SocketPlaces;
}

/**
 * What TLS must be like where the certificate is not checked: then nothing depends on its strength, and the file is public.
 * Browsers, too, connect to servers without secure renegotiation (RFC 5746), and to keys of 1024 bits until they see them.
 */
const forProofs: ConnectionOptions = {
  rejectUnauthorized: false,
  ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
  secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
};
const verified: ConnectionOptions = { rejectUnauthorized: true };
/** What browsers no longer speak. Nothing is sent over it. */
const oldVersions: ConnectionOptions = { ...forProofs, minVersion: 'TLSv1', maxVersion: 'TLSv1.1' };

/** Connects to one address. Certificates are not checked for a proof: the point of it is often to get the first one. */
export async function openConnection(endpoint: Endpoint, options: OpenOptions): Promise<Connection> {
  const startedMs = performance.now();
  const connection = await open(endpoint, options, options.isVerified ? verified : forProofs);
  if (connection.ok || !mayBeTooOld.includes(connection.detail)) return connection;
  const timeoutMs = Math.max(1, options.timeoutMs - (performance.now() - startedMs));
  return { ok: false, detail: (await oldVersionOf(endpoint, { ...options, timeoutMs })) ?? connection.detail };
}

/** What servers answer that speak none of our versions. */
const mayBeTooOld: readonly FaultText[] = [
  'speaks no version of TLS that this server speaks',
  'has no cipher in common with this server, or wants a client certificate',
];

/** OpenSSL does not say which version a server speaks, and its owner has to know. Undefined for none of the old ones. */
async function oldVersionOf(endpoint: Endpoint, options: OpenOptions): Promise<FaultText | undefined> {
  const connection = await open(endpoint, options, oldVersions);
  if (!connection.ok) return undefined;
  const version = connection.socket instanceof TLSSocket ? connection.socket.getProtocol() : null;
  connection.socket.destroy();
  if (version === 'TLSv1') return 'speaks only TLS 1.0; TLS 1.2 or later is needed';
  return version === 'TLSv1.1' ? 'speaks only TLS 1.1; TLS 1.2 or later is needed' : undefined;
}

async function open(
  { address, port }: Endpoint,
  { tls, timeoutMs, signal, sockets }: OpenOptions,
  manner: ConnectionOptions,
): Promise<Connection> {
  const giveBack = await sockets.take(signal);
  if (signal.aborted) {
    giveBack();
    return { ok: false, detail: 'was not waited for' };
  }
  const target = { host: address, port, lookup: refuseLookup };
  const socket =
    tls === undefined
      ? connectTcp(target)
      : connectTls({ ...target, servername: tls.serverName, ALPNProtocols: [tls.protocol], ...manner });
  socket.once('close', giveBack);
  return new Promise((resolve) => {
    let isConnected = false;
    const settle = (connection: Connection) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (!connection.ok) socket.destroy();
      resolve(connection);
    };
    const fail = (detail: FaultText) => settle({ ok: false, detail });
    const onAbort = () => fail('was not waited for');
    const timer = setTimeout(() => fail(isConnected ? 'did not answer the TLS handshake in time' : tooLate), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    // Node's code for an end in the handshake is that of a reset.
    const inHandshake = (fault: FaultText) => {
      if (tls === undefined || !isConnected) return fault;
      if (fault === 'does not speak HTTP/1.1 over TLS' && tls.protocol !== 'http/1.1') {
        return 'knows none of the protocols that ALPN offered';
      }
      const isEnd = fault === 'reset the connection' || fault === 'closed the connection';
      return isEnd ? 'closed the connection in the TLS handshake' : fault;
    };
    // Stays on for the socket's life: an error without a listener would end the process.
    socket.on('error', (error) => fail(inHandshake(faultOf(error))));
    socket.on('close', () => fail(inHandshake('closed the connection')));
    socket.once('connect', () => {
      isConnected = true;
      if (tls === undefined) settle({ ok: true, socket });
    });
    socket.once('secureConnect', () => settle({ ok: true, socket }));
  });
}

const tooLate = 'did not accept the connection in time';

/** The address is a literal, so nothing should ever look a name up behind the guard's back. */
function refuseLookup(hostname: string, _options: unknown, done: (error: Error, address: string) => void): void {
  done(new Error(`unexpected look-up of ${hostname}`), '');
}
