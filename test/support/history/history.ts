/**
 * What transactions saw of each other. Each adds facts to objects (a line to a ledger, an order to an account), no fact is ever taken
 * back, and each that reads an object sees all facts of some transactions and none of the others: so what it saw says between which of
 * them it stands.
 */

/** A fact belongs to one object, and one transaction adds it. */
export type Fact = string;

export interface RecordedRead {
  readonly object: string;
  readonly facts: ReadonlySet<Fact>;
}

export interface RecordedAddition {
  readonly object: string;
  readonly fact: Fact;
}

export interface RecordedTransaction {
  readonly name: string;
  readonly isCommitted: boolean;
  readonly reads: readonly RecordedRead[];
  readonly additions: readonly RecordedAddition[];
}

export interface History {
  readonly transactions: readonly RecordedTransaction[];
  /** What is there after all of them. */
  readonly end: readonly RecordedRead[];
}

/** What one run of a transaction saw and added. A run that is undone leaves nothing. */
export class RunRecorder {
  readonly reads: RecordedRead[] = [];
  readonly additions: RecordedAddition[] = [];
  readonly #own = new Set<Fact>();

  /** What the transaction itself has added says nothing about others. */
  saw(object: string, facts: Iterable<Fact>): void {
    this.reads.push({ object, facts: new Set([...facts].filter((fact) => !this.#own.has(fact))) });
  }

  adds(object: string, fact: Fact): void {
    this.#own.add(fact);
    this.additions.push({ object, fact });
  }
}
