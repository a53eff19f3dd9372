/** Accounts and their money, as the operator manages them. */

import type { Account, FundedAccount } from '../../domain/account.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { newId } from '../../domain/ids.ts';
import { contactMailbox } from '../../domain/mailbox.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { largestCreditMinor } from '../../domain/money.ts';
import type { AccountSort, Accounts, NewAccount } from '../../domain/ports/accounts.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { parseProductCode, productCodeOf } from '../../domain/product-code.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { wakeResting } from '../issuing/wake-resting.ts';
import { pageOf } from '../page.ts';
import { accountOf, findAccount, findOrder } from '../scope.ts';
import { type Actor, recordAccount } from './account-event.ts';
import { canonicalNames, insertRoot } from './containers.ts';
import { markBalance } from './low-balance.ts';

export function createAccounts(context: AppContext): Accounts {
  const { database, clock, queue } = context;
  const read = database.read;

  return {
    async create(caller, request) {
      const account = newAccount(context, request);
      return database.write(async (tx) => {
        await requireProducts(tx, account.productCodes);
        const inserted = await insertAccount(context, tx, account, caller);
        await markBalance(context, tx, { account: inserted, balanceMinor: 0, by: caller });
        return withBalance(tx, await findAccount(tx, caller, inserted.id));
      });
    },

    async change(caller, idOrNumber, request) {
      const { id } = await findAccount(read, caller, idOrNumber);
      const { allowedNames, contactEmail, productCodes } = request;
      const change = {
        ...request,
        ...(allowedNames === undefined ? {} : { allowedNames: canonicalNames(allowedNames) }),
        ...(contactEmail === undefined ? {} : { contactEmail: contactMailbox(contactEmail, 'contactEmail') }),
        ...(productCodes === undefined ? {} : { productCodes: canonicalCodes(productCodes) }),
      };
      const changed = await database.write(async (tx) => {
        if (Object.keys(change).length === 0) return withBalance(tx, await findAccount(tx, caller, id));
        await requireProducts(tx, change.productCodes ?? null);
        await tx.accounts.update(id, change);
        // Issuances that waited for this very change continue.
        await wakeResting(context, tx, id);
        await recordAccount(tx, caller, 'account.changed', {
          accountId: id,
          subject: id,
          data: { ...change },
          at: clock.now(),
        });
        if (change.lowBalanceMinor !== undefined) {
          const balanceMinor = await tx.ledger.balance(id);
          await markBalance(context, tx, { account: await findAccount(tx, caller, id), balanceMinor, by: caller });
        }
        return withBalance(tx, await findAccount(tx, caller, id));
      });
      queue.wake();
      return changed;
    },

    async list(_, page) {
      const found = await read.accounts.list({ ...page, limit: page.limit + 1 });
      return pageOf(await withBalances(read, found), page.limit, (item) => item.number);
    },

    async find(_, { limit, before, sort, withTotal, ...filter }) {
      const query = { ...filter, ...withDefined({ sort: sort?.by, descending: sort?.descending }) };
      const found = await read.accounts.find({ ...query, limit: limit + 1, ...withDefined({ before }) });
      const place = (account: FundedAccount) => ({
        value: sortValueOf(account, sort?.by ?? 'number'),
        number: account.number,
      });
      const page = pageOf(await withBalances(read, found), limit, place);
      const total = withTotal && (await read.accounts.count(query));
      return { ...page, ...withDefined({ total }) };
    },

    async get(caller, idOrNumber) {
      const isOwn = idOrNumber === undefined;
      return withBalance(read, await (isOwn ? accountOf(read, caller) : findAccount(read, caller, idOrNumber)));
    },

    async credit(caller, idOrNumber, { amountMinor, note }) {
      if (!Number.isSafeInteger(amountMinor) || amountMinor === 0 || Math.abs(amountMinor) > largestCreditMinor) {
        throw refuse('fieldInvalid', {
          field: 'amountMinor',
          value: quoted(amountMinor),
          expected: expectedOf.amountUpTo(largestCreditMinor),
        });
      }
      const account = await findAccount(read, caller, idOrNumber);
      const credited = await database.write(async (tx) => {
        const entry = await tx.ledger.append({
          id: newId('ledgerEntry', context),
          accountId: account.id,
          kind: 'credit',
          amountMinor,
          currency: account.currency,
          orderId: null,
          note,
          actor: caller.actor,
          at: clock.now(),
        });
        if (entry === undefined) {
          throw refuse('fieldInvalid', {
            field: 'amountMinor',
            value: quoted(amountMinor),
            expected: expected.withinCredit,
          });
        }
        await recordAccount(tx, caller, 'account.credited', {
          accountId: account.id,
          subject: account.id,
          data: { amountMinor, currency: account.currency, note },
          at: entry.at,
        });
        const now = await findAccount(tx, caller, account.id);
        await markBalance(context, tx, { account: now, balanceMinor: entry.balanceAfterMinor, by: caller });
        return entry;
      });
      // A correction may take the balance below the threshold, of which mails are queued.
      queue.wake();
      return credited;
    },

    async ledger(caller, idOrNumber, { limit, before, order, withTotal, ...rest }) {
      const { id: accountId } = await findAccount(read, caller, idOrNumber);
      const orderId = order === undefined ? undefined : (await findOrder(read, caller, { id: order })).id;
      const filter = { ...rest, accountId, ...withDefined({ orderId }) };
      const found = await read.ledger.find({ ...filter, limit: limit + 1, ...withDefined({ before }) });
      const { items, next } = pageOf(found, limit, ({ sequence }) => sequence);
      const total = withTotal && (await read.ledger.count(filter));
      return { items: items.map(({ sequence: _, ...entry }) => entry), next, ...withDefined({ total }) };
    },
  };
}

/** What a list is sorted by. */
function sortValueOf({ number, name, balanceMinor }: FundedAccount, sort: AccountSort): string | number {
  return { number, name, balance: balanceMinor }[sort];
}

/** An account as it will be stored. @throws {CertError} invalidField, badName */
export function newAccount(context: AppContext, request: NewAccount): Omit<Account, 'number'> {
  if (!/^[A-Z]{3}$/.test(request.currency)) {
    throw refuse('fieldInvalid', { field: 'currency', value: quoted(request.currency), expected: expected.currency });
  }
  return {
    separatesDuties: false,
    madeKeys: 'anyIssuer',
    lowBalanceMinor: null,
    ...request,
    lowSince: null,
    allowedNames: canonicalNames(request.allowedNames),
    prices: {},
    productCodes: canonicalCodes(request.productCodes),
    contactEmail: contactMailbox(request.contactEmail, 'contactEmail'),
    id: newId('account', context),
    state: 'active',
    createdAt: context.clock.now(),
  };
}

/** Each product by one name only, since they are compared as text. */
function canonicalCodes(codes: readonly string[] | null): readonly string[] | null {
  return codes === null ? null : [...new Set(codes.map((code) => productCodeOf(parseProductCode(code))))];
}

/** A code that is misspelt would shut the account out of what it should order. @throws {CertError} invalidField */
async function requireProducts(stores: Stores, codes: readonly string[] | null): Promise<void> {
  for (const code of codes ?? []) {
    const key = parseProductCode(code);
    if ((await stores.products.getByCode(key.dialect, key.code)) !== undefined) continue;
    throw refuse('fieldInvalid', { field: 'productCodes', value: quoted(code), expected: expected.productCode });
  }
}

/** Creates the account together with its root container. */
export async function insertAccount(
  context: AppContext,
  tx: Stores,
  account: Omit<Account, 'number'>,
  by: Actor,
): Promise<FundedAccount> {
  const inserted = await tx.accounts.insert(account);
  await insertRoot(context, tx, inserted);
  const { id, name, createdAt } = inserted;
  await recordAccount(tx, by, 'account.created', { accountId: id, subject: id, data: { name }, at: createdAt });
  return { ...inserted, balanceMinor: 0 };
}

/** Adds the balance, which is a row of its own. */
export async function withBalance(stores: Stores, account: Account): Promise<FundedAccount> {
  return { ...account, balanceMinor: await stores.ledger.balance(account.id) };
}

export async function withBalances(stores: Stores, accounts: readonly Account[]): Promise<readonly FundedAccount[]> {
  const balances = await stores.ledger.listBalances(accounts.map(({ id }) => id));
  return accounts.map((account) => ({ ...account, balanceMinor: balances.get(account.id) ?? 0 }));
}
