/** The last list of a CA that is taken over: whether it is its own, and where its numbers and its entries go on. */
import { importedReasons, type SignedCrl } from '../../domain/authority.ts';
import { refuse } from '../../domain/errors.ts';
import type { NewImportedSerial } from '../../domain/ports/stores/imported-serials.ts';
import type { Certificate } from '../../pki/certificate.ts';
import { type Crl, parseCrl } from '../../pki/crl-reader.ts';
import { formatName } from '../../pki/name.ts';
import { decodePem } from '../../pki/pem.ts';
import { isSignedBy } from '../../pki/signature.ts';
import { requireUsableList } from './lists.ts';

export interface FormerList {
  readonly crl: Crl;
  readonly number: number;
}

/** Lists are numbered by counting here: there must be room for those to come. */
const largestNumber = 2 ** 47;

/**
 * One that is over still says what was revoked and which number it has.
 * @param text PEM or the base64 of DER
 * @throws {CertError} formerListUnreadable, formerListOfOther, formerListNotSigned, formerListPartial, formerListUnnumbered, formerListNumber,
 * listUnknownCritical, listNotYet
 */
export async function readFormerList(text: string, issuer: Certificate, now: Date): Promise<FormerList> {
  const crl = parsed(text);
  const subject = formatName(issuer.subject);
  if (!crl.issuer.der.equals(issuer.subject.der)) {
    throw refuse('formerListOfOther', { issuer: formatName(crl.issuer), subject });
  }
  if (crl.isPartial) throw refuse('formerListPartial', {});
  const { signatureAlgorithm: algorithm, tbs: data, signature } = crl;
  const { publicKey } = issuer;
  const isSigned =
    algorithm !== undefined && publicKey !== undefined && (await isSignedBy({ algorithm, publicKey, data, signature }));
  if (!isSigned) throw refuse('formerListNotSigned', { subject });
  requireUsableList(crl, now);
  if (crl.numberHex === undefined) throw refuse('formerListUnnumbered', {});
  const number = BigInt(`0x${crl.numberHex}`);
  requireRoomAfter(number);
  return { crl, number: Number(number) };
}

/** @throws {CertError} formerListNumber */
export function requireRoomAfter(number: bigint): void {
  if (number > BigInt(largestNumber)) throw refuse('formerListNumber', { number: `${number}` });
}

function parsed(text: string): Crl {
  try {
    return parseCrl(decodePem(text, { what: 'the list', labels: ['X509 CRL'] }));
  } catch (cause) {
    throw refuse('formerListUnreadable', {}, { cause });
  }
}

/** As it is served until the first list of ours. One that does not say when the next comes is not: clients would keep it for good. */
export function servedList(
  authorityId: SignedCrl['authorityId'],
  former: { readonly list: FormerList | null; readonly number: number; readonly at: Date },
): SignedCrl {
  const { list, number, at } = former;
  const nextUpdate = list?.crl.nextUpdate;
  const head = list === null || nextUpdate === undefined ? new Uint8Array() : list.crl.der;
  return {
    authorityId,
    number,
    head,
    tail: new Uint8Array(),
    sizeBytes: head.length,
    thisUpdate: list?.crl.thisUpdate ?? at,
    nextUpdate: nextUpdate ?? at,
  };
}

/** A list does not say when a certificate ends: what nothing else is known of stays listed as long as its CA is valid. */
export function serialsOfList(
  { crl }: FormerList,
  { authorityId, notAfter }: Pick<NewImportedSerial, 'authorityId' | 'notAfter'>,
): readonly NewImportedSerial[] {
  return crl.entries.flatMap(({ serialHex: serial, revokedAt, reason }) => {
    const revocationReason = importedReasons.find((one) => one === reason);
    // Taken out of the list again (`removeFromCRL`), which only delta lists say.
    if (revocationReason === undefined) return [];
    return [{ authorityId, serial, certificate: null, notAfter, revokedAt, revocationReason }];
  });
}
