/** Numbers that are good once on all nodes that share a database, for front doors in whatever thread. */
export interface UsedNumbersPort {
  /** True once for each. @throws {CertError} unavailable */
  take(number: Uint8Array): Promise<boolean>;
}
