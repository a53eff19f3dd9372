/** People behind the actors that the audit log, orders and requests name. */
import type { Credential, User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { type CredentialId, isId, type UserId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { ActorView, NamedActor, Users } from '../../domain/ports/users.ts';
import type { AppContext } from '../context.ts';
import { isWithin } from '../scope.ts';

export function createActors({ database: { read } }: AppContext): Pick<Users, 'actor' | 'actors'> {
  return {
    async actor(caller, id) {
      const found = id === null ? undefined : await find(read, id);
      return found !== undefined && isTheirs(caller, found) ? found : undefined;
    },

    async actors(caller, ids) {
      const wanted = [...new Set(ids)];
      const [only] = wanted;
      // One alone is often in memory: the caller's own key, for whoever has just done something.
      const found = wanted.length === 1 && only !== undefined ? findOne(read, only) : findAll(read, wanted);
      const views = await found;
      return wanted.map((id) => named(caller, id, views.get(id)));
    },
  };
}

async function findOne(read: Stores, id: string): Promise<ReadonlyMap<string, ActorView>> {
  const view = await find(read, id);
  return new Map(view === undefined ? [] : [[id, view]]);
}

async function find(read: Stores, id: string): Promise<ActorView | undefined> {
  if (isId('user', id)) {
    const user = await read.users.get(id);
    return user && viewOf(user, null);
  }
  const credential = isId('credential', id) ? await read.credentials.get(id) : undefined;
  if (credential === undefined) return undefined;
  return viewOf(credential.userId === null ? null : ((await read.users.get(credential.userId)) ?? null), credential);
}

/** However many there are: one look-up of keys, and one of users. */
async function findAll(read: Stores, ids: readonly string[]): Promise<ReadonlyMap<string, ActorView>> {
  const keyIds = ids.filter((id): id is CredentialId => isId('credential', id));
  const credentials = keyIds.length === 0 ? [] : await read.credentials.listByIds(keyIds);
  const holders = credentials.map(({ userId }) => userId).filter((id) => id !== null);
  const userIds = new Set([...ids.filter((id): id is UserId => isId('user', id)), ...holders]);
  const users = userIds.size === 0 ? [] : await read.users.listByIds([...userIds]);
  const byId = new Map<string, User>(users.map((user) => [user.id, user]));
  return new Map<string, ActorView>([
    ...users.map((user) => [user.id, viewOf(user, null)] as const),
    ...credentials.map((one) => [one.id, viewOf(byId.get(one.userId ?? '') ?? null, one)] as const),
  ]);
}

function viewOf(user: User, credential: null): ActorView;
function viewOf(user: User | null, credential: Credential): ActorView;
function viewOf(user: User | null, credential: Credential | null): ActorView {
  return { number: user?.number ?? credential?.number ?? 0, user, credential };
}

/** Actors who are no user and no key. */
const nobodies: ReadonlyMap<string, NamedActor['kind']> = new Map([
  ['system', 'system'],
  ['reader', 'reader'],
]);

function isTheirs(caller: Caller, { user, credential }: ActorView): boolean {
  return isWithin(caller, (user ?? credential)?.accountId ?? null);
}

function named(caller: Caller, id: string, found: ActorView | undefined): NamedActor {
  if (found === undefined) return { id, kind: nobodies.get(id) ?? 'unknown', name: '', credential: null };
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
