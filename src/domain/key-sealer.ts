/** Keeps secrets at rest: what is sealed can be stored anywhere and opens only here, and only for the same purpose. */

export interface KeySealer {
  /** @param context which secret of which object: `key:iss_01hv…` */
  seal(secret: Uint8Array, context: string): Uint8Array;
  /** @throws {Error} when it was sealed under another master key or for another context, or was changed */
  open(sealed: Uint8Array, context: string): Uint8Array;
  /** 32 bytes that are always the same for a purpose and tell nothing of those for another. */
  derive(purpose: string): Uint8Array;
}
