/** Port for work that begins in turn, so that whoever sends much holds up themselves first. */

export interface RequestTurns {
  /**
   * Resolves when it is the owner's turn; undefined: now. Whoever has used the least lately is first.
   * @param owner an account, or a network for those who are not known
   * @param cost what the work uses, in comparison; one order of a few names is about 1
   * @throws {CertError} tooManyWaiting
   */
  waitFor(owner: string, cost: number): Promise<void> | undefined;
}
