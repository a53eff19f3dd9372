/** Lists of keys as they are published: fingerprints of the usual kinds, one a line, or keys themselves as PEM. */
import { CertError, quoted, refuse } from '../domain/errors.ts';
import { parseCertificate } from './certificate.ts';
import { parseCsr } from './csr.ts';
import { modulusHashOf } from './key-fingerprint.ts';
import { decodePem } from './pem.ts';
import { type PublicKey, parsePublicKey, spkiSha256 } from './public-key.ts';

export interface ListedKey {
  readonly fingerprint: string;
  /** Of an RSA key that the list holds itself. */
  readonly modulusHash: string | null;
}

/**
 * The fingerprints in a list, in its order: of a SubjectPublicKeyInfo (SHA-256 as hex, with colons or without, or as base64,
 * also as the pins `sha256/…` and `sha256//…`), or openssl-blacklist's of a modulus (20 hex digits). What follows a blank,
 * and all that follows `#`, is a comment. PEM may hold a public key, a certificate or a CSR.
 * @param firstLine the number of the first line, for messages
 * @throws {CertError} keyListLine
 */
export function readKeyList(text: string, firstLine = 1): ListedKey[] {
  const lines = text.split(/\r\n|\n|\r/);
  const found: ListedKey[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = (lines[index] ?? '').trim();
    if (line === '' || line.startsWith('#')) continue;
    const number = firstLine + index;
    if (!line.startsWith('-----BEGIN ')) {
      found.push({ fingerprint: readFingerprint(line, number), modulusHash: null });
      continue;
    }
    const end = endOfBlock(lines, index, number);
    found.push(readBlock(lines.slice(index, end + 1).join('\n'), number));
    index = end;
  }
  return found;
}

/**
 * One key, in any of these forms, or in a CSR in any form at all. @throws {CertError} keyListLine, also where there are several or
 * none
 */
export function readOneKey(text: string): ListedKey {
  const [key, another] = readListOrCsr(text);
  if (key !== undefined && another === undefined) return key;
  throw refuse('keyListLine', { line: 1, value: quoted(text) });
}

function readListOrCsr(text: string): ListedKey[] {
  try {
    return readKeyList(text);
  } catch (thrown) {
    const key = thrown instanceof CertError ? keyOfCsr(text) : undefined;
    if (key === undefined) throw thrown;
    return [key];
  }
}

function keyOfCsr(text: string): ListedKey | undefined {
  try {
    return listedKey(parseCsr(text).publicKey);
  } catch (thrown) {
    if (thrown instanceof CertError) return undefined;
    throw thrown;
  }
}

function readFingerprint(line: string, number: number): string {
  const word = line.split(/[\s#]/, 1)[0] ?? '';
  const text = word.replace(/^(?:pin-)?sha256[:/=]\/?/i, '').replaceAll('"', '');
  const hex = text.replaceAll(':', '').toLowerCase();
  if (/^(?:[0-9a-f]{64}|[0-9a-f]{20})$/.test(hex)) return hex;
  // 32 bytes are 43 digits of base64 and one to fill up.
  if (/^[A-Za-z0-9+/]{43}=$/.test(text)) return Buffer.from(text, 'base64').toString('hex');
  throw refuse('keyListLine', { line: number, value: quoted(line) });
}

function endOfBlock(lines: readonly string[], start: number, number: number): number {
  for (let index = start + 1; index < lines.length; index += 1) {
    if ((lines[index] ?? '').trim().startsWith('-----END ')) return index;
  }
  throw refuse('keyListLine', { line: number, value: quoted(lines[start] ?? '') });
}

function readBlock(pem: string, number: number): ListedKey {
  const label = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(pem)?.[1] ?? '';
  try {
    if (label.endsWith(' REQUEST')) return listedKey(parseCsr(pem).publicKey);
    const der = decodePem(pem, { what: 'the public key', labels: [label] });
    if (label === 'PUBLIC KEY') return listedKey(parsePublicKey(der));
    if (label === 'CERTIFICATE') return keyOfCertificate(der);
  } catch (thrown) {
    if (!(thrown instanceof CertError)) throw thrown;
  }
  // Never more of it than the first line: it may be somebody's private key.
  throw refuse('keyListLine', { line: number, value: quoted(pem.split('\n', 1)[0] ?? '') });
}

/** A key that is at hand itself. */
export function listedKey(key: PublicKey): ListedKey {
  return { fingerprint: spkiSha256(key.spkiDer), modulusHash: modulusHashOf(key) };
}

/** Also a key of a kind that is not certified here. @throws {CertError} certificateMalformed */
export function keyOfCertificate(der: Uint8Array): ListedKey {
  const { publicKey, spkiSha256: fingerprint } = parseCertificate(der);
  return { fingerprint, modulusHash: publicKey === undefined ? null : modulusHashOf(publicKey) };
}
