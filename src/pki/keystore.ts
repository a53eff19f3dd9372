/** What a keystore of one entry holds, whatever its format. */
export interface KeystoreEntry {
  /** What the entry is called: the friendlyName of PKCS #12, the alias of Java. */
  readonly name: string;
  /** Unencrypted PKCS #8. */
  readonly privateKeyPkcs8: Uint8Array;
  /** DER, the key's own certificate first, each followed by its issuer. */
  readonly chain: readonly [leaf: Uint8Array, ...issuers: Uint8Array[]];
}
