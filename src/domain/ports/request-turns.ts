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

export interface WorkCharges {
  /** Counts work that follows from what the owner has sent, so that their next requests begin later for it. */
  charge(owner: string, cost: number): void;
}

/** What a name costs that is to be proved, when it is ordered and again each time that it is looked at in one place: about 0.4 ms of CPU. */
export const costOfUnprovedName = 0.1;

export interface Turn {
  /** May be called twice. */
  end(): void;
}
