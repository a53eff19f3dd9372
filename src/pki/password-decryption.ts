/**
 * Decryption under a password: PBES2 with PBKDF2 or scrypt (RFC 8018 §6.2, RFC 7914 §7), and the older form of PKCS #12. What others have
 * encrypted names its own cost, so the cost has a limit here.
 */
import { createDecipheriv, pbkdf2, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { refuse } from '../domain/errors.ts';
import { DerReader } from './der-reader.ts';
import { tag } from './der-tag.ts';
import { oidName, oids } from './oid.ts';
import { pkcs12Key } from './pkcs12-key.ts';

/** Some seconds of a core. NIST SP 800-132 recommends as many as the user can bear; nobody writes more into files. */
const mostIterations = 5_000_000;
/** The older form is computed in this thread. */
const mostOldIterations = 1_000_000;
const mostScryptBytes = 512 << 20;

const pbkdf2Async = promisify(pbkdf2);
const scryptAsync = promisify<Buffer, Uint8Array, number, object, Buffer>(scrypt);

const prfs: Readonly<Record<string, string>> = {
  [oids.hmacWithSha1]: 'sha1',
  [oids.hmacWithSha256]: 'sha256',
  [oids.hmacWithSha384]: 'sha384',
  [oids.hmacWithSha512]: 'sha512',
};

interface Cipher {
  readonly name: string;
  readonly keyBytes: number;
}

const ciphers: Readonly<Record<string, Cipher>> = {
  [oids.aes128Cbc]: { name: 'aes-128-cbc', keyBytes: 16 },
  [oids.aes192Cbc]: { name: 'aes-192-cbc', keyBytes: 24 },
  [oids.aes256Cbc]: { name: 'aes-256-cbc', keyBytes: 32 },
  [oids.desEde3Cbc]: { name: 'des-ede3-cbc', keyBytes: 24 },
};

/**
 * The content, which is always one DER SEQUENCE (a key, or the bags of a PKCS #12 file): so a wrong password is told from a right one.
 * @param algorithm the AlgorithmIdentifier
 * @throws {CertError} caKeyPasswordWrong; caKeyEncryption for a way that is not read here; derMalformed
 */
export async function decryptUnderPassword(
  algorithm: DerReader,
  { ciphertext, password }: { readonly ciphertext: Uint8Array; readonly password: string },
): Promise<Buffer> {
  const fields = algorithm.sequence();
  const kind = fields.oid();
  const { name, key, iv } = await keyOf(kind, fields.sequence(), password);
  const content = decipher({ name, key, iv }, ciphertext);
  key.fill(0);
  if (content === undefined || !isOneSequence(content)) throw refuse('caKeyPasswordWrong', {});
  return content;
}

interface CipherKey {
  readonly name: string;
  readonly key: Buffer;
  readonly iv: Buffer;
}

async function keyOf(kind: string, parameters: DerReader, password: string): Promise<CipherKey> {
  if (kind === oids.pbeWithSha1And3Des) return oldKey(parameters, password);
  if (kind !== oids.pbes2) throw unread(kind);
  const derivation = parameters.sequence();
  const scheme = parameters.sequence();
  const cipherOid = scheme.oid();
  const cipher = ciphers[cipherOid];
  if (cipher === undefined) throw unread(cipherOid);
  const iv = scheme.octetString();
  return { name: cipher.name, iv, key: await deriveKey(derivation, { password, lengthBytes: cipher.keyBytes }) };
}

/** By the KDF that the AlgorithmIdentifier names; also for PBMAC1 (RFC 8018 §7.1). @throws {CertError} caKeyEncryption */
export async function deriveKey(
  derivation: DerReader,
  { password, lengthBytes }: { readonly password: string; readonly lengthBytes: number },
): Promise<Buffer> {
  const kind = derivation.oid();
  const parameters = derivation.sequence();
  const secret = Buffer.from(password, 'utf8');
  if (kind === oids.scrypt) {
    const salt = parameters.octetString();
    const [cost, blockSize, parallelization] = [
      parameters.smallUnsigned(),
      parameters.smallUnsigned(),
      parameters.smallUnsigned(),
    ];
    if (128 * cost * blockSize * parallelization > mostScryptBytes) throw unread(kind);
    const options = { cost, blockSize, parallelization, maxmem: mostScryptBytes + (1 << 20) };
    return scryptAsync(secret, salt, lengthBytes, options);
  }
  if (kind !== oids.pbkdf2) throw unread(kind);
  const salt = parameters.octetString();
  const iterations = parameters.smallUnsigned();
  if (iterations < 1 || iterations > mostIterations) throw unread(`${oidName(kind)}, ${iterations} iterations`);
  if (parameters.peek() === tag.integer) parameters.smallUnsigned();
  const prf = parameters.isAtEnd ? oids.hmacWithSha1 : parameters.sequence().oid();
  const digest = prfs[prf];
  if (digest === undefined) throw unread(prf);
  return pbkdf2Async(secret, salt, iterations, lengthBytes, digest);
}

function oldKey(parameters: DerReader, password: string): CipherKey {
  const salt = parameters.octetString();
  const iterations = parameters.smallUnsigned();
  if (iterations < 1 || iterations > mostOldIterations) throw unread(`${iterations} iterations`);
  const derive = (purpose: 'cipherKey' | 'iv', lengthBytes: number) =>
    pkcs12Key({ hashName: 'sha1', purpose, password, salt, iterations, lengthBytes });
  return { name: 'des-ede3-cbc', key: derive('cipherKey', 24), iv: derive('iv', 8) };
}

function decipher({ name, key, iv }: CipherKey, ciphertext: Uint8Array): Buffer | undefined {
  try {
    const opened = createDecipheriv(name, key, iv);
    return Buffer.concat([opened.update(ciphertext), opened.final()]);
  } catch {
    // The padding is wrong, as it is under another key.
    return undefined;
  }
}

function isOneSequence(content: Buffer): boolean {
  try {
    const reader = new DerReader(content, 'the key file');
    reader.sequence();
    reader.finish();
    return true;
  } catch {
    return false;
  }
}

function unread(algorithm: string) {
  return refuse('caKeyEncryption', { algorithm: oidName(algorithm) });
}
