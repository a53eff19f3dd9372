/** Objects that people manage: their version, and what may be done with them. */
import type { ObjectPages } from '../../domain/ports/object-pages.ts';
import type { ObjectNoun } from '../../domain/seen-object.ts';
import type { AppContext } from '../context.ts';
import { actionsBy } from '../refusal-of.ts';
import { rulesOfObjects } from './object-actions.ts';
import { versionedObjects, versionOfObject } from './object-versions.ts';

export function createObjectPages({ database: { read } }: AppContext): ObjectPages {
  return {
    async get<Noun extends ObjectNoun>(caller: Parameters<ObjectPages['get']>[0], noun: Noun, reference: string) {
      const object = await versionedObjects[noun].find(read, caller, reference);
      const version = await versionOfObject(read, noun, object);
      return { version, actions: await actionsBy(rulesOfObjects[noun](read, caller, object)) };
    },
  };
}
