/** The certificate that an ACME order is to replace (RFC 9773 §5). */

import { accountIdOf, type Caller } from '../../domain/caller.ts';
import type { Certificate } from '../../domain/certificate.ts';
import { refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { CertificateId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { CertificateReference } from '../../domain/renewal.ts';
import { certificateOf } from '../issuing/certificate-reference.ts';

/**
 * Certificates of the whole account may be replaced, also by another ACME account than the one that ordered them: a new installation of a
 * client makes a new one.
 * @throws {CertError} notFound, forbidden, invalidField, conflict
 */
export async function replacedBy(
  stores: Stores,
  caller: Caller,
  { replaces, names }: { readonly replaces: CertificateReference | null; readonly names: readonly Identifier[] },
): Promise<Certificate | null> {
  if (replaces === null) return null;
  const certificate = await certificateOf(stores, replaces);
  if (certificate === undefined) throw refuse('replacedUnknown', {});
  if (certificate.accountId !== accountIdOf(caller)) throw refuse('replacedOfOther', {});
  if (!names.some(({ value }) => certificate.names.includes(value))) {
    throw refuse('replacedOtherNames', { certified: certificate.names.join(', ') });
  }
  if (await isReplaced(stores, certificate.id)) throw refuse('alreadyReplaced', {});
  return certificate;
}

/**
 * True once the certificate of an order that replaces it was issued. Orders that were made and not finished count for nothing: their
 * clients come back with new ones.
 */
async function isReplaced(stores: Stores, id: CertificateId): Promise<boolean> {
  for (const { issuanceId } of await stores.acmeOrders.listReplacing(id)) {
    const issuance = issuanceId === null ? undefined : await stores.issuances.get(issuanceId);
    if (issuance?.state === 'issued') return true;
  }
  return false;
}
