/** One TCP or TLS connection to an address that the guard has let through. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ConnectionFault } from '../domain/messages/words.ts';
import type { Endpoint } from './endpoint.ts';

export type Connection =
  | { readonly ok: true; readonly socket: Socket }
  | { readonly ok: false; readonly detail: ConnectionFault | ErrorText };

/** What an error of Node or OpenSSL says where there are no words of ours. */
export type ErrorText = string & {};

export interface OpenOptions {
  /** Undefined: plain TCP. `serverName` is what SNI carries, `protocol` what ALPN offers. */
  readonly tls: { readonly serverName: string; readonly protocol: string } | undefined;
  /** Whether the certificate must be valid for the name: for what is sent, not for what is looked at. */
  readonly isVerified: boolean;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Connects to one address. Certificates are not checked for a proof: the point of it is often to get the first one. */
export function openConnection(
  { address, port }: Endpoint,
  { tls, isVerified, timeoutMs, signal }: OpenOptions,
): Promise<Connection> {
  const target = { host: address, port, lookup: refuseLookup };
  const socket =
    tls === undefined
      ? connectTcp(target)
      : connectTls({
          ...target,
          servername: tls.serverName,
          rejectUnauthorized: isVerified,
          ALPNProtocols: [tls.protocol],
        });
  return new Promise((resolve) => {
    const settle = (connection: Connection) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      if (!connection.ok) socket.destroy();
      resolve(connection);
    };
    const fail = (detail: ConnectionFault | ErrorText) => settle({ ok: false, detail });
    const onAbort = () => fail('was not waited for');
    const timer = setTimeout(() => fail('did not accept the connection in time'), timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    // Stays on for the socket's life: an error without a listener would end the process.
    socket.on('error', (error) => fail(networkDetail(error)));
    socket.on('close', () => fail('closed the connection'));
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => settle({ ok: true, socket }));
  });
}

/** The address is a literal, so nothing should ever look a name up behind the guard's back. */
function refuseLookup(hostname: string, _options: unknown, done: (error: Error, address: string) => void): void {
  done(new Error(`unexpected look-up of ${hostname}`), '');
}

const networkDetails: Readonly<Record<string, ConnectionFault>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'reset the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'is in a network that cannot be reached',
  EADDRNOTAVAIL: 'is in a network that cannot be reached',
  ETIMEDOUT: 'did not accept the connection in time',
  EPIPE: 'closed the connection',
  HPE_HEADER_OVERFLOW: 'sent headers that are too large',
  ERR_SSL_WRONG_VERSION_NUMBER: 'does not speak TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'does not speak TLS',
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: 'knows none of the protocols that ALPN offered',
  ERR_SSL_NO_APPLICATION_PROTOCOL: 'knows none of the protocols that ALPN offered',
  ERR_SSL_TLSV1_UNRECOGNIZED_NAME: 'does not know the server name of the TLS handshake',
  ERR_SSL_TLSV1_ALERT_UNRECOGNIZED_NAME: 'does not know the server name of the TLS handshake',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'refused the TLS handshake',
  'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE': 'refused the TLS handshake',
  ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR: 'reported an internal error during the TLS handshake',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'supports only TLS versions before 1.2',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'supports only TLS versions before 1.2',
};

/** What went wrong in plain words; a code of Node or OpenSSL where there are none. */
export function networkDetail(error: Error): ConnectionFault | ErrorText {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.message;
  return networkDetails[code] ?? (code.startsWith('HPE_') ? `sent something that is not HTTP (${code})` : code);
}
