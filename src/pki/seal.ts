/**
 * Sealing of secrets at rest, private keys above all: AES-256-GCM under the master key. The context (which key, of
 * which table) is authenticated with it, so a sealed key copied into another row does not open there.
 *
 * Layout: version 01 | nonce (12 bytes) | ciphertext | tag (16 bytes). Authenticated too: version, then the context in UTF-8.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

export interface SealOptions {
  /** 32 bytes. */
  readonly masterKey: Uint8Array;
  /** What is sealed and for what: `key:iss_01hv…`. Must be the same to open it. */
  readonly context: string;
}

/** @param nonce 12 fresh random bytes; the same nonce must never seal twice under one master key (NIST SP 800-38D §8). */
export function seal(secret: Uint8Array, options: SealOptions & { readonly nonce: Uint8Array }): Buffer {
  checkMasterKey(options.masterKey);
  if (options.nonce.length !== nonceBytes) throw new Error(`the nonce must have ${nonceBytes} bytes`);
  const cipher = createCipheriv('aes-256-gcm', options.masterKey, options.nonce, { authTagLength: tagBytes });
  cipher.setAAD(authenticated(options.context));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([Uint8Array.of(version), options.nonce, body, cipher.getAuthTag()]);
}

/** @throws {Error} when it was not sealed under this master key and context, or was changed; the two cannot be told apart. */
export function unseal(sealed: Uint8Array, options: SealOptions): Buffer {
  checkMasterKey(options.masterKey);
  if (sealed[0] !== version) throw new Error(`"${options.context}" is not sealed in a known format`);
  if (sealed.length < 1 + nonceBytes + tagBytes) throw new Error(`the sealed "${options.context}" is cut off`);
  const nonce = sealed.subarray(1, 1 + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', options.masterKey, nonce, { authTagLength: tagBytes });
  decipher.setAAD(authenticated(options.context));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const secret = decipher.update(sealed.subarray(1 + nonceBytes, -tagBytes));
  try {
    decipher.final();
  } catch {
    secret.fill(0);
    // OpenSSL's own words ("unable to authenticate data") help nobody; the likely reason does.
    throw new Error(`"${options.context}" does not open: wrong master key, or the sealed bytes were changed`);
  }
  return secret;
}

function checkMasterKey(masterKey: Uint8Array): void {
  if (masterKey.length !== 32) throw new Error(`the master key must have 32 bytes, not ${masterKey.length}`);
}

function authenticated(context: string): Buffer {
  return Buffer.concat([Uint8Array.of(version), Buffer.from(context, 'utf8')]);
}
