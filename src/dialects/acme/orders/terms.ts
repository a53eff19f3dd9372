/** What orders and authorizations are made with. */
import type { Credential } from '../../../domain/account.ts';
import { refuse } from '../../../domain/errors.ts';
import { jwkThumbprint } from '../../../pki/jwk.ts';
import { parsePublicKey } from '../../../pki/public-key.ts';

/** A client has so long to prove its names and to finalize. */
export const openForMs = 7 * 86_400_000;
/** Of a reference that seeds tokens. */
export const referenceBytes = 16;

/** Of the account's key, which is a part of what the client places. */
export function thumbprintOf({ key }: Pick<Credential, 'key'>): string {
  if (key === null) throw refuse('internal', {}, { cause: new Error('an ACME account without a key') });
  return jwkThumbprint(parsePublicKey(key.spki));
}
