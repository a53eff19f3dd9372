/**
 * Java's old keystore (`.jks`), which Tomcat and application servers before Java 9 ask for. Its protection is Sun's own
 * and weak (one round of SHA-1 under the password): where the reader takes PKCS #12, as Java has since version 8, give that.
 *
 * There is no specification but the source of OpenJDK, sun.security.provider.JavaKeyStore (the file) and KeyProtector
 * (the key).
 */

import { hash } from 'node:crypto';
import type { Randomness } from '../domain/ports/system.ts';
import { derNull, octetString, oid, sequence, utf16 } from './der-writer.ts';
import type { KeystoreEntry } from './keystore.ts';
import { oids } from './oid.ts';

export interface JksOptions {
  /** Of the store and of the key: Tomcat and most others take one for both. Java's own tool wants six characters or more. */
  readonly password: string;
  readonly random: Randomness;
  /** When the entry was made: `keytool -list` shows it. */
  readonly now: Date;
}

const magic = 0xfeedfeed;
const version = 2;
const privateKeyEntry = 1;
const hashBytes = 20;

/** Stands between password and content in the hash over the store. Java's authors chose it; nothing else is meant. */
const whitener = 'Mighty Aphrodite';

export function createJks(entry: KeystoreEntry, options: JksOptions): Buffer {
  const password = utf16(options.password);
  // Java looks aliases up in lower case but does not lower what it reads: any other could be listed and never used.
  const alias = entry.name.toLowerCase();
  const parts = [uint32(magic), uint32(version), uint32(1)];
  parts.push(uint32(privateKeyEntry), javaUtf(alias), milliseconds(options.now));
  parts.push(counted(protectKey(entry.privateKeyPkcs8, password, options.random)));
  parts.push(uint32(entry.chain.length));
  for (const certificate of entry.chain) parts.push(javaUtf('X.509'), counted(certificate));
  const content = Buffer.concat(parts);
  return Buffer.concat([content, sha1(password, Buffer.from(whitener), content)]);
}

/**
 * EncryptedPrivateKeyInfo of salt | key XOR stream | check. The stream is SHA-1 chained over the password, starting from the salt;
 * the check is the SHA-1 of password and key, by which Java recognizes a wrong password.
 */
function protectKey(pkcs8: Uint8Array, password: Uint8Array, random: Randomness): Buffer {
  const salt = random.bytes(hashBytes);
  const hidden = Buffer.from(pkcs8);
  let block: Uint8Array = salt;
  for (let offset = 0; offset < hidden.length; offset += hashBytes) {
    block = sha1(password, block);
    for (const [index, byte] of hidden.subarray(offset, offset + hashBytes).entries()) {
      hidden[offset + index] = byte ^ (block[index] ?? 0);
    }
  }
  const algorithm = sequence([oid(oids.javaKeyProtector), derNull]);
  return sequence([algorithm, octetString([salt, hidden, sha1(password, pkcs8)])]);
}

function sha1(...parts: readonly Uint8Array[]): Buffer {
  return hash('sha1', Buffer.concat(parts), 'buffer');
}

function uint32(value: number): Buffer {
  const out = Buffer.alloc(4);
  out.writeUInt32BE(value);
  return out;
}

function milliseconds(at: Date): Buffer {
  const out = Buffer.alloc(8);
  out.writeBigInt64BE(BigInt(at.getTime()));
  return out;
}

function counted(bytes: Uint8Array): Buffer {
  return Buffer.concat([uint32(bytes.length), bytes]);
}

/** DataOutput.writeUTF: two octets of length, then UTF-8 of each UTF-16 unit by itself, with NUL in two octets. */
function javaUtf(text: string): Buffer {
  const bytes = Array.from({ length: text.length }, (_, index) => modifiedUtf8(text.charCodeAt(index))).flat();
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, Buffer.from(bytes)]);
}

function modifiedUtf8(unit: number): number[] {
  if (unit > 0 && unit < 0x80) return [unit];
  if (unit < 0x800) return [0xc0 | (unit >> 6), 0x80 | (unit & 0x3f)];
  return [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
}
