/** What the page of an object has besides the object: its version, and what may be done with it. */
import type { ObjectAction, ObjectNoun } from '../../../domain/seen-object.ts';
import { objectActions } from '../../../domain/seen-object.ts';
import { actionsToWire } from '../actions-to-wire.ts';
import { entityTag } from '../if-match.ts';
import type { WireAction } from '../schema.ts';
import type { Client } from '../services.ts';

interface Shown<Noun extends ObjectNoun> {
  readonly version: string;
  readonly actions: Record<ObjectAction<Noun>, WireAction>;
}

/** The version is read first: it is never newer than what is shown with it. */
export async function withPage<Noun extends ObjectNoun, T>(
  { caller, services, language, reply }: Client,
  { noun, reference }: { readonly noun: Noun; readonly reference: string },
  show: () => Promise<T>,
): Promise<T & Shown<Noun>> {
  const { version, actions } = await services.objectPages.get(caller, noun, reference);
  const shown = await show();
  reply.headers.set('etag', entityTag(version));
  const names: readonly ObjectAction<Noun>[] = objectActions[noun];
  return { ...shown, version, actions: actionsToWire(names, actions, language) };
}
