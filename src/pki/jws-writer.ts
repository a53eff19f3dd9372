/** JSON Web Signatures as this software sends them to ACME servers: flattened, with all of the header protected (RFC 8555 §6.2). */
import { createHmac, createPrivateKey, sign } from 'node:crypto';
import { encodeBase64url } from './base64url.ts';
import { type Jwk, jwkOf, jwkThumbprint } from './jwk.ts';
import { publicKeyOf } from './key.ts';

type Members = Readonly<Record<string, unknown>>;

export interface WrittenJws {
  readonly protected: string;
  readonly payload: string;
  readonly signature: string;
}

/** The key of an account at an ACME server. */
export interface JwsKey {
  readonly jwk: Jwk;
  /** What a key authorization ends with (RFC 8555 §8.1). */
  readonly thumbprint: string;
  /** @param payload undefined for the empty one of a POST-as-GET */
  sign(header: Members, payload: Members | undefined): WrittenJws;
}

/** Signs with ES256 in the calling thread. @param pkcs8 a key on P-256 */
export function createJwsKey(pkcs8: Uint8Array): JwsKey {
  const publicKey = publicKeyOf(pkcs8);
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return {
    jwk: jwkOf(publicKey),
    thumbprint: jwkThumbprint(publicKey),
    sign: (header, payload) =>
      written({ alg: 'ES256', ...header }, payload, (data) =>
        // R and S one after the other, not DER (RFC 7518 §3.4).
        sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }),
      ),
  };
}

/** An external account binding (RFC 8555 §7.3.4). */
export function writeBinding(
  { keyId, hmacKey }: { readonly keyId: string; readonly hmacKey: Uint8Array },
  { url, jwk }: { readonly url: string; readonly jwk: Jwk },
): WrittenJws {
  return written({ alg: 'HS256', kid: keyId, url }, jwk, (data) => createHmac('sha256', hmacKey).update(data).digest());
}

function written(header: Members, payload: Members | undefined, signed: (data: Buffer) => Uint8Array): WrittenJws {
  const head = encoded(header);
  const body = payload === undefined ? '' : encoded(payload);
  return { protected: head, payload: body, signature: encodeBase64url(signed(Buffer.from(`${head}.${body}`))) };
}

function encoded(value: Members): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
