/** Port for work that begins in turn, so that whoever sends much holds up themselves first. */

export interface RequestTurns {
  /**
   * The owner's turn: at once, or when it has come. Whoever has used the least lately is first. Who has it ends it, whatever comes of the work.
   * @param owner an account, or a network for those who are not known
   * @param cost what the work uses, in comparison; one order of a few names is about 1
   * @throws {CertError} tooManyWaiting
   */
  waitFor(owner: string, cost: number): Turn | Promise<Turn>;
}

export interface Turn {
  /** May be called twice. */
  end(): void;
}
