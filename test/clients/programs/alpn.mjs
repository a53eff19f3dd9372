/** A web server that answers TLS-ALPN-01 for clients that make the certificate and leave the answering to somebody else (RFC 8737). */
import { createSecureContext, createServer } from 'node:tls';
import { address, httpsPort } from './acme.mjs';

/**
 * Answers as long as `use` lasts.
 * @param challengeOf key and certificate of a name, PEM; undefined where there is none
 */
export async function withAlpn(challengeOf, use) {
  const server = createServer({
    ALPNProtocols: ['acme-tls/1'],
    SNICallback(name, answer) {
      const found = challengeOf(name);
      if (found === undefined) answer(new Error(`no challenge for ${name}`));
      else answer(null, createSecureContext(found));
    },
  });
  // Its look is over before any data are sent.
  server.on('tlsClientError', () => undefined);
  server.on('secureConnection', (socket) => socket.on('error', () => undefined).resume());
  await new Promise((listening) => server.listen(Number(httpsPort), address, listening));
  try {
    return await use();
  } finally {
    await new Promise((closed) => server.close(closed));
  }
}
