/** Who calls, and what they chose for themselves. */
import { isOperator } from '../../../domain/caller.ts';
import type { Role } from '../../../domain/role.ts';
import { rolesOfOperations } from '../operation-roles.ts';
import { meApi } from '../schema/me.ts';
import { api, type WireMe } from '../schema.ts';
import { type Client, handled } from '../services.ts';
import { accountToWire } from './accounts.ts';
import { namedActors } from './actors.ts';
import { sessionToWire } from './sessions.ts';

const operationIds = Object.values<Readonly<Record<string, { readonly id: string }>>>(api)
  .flatMap((endpoints) => Object.values(endpoints).map(({ id }) => id))
  .toSorted();

/** The operations that the caller's roles allow, as the server decides about each (`withRoles`). */
function mayCall({ caller }: Pick<Client, 'caller'>): string[] {
  const table: Readonly<Record<string, readonly Role[]>> = rolesOfOperations;
  return operationIds.filter((id) => {
    const roles = Object.hasOwn(table, id) ? table[id] : undefined;
    return roles === undefined || isOperator(caller) || roles.some((role) => caller.roles.includes(role));
  });
}

async function meToWire(session: Client): Promise<WireMe> {
  const { caller, services } = session;
  const [current, person] = await Promise.all([services.sessions.current(caller), services.preferences.get(caller)]);
  return {
    actor: (await namedActors(session, [caller.actor])).of(caller.actor),
    credentialId: caller.credentialId,
    roles: [...caller.roles],
    account: caller.scope === 'all' ? null : accountToWire(await services.accounts.get(caller)),
    user: person === undefined ? null : await userToWire(session, person),
    session:
      current === undefined ? null : sessionToWire(current, { now: services.clock.now(), currentId: caller.sessionId }),
    may: mayCall(session),
    server: { version: services.version, publicUrl: services.publicUrl },
  };
}

type Person = NonNullable<Awaited<ReturnType<Client['services']['preferences']['get']>>>;

async function userToWire(session: Client, { user, preferences }: Person): Promise<NonNullable<WireMe['user']>> {
  const { id, number, username } = user;
  const { name } = (await namedActors(session, [id])).of(id);
  const { language, zone, mutedMails } = preferences;
  return { id, number, username, name, language, zone, mutedMails: [...mutedMails] };
}

export const meOperations = [
  handled(meApi.show, (_, session) => meToWire(session)),

  handled(meApi.change, async (change, session) => {
    await session.services.preferences.change(session.caller, change);
    return meToWire(session);
  }),

  handled(meApi.views, async (_, { caller, services }) => {
    const person = await services.preferences.get(caller);
    return { views: person === undefined ? [] : person.preferences.views.map((view) => ({ ...view })) };
  }),

  handled(meApi.putViews, async ({ views }, { caller, services }) => ({
    views: (await services.preferences.putViews(caller, views)).map((view) => ({ ...view })),
  })),
];
