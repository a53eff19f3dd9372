/** Accounts, users, keys and money, as the operator and an account's administrator manage them. */
import type { Account, Credential, Role, User } from '../domain/account.ts';
import { checkAddressRange } from '../domain/address-range.ts';
import { quoted, refuse } from '../domain/errors.ts';
import type { EventKind } from '../domain/event.ts';
import { parseIdentifier } from '../domain/identifier.ts';
import { type AccountId, isId, newId } from '../domain/ids.ts';
import type { Administration, Caller, Page } from '../domain/platform.ts';
import type { Stores } from '../domain/stores.ts';
import type { AppContext } from './context.ts';
import { hashPassword } from './passwords.ts';
import { isOperator, requireRole } from './scope.ts';
import { createCredential } from './sign-in.ts';

const minPasswordLength = 10;
/** Far more than certificates cost, and a thousand of them still add up exactly. */
const largestCreditMinor = 1_000_000_000_000;

export function createAdministration(context: AppContext): Administration {
  const { database, clock } = context;
  const read = database.read;

  function record(tx: Stores, caller: Caller, kind: EventKind, event: EventDetail): Promise<void> {
    const { accountId, subject, data } = event;
    return tx.events.append({
      kind,
      accountId,
      actor: caller.actor,
      subject,
      data,
      requestId: caller.requestId,
      at: clock.now(),
    });
  }

  return {
    async createAccount(caller, request) {
      requireRole(caller, 'operator');
      if (!/^[A-Z]{3}$/.test(request.currency)) {
        const expected = 'an ISO 4217 code like CNY';
        throw refuse('fieldInvalid', { field: 'currency', value: quoted(request.currency), expected });
      }
      // As orders' names are compared: lower case, A-labels.
      const allowedNames = request.allowedNames?.map((name) => parseIdentifier(name, 'allowedNames').value) ?? null;
      return database.write(async (tx) => {
        const account = await tx.accounts.insert({
          ...request,
          allowedNames,
          id: newId('account', context),
          state: 'active',
          balanceMinor: 0,
          createdAt: clock.now(),
        });
        await record(tx, caller, 'account.created', {
          accountId: account.id,
          subject: account.id,
          data: { name: account.name },
        });
        return account;
      });
    },

    async accounts(caller, page) {
      requireRole(caller, 'operator');
      return pageOf(await read.accounts.list({ ...page, limit: page.limit + 1 }), page.limit, (item) => item.number);
    },

    async account(caller, idOrNumber) {
      return findAccount(read, caller, idOrNumber);
    },

    async creditAccount(caller, idOrNumber, { amountMinor, note }) {
      requireRole(caller, 'operator');
      if (!Number.isSafeInteger(amountMinor) || amountMinor === 0 || Math.abs(amountMinor) > largestCreditMinor) {
        const expected = `a whole number of minor units other than 0, at most ${largestCreditMinor}`;
        throw refuse('fieldInvalid', { field: 'amountMinor', value: quoted(amountMinor), expected });
      }
      const account = await findAccount(read, caller, idOrNumber);
      return database.write(async (tx) => {
        const entry = await tx.ledger.append({
          id: newId('ledgerEntry', context),
          accountId: account.id,
          kind: 'credit',
          amountMinor,
          currency: account.currency,
          orderId: null,
          note,
          at: clock.now(),
        });
        if (entry === undefined) {
          const expected = 'no more than the balance when it is negative';
          throw refuse('fieldInvalid', { field: 'amountMinor', value: quoted(amountMinor), expected });
        }
        await record(tx, caller, 'account.credited', {
          accountId: account.id,
          subject: account.id,
          data: { amountMinor, currency: account.currency, note },
        });
        return entry;
      });
    },

    async ledger(caller, idOrNumber, limit) {
      const account = await findAccount(read, caller, idOrNumber);
      return read.ledger.list(account.id, limit);
    },

    async createUser(caller, request) {
      requireManagerOf(caller, request.accountId, request.roles);
      const username = request.username.trim().toLowerCase();
      if (username === '' || username.length > 254) {
        const expected = '1 to 254 characters';
        throw refuse('fieldInvalid', { field: 'username', value: quoted(username), expected });
      }
      if (request.password.length < minPasswordLength) {
        const expected = `at least ${minPasswordLength} characters long`;
        throw refuse('fieldInvalid', { field: 'password', value: '[secret]', expected });
      }
      if (request.accountId !== null) await findAccount(read, caller, request.accountId);
      const passwordHash = await hashPassword(request.password, context.random);
      return database.write(async (tx) => {
        if ((await tx.users.getByUsername(username)) !== undefined) {
          throw refuse('alreadyExists', { what: 'user', value: username });
        }
        const user: User = {
          id: newId('user', context),
          accountId: request.accountId,
          username,
          passwordHash,
          roles: request.roles,
          state: 'active',
          createdAt: clock.now(),
        };
        await tx.users.insert(user);
        await record(tx, caller, 'user.created', {
          accountId: user.accountId,
          subject: user.id,
          data: { username, roles: [...user.roles] },
        });
        return user;
      });
    },

    async users(caller) {
      requireRole(caller, 'administrator');
      return read.users.list(caller.accountId);
    },

    async createCredential(caller, request) {
      requireManagerOf(caller, request.accountId, request.roles);
      for (const range of request.allowedAddresses ?? []) checkAddressRange(range, 'allowedAddresses');
      if (request.accountId !== null) await findAccount(read, caller, request.accountId);
      if (request.userId !== null) await findUser(read, request.userId, request.accountId);
      return createCredential(context, request, caller);
    },

    async credentials(caller) {
      requireRole(caller, 'administrator');
      return read.credentials.list(caller.accountId);
    },

    async revokeCredential(caller, id) {
      const credential = isId('credential', id) ? await read.credentials.get(id) : undefined;
      if (credential === undefined || !mayManage(caller, credential.accountId)) {
        throw refuse('notFound', { what: 'credential', value: quoted(id) });
      }
      const revokedAt = clock.now();
      return database.write(async (tx) => {
        if (!(await tx.credentials.moveToRevoked(credential.id, revokedAt))) return credential;
        await record(tx, caller, 'credential.revoked', {
          accountId: credential.accountId,
          subject: credential.id,
          data: { dialect: credential.dialect, label: credential.label },
        });
        return { ...credential, revokedAt } satisfies Credential;
      });
    },

    async changeProduct(caller, dialect, code, change) {
      requireRole(caller, 'operator');
      return database.write(async (tx) => {
        const product = await tx.products.getByCode(dialect, code);
        if (product === undefined) throw refuse('notFound', { what: 'product', value: `${dialect}:${code}` });
        const changed = { ...product, ...change };
        await tx.products.put(changed);
        await record(tx, caller, 'product.changed', {
          accountId: null,
          subject: product.id,
          data: { dialect, code, ...change },
        });
        return changed;
      });
    },

    async events(caller, query) {
      requireRole(caller, 'administrator', 'approver');
      const { accountId } = caller;
      const items = await read.events.list({ ...query, limit: query.limit + 1, accountId });
      return pageOf(items, query.limit, (item) => item.sequence);
    },

    async authorities() {
      return read.authorities.list();
    },

    async failedJobs(caller) {
      requireRole(caller, 'operator');
      return read.jobs.listFailed(100);
    },
  };
}

interface EventDetail {
  readonly accountId: AccountId | null;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Cuts a list that was read one item too long into a page and the cursor of the next. */
export function pageOf<T>(items: readonly T[], limit: number, cursorOf: (item: T) => number): Page<T> {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, next: items.length > limit && last !== undefined ? cursorOf(last) : null };
}

async function findAccount(stores: Stores, caller: Caller, idOrNumber: string): Promise<Account> {
  const account = /^[0-9]{1,10}$/.test(idOrNumber)
    ? await stores.accounts.getByNumber(Number(idOrNumber))
    : isId('account', idOrNumber)
      ? await stores.accounts.get(idOrNumber)
      : undefined;
  if (account === undefined || !(isOperator(caller) || caller.accountId === account.id)) {
    throw refuse('notFound', { what: 'account', value: quoted(idOrNumber) });
  }
  return account;
}

async function findUser(stores: Stores, id: User['id'], accountId: AccountId | null): Promise<void> {
  const user = await stores.users.get(id);
  if (user === undefined || user.accountId !== accountId) throw refuse('notFound', { what: 'user', value: quoted(id) });
}

function mayManage(caller: Caller, accountId: AccountId | null): boolean {
  return isOperator(caller) || (caller.roles.includes('administrator') && caller.accountId === accountId);
}

/** An administrator makes users and keys of their own account only, and never an operator. */
function requireManagerOf(caller: Caller, accountId: AccountId | null, roles: readonly Role[]): void {
  if (!mayManage(caller, accountId)) throw refuse('roleMissing', { role: 'operator / administrator' });
  const wantsOperator = roles.includes('operator');
  if (wantsOperator && !(isOperator(caller) && accountId === null)) throw refuse('roleMissing', { role: 'operator' });
  // Without an account every list is of all accounts: only an operator may stand outside of them.
  if (accountId === null && !wantsOperator) {
    const expected = 'operator, or an account to act for';
    throw refuse('fieldInvalid', { field: 'roles', value: quoted(roles.join(', ')), expected });
  }
}
