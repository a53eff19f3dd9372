/**
 * PKCS #12 files (`.pfx`, `.p12`: RFC 7292): a key with its certificates under a password, as Windows, Java and Azure
 * take them. Ciphers are those that OpenSSL 3 writes. Windows reads them since Server 2019; older ones know only
 * RC2 and 3DES under SHA-1: for them there is the second form.
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
} from './der-writer.ts';
import type { KeystoreEntry } from './keystore.ts';
import { oids } from './oid.ts';
import { type Encrypted, encryptPbes2Sync } from './pbes2.ts';
import { encryptOldForm, pkcs12Key } from './pkcs12-key.ts';

/** `3des`: for readers before 2019. */
export type Pkcs12Form = 'aes' | '3des';

export interface Pkcs12Options {
  readonly password: string;
  readonly random: Randomness;
  /** `aes` by default. */
  readonly form?: Pkcs12Form;
}

type Encrypt = (content: Uint8Array) => Encrypted;

/**
 * As OpenSSL, and about what Windows takes (2,000). More would hold up the event loop for every download (2,048 cost about
 * 5 ms) and protect little: the file travels with its password known to whoever requested it, and a short password falls to
 * 100,000 rounds as well. Who wants it kept safe chooses a long one.
 */
const iterations = 2048;

const macSaltBytes = 16;

/** Key and certificates, each encrypted, and all of it authenticated under the same password. */
export function createPkcs12(entry: KeystoreEntry, options: Pkcs12Options): Buffer {
  const encryptIn = { aes: encryptPbes2Sync, '3des': encryptOldForm }[options.form ?? 'aes'];
  const encrypt: Encrypt = (content) => encryptIn(content, { ...options, iterations });
  const [leaf, ...issuers] = entry.chain;
  // What ties the key to its certificate. Any value will do; like everybody, the SHA-1 of the certificate.
  const keyId = hash('sha1', leaf, 'buffer');
  const own = [attribute(oids.friendlyName, bmpString(entry.name)), attribute(oids.localKeyId, octetString([keyId]))];
  const certificates = sequence([certBag(leaf, own), ...issuers.map((issuer) => certBag(issuer, []))]);
  const keys = sequence([shroudedKeyBag(entry.privateKeyPkcs8, own, encrypt)]);
  const authenticatedSafe = sequence([encryptedContent(certificates, encrypt), dataContent(keys)]);
  return sequence([smallInteger(3), dataContent(authenticatedSafe), macData(authenticatedSafe, options)]);
}

function attribute(type: string, value: Uint8Array): Buffer {
  return sequence([oid(type), setOfOne(value)]);
}

function certBag(certificate: Uint8Array, attributes: readonly Uint8Array[]): Buffer {
  const value = sequence([oid(oids.x509Certificate), context(0, [octetString([certificate])])]);
  return safeBag(oids.certBag, value, attributes);
}

function shroudedKeyBag(pkcs8: Uint8Array, attributes: readonly Uint8Array[], encrypt: Encrypt): Buffer {
  const { algorithm, ciphertext } = encrypt(pkcs8);
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
function encryptedContent(content: Uint8Array, encrypt: Encrypt): Buffer {
  const { algorithm, ciphertext } = encrypt(content);
  const info = sequence([oid(oids.pkcs7Data), algorithm, element(contextPrimitive(0), [ciphertext])]);
  return sequence([oid(oids.pkcs7EncryptedData), context(0, [sequence([smallInteger(0), info])])]);
}

function macData(content: Uint8Array, { password, random, form = 'aes' }: Pkcs12Options): Buffer {
  const salt = random.bytes(macSaltBytes);
  const { hashName, hashOid, lengthBytes } = macs[form];
  const key = pkcs12Key({ hashName, purpose: 'mac', password, salt, iterations, lengthBytes });
  const digest = createHmac(hashName, key).update(content).digest();
  key.fill(0);
  const digestInfo = sequence([sequence([oid(hashOid), derNull]), octetString([digest])]);
  return sequence([digestInfo, octetString([salt]), smallInteger(iterations)]);
}

/** The key is as long as the hash. */
const macs = {
  aes: { hashName: 'sha256', hashOid: oids.sha256, lengthBytes: 32 },
  '3des': { hashName: 'sha1', hashOid: oids.sha1, lengthBytes: 20 },
} as const satisfies Record<Pkcs12Form, object>;
