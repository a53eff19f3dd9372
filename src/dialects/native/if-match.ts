/** `If-Match` (RFC 9110 §13.1.1): the caller acts on what they have seen, or not at all. */
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expected } from '../../domain/messages/expectations.ts';
import type { CallerSession } from '../kit/operation.ts';
import type { Endpoint } from './schema/shapes.ts';

/** The version that the caller has seen; undefined: any will do. @throws {CertError} invalidField */
export function seenVersion({ request }: Pick<CallerSession<unknown>, 'request'>): string | undefined {
  const header = request.headers.get('if-match')?.trim();
  if (header === undefined || header === '' || header === '*') return undefined;
  const [, version] = /^(?:W\/)?"([^"]{1,200})"$/.exec(header) ?? [];
  if (version !== undefined) return version;
  throw refuse('fieldInvalid', { field: 'If-Match', value: quoted(header), expected: expected.entityTag });
}

/** The caller, with the object of the request as they have seen it. @throws {CertError} invalidField */
export function callerOf(
  session: Pick<CallerSession<unknown>, 'request' | 'caller'>,
  input: object,
  { noun, fields }: NonNullable<Endpoint<never, never>['seen']>,
): Caller {
  const version = seenVersion(session);
  if (version === undefined) return session.caller;
  const named: Readonly<Record<string, unknown>> = { ...input };
  const reference = fields.map((field) => String(named[field])).join(':');
  return { ...session.caller, seen: { noun, reference, version } };
}

/** What a reply says of its version. */
export function entityTag(version: string): string {
  return `"${version}"`;
}
