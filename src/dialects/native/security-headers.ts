/**
 * The headers of every reply. Browsers that are signed in ask here, and what a stranger put into an order must not become a page of this origin
 * when somebody opens its address.
 */
import type { DialectServer } from '../../domain/ports/dialect.ts';

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
} as const;
/** Two years. RFC 6797 §7.2: said over https only. */
const transport = ['strict-transport-security', 'max-age=63072000'] as const;

export function withSecurityHeaders(server: DialectServer): DialectServer {
  return {
    ...server,
    async fetch(request, peer) {
      const response = await server.fetch(request, peer);
      for (const [name, value] of Object.entries(always)) response.headers.set(name, value);
      if (peer.channel === 'encrypted') response.headers.set(...transport);
      return response;
    },
  };
}
