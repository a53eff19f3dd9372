/**
 * Signed requests as a CA checks them (RFC 8555 §6.2 to §6.4, RFC 7515, RFC 7638), written apart from `src/pki`: an error that both
 * ends shared would go unseen. All of it runs in the calling thread, so that it takes no turn of a fake clock.
 */
import {
  createHash,
  createHmac,
  createPublicKey,
  type JsonWebKeyInput,
  type KeyObject,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { problem } from './problem.ts';

export type Members = Readonly<Record<string, unknown>>;

export interface Jws {
  readonly header: Members;
  /** Undefined: the empty payload of a POST-as-GET. */
  readonly payload: Members | undefined;
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** `type` and `curve` as node:crypto calls them. */
const algorithms: Readonly<
  Record<string, { readonly type: string; readonly curve?: string; readonly hash: string | null }>
> = {
  RS256: { type: 'rsa', hash: 'sha256' },
  ES256: { type: 'ec', curve: 'prime256v1', hash: 'sha256' },
  ES384: { type: 'ec', curve: 'secp384r1', hash: 'sha384' },
  ES512: { type: 'ec', curve: 'secp521r1', hash: 'sha512' },
  EdDSA: { type: 'ed25519', hash: null },
};

/** @param part the outer request, or what stands inside it; its words are used in refusals */
export function readJws(value: unknown, part: string): Jws {
  if (!isMembers(value)) throw problem('malformed', `${part} is no JSON object`);
  const names = Object.keys(value).toSorted().join();
  if (names !== 'payload,protected,signature') throw problem('malformed', `${part} has the members ${names}`);
  const { protected: head, payload, signature } = value;
  const header = membersIn(decode(head, part), `the header of ${part}`);
  if ('crit' in header || 'b64' in header) throw problem('malformed', `${part} wants an extension`);
  const body = decode(payload, part);
  return {
    header,
    payload: body.length === 0 ? undefined : membersIn(body, `the payload of ${part}`),
    signed: Buffer.from(`${String(head)}.${String(payload)}`),
    signature: decode(signature, part),
  };
}

export function parseJson(text: string, part: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw problem('malformed', `${part} is not JSON`);
  }
}

/** The key of a JWK that an account may have. */
export function keyOfJwk(jwk: unknown): KeyObject {
  if (!isMembers(jwk)) throw problem('malformed', 'there is no jwk');
  if ('d' in jwk) throw problem('badPublicKey', 'this is a private key');
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' });
  } catch {
    throw problem('badPublicKey', 'the jwk is no public key');
  }
  const { modulusLength = 2048 } = key.asymmetricKeyDetails ?? {};
  if (modulusLength < 2048) throw problem('badPublicKey', `an RSA key of ${modulusLength} bits is too small`);
  return key;
}

export function requireSignature({ header, signed, signature }: Jws, key: KeyObject): void {
  const { alg } = header;
  const algorithm = typeof alg === 'string' ? algorithms[alg] : undefined;
  if (algorithm === undefined) {
    throw problem('badSignatureAlgorithm', `${String(alg)} is not taken`, { algorithms: Object.keys(algorithms) });
  }
  const { type, curve, hash } = algorithm;
  const isOfKey = key.asymmetricKeyType === type && key.asymmetricKeyDetails?.namedCurve === curve;
  if (!isOfKey || !verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, signature)) {
    throw problem('malformed', 'the signature is not that of the key');
  }
}

/** RFC 8555 §7.3.4. */
export function requireMac({ header, signed, signature }: Jws, hmacKey: Uint8Array): void {
  const hash = header.alg === 'HS256' ? 'sha256' : undefined;
  if (hash === undefined) throw problem('malformed', `a binding is signed with HS256, not ${String(header.alg)}`);
  const right = createHmac(hash, hmacKey).update(signed).digest();
  if (signature.length !== right.length || !timingSafeEqual(signature, right)) {
    throw problem('unauthorized', 'the binding is signed with another key');
  }
}

/** RFC 7638: the members that count, in this order. */
const counting: Readonly<Record<string, readonly string[]>> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
};

export function thumbprintOf(jwk: Members): string {
  const names = counting[String(jwk.kty)] ?? [];
  const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])));
  return createHash('sha256').update(text).digest('base64url');
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function membersIn(bytes: Buffer, part: string): Members {
  const value = parseJson(bytes.toString('utf8'), part);
  if (!isMembers(value)) throw problem('malformed', `${part} is no JSON object`);
  return value;
}

/** Without padding, and in the one way that the bytes have (RFC 7515 §2). */
export function decode(text: unknown, part: string): Buffer {
  if (typeof text === 'string') {
    const bytes = Buffer.from(text, 'base64url');
    if (bytes.toString('base64url') === text) return bytes;
  }
  throw problem('malformed', `${part} has what is not base64url`);
}
