/** Port for front doors: what may be done with an object now, and the version by which somebody acts on just what they have seen. */
import type { Caller } from '../caller.ts';
import type { ObjectAction, ObjectNoun } from '../seen-object.ts';
import type { Actions } from './order-pages.ts';

export interface ObjectPage<Noun extends ObjectNoun> {
  /** Changes with whatever of it a person would act on. Opaque to clients. */
  readonly version: string;
  readonly actions: Actions<ObjectAction<Noun>>;
}

export interface ObjectPages {
  /** Read it before the object: then a version is never newer than what is shown with it. @throws {CertError} notFound, forbidden */
  get<Noun extends ObjectNoun>(caller: Caller, noun: Noun, reference: string): Promise<ObjectPage<Noun>>;
}
