/** People behind the actors that the audit log, orders and requests name. */
import type { Credential, User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { isId } from '../../domain/ids.ts';
import type { ActorView, NamedActor, Users } from '../../domain/ports/users.ts';
import type { AppContext } from '../context.ts';
import { isWithin } from '../scope.ts';

export function createActors({ database: { read } }: AppContext): Pick<Users, 'actor' | 'actors'> {
  async function find(id: string | null): Promise<ActorView | undefined> {
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

    async actors(caller, ids) {
      return Promise.all([...new Set(ids)].map(async (id) => named(caller, id, await find(id))));
    },
  };
}

function isTheirs(caller: Caller, { user, credential }: ActorView): boolean {
  return isWithin(caller, (user ?? credential)?.accountId ?? null);
}

function named(caller: Caller, id: string, found: ActorView | undefined): NamedActor {
  if (found === undefined) return { id, kind: id === 'system' ? 'system' : 'unknown', name: '', credential: null };
  const { user, credential } = found;
  if (!isTheirs(caller, found)) return { id, kind: 'operator', name: '', credential: null };
  const label = credential === null ? null : labelOf(credential);
  if (user === null) return { id, kind: 'key', name: label ?? '', credential: label };
  return { id, kind: user.kind, name: nameOf(user), credential: label };
}

function labelOf({ label, publicId }: Credential): string {
  return label === '' ? publicId : label;
}

function nameOf({ person, username }: User): string {
  const name = `${person.firstName} ${person.lastName}`.trim();
  return name === '' ? username : name;
}
