/** Users as those name them who may see them: by id, number or user name. */
import type { User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { isWithin } from '../scope.ts';

export function canonicalUsername(text: string): string {
  return text.trim().toLowerCase();
}

/** One of the caller's account, by id, number or user name. @throws {CertError} notFound */
export async function findSeen(stores: Stores, caller: Caller, reference: string): Promise<User> {
  const user = isId('user', reference)
    ? await stores.users.get(reference)
    : ((await byNumber(stores, reference)) ?? (await stores.users.getByUsername(canonicalUsername(reference))));
  if (user === undefined || !isWithin(caller, user.accountId)) {
    throw refuse('notFound', { what: 'user', value: quoted(reference) });
  }
  return user;
}

async function byNumber(stores: Stores, reference: string): Promise<User | undefined> {
  return /^[0-9]{1,10}$/.test(reference) ? stores.users.getByNumber(Number(reference)) : undefined;
}
