/** `If-Match` (RFC 9110 §13.1.1): the caller acts on what they have seen, or not at all. */
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { OrderReference } from '../../domain/ports/orders.ts';
import type { Client } from './services.ts';

/** The version that the caller has seen; undefined: any will do. @throws {CertError} invalidField */
export function seenVersion({ request }: Pick<Client, 'request'>): string | undefined {
  const header = request.headers.get('if-match')?.trim();
  if (header === undefined || header === '' || header === '*') return undefined;
  const [, version] = /^(?:W\/)?"([^"]{1,200})"$/.exec(header) ?? [];
  if (version !== undefined) return version;
  throw refuse('fieldInvalid', { field: 'If-Match', value: quoted(header), expected: expected.entityTag });
}

/** @throws {CertError} conflict where the order is no more what the caller has seen */
export async function requireSeen(session: Client, order: OrderReference): Promise<void> {
  const version = seenVersion(session);
  if (version !== undefined) await session.services.orderPages.requireVersion(session.caller, order, version);
}

/** What a reply says of its version. */
export function entityTag(version: string): string {
  return `"${version}"`;
}
