/** Store of requests with an idempotency key. The contract of every store is in `index.ts`. */

export interface AnsweredRequest {
  /** A hash of whose the key is, and of the key. */
  readonly id: string;
  /** A keyed hash of what was requested. */
  readonly fingerprint: string;
  /** Of the request that holds the key: the events of what it did name it. */
  readonly requestId: string;
  /** The process that answers it: a random name, another one after every start. */
  readonly process: string;
  /** Nobody else takes it up before. */
  readonly heldUntil: Date;
  /** Null: there is no answer yet. */
  readonly sealedAnswer: Uint8Array | null;
  readonly expiresAt: Date;
}

export interface AnsweredRequestStore {
  get(id: string): Promise<AnsweredRequest | undefined>;
  /** Inserts it, or replaces the one with its id. */
  put(request: AnsweredRequest): Promise<void>;
  /** Gives the request that holds the key its answer. False where another one holds it by now. */
  moveToAnswered(
    held: Pick<AnsweredRequest, 'id' | 'requestId'>,
    answer: { readonly sealedAnswer: Uint8Array; readonly expiresAt: Date },
  ): Promise<boolean>;
  /** Lets others take it up from then on. False where another one holds it by now, or it is answered. */
  moveHold(held: Pick<AnsweredRequest, 'id' | 'requestId'>, heldUntil: Date): Promise<boolean>;
  /** Forgets it. False where another one holds it by now, or it is answered. */
  remove(held: Pick<AnsweredRequest, 'id' | 'requestId'>): Promise<boolean>;
  /** Removes those that are over at `now`, at most so many. @returns how many */
  purge(now: Date, limit: number): Promise<number>;
}
