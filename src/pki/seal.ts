/**
 * Sealing of secrets at rest, private keys above all: AES-256-GCM under a master key. The context (which key, of
 * which table) is authenticated with it, so a sealed key copied into another row does not open there.
 *
 * Layout: version 02 | id of the master key (8 bytes) | nonce (12 bytes) | ciphertext | tag (16 bytes). Authenticated too:
 * version, id, then the context in UTF-8. Version 01, which is still opened, has no id: it is older than the rotation of
 * master keys.
 */
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';

const unnamedVersion = 1;
const version = 2;
const idBytes = 8;
const nonceBytes = 12;
const tagBytes = 16;

export interface MasterKey {
  /** Identifies the key without revealing anything about it: 16 hex digits. */
  readonly id: string;
  /** 32 bytes. */
  readonly bytes: Uint8Array;
}

export function masterKeyOf(bytes: Uint8Array): MasterKey {
  if (bytes.length !== 32) throw new Error(`the master key must have 32 bytes, not ${bytes.length}`);
  // RFC 5869: a one-way function of the key, under a label of its own.
  const id = Buffer.from(hkdfSync('sha256', bytes, 'certmux master key id', '', idBytes)).toString('hex');
  return { id, bytes };
}

/**
 * @param options.context what is sealed and for what: `key:iss_01hv…`. Must be the same to open it
 * @param options.nonce 12 fresh random bytes; the same nonce must never seal twice under one master key (NIST SP 800-38D §8)
 */
export function seal(
  secret: Uint8Array,
  options: { readonly masterKey: MasterKey; readonly context: string; readonly nonce: Uint8Array },
): Buffer {
  const { masterKey, context, nonce } = options;
  if (nonce.length !== nonceBytes) throw new Error(`the nonce must have ${nonceBytes} bytes`);
  const head = Buffer.concat([Uint8Array.of(version), Buffer.from(masterKey.id, 'hex')]);
  const cipher = createCipheriv('aes-256-gcm', masterKey.bytes, nonce, { authTagLength: tagBytes });
  cipher.setAAD(Buffer.concat([head, Buffer.from(context, 'utf8')]));
  const body = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([head, nonce, body, cipher.getAuthTag()]);
}

/** The id of the master key that it was sealed under; undefined where the value does not say (version 01). */
export function sealedUnder(sealed: Uint8Array): string | undefined {
  if (sealed[0] !== version || sealed.length < 1 + idBytes) return undefined;
  return Buffer.from(sealed.subarray(1, 1 + idBytes)).toString('hex');
}

/**
 * @param options.masterKeys those that may have sealed it
 * @throws {Error} when it was not sealed under one of them and for this context, or was changed; the latter two look the same
 */
export function unseal(
  sealed: Uint8Array,
  options: { readonly masterKeys: readonly MasterKey[]; readonly context: string },
): { readonly secret: Buffer; readonly masterKey: MasterKey } {
  const { context, masterKeys } = options;
  const headBytes = headLength(sealed, context);
  if (sealed.length < headBytes + nonceBytes + tagBytes) throw new Error(`the sealed "${context}" is cut off`);
  const id = sealedUnder(sealed);
  const candidates = id === undefined ? masterKeys : masterKeys.filter((key) => key.id === id);
  if (candidates.length === 0) throw new Error(`"${context}" is sealed under the master key ${id}, which is not here`);
  for (const masterKey of candidates) {
    const secret = tryOpen(sealed, headBytes, { key: masterKey.bytes, context });
    if (secret !== undefined) return { secret, masterKey };
  }
  // OpenSSL's own words ("unable to authenticate data") help nobody; the likely reason does.
  throw new Error(`"${context}" does not open: wrong master key, or the sealed bytes were changed`);
}

function headLength(sealed: Uint8Array, context: string): number {
  if (sealed[0] === version) return 1 + idBytes;
  if (sealed[0] === unnamedVersion) return 1;
  throw new Error(`"${context}" is not sealed in a known format`);
}

function tryOpen(
  sealed: Uint8Array,
  headBytes: number,
  { key, context }: { readonly key: Uint8Array; readonly context: string },
): Buffer | undefined {
  const nonce = sealed.subarray(headBytes, headBytes + nonceBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([sealed.subarray(0, headBytes), Buffer.from(context, 'utf8')]));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const secret = decipher.update(sealed.subarray(headBytes + nonceBytes, -tagBytes));
  try {
    decipher.final();
    return secret;
  } catch {
    secret.fill(0);
    return undefined;
  }
}
