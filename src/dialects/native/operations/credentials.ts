/** Users and credentials. */
import type { Credential, Role, User } from '../../../domain/account.ts';
import type { AccountId } from '../../../domain/ids.ts';
import { wholeToWire } from '../page.ts';
import { credentialsApi, usersApi } from '../schema/credentials.ts';
import type { WireCredential, WireUser } from '../schema.ts';
import { optionalTimeToWire, timeToWire } from '../wire.ts';
import { accountIdFrom, handled } from './session.ts';

function userToWire(user: User): WireUser {
  return {
    id: user.id,
    accountId: user.accountId,
    username: user.username,
    roles: [...user.roles],
    state: user.state,
    createdAt: timeToWire(user.createdAt),
  };
}

function credentialToWire(credential: Credential): WireCredential {
  return {
    id: credential.id,
    accountId: credential.accountId,
    userId: credential.userId,
    dialect: credential.dialect,
    publicId: credential.publicId,
    label: credential.label,
    roles: [...credential.roles],
    allowedAddresses: credential.allowedAddresses === null ? null : [...credential.allowedAddresses],
    createdAt: timeToWire(credential.createdAt),
    lastUsedAt: optionalTimeToWire(credential.lastUsedAt),
    revokedAt: optionalTimeToWire(credential.revokedAt),
  };
}

/** What somebody gets who asks for no role: the least that is of use. */
function defaultRoles(accountId: AccountId | null): readonly Role[] {
  return accountId === null ? ['operator'] : ['requester'];
}

export const userOperations = [
  handled(usersApi.list, async (_, { caller, services }) =>
    wholeToWire(await services.administration.users(caller), userToWire),
  ),

  handled(usersApi.create, async (input, session) => {
    const accountId = await accountIdFrom(session, input.account);
    const user = await session.services.administration.createUser(session.caller, {
      accountId,
      username: input.username.toLowerCase(),
      password: input.password,
      roles: input.roles ?? defaultRoles(accountId),
    });
    return userToWire(user);
  }),

  handled(usersApi.disable, async (input, { caller, services }) =>
    userToWire(await services.administration.disableUser(caller, input.user)),
  ),

  handled(usersApi.enable, async (input, { caller, services }) =>
    userToWire(await services.administration.enableUser(caller, input.user)),
  ),
];

export const credentialOperations = [
  handled(credentialsApi.list, async (_, { caller, services }) =>
    wholeToWire(await services.administration.credentials(caller), credentialToWire),
  ),

  handled(credentialsApi.create, async (input, session) => {
    const accountId = await accountIdFrom(session, input.account);
    const { credential, secret } = await session.services.administration.createCredential(session.caller, {
      accountId,
      userId: null,
      dialect: input.dialect,
      label: input.label,
      roles: input.roles ?? defaultRoles(accountId),
      allowedAddresses: input.allowedAddresses,
    });
    return {
      credential: credentialToWire(credential),
      clientSettings: session.services.keySettings(credential.dialect, { publicId: credential.publicId, secret }),
    };
  }),

  handled(credentialsApi.revoke, async (input, { caller, services }) =>
    credentialToWire(await services.administration.revokeCredential(caller, input.credential)),
  ),
];
