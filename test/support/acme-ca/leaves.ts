/** Certificates of the CA, made and entered in its books. */
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { type LeafMisfit, leafMisfitsIn } from './authority.ts';
import type { CaCertificate, CaOrder } from './books.ts';
import type { Ca } from './context.ts';
import type { Drawn } from './manners.ts';

/** For a key that the customer does not have. */
export function certificateForStranger(ca: Ca, order: CaOrder): CaCertificate {
  const drawn: Drawn = { takes: () => false, takesOne: () => undefined };
  return makeCertificate(ca, order, { spkiDer: ca.authority.strangersSpki, drawn });
}

const hourMs = 3_600_000;

export function makeCertificate(
  ca: Ca,
  order: CaOrder,
  { spkiDer, drawn }: { readonly spkiDer: Uint8Array; readonly drawn: Drawn },
): CaCertificate {
  const { authority, books, settings } = ca;
  const names = order.identifiers.map(({ value }) => value);
  const nowMs = Math.floor(ca.now().getTime() / 1000) * 1000;
  const notBefore = order.notBefore === undefined ? new Date(nowMs - hourMs) : new Date(order.notBefore);
  const endMs = notBefore.getTime() + settings.validityDays * 24 * hourMs - 1000;
  const notAfter = order.notAfter === undefined ? new Date(endMs) : new Date(order.notAfter);
  // What there is no room for yet, in these names or these books, waits for another certificate.
  const isImpossible = (misfit: LeafMisfit) =>
    (misfit === 'missingName' && names.length < 2) || (misfit === 'usedSerial' && books.certificates.length === 0);
  const misfits = leafMisfitsIn((misfit) => !isImpossible(misfit) && drawn.takes(misfit));
  const der = authority.issue({ names, spkiDer, notBefore, notAfter, misfits });
  const leaf = parseCertificate(der);
  const made: CaCertificate = {
    id: String(books.certificates.length + 1),
    order,
    der,
    serialHex: leaf.serialHex,
    certId: certIdOf(leaf),
    names,
    issuedAt: ca.now(),
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
    chains: drawn.takes('strangersChain') ? [authority.strangersChain] : authority.chains(settings.alternates),
    replacedBy: undefined,
    revoked: undefined,
    window: undefined,
    downloads: 0,
  };
  books.certificates.push(made);
  const replaced = books.certificates.find(({ certId }) => certId === order.replaces);
  if (replaced !== undefined) replaced.replacedBy = order;
  return made;
}

/** RFC 9773 §4.1: serial numbers of this CA have a first byte below 0x80, so that the magnitude is the DER. */
function certIdOf({
  authorityKeyId = '',
  serial,
}: Pick<ReturnType<typeof parseCertificate>, 'authorityKeyId' | 'serial'>) {
  return `${Buffer.from(authorityKeyId, 'hex').toString('base64url')}.${serial.toString('base64url')}`;
}
