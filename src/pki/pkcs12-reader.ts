/** Reads PKCS #12 files (RFC 7292): the keys and the certificates of one password, as OpenSSL, Java and Windows write them. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { CertError, refuse } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
import { contextConstructed, contextPrimitive } from './der-tag.ts';
import { oidName, oids } from './oid.ts';
import { decryptUnderPassword, deriveKey } from './password-decryption.ts';
import { pkcs12Key } from './pkcs12-key.ts';

export interface Pkcs12Content {
  /** PKCS #8, unencrypted: whoever reads it zeroes it. */
  readonly keys: readonly Buffer[];
  readonly certificates: readonly Buffer[];
  /** Certificates that are encrypted in a way that is not read here (RC2, before OpenSSL 3): they have to come by another way. */
  readonly unread: readonly string[];
}

const what = 'the PKCS#12 file';
const mostOldIterations = 1_000_000;

/** Whether the bytes look like a PFX: a version, then ContentInfo. */
export function isPkcs12(der: Uint8Array): boolean {
  try {
    const pfx = new DerReader(der, what).sequence();
    return pfx.smallUnsigned() === 3 && pfx.sequence().oid().startsWith('1.2.840.113549.1.7.');
  } catch {
    return false;
  }
}

/** @throws {CertError} caKeyPasswordWrong, caKeyEncryption, derMalformed */
export async function readPkcs12(der: Uint8Array, password: string): Promise<Pkcs12Content> {
  const pfx = new DerReader(der, what).sequence();
  pfx.smallUnsigned();
  const authenticated = dataOf(pfx.sequence());
  if (!pfx.isAtEnd) await checkMac(pfx.sequence(), authenticated, password);
  const keys: Buffer[] = [];
  const certificates: Buffer[] = [];
  const unread: string[] = [];
  const safe = new DerReader(authenticated, what).sequence();
  while (!safe.isAtEnd) {
    const bags = await contentOf(safe.sequence(), password).catch((error) => {
      if (!(error instanceof CertError) || error.reason.key !== 'caKeyEncryption') throw error;
      unread.push(error.reason.params.algorithm);
      return undefined;
    });
    if (bags === undefined) continue;
    const list = new DerReader(bags, what).sequence();
    while (!list.isAtEnd) {
      const found = await readBag(list.sequence(), password);
      if (found?.key !== undefined) keys.push(found.key);
      if (found?.certificate !== undefined) certificates.push(found.certificate);
    }
  }
  return { keys, certificates, unread };
}

/** The bytes of a ContentInfo of type data (RFC 5652 §4). */
function dataOf(info: DerReader): Buffer {
  const kind = info.oid();
  if (kind !== oids.pkcs7Data) throw refuse('caKeyEncryption', { algorithm: oidName(kind) });
  return explicit(info).octetString();
}

async function contentOf(info: DerReader, password: string): Promise<Buffer> {
  const kind = info.oid();
  if (kind === oids.pkcs7Data) return explicit(info).octetString();
  if (kind !== oids.pkcs7EncryptedData) throw refuse('caKeyEncryption', { algorithm: oidName(kind) });
  const data = explicit(info).sequence();
  data.smallUnsigned();
  const encrypted = data.sequence();
  encrypted.oid();
  const algorithm = readerOf(encrypted);
  return decryptUnderPassword(algorithm, { ciphertext: encrypted.content(contextPrimitive(0)), password });
}

interface Bag {
  readonly key?: Buffer;
  readonly certificate?: Buffer;
}

/** Bags of other kinds (lists, secrets) are passed over. */
async function readBag(bag: DerReader, password: string): Promise<Bag | undefined> {
  const kind = bag.oid();
  const value = explicit(bag);
  if (kind === oids.keyBag) return { key: Buffer.from(value.raw()) };
  if (kind === oids.pkcs8ShroudedKeyBag) {
    const encrypted = value.sequence();
    const algorithm = readerOf(encrypted);
    return { key: await decryptUnderPassword(algorithm, { ciphertext: encrypted.octetString(), password }) };
  }
  if (kind !== oids.certBag) return undefined;
  const certificate = value.sequence();
  return certificate.oid() === oids.x509Certificate ? { certificate: explicit(certificate).octetString() } : undefined;
}

/** A wrong password is found here, before anything is decrypted under it. */
async function checkMac(mac: DerReader, content: Buffer, password: string): Promise<void> {
  const digest = mac.sequence();
  const algorithm = digest.sequence();
  const kind = algorithm.oid();
  const parameters = algorithm.isAtEnd ? undefined : readerOf(algorithm);
  const expected = digest.octetString();
  const salt = mac.octetString();
  const iterations = mac.isAtEnd ? 1 : mac.smallUnsigned();
  const made =
    kind === oids.pbmac1 && parameters !== undefined
      ? await newMac(parameters.sequence(), { content, password, lengthBytes: expected.length })
      : oldMac(kind, { content, password, salt, iterations });
  const isRight = made.length === expected.length && timingSafeEqual(made, expected);
  if (!isRight) throw refuse('caKeyPasswordWrong', {});
}

const oldMacs: Readonly<
  Record<string, { readonly hashName: 'sha1' | 'sha256' | 'sha384' | 'sha512'; readonly lengthBytes: number }>
> = {
  [oids.sha1]: { hashName: 'sha1', lengthBytes: 20 },
  [oids.sha256]: { hashName: 'sha256', lengthBytes: 32 },
  [oids.sha384]: { hashName: 'sha384', lengthBytes: 48 },
  [oids.sha512]: { hashName: 'sha512', lengthBytes: 64 },
};

function oldMac(
  kind: string,
  input: {
    readonly content: Buffer;
    readonly password: string;
    readonly salt: Uint8Array;
    readonly iterations: number;
  },
): Buffer {
  const { content, password, salt, iterations } = input;
  const mac = oldMacs[kind];
  if (mac === undefined || iterations < 1 || iterations > mostOldIterations) {
    throw refuse('caKeyEncryption', { algorithm: `${oidName(kind)}, ${iterations} iterations` });
  }
  const key = pkcs12Key({ ...mac, purpose: 'mac', password, salt, iterations });
  const made = createHmac(mac.hashName, key).update(content).digest();
  key.fill(0);
  return made;
}

const hmacs: Readonly<Record<string, string>> = {
  [oids.hmacWithSha256]: 'sha256',
  [oids.hmacWithSha384]: 'sha384',
  [oids.hmacWithSha512]: 'sha512',
};

/** PBMAC1 (RFC 9579): its parameters are those of a KDF and of an HMAC. */
async function newMac(
  parameters: DerReader,
  {
    content,
    password,
    lengthBytes,
  }: { readonly content: Buffer; readonly password: string; readonly lengthBytes: number },
): Promise<Buffer> {
  const derivation = parameters.sequence();
  const kind = parameters.sequence().oid();
  const hashName = hmacs[kind];
  if (hashName === undefined) throw refuse('caKeyEncryption', { algorithm: oidName(kind) });
  const key = await deriveKey(derivation, { password, lengthBytes });
  return createHmac(hashName, key).update(content).digest();
}

function explicit(reader: DerReader): DerReader {
  return reader.enter(contextConstructed(0));
}

/** A reader of the next element alone. */
function readerOf(reader: DerReader): DerReader {
  return new DerReader(reader.raw(), what);
}
