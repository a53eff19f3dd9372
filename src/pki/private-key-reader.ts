/** Reads the private key of a CA from a file of any usual form, under a password where it has one. */
import { createPrivateKey } from 'node:crypto';
import { CertError, refuse } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
import { decryptUnderPassword } from './password-decryption.ts';
import { decodePem } from './pem.ts';
import { isPkcs12, readPkcs12 } from './pkcs12-reader.ts';

export interface PrivateKeyFile {
  /** PKCS #8, unencrypted: whoever reads it zeroes it. */
  readonly pkcs8: Buffer;
  /** Those beside it in a PKCS #12 file, DER. */
  readonly certificates: readonly Buffer[];
  /** Certificates beside it that could not be decrypted, by the algorithm. */
  readonly unread: readonly string[];
}

const what = 'the key file';
const plainLabels = { 'PRIVATE KEY': 'pkcs8', 'EC PRIVATE KEY': 'sec1', 'RSA PRIVATE KEY': 'pkcs1' } as const;
const encryptedLabel = 'ENCRYPTED PRIVATE KEY';

/**
 * @param text PEM, or the base64 of DER: PKCS #8 (encrypted or not), PKCS #12, SEC 1 and PKCS #1
 * @param password null: none was given
 * @throws {CertError} caKeyUnreadable, caKeyPasswordMissing, caKeyPasswordWrong, caKeyEncryption, caKeysSeveral
 */
export async function readPrivateKeyFile(text: string, password: string | null): Promise<PrivateKeyFile> {
  try {
    return await readForm(text, password);
  } catch (thrown) {
    if (thrown instanceof CertError && (thrown.code === 'badCsr' || thrown.code === 'internal')) {
      throw refuse('caKeyUnreadable', {}, { cause: thrown });
    }
    throw thrown;
  }
}

async function readForm(text: string, password: string | null): Promise<PrivateKeyFile> {
  const begins = [...text.matchAll(/-----BEGIN ((?:[A-Z]+ )?PRIVATE KEY)-----/g)].map(([, label = '']) => label);
  if (begins.length > 1) throw refuse('caKeysSeveral', { count: begins.length });
  const [label] = begins;
  if (label === undefined) return readDer(decodePem(text, { what, labels: ['PKCS12', 'PFX'] }), password);
  if (/^(Proc-Type|DEK-Info):/m.test(text)) return alone(readOldPem(text, label, password));
  return readDer(decodePem(text, { what, labels: [label] }), password);
}

async function readDer(der: Buffer, password: string | null): Promise<PrivateKeyFile> {
  if (isPkcs12(der)) return fromPkcs12(der, password);
  if (!isEncrypted(der)) return alone(plainKey(der));
  if (password === null) throw refuse('caKeyPasswordMissing', {});
  const encrypted = new DerReader(der, what).sequence();
  const algorithm = new DerReader(encrypted.raw(), what);
  const pkcs8 = await decryptUnderPassword(algorithm, { ciphertext: encrypted.octetString(), password });
  return alone(plainKey(pkcs8));
}

async function fromPkcs12(der: Buffer, password: string | null): Promise<PrivateKeyFile> {
  // A file may be under the empty password: then none need be given.
  const content = await readPkcs12(der, password ?? '').catch((error) => {
    const isWrong = error instanceof CertError && error.reason.key === 'caKeyPasswordWrong';
    throw isWrong && password === null ? refuse('caKeyPasswordMissing', {}) : error;
  });
  const [key, ...others] = content.keys;
  if (key === undefined) {
    const [algorithm] = content.unread;
    throw algorithm === undefined ? refuse('caKeyUnreadable', {}) : refuse('caKeyEncryption', { algorithm });
  }
  if (others.length > 0) throw refuse('caKeysSeveral', { count: content.keys.length });
  return { pkcs8: plainKey(key), certificates: content.certificates, unread: content.unread };
}

/** EncryptedPrivateKeyInfo (RFC 5958 §3): an algorithm first, where PrivateKeyInfo and the older forms have a version. */
function isEncrypted(der: Buffer): boolean {
  const fields = new DerReader(der, what).sequence();
  try {
    fields.sequence().oid();
    fields.octetString();
    return fields.isAtEnd;
  } catch {
    return false;
  }
}

function plainKey(der: Buffer): Buffer {
  for (const type of Object.values(plainLabels)) {
    try {
      return createPrivateKey({ key: der, format: 'der', type }).export({ format: 'der', type: 'pkcs8' });
    } catch {
      // Of another form.
    }
  }
  throw refuse('caKeyUnreadable', {});
}

/** As OpenSSL wrote keys before PKCS #8: the password hashed once (RFC 1421 headers). Cheap, whatever it says. */
function readOldPem(text: string, label: string, password: string | null): Buffer {
  if (password === null) throw refuse('caKeyPasswordMissing', {});
  if (label === encryptedLabel) throw refuse('caKeyUnreadable', {});
  try {
    const key = createPrivateKey({ key: text, format: 'pem', passphrase: password });
    return key.export({ format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw refuse('caKeyPasswordWrong', {}, { cause });
  }
}

function alone(pkcs8: Buffer): PrivateKeyFile {
  return { pkcs8, certificates: [], unread: [] };
}
