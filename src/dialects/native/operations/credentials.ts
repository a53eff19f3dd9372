/** Users and credentials. */
import { type Credential, nobody, type User } from '../../../domain/account.ts';
import type { AccountId } from '../../../domain/ids.ts';
import type { Role } from '../../../domain/role.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { dialectName } from '../name.ts';
import { pageQueryOf } from '../paging.ts';
import { credentialsApi, usersApi } from '../schema/credentials.ts';
import type { WireCredential, WireUser } from '../schema.ts';
import { accountIdFrom, handled } from '../services.ts';
import { optionalTimeToWire, personToWire, referenceFromWire, timeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire, oneToWire } from './actors.ts';
import { withPage } from './object-page.ts';

export const userNaming: NamingActors<User, WireUser> = {
  idsOf: ({ createdBy }) => [createdBy],
  toWire: (user, actors) => ({
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
    createdBy: actors.ofOptional(user.createdBy),
    createdAt: timeToWire(user.createdAt),
  }),
};

const credentialNaming: NamingActors<Credential, WireCredential> = {
  idsOf: ({ userId, createdBy }) => [userId, createdBy],
  toWire: (credential, actors) => ({
    id: credential.id,
    number: credential.number,
    accountId: credential.accountId,
    userId: credential.userId,
    holder: actors.ofOptional(credential.userId),
    dialect: credential.dialect,
    publicId: credential.publicId,
    label: credential.label,
    roles: [...credential.roles],
    allowedAddresses: credential.allowedAddresses === null ? null : [...credential.allowedAddresses],
    createdBy: actors.ofOptional(credential.createdBy),
    createdAt: timeToWire(credential.createdAt),
    lastUsedAt: optionalTimeToWire(credential.lastUsedAt),
    lastUsedAddress: credential.lastUsedAddress,
    ...(credential.expiresAt === null ? {} : { expiresAt: timeToWire(credential.expiresAt) }),
    revokedAt: optionalTimeToWire(credential.revokedAt),
  }),
};

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
  handled(usersApi.list, async (input, session) => {
    const { account, text, state, role } = input;
    const query = { ...pageQueryOf(input), ...withDefined({ account, text, state, role }) };
    return namedPageToWire(session, await session.services.users.find(session.caller, query), userNaming);
  }),

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
    return oneToWire(session, user, userNaming);
  }),

  handled(usersApi.show, ({ user }, session) =>
    withPage(session, { noun: 'user', reference: user }, async () =>
      oneToWire(session, await session.services.users.get(session.caller, user), userNaming),
    ),
  ),

  handled(usersApi.change, async ({ user, roles, person, container }, session) => {
    const { caller, services } = session;
    const known = person === undefined ? nobody : (await services.users.get(caller, user)).person;
    const change = {
      ...withDefined({ roles }),
      ...(person === undefined ? {} : { person: { ...known, ...person } }),
      ...(container === undefined ? {} : { container: container === null ? null : referenceFromWire(container) }),
    };
    return oneToWire(session, await services.users.change(caller, user, change), userNaming);
  }),

  handled(usersApi.invite, async (input, session) => {
    const { caller, services } = session;
    const { user, address, url, expiresAt } = await services.users.invite(
      caller,
      input.user,
      input.showLink ? 'link' : 'mail',
    );
    const link = url === null ? {} : { link: url };
    return { user: await oneToWire(session, user, userNaming), address, ...link, expiresAt: timeToWire(expiresAt) };
  }),

  handled(usersApi.disable, async (input, session) =>
    oneToWire(session, await session.services.users.setState(session.caller, input.user, 'disabled'), userNaming),
  ),

  handled(usersApi.enable, async (input, session) =>
    oneToWire(session, await session.services.users.setState(session.caller, input.user, 'active'), userNaming),
  ),

  handled(usersApi.remove, async (input, session) =>
    oneToWire(session, await session.services.users.remove(session.caller, input.user), userNaming),
  ),
];

export const credentialOperations = [
  handled(credentialsApi.list, async (input, session) => {
    const { account, user, acmeKey, dialect, text, unusedSince, revoked } = input;
    const filter = withDefined({
      account,
      user,
      externalAccountKey: acmeKey === undefined ? undefined : referenceFromWire(acmeKey),
      dialect,
      text,
      unusedSince: unusedSince === undefined ? undefined : new Date(unusedSince),
      isRevoked: revoked === undefined ? undefined : revoked === 'true',
    });
    const query = { ...pageQueryOf(input), ...filter };
    return namedPageToWire(session, await session.services.credentials.find(session.caller, query), credentialNaming);
  }),

  handled(credentialsApi.show, ({ credential }, session) =>
    withPage(session, { noun: 'credential', reference: credential }, async () =>
      oneToWire(session, await session.services.credentials.get(session.caller, credential), credentialNaming),
    ),
  ),

  handled(credentialsApi.create, async (input, session) => {
    const accountId = await accountIdFrom(session, input.account);
    const holder = input.user === undefined ? null : await session.services.users.get(session.caller, input.user);
    const { credential, secret } = await session.services.credentials.create(session.caller, {
      accountId,
      userId: holder?.id ?? null,
      dialect: input.dialect,
      label: input.label,
      roles:
        input.roles ??
        (accountId === null && holder !== null ? holder.roles : defaultKeyRoles(accountId, input.dialect)),
      allowedAddresses: input.allowedAddresses,
      ...(input.expiresAt === undefined ? {} : { expiresAt: new Date(input.expiresAt) }),
    });
    return {
      credential: await oneToWire(session, credential, credentialNaming),
      clientSettings: session.services.keySettings(credential.dialect, { publicId: credential.publicId, secret }),
    };
  }),

  handled(credentialsApi.change, async ({ credential, expiresAt, ...change }, session) => {
    const { caller, services } = session;
    const end = expiresAt === undefined ? {} : { expiresAt: expiresAt === null ? null : new Date(expiresAt) };
    const changed = await services.credentials.change(caller, credential, { ...change, ...end });
    return oneToWire(session, changed, credentialNaming);
  }),

  handled(credentialsApi.revoke, async (input, session) =>
    oneToWire(session, await session.services.credentials.revoke(session.caller, input.credential), credentialNaming),
  ),
];
