/** A change as the stream names it: what has changed, never how. */
export interface Change {
  /** A noun of the API: `orders`. */
  readonly topic: string;
  /** Null: several at once, or what has no id. */
  readonly id: string | null;
}
