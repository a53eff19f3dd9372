/**
 * PKCS #12 files (`.pfx`, `.p12`: RFC 7292): a key with its certificates under a password, as Windows, Java and Azure
 * take them. Ciphers are those that OpenSSL 3 writes. Windows reads them since Server 2019; older ones know only
 * RC2 and 3DES under SHA-1, which we do not write.
 */

import { createHmac, hash } from 'node:crypto';
import type { Randomness } from '../domain/ports/system.ts';
import { contextPrimitive } from './der-tag.ts';
import {
  bmpString,
  context,
  derNull,
  element,
  octetString,
  oid,
  sequence,
  setOf,
  setOfOne,
  smallInteger,
  utf16,
} from './der-writer.ts';
import type { KeystoreEntry } from './keystore.ts';
import { oids } from './oid.ts';
import { encryptPbes2, type Pbes2Options } from './pbes2.ts';

export interface Pkcs12Options {
  readonly password: string;
  readonly random: Randomness;
}

/**
 * As OpenSSL, and about what Windows takes (2,000). More would hold up the event loop for every download (2,048 cost about
 * 5 ms) and protect little: the file travels with its password known to whoever requested it, and a short password falls to
 * 100,000 rounds as well. Who wants it kept safe chooses a long one.
 */
const iterations = 2048;

/** Of SHA-256 (RFC 7292 Appendix B.2: v). */
const blockBytes = 64;
const macSaltBytes = 16;

/** Key and certificates, each encrypted, and all of it authenticated under the same password. */
export function createPkcs12(entry: KeystoreEntry, options: Pkcs12Options): Buffer {
  const encryption: Pbes2Options = { ...options, iterations };
  const [leaf, ...issuers] = entry.chain;
  // What ties the key to its certificate. Any value will do; like everybody, the SHA-1 of the certificate.
  const keyId = hash('sha1', leaf, 'buffer');
  const own = [attribute(oids.friendlyName, bmpString(entry.name)), attribute(oids.localKeyId, octetString([keyId]))];
  const certificates = sequence([certBag(leaf, own), ...issuers.map((issuer) => certBag(issuer, []))]);
  const keys = sequence([shroudedKeyBag(entry.privateKeyPkcs8, own, encryption)]);
  const authenticatedSafe = sequence([encryptedContent(certificates, encryption), dataContent(keys)]);
  return sequence([smallInteger(3), dataContent(authenticatedSafe), macData(authenticatedSafe, options)]);
}

function attribute(type: string, value: Uint8Array): Buffer {
  return sequence([oid(type), setOfOne(value)]);
}

function certBag(certificate: Uint8Array, attributes: readonly Uint8Array[]): Buffer {
  const value = sequence([oid(oids.x509Certificate), context(0, [octetString([certificate])])]);
  return safeBag(oids.certBag, value, attributes);
}

function shroudedKeyBag(pkcs8: Uint8Array, attributes: readonly Uint8Array[], encryption: Pbes2Options): Buffer {
  const { algorithm, ciphertext } = encryptPbes2(pkcs8, encryption);
  return safeBag(oids.pkcs8ShroudedKeyBag, sequence([algorithm, octetString([ciphertext])]), attributes);
}

/** SafeBag (§4.2). An absent set of attributes and an empty one are different bytes; readers expect the absent one. */
function safeBag(type: string, value: Uint8Array, attributes: readonly Uint8Array[]): Buffer {
  const tail = attributes.length === 0 ? [] : [setOf(attributes)];
  return sequence([oid(type), context(0, [value]), ...tail]);
}

/** ContentInfo of plain bytes (RFC 5652 §4). */
function dataContent(content: Uint8Array): Buffer {
  return sequence([oid(oids.pkcs7Data), context(0, [octetString([content])])]);
}

/** ContentInfo of EncryptedData (RFC 5652 §8). */
function encryptedContent(content: Uint8Array, encryption: Pbes2Options): Buffer {
  const { algorithm, ciphertext } = encryptPbes2(content, encryption);
  const info = sequence([oid(oids.pkcs7Data), algorithm, element(contextPrimitive(0), [ciphertext])]);
  return sequence([oid(oids.pkcs7EncryptedData), context(0, [sequence([smallInteger(0), info])])]);
}

function macData(content: Uint8Array, { password, random }: Pkcs12Options): Buffer {
  const salt = random.bytes(macSaltBytes);
  const key = macKey(password, salt);
  const digest = createHmac('sha256', key).update(content).digest();
  key.fill(0);
  const digestInfo = sequence([sequence([oid(oids.sha256), derNull]), octetString([digest])]);
  return sequence([digestInfo, octetString([salt]), smallInteger(iterations)]);
}

/**
 * The key derivation of PKCS #12 (Appendix B.2) with ID 3, for a MAC (B.3). The key is as long as one hash, so the first
 * round is the only one and the step that prepares the next (6.C) is not needed. The password counts its two final zero octets (B.1).
 */
function macKey(password: string, salt: Uint8Array): Buffer {
  const diversifier = Buffer.alloc(blockBytes, 3);
  const terminated = Buffer.concat([utf16(password), Buffer.alloc(2)]);
  let key = hash('sha256', Buffer.concat([diversifier, fillBlocks(salt), fillBlocks(terminated)]), 'buffer');
  for (let round = 1; round < iterations; round += 1) key = hash('sha256', key, 'buffer');
  return key;
}

/** The bytes repeated until they fill whole blocks, the last copy cut off (B.2, steps 2 and 3). */
function fillBlocks(bytes: Uint8Array): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes);
}
