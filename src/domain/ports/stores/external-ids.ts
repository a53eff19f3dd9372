/** Store of the ids in vendors' formats. */

/** Ids that are not numbers. Unique by kind and never used again. */
export interface ExternalIdStore {
  /** False when the value is taken. */
  insert(kind: string, value: string, objectId: string): Promise<boolean>;
  get(kind: string, value: string): Promise<string | undefined>;
}
