/** The first start: an operator who can sign in and a token for the command line. */

import { type Credential, nobody, type User } from '../../domain/account.ts';
import { base32, newId } from '../../domain/ids.ts';
import type { AppContext } from '../context.ts';
import { hashPassword, hashSecret } from './passwords.ts';

export interface FirstOperator {
  readonly username: string;
  /** Shown once, stored only as a hash. */
  readonly password: string;
  readonly publicId: string;
  readonly secret: string;
}

const settingKey = 'initialized';

/**
 * Makes the operator if the installation has none. The token is handed to `keepToken` before the database knows it: a
 * crash in between leaves a token that opens nothing, and the next start makes a new one.
 * @returns the operator's secrets at the first start, undefined at every later one
 */
export async function initialize(
  context: AppContext,
  dialect: string,
  keepToken: (token: { readonly publicId: string; readonly secret: string }) => Promise<void>,
): Promise<FirstOperator | undefined> {
  const { database, random, clock } = context;
  if ((await database.read.settings.get(settingKey)) !== undefined) return undefined;
  const format = context.keyFormats.get(dialect);
  if (format === undefined) throw new Error(`no keys are made for the dialect ${dialect}`);
  const { publicId, secret } = format(random);
  // 100 random bits, in groups that can be read out and typed.
  const password = base32(random.bytes(13))
    .slice(0, 20)
    .replace(/(.{5})(?=.)/g, '$1-');
  const user: Omit<User, 'number'> = {
    id: newId('user', context),
    accountId: null,
    kind: 'person',
    person: nobody,
    containerId: null,
    lastSignInAt: null,
    username: 'operator',
    passwordHash: await hashPassword(password, context),
    roles: ['operator'],
    state: 'active',
    createdBy: null,
    createdAt: clock.now(),
  };
  await keepToken({ publicId, secret });
  const isFirst = await database.write(async (tx) => {
    if ((await tx.settings.get(settingKey)) !== undefined) return false;
    await tx.users.insert(user);
    await tx.credentials.insert(commandLineKey(context, { user, dialect, publicId, secret, at: user.createdAt }));
    await tx.settings.put(settingKey, { at: user.createdAt.toISOString() });
    await tx.events.append({
      kind: 'server.initialized',
      accountId: null,
      actor: 'system',
      subject: user.id,
      data: { username: user.username },
      requestId: null,
      at: user.createdAt,
    });
    return true;
  });
  if (!isFirst) return undefined;
  return { username: user.username, password, publicId, secret };
}

/** The label of the key of the command line on the machine of the server. */
export const commandLineLabel = 'command line on the server';

/** That key, as it is stored. */
export function commandLineKey(
  context: Pick<AppContext, 'clock' | 'random'>,
  {
    user,
    dialect,
    publicId,
    secret,
    at,
  }: {
    readonly user: Pick<User, 'id' | 'roles'>;
    readonly dialect: string;
    readonly publicId: string;
    readonly secret: string;
    readonly at: Date;
  },
): Omit<Credential, 'number'> {
  return {
    id: newId('credential', context),
    accountId: null,
    userId: user.id,
    dialect,
    publicId,
    secretHash: hashSecret(secret),
    key: null,
    externalAccountKeyId: null,
    dialectData: {},
    label: commandLineLabel,
    roles: user.roles,
    allowedAddresses: null,
    createdBy: null,
    createdAt: at,
    lastUsedAt: null,
    lastUsedAddress: null,
    expiresAt: null,
    revokedAt: null,
  };
}
