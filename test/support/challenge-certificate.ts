/** Certificates of TLS-ALPN challenges (RFC 8737 §3), right ones and spoiled ones, and a server that presents one. */
import 'reflect-metadata';
import { createServer } from 'node:tls';
import { Extension, SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { listen, type Place } from './listen.ts';

export interface ChallengeCertificate {
  readonly names: readonly { readonly type: 'dns' | 'ip' | 'email'; readonly value: string }[];
  /** The content of the acmeIdentifier extension; undefined: there is none. */
  readonly identifier?: Uint8Array;
  readonly isCritical?: boolean;
  /** Whether another key signed it. */
  readonly isForged?: boolean;
  readonly issuer?: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** The content of the extension for a hash in hex: an OCTET STRING inside that of the extension. */
export function identifierContent(hash: string): Uint8Array {
  return Uint8Array.from([0x04, hash.length / 2, ...Buffer.from(hash, 'hex')]);
}

export async function challengeCertificate({
  names,
  identifier,
  isCritical = true,
  isForged = false,
  issuer = 'challenge',
}: ChallengeCertificate): Promise<{ readonly key: string; readonly cert: string }> {
  const [keys, others] = await Promise.all(
    [1, 2].map(() => crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])),
  );
  if (keys === undefined || others === undefined) throw new Error('two keys were made');
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=challenge',
    issuer: `CN=${issuer}`,
    publicKey: keys.publicKey,
    signingKey: isForged ? others.privateKey : keys.privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension([...names])]),
      ...(identifier === undefined ? [] : [new Extension('1.3.6.1.5.5.7.1.31', isCritical, identifier.slice().buffer)]),
    ],
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    cert: certificate.toString('pem'),
  };
}

export interface ChallengeServer {
  readonly port: number;
  /** The server names of the handshakes, in their order. */
  readonly serverNames: readonly string[];
  close(): Promise<void>;
}

/** @param protocols that it agrees on by ALPN; none: it does not know of ALPN */
export async function startChallengeServer(
  credentials: { readonly key: string; readonly cert: string },
  { protocols = ['acme-tls/1'], place = {} }: { readonly protocols?: readonly string[]; readonly place?: Place } = {},
): Promise<ChallengeServer> {
  const serverNames: string[] = [];
  const server = createServer({
    ...credentials,
    // Called for every name, before the handshake ends.
    SNICallback(serverName, done) {
      serverNames.push(serverName);
      done(null);
    },
    ...(protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] }),
  });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    socket.resume();
  });
  server.on('tlsClientError', () => undefined);
  const port = await listen(server, place);
  return {
    port,
    serverNames,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
