/**
 * The way back for the operator of the machine, who lost the token or the password: a new token for the command line, in the place of
 * the one before, and a link by which an operator chooses a password. The password that there is works until the link is used.
 *
 * Whoever calls this has shown that they hold the master key. Nothing else is needed, and nothing else protects it.
 */
import { nobody, type User } from '../../domain/account.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { recordAccount } from './account-event.ts';
import { commandLineKey, commandLineLabel } from './initialize.ts';
import { makeLink } from './invitations.ts';

type ResetContext = Pick<AppContext, 'database' | 'clock' | 'random' | 'keyFormats' | 'publicUrl'>;

export interface OperatorReset {
  readonly username: string;
  readonly publicId: string;
  readonly secret: string;
  readonly link: string;
  readonly linkExpiresAt: Date;
  readonly tokensRevoked: number;
}

const firstName = 'operator';
const usersAtOnce = 200;

/**
 * @param dialect the front door of the command line
 * @param username the operator; the oldest where it is undefined, and a new one where there is none
 * @throws {CertError} notFound for somebody who is no operator
 */
export async function resetOperator(
  context: ResetContext,
  { dialect, username }: { readonly dialect: string; readonly username: string | undefined },
): Promise<OperatorReset> {
  const { database, random, clock } = context;
  const format = context.keyFormats.get(dialect);
  if (format === undefined) throw new Error(`no keys are made for the dialect ${dialect}`);
  const { publicId, secret } = format(random);
  const found =
    username === undefined ? await oldestOperator(database.read) : await operatorNamed(database.read, username);
  return database.write(async (tx) => {
    const at = clock.now();
    const user = await workingOperator(context, tx, found);
    const tokensRevoked = await revokeTokens(tx, user, at);
    await tx.credentials.insert(commandLineKey(context, { user, dialect, publicId, secret, at }));
    const { url, expiresAt } = await makeLink(context, tx, actor, user, 'reset');
    const data = { username: user.username, tokensRevoked, on: 'the machine of the server' };
    await recordAccount(tx, actor, 'operator.reset', { accountId: null, subject: user.id, data, at });
    return { username: user.username, publicId, secret, link: url, linkExpiresAt: expiresAt, tokensRevoked };
  });
}

/** Nobody signed in. */
const actor = { actor: 'system', requestId: null };

const isOperator = ({ accountId, kind, roles, state }: User): boolean =>
  accountId === null && kind === 'person' && roles.includes('operator') && state !== 'removed';

async function operatorNamed(stores: Stores, username: string): Promise<User> {
  const user = await stores.users.getByUsername(username.trim().toLowerCase());
  if (user === undefined || !isOperator(user)) throw refuse('notFound', { what: 'user', value: quoted(username) });
  return user;
}

/** The one of the first start, as a rule. */
async function oldestOperator(stores: Stores): Promise<User | undefined> {
  const first = await stores.users.getByUsername(firstName);
  if (first !== undefined && isOperator(first)) return first;
  let oldest: User | undefined;
  for (let before: number | undefined; ; ) {
    const page = await stores.users.list(null, { limit: usersAtOnce, ...(before === undefined ? {} : { before }) });
    oldest = page.findLast(isOperator) ?? oldest;
    const last = page.at(-1);
    if (last === undefined || page.length < usersAtOnce) return oldest;
    before = last.number;
  }
}

/** An operator who may sign in, as they are now. */
async function workingOperator(context: ResetContext, tx: Stores, found: User | undefined): Promise<User> {
  const user = found === undefined ? undefined : await tx.users.get(found.id);
  if (user === undefined || !isOperator(user)) return newOperator(context, tx);
  if (user.state === 'active' || !(await tx.users.move(user.id, 'disabled', 'active'))) return user;
  const data = { username: user.username };
  await recordAccount(tx, actor, 'user.enabled', { accountId: null, subject: user.id, data, at: context.clock.now() });
  return { ...user, state: 'active' };
}

async function newOperator(context: ResetContext, tx: Stores): Promise<User> {
  let username = firstName;
  for (let i = 2; (await tx.users.getByUsername(username)) !== undefined; i++) username = `${firstName}-${i}`;
  const createdAt = context.clock.now();
  const user = await tx.users.insert({
    id: newId('user', context),
    accountId: null,
    kind: 'person',
    person: nobody,
    containerId: null,
    lastSignInAt: null,
    username,
    passwordHash: null,
    roles: ['operator'],
    state: 'active',
    createdBy: null,
    createdAt,
  });
  const data = { username, roles: ['operator'] };
  await recordAccount(tx, actor, 'user.created', { accountId: null, subject: user.id, data, at: createdAt });
  return user;
}

/** Those of the command line on this machine, which were lost: whoever found one must not keep it. */
async function revokeTokens(tx: Stores, user: User, at: Date): Promise<number> {
  const first = await tx.users.getByUsername(firstName);
  const holders = new Set([user.id, ...(first !== undefined && isOperator(first) ? [first.id] : [])]);
  let revoked = 0;
  for (const holder of holders) {
    for (const { id, dialect, label } of await tx.credentials.listUsableOfUser(holder)) {
      if (label !== commandLineLabel || !(await tx.credentials.moveToRevoked(id, at))) continue;
      revoked++;
      await recordAccount(tx, actor, 'credential.revoked', {
        accountId: null,
        subject: id,
        data: { dialect, label },
        at,
      });
    }
  }
  return revoked;
}
