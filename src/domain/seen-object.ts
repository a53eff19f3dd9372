/** Objects that people manage: what can be done with each kind, and one of them as somebody has seen it. */

/** What can be done with each kind of object; each is a call of its own. */
export const objectActions = {
  account: ['change', 'credit'],
  user: ['change', 'disable', 'enable', 'remove'],
  credential: ['change', 'revoke'],
  organization: ['ask', 'verify', 'reject', 'activate', 'deactivate', 'remove'],
  managedDomain: ['check', 'chooseMethod', 'renew', 'activate', 'deactivate', 'remove'],
  webhook: ['change', 'test', 'replayFailed', 'remove'],
  product: ['change'],
} as const;

export type ObjectNoun = keyof typeof objectActions;
export type ObjectAction<Noun extends ObjectNoun> = (typeof objectActions)[Noun][number];

/** Nouns that have a version. */
export type VersionedNoun = ObjectNoun | 'order';

/** An object as the caller has seen it. */
export interface SeenObject {
  readonly noun: VersionedNoun;
  /** Id or number; of a user also the user name, of a product its code: `encryption365:100`. */
  readonly reference: string;
  readonly version: string;
}
