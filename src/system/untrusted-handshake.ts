/** A TLS handshake with a host that a stranger names, guarded like a fetch; nothing is sent and nothing redirects. */
import { TLSSocket } from 'node:tls';
import { reason } from '../domain/errors.ts';
import type { HandshakeOutcome, HandshakeUntrusted } from '../domain/ports/system.ts';
import { endpointText } from './endpoint.ts';
import type { FetchUntrustedOptions } from './fetch-untrusted.ts';
import { anySockets } from './socket-places.ts';
import { addressesOf, maxAddresses, shareOfAddressMs } from './untrusted-addresses.ts';
import { openConnection } from './untrusted-connection.ts';
import { createUrlGuard } from './untrusted-guard.ts';

/** `maxRedirects` and `maxBodyBytes` mean nothing here. */
export function createHandshakeUntrusted(options: FetchUntrustedOptions): HandshakeUntrusted {
  const guard = createUrlGuard(options);
  const { resolver, timeoutMs = 10_000, sockets = anySockets } = options;

  return async ({ host, serverName, protocol, signal }) => {
    const shown = `tls://${host}`;
    const url = URL.parse(`https://${host}/`);
    const failed = (problem: Failure['problem'], path: Partial<Failure> = {}): Failure => {
      return { ok: false, connectedTo: [], isPublic: true, ...path, problem };
    };
    if (url === null) return failed(reason('httpForbiddenScheme', { url: shown }));
    const objection = guard.objectionTo(url);
    if (objection !== undefined) return failed(objection, { isPublic: false });
    const endsAtMs = performance.now() + timeoutMs;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const tooLate = () =>
      signal.aborted ? reason('checkAborted', {}) : reason('httpTimeout', { url: shown, timeoutMs });
    const found = await addressesOf(url.hostname, { resolver, signal: limit });
    if (!found.ok) return failed(limit.aborted ? tooLate() : found.problem);
    const addresses = found.addresses.filter(guard.isAllowed).slice(0, maxAddresses);
    if (addresses.length === 0) {
      const address = found.addresses[0] ?? '';
      return failed(reason('httpForbiddenAddress', { host: found.host, address }), { isPublic: false });
    }
    const port = guard.portOf(url);
    let isPublic = true;
    let failure = { peer: '', detail: '' };
    for (const [index, address] of addresses.entries()) {
      if (limit.aborted) break;
      isPublic &&= !guard.isSpecial(address);
      const peer = endpointText({ address, port });
      const tls = { serverName, protocol };
      const connection = await openConnection(
        { address, port },
        {
          tls,
          isVerified: false,
          timeoutMs: shareOfAddressMs(endsAtMs, { index, count: addresses.length }),
          signal: limit,
          sockets,
        },
      );
      if (connection.ok) {
        const seen = seenOn(connection.socket);
        connection.socket.destroySoon();
        return { ok: true, ...seen, connectedTo: [peer], isPublic };
      }
      failure = { peer, detail: connection.detail };
    }
    // Who refused is known only now: what was connected to is the last address.
    const path = { connectedTo: failure.peer === '' ? [] : [failure.peer], isPublic };
    return failed(limit.aborted ? tooLate() : reason('httpConnectFailed', { url: shown, ...failure }), path);
  };
}

type Failure = Extract<HandshakeOutcome, { readonly ok: false }>;

/** The protocol that both agreed on, and the certificate that was shown. */
function seenOn(socket: unknown): { readonly protocol: string | null; readonly certificate: Uint8Array | null } {
  if (!(socket instanceof TLSSocket)) return { protocol: null, certificate: null };
  const { alpnProtocol } = socket;
  const raw = socket.getPeerX509Certificate()?.raw;
  return {
    protocol: typeof alpnProtocol === 'string' ? alpnProtocol : null,
    certificate: raw === undefined ? null : Uint8Array.from(raw),
  };
}
