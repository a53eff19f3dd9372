/** People behind the actors that the audit log, orders and requests name. */
import type { Caller } from '../../domain/caller.ts';
import { type CredentialId, isId, type UserId } from '../../domain/ids.ts';
import type { ActorView, Users } from '../../domain/ports/users.ts';
import type { AppContext } from '../context.ts';
import { isWithin } from '../scope.ts';

export function createActors({ database: { read } }: AppContext): Pick<Users, 'actor'> {
  async function find(id: UserId | CredentialId | null): Promise<ActorView | undefined> {
    if (id === null) return undefined;
    if (isId('user', id)) {
      const user = await read.users.get(id);
      return user && { number: user.number, user, credential: null };
    }
    const credential = isId('credential', id) ? await read.credentials.get(id) : undefined;
    if (credential === undefined) return undefined;
    const user = credential.userId === null ? null : ((await read.users.get(credential.userId)) ?? null);
    return { number: user?.number ?? credential.number, user, credential };
  }

  return {
    async actor(caller, id) {
      const found = await find(id);
      return found !== undefined && isTheirs(caller, found) ? found : undefined;
    },
  };
}

function isTheirs(caller: Caller, { user, credential }: ActorView): boolean {
  return isWithin(caller, (user ?? credential)?.accountId ?? null);
}
