/** What is handed in to take over a CA: its key, its certificate with those above it, and its last list, read and checked. Nothing is changed. */

import type { OwnKeyKind } from '../../domain/authority.ts';
import { refuse } from '../../domain/errors.ts';
import type { ImportRequest } from '../../domain/ports/authority-import.ts';
import { type CaChain, chainAbove, examineTakenOver } from '../../pki/ca-examination.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { publicKeyOf } from '../../pki/key.ts';
import { checkModulus, checkPublicKey } from '../../pki/key-check.ts';
import { publishedIn } from '../../pki/key-fingerprint.ts';
import { formatName } from '../../pki/name.ts';
import { decodePem, decodePemBundle } from '../../pki/pem.ts';
import { readPrivateKeyFile } from '../../pki/private-key-reader.ts';
import { keyAlgorithmName, type PublicKey, spkiSha256 } from '../../pki/public-key.ts';
import { type FormerList, readFormerList, requireRoomAfter } from './former-list.ts';

export interface ImportParts {
  /** PKCS #8, unencrypted: `withParts` zeroes it. */
  readonly pkcs8: Buffer;
  readonly keyKind: OwnKeyKind;
  /** The CA first, the root last. */
  readonly chain: CaChain;
  readonly list: FormerList | null;
  /** Of its last list; 0: it has made none, as far as is known. */
  readonly listNumber: number;
  /** Certificates in the key file that could not be decrypted, by the algorithm. */
  readonly unread: readonly string[];
}

/** The key is gone from memory when this resolves, whatever became of the work. @throws {CertError} naming what fails */
export async function withParts<T>(
  request: ImportRequest,
  at: { readonly now: Date; readonly known: readonly Certificate[] },
  work: (parts: ImportParts) => Promise<T>,
): Promise<T> {
  const { pkcs8, certificates: beside, unread } = await readPrivateKeyFile(request.key, request.password);
  try {
    const publicKey = publicKeyOf(pkcs8);
    const keyKind = await requireFitKey(publicKey);
    const given = distinct([...request.certificates.flatMap(certificatesIn), ...beside.map(parseCertificate)]);
    const own = certificateOf(publicKey, given);
    const chain = isSelfIssued(own) ? ([own] as const) : await chainAbove(own, [...given, ...at.known]);
    await examineTakenOver(chain, at.now);
    const list = request.list === null ? null : await readFormerList(request.list, own, at.now);
    const listNumber = Math.max(list?.number ?? 0, request.listNumber ?? 0);
    requireRoomAfter(BigInt(listNumber));
    return await work({ pkcs8, keyKind, chain, list, listNumber, unread });
  } finally {
    pkcs8.fill(0);
  }
}

export function isSelfIssued({ subject, issuer }: Certificate): boolean {
  return subject.der.equals(issuer.der);
}

/** @throws {CertError} caKeyKind, keyRsaSize, keyRsaExponent, keyRsaModulus, keyPublished */
async function requireFitKey(publicKey: PublicKey): Promise<OwnKeyKind> {
  checkPublicKey(publicKey);
  await checkModulus(publicKey);
  const fingerprint = spkiSha256(publicKey.spkiDer);
  const document = publishedIn([fingerprint]);
  if (document !== undefined)
    throw refuse('keyBlocked', { key: fingerprint, flaw: 'its private key is published in a document' });
  const kind = ownKindOf(publicKey);
  if (kind === undefined) throw refuse('caKeyKind', { key: keyAlgorithmName(publicKey.algorithm) });
  return kind;
}

/** The kind as authorities have it; undefined for those whose keys are not kept here. */
export function ownKindOf({ algorithm }: PublicKey): OwnKeyKind | undefined {
  if (algorithm.type === 'rsa') return 'rsa';
  const curve = algorithm.type === 'ec' ? algorithm.curve : undefined;
  return curve === 'P-256' || curve === 'P-384' ? curve : undefined;
}

const labels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

function certificatesIn(text: string): readonly Certificate[] {
  const what = 'the certificate file';
  if (!text.includes('-----BEGIN ')) return [parseCertificate(decodePem(text, { what, labels }))];
  return decodePemBundle(text, what)
    .filter(({ label }) => labels.includes(label))
    .map(({ der }) => parseCertificate(der));
}

function distinct(certificates: readonly Certificate[]): readonly Certificate[] {
  return [...new Map(certificates.map((one) => [one.der.toString('base64'), one])).values()];
}

function certificateOf({ spkiDer }: PublicKey, given: readonly Certificate[]): Certificate {
  const [own, ...others] = given.filter((one) => one.spkiDer.equals(spkiDer));
  if (own === undefined) {
    const subjects = given.map(({ subject }) => formatName(subject)).join(' · ');
    throw refuse('importCertificateMissing', { subjects });
  }
  if (others.length > 0) throw refuse('certificatesForOneKey', { subject: formatName(own.subject) });
  return own;
}
