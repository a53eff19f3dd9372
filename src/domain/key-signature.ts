/** Signatures by which software shows that it holds a key, as JSON Web Signatures carry them (RFC 7515, RFC 7518 §3.1). */

/** RSA with PKCS #1 v1.5, ECDSA with R and S one after the other, and Ed25519 (RFC 8037 §3.1). Never `none`, a MAC or PSS. */
export const keySignatureAlgorithms = ['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
export type KeySignatureAlgorithm = (typeof keySignatureAlgorithms)[number];

export interface KeySignature {
  readonly algorithm: KeySignatureAlgorithm;
  /** The bytes that were signed: for a JWS the protected header, a dot and the payload. */
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

export const macAlgorithms = ['HS256', 'HS384', 'HS512'] as const;
export type MacAlgorithm = (typeof macAlgorithms)[number];

/** The proof that a client knows an external account key (RFC 8555 §7.3.4). */
export interface AccountBinding {
  /** The `kid` of the binding. */
  readonly keyId: string;
  readonly algorithm: MacAlgorithm;
  readonly data: Uint8Array;
  readonly mac: Uint8Array;
}
