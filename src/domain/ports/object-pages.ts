/** Port for front doors: what may be done with an object now, and the version by which somebody acts on just what they have seen. */
import type { Caller } from '../caller.ts';
import type { Actions } from './order-pages.ts';

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

export interface ObjectPage<Noun extends ObjectNoun> {
  /** Changes with whatever of it a person would act on. Opaque to clients. */
  readonly version: string;
  readonly actions: Actions<ObjectAction<Noun>>;
}

export interface ObjectPages {
  /** Read it before the object: then a version is never newer than what is shown with it. @throws {CertError} notFound, forbidden */
  get<Noun extends ObjectNoun>(caller: Caller, noun: Noun, reference: string): Promise<ObjectPage<Noun>>;
}
