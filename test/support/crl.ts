/** The newest revocation list of an authority, as its readers get it. */
import { crlParts } from '../../src/domain/authority.ts';
import type { AuthorityId } from '../../src/domain/ids.ts';
import type { Stores } from '../../src/domain/ports/stores/index.ts';

export async function crlDerOf({ crls }: Stores, authorityId: AuthorityId): Promise<Buffer | undefined> {
  const crl = await crls.get(authorityId);
  return crl && Buffer.concat(crlParts(crl));
}
