/** Authorities of this server that a list from outside revokes. */
import type { Authority } from '../../domain/authority.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { Crl } from '../../pki/crl-reader.ts';

/** Those that hang under the authority and stand in its list, and all below them. */
export function revokedBy(
  { entries }: Pick<Crl, 'entries'>,
  { authority, all }: { readonly authority: Authority; readonly all: readonly Authority[] },
): readonly Authority[] {
  const serials = new Set(entries.filter(({ reason }) => reason !== 'removeFromCRL').map(({ serialHex }) => serialHex));
  const listed = all.filter(
    ({ parentId, certificate }) => parentId === authority.id && serials.has(parseCertificate(certificate).serialHex),
  );
  return listed.flatMap((one) => [one, ...below(one, all)]);
}

function below({ id }: Authority, all: readonly Authority[]): readonly Authority[] {
  return all.filter(({ parentId }) => parentId === id).flatMap((one) => [one, ...below(one, all)]);
}
