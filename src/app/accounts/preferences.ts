/** What people chose for themselves: language, time zone, saved views. It concerns nobody else, and the audit log has nothing of it. */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import type { Preferences } from '../../domain/ports/preferences.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { mostViews, noPreferences, type SavedView } from '../../domain/user-preferences.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { holderOf } from './people.ts';

export function createPreferences({ database }: AppContext): Preferences {
  return {
    async get(caller) {
      const user = await holderOf(database.read, caller.credentialId ?? caller.actor);
      if (user === undefined) return undefined;
      return { user, preferences: (await database.read.userPreferences.get(user.id)) ?? noPreferences(user.id) };
    },

    async change(caller, { language, zone, mutedMails }) {
      if (zone != null) requireZone(zone);
      await database.write(async (tx) => {
        const { id } = await personOf(tx, caller);
        const before = (await tx.userPreferences.get(id)) ?? noPreferences(id);
        await tx.userPreferences.put({
          ...before,
          ...withDefined({ language, zone, mutedMails: mutedMails && [...new Set(mutedMails)] }),
        });
      });
    },

    async putViews(caller, views) {
      requireFew(views);
      return database.write(async (tx) => {
        const { id } = await personOf(tx, caller);
        const before = (await tx.userPreferences.get(id)) ?? noPreferences(id);
        await tx.userPreferences.put({ ...before, views });
        return views;
      });
    },
  };
}

async function personOf(tx: Stores, caller: Caller): Promise<User> {
  const user = await holderOf(tx, caller.credentialId ?? caller.actor);
  if (user === undefined) throw refuse('notFound', { what: 'user', value: caller.actor });
  return user;
}

const zoneForm = /^[A-Za-z][A-Za-z0-9_+/-]{0,59}$/;

/** @throws {CertError} invalidField */
function requireZone(zone: string): void {
  if (zoneForm.test(zone) && isKnownZone(zone)) return;
  throw refuse('fieldInvalid', { field: 'zone', value: quoted(zone), expected: expected.timeZone });
}

function isKnownZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

/** @throws {CertError} invalidField */
function requireFew(views: readonly SavedView[]): void {
  if (views.length > mostViews) {
    const most = expectedOf.integerBetween(0, mostViews);
    throw refuse('fieldInvalid', { field: 'views', value: quoted(views.length), expected: most });
  }
  const taken = new Set<string>();
  for (const { list, name } of views) {
    const key = `${list} ${name}`;
    if (taken.has(key))
      throw refuse('fieldInvalid', { field: 'views', value: quoted(name), expected: expected.onceInList });
    taken.add(key);
  }
}
