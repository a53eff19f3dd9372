/** What orders and authorizations are made with. */
import type { Credential } from '../../../domain/account.ts';
import { refuse } from '../../../domain/errors.ts';
import { jwkThumbprint } from '../../../pki/jwk.ts';
import { parsePublicKey } from '../../../pki/public-key.ts';
import { accountDataOf } from '../accounts/account-to-wire.ts';
import type { Directory } from '../config.ts';
import type { DialectData } from '../dialect-data.ts';
import type { Urls } from '../urls.ts';

/** A client has so long to prove its names and to finalize. */
export const openForMs = 7 * 86_400_000;
/** Of a reference that seeds tokens. */
export const referenceBytes = 16;

/** Of the account's key, which is a part of what the client places. */
function thumbprintOf({ key }: Pick<Credential, 'key'>): string {
  if (key === null) throw refuse('internal', {}, { cause: new Error('an ACME account without a key') });
  return jwkThumbprint(parsePublicKey(key.spki));
}

/** What the challenges of this account are made of. */
export function challengeDataOf(
  credential: Credential,
  { dnsPersist, caaIdentities }: Directory,
  urls: Urls,
): Pick<DialectData, 'thumbprint' | 'persist'> {
  const thumbprint = thumbprintOf(credential);
  if (!dnsPersist) return { thumbprint };
  const { formerThumbprints = [] } = accountDataOf(credential);
  return {
    thumbprint,
    persist: {
      issuers: caaIdentities,
      accountUrl: urls.account(credential.publicId),
      hashPrefix: urls.accountHash,
      formerThumbprints,
    },
  };
}
