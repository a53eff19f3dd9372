/** The keys of an account's software, as those manage them who may. */
import type { Credential } from '../domain/account.ts';
import { checkAddressRange } from '../domain/address-range.ts';
import { quoted, refuse } from '../domain/errors.ts';
import { isId } from '../domain/ids.ts';
import type { Administration, Caller } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import { recordAccount } from './account-event.ts';
import type { AppContext } from './context.ts';
import { pageOf } from './page.ts';
import { requireGrant, requireWithin } from './roles.ts';
import { findAccount, mayManage, requireManagerOf, requireRole } from './scope.ts';
import { createCredential } from './sign-in.ts';

const longestLabel = 200;

type CredentialUseCases = Pick<
  Administration,
  'createCredential' | 'credentials' | 'changeCredential' | 'revokeCredential'
>;

export function createCredentials(context: AppContext): CredentialUseCases {
  const { database, clock } = context;
  const read = database.read;

  return {
    async createCredential(caller, request) {
      requireManagerOf(caller, request.accountId, request.roles);
      requireGrant(caller, request.roles);
      for (const range of request.allowedAddresses ?? []) checkAddressRange(range, 'allowedAddresses');
      if (request.accountId !== null) await findAccount(read, caller, request.accountId);
      if (request.userId !== null) {
        const user = await read.users.get(request.userId);
        if (user === undefined || user.accountId !== request.accountId) {
          throw refuse('notFound', { what: 'user', value: quoted(request.userId) });
        }
        requireGrant(caller, user.roles);
      }
      return createCredential(context, request, caller);
    },

    async credentials(caller, page) {
      requireRole(caller, 'administrator', 'userManager');
      const found = await read.credentials.list(caller.accountId, { ...page, limit: page.limit + 1 });
      return pageOf(found, page.limit, ({ number }) => number);
    },

    async changeCredential(caller, idOrNumber, { label, roles }) {
      const { id } = await findCredential(read, caller, idOrNumber);
      if (label !== undefined && label.length > longestLabel) {
        const expected = { en: `at most ${longestLabel} characters`, zh: `至多 ${longestLabel} 个字符` };
        throw refuse('fieldInvalid', { field: 'label', value: quoted(label), expected });
      }
      return database.write(async (tx) => {
        const before = await findCredential(tx, caller, id);
        requireGrant(caller, before.roles);
        if (before.revokedAt !== null) {
          throw refuse('wrongState', {
            what: 'credential',
            value: String(before.number),
            state: 'revoked',
            needed: 'active',
          });
        }
        if (roles !== undefined) {
          requireManagerOf(caller, before.accountId, roles);
          requireGrant(caller, roles);
          const user = before.userId === null ? undefined : await tx.users.get(before.userId);
          if (user !== undefined) requireWithin(user.roles, roles);
        }
        const change = { ...(label === undefined ? {} : { label }), ...(roles === undefined ? {} : { roles }) };
        if (Object.keys(change).length === 0) return before;
        await tx.credentials.update(id, change);
        await recordAccount(tx, caller, 'credential.changed', {
          accountId: before.accountId,
          subject: id,
          data: change,
          at: clock.now(),
        });
        return { ...before, ...change };
      });
    },

    async revokeCredential(caller, idOrNumber) {
      const credential = await findCredential(read, caller, idOrNumber);
      requireGrant(caller, credential.roles);
      const revokedAt = clock.now();
      return database.write(async (tx) => {
        if (!(await tx.credentials.moveToRevoked(credential.id, revokedAt))) return credential;
        await recordAccount(tx, caller, 'credential.revoked', {
          accountId: credential.accountId,
          subject: credential.id,
          data: { dialect: credential.dialect, label: credential.label },
          at: revokedAt,
        });
        return { ...credential, revokedAt } satisfies Credential;
      });
    },
  };
}

/** One that the caller may manage. @throws {CertError} notFound */
async function findCredential(stores: Stores, caller: Caller, idOrNumber: string): Promise<Credential> {
  const credential = /^[0-9]{1,10}$/.test(idOrNumber)
    ? await stores.credentials.getByNumber(Number(idOrNumber))
    : isId('credential', idOrNumber)
      ? await stores.credentials.get(idOrNumber)
      : undefined;
  if (credential === undefined || !mayManage(caller, credential.accountId)) {
    throw refuse('notFound', { what: 'credential', value: quoted(idOrNumber) });
  }
  return credential;
}
