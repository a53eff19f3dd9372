/** What the alias zone publishes, as its DNS server reads it. */

/** The records that the alias zone publishes now. */
export interface AliasRecords {
  /**
   * @param name absolute, in lower case, without a trailing dot; inside the zone
   * @returns the live TXT values at this very name, 20 at most, and, where there is none, whether any live name is below it
   */
  find(name: string): Promise<{ readonly texts: readonly string[]; readonly hasBelow: boolean }>;
}
