/** Certificates as the ACME account sees them that ordered them: other clients of its account are others. */
import type { Caller } from '../../domain/caller.ts';
import type { Certificate } from '../../domain/certificate.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { CertificateView } from '../../domain/ports/certificates.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { chainOf } from './order-view.ts';

/** Reports whether the caller's very key ordered it. */
export async function hasOrdered(
  stores: Stores,
  { credentialId }: Caller,
  { issuanceId }: Pick<Certificate, 'issuanceId'>,
): Promise<boolean> {
  return credentialId !== null && (await stores.acmeOrders.isOfCredential(issuanceId, credentialId));
}

/**
 * The certificate with its chain, through whichever front door its order came.
 * @param id as in its URL: numbers and serials, by which people find certificates, could be guessed
 * @throws {CertError} notFound
 */
export async function acmeCertificate(
  context: Pick<AppContext, 'database' | 'clock'>,
  caller: Caller,
  id: string,
): Promise<CertificateView> {
  const { database } = context;
  const certificate = isId('certificate', id) ? await database.read.certificates.get(id) : undefined;
  if (certificate === undefined || certificate.isWithheld || !(await hasOrdered(database.read, caller, certificate))) {
    throw refuse('notFound', { what: 'certificate', value: quoted(id) });
  }
  return { certificate, chain: await chainOf(context, certificate) };
}
