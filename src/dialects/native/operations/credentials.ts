/** Users and credentials. */
import { type Credential, nobody, type User } from '../../../domain/account.ts';
import type { AccountId } from '../../../domain/ids.ts';
import type { Role } from '../../../domain/role.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { dialectName } from '../name.ts';
import { pageQueryOf, pageToWire } from '../paging.ts';
import { credentialsApi, usersApi } from '../schema/credentials.ts';
import type { WireCredential, WireUser } from '../schema.ts';
import { accountIdFrom, handled } from '../services.ts';
import { optionalTimeToWire, personToWire, referenceFromWire, timeToWire } from '../values.ts';

export function userToWire(user: User): WireUser {
  return {
    id: user.id,
    number: user.number,
    accountId: user.accountId,
    kind: user.kind,
    username: user.username,
    person: personToWire(user.person),
    containerId: user.containerId,
    roles: [...user.roles],
    state: user.state,
    lastSignInAt: optionalTimeToWire(user.lastSignInAt),
    createdAt: timeToWire(user.createdAt),
  };
}

function credentialToWire(credential: Credential): WireCredential {
  return {
    id: credential.id,
    number: credential.number,
    accountId: credential.accountId,
    userId: credential.userId,
    dialect: credential.dialect,
    publicId: credential.publicId,
    label: credential.label,
    roles: [...credential.roles],
    allowedAddresses: credential.allowedAddresses === null ? null : [...credential.allowedAddresses],
    createdAt: timeToWire(credential.createdAt),
    lastUsedAt: optionalTimeToWire(credential.lastUsedAt),
    ...(credential.expiresAt === null ? {} : { expiresAt: timeToWire(credential.expiresAt) }),
    revokedAt: optionalTimeToWire(credential.revokedAt),
  };
}

/** Roles of a user's key by default. */
function defaultUserRoles(accountId: AccountId | null): readonly Role[] {
  return accountId === null ? ['operator'] : ['requester'];
}

/** Roles of a key by default: to read here, and at the vendors' front doors what their clients need. */
function defaultKeyRoles(accountId: AccountId | null, dialect: string): readonly Role[] {
  if (accountId === null) return ['operator'];
  return dialect === dialectName ? ['viewer'] : ['requester'];
}

export const userOperations = [
  handled(usersApi.list, async (input, { caller, services }) =>
    pageToWire(await services.users.list(caller, pageQueryOf(input)), userToWire),
  ),

  handled(usersApi.create, async (input, session) => {
    const accountId = await accountIdFrom(session, input.account);
    const user = await session.services.users.create(session.caller, {
      accountId,
      username: input.username.toLowerCase(),
      password: input.password,
      roles: input.roles ?? defaultUserRoles(accountId),
      kind: input.kind,
      ...(input.person === undefined ? {} : { person: { ...nobody, ...input.person } }),
      ...(input.container === undefined ? {} : { container: referenceFromWire(input.container) }),
      ...(input.invite ? { invitation: 'required' } : {}),
    });
    return userToWire(user);
  }),

  handled(usersApi.show, async ({ user }, { caller, services }) => userToWire(await services.users.get(caller, user))),

  handled(usersApi.change, async ({ user, roles, person, container }, { caller, services }) => {
    const known = person === undefined ? nobody : (await services.users.get(caller, user)).person;
    const change = {
      ...withDefined({ roles }),
      ...(person === undefined ? {} : { person: { ...known, ...person } }),
      ...(container === undefined ? {} : { container: container === null ? null : referenceFromWire(container) }),
    };
    return userToWire(await services.users.change(caller, user, change));
  }),

  handled(usersApi.invite, async (input, { caller, services }) => {
    const { user, address, url, expiresAt } = await services.users.invite(
      caller,
      input.user,
      input.showLink ? 'link' : 'mail',
    );
    const link = url === null ? {} : { link: url };
    return { user: userToWire(user), address, ...link, expiresAt: timeToWire(expiresAt) };
  }),

  handled(usersApi.disable, async (input, { caller, services }) =>
    userToWire(await services.users.setState(caller, input.user, 'disabled')),
  ),

  handled(usersApi.enable, async (input, { caller, services }) =>
    userToWire(await services.users.setState(caller, input.user, 'active')),
  ),

  handled(usersApi.remove, async (input, { caller, services }) =>
    userToWire(await services.users.remove(caller, input.user)),
  ),
];

export const credentialOperations = [
  handled(credentialsApi.list, async (input, { caller, services }) =>
    pageToWire(await services.credentials.list(caller, pageQueryOf(input)), credentialToWire),
  ),

  handled(credentialsApi.create, async (input, session) => {
    const accountId = await accountIdFrom(session, input.account);
    const holder = input.user === undefined ? null : await session.services.users.get(session.caller, input.user);
    const { credential, secret } = await session.services.credentials.create(session.caller, {
      accountId,
      userId: holder?.id ?? null,
      dialect: input.dialect,
      label: input.label,
      roles: input.roles ?? defaultKeyRoles(accountId, input.dialect),
      allowedAddresses: input.allowedAddresses,
      ...(input.expiresAt === undefined ? {} : { expiresAt: new Date(input.expiresAt) }),
    });
    return {
      credential: credentialToWire(credential),
      clientSettings: session.services.keySettings(credential.dialect, { publicId: credential.publicId, secret }),
    };
  }),

  handled(credentialsApi.change, async ({ credential, expiresAt, ...change }, { caller, services }) => {
    const end = expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) };
    return credentialToWire(await services.credentials.change(caller, credential, { ...change, ...end }));
  }),

  handled(credentialsApi.revoke, async (input, { caller, services }) =>
    credentialToWire(await services.credentials.revoke(caller, input.credential)),
  ),
];
