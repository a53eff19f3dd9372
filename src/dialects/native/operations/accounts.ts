/** Accounts and their ledgers. */
import type { FundedAccount, LedgerEntry } from '../../../domain/account.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import type { AccountPlace, AccountSort } from '../../../domain/ports/accounts.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { timesFrom } from '../list-filters.ts';
import { countingOf, notACursor, pageQueryOf, pageToWire } from '../paging.ts';
import { type accountSorts, accountsApi } from '../schema/accounts.ts';
import type { WireAccount, WireLedgerEntry } from '../schema.ts';
import { handled } from '../services.ts';
import { moneyToWire, optionalTimeToWire, timeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire, oneToWire } from './actors.ts';
import { withPage } from './object-page.ts';

export function accountToWire(account: FundedAccount): WireAccount {
  return {
    id: account.id,
    number: account.number,
    name: account.name,
    state: account.state,
    balance: moneyToWire({ minor: account.balanceMinor, currency: account.currency }),
    approval: account.approval,
    separatesDuties: account.separatesDuties,
    madeKeys: account.madeKeys,
    productCodes: account.productCodes === null ? null : [...account.productCodes],
    allowedNames: account.allowedNames === null ? null : [...account.allowedNames],
    contactEmail: account.contactEmail,
    lowBalance:
      account.lowBalanceMinor === null
        ? null
        : moneyToWire({ minor: account.lowBalanceMinor, currency: account.currency }),
    isLow: account.lowSince !== null,
    lowSince: optionalTimeToWire(account.lowSince),
    createdAt: timeToWire(account.createdAt),
  };
}

export const ledgerNaming: NamingActors<LedgerEntry, WireLedgerEntry> = {
  idsOf: ({ actor }) => [actor],
  toWire: (entry, actors) => ({
    id: entry.id,
    accountId: entry.accountId,
    kind: entry.kind,
    amount: moneyToWire({ minor: entry.amountMinor, currency: entry.currency }),
    balanceAfter: moneyToWire({ minor: entry.balanceAfterMinor, currency: entry.currency }),
    orderId: entry.orderId,
    note: entry.note,
    by: actors.ofOptional(entry.actor),
    at: timeToWire(entry.at),
  }),
};

export const accountOperations = [
  handled(accountsApi.list, async (input, { caller, services }) => {
    const { limit, cursor, text, state, balanceBelow } = input;
    const isLow = input.lowBalance && input.lowBalance === 'true';
    const sort = { by: sortedBy(input.sort), descending: input.sort?.startsWith('-') ?? true };
    const before = cursor === undefined ? undefined : placeFrom(cursor, sort);
    const filter = withDefined({ text, state, balanceBelow, isLow, before });
    const page = await services.accounts.find(caller, { ...filter, limit, sort, ...countingOf(input) });
    return pageToWire(page, accountToWire, (place) => placeText(place, sort));
  }),

  handled(accountsApi.create, async (input, { caller, services }) =>
    accountToWire(await services.accounts.create(caller, input)),
  ),

  handled(accountsApi.show, ({ account }, session) =>
    withPage(session, { noun: 'account', reference: account }, async () =>
      accountToWire(await session.services.accounts.get(session.caller, account)),
    ),
  ),

  handled(accountsApi.change, async ({ account, ...change }, { caller, services }) =>
    accountToWire(await services.accounts.change(caller, account, change)),
  ),

  handled(accountsApi.credit, async (input, session) => {
    const { caller, services } = session;
    const { currency } = await services.accounts.get(caller, input.account);
    if (input.currency !== currency) {
      throw refuse('fieldInvalid', { field: 'currency', value: quoted(input.currency), expected: currency });
    }
    const credit = { amountMinor: input.minor, note: input.note };
    return oneToWire(session, await services.accounts.credit(caller, input.account, credit), ledgerNaming);
  }),

  handled(accountsApi.webhookSecret, async (input, { caller, services }) => ({
    secret: await services.webhooks.secretOf(caller, input.account),
  })),

  handled(accountsApi.ledger, async (input, session) => {
    const filter = withDefined({ kind: input.kind, order: input.order, ...timesFrom(input) });
    const query = { ...pageQueryOf(input), ...filter };
    const page = await session.services.accounts.ledger(session.caller, input.account, query);
    return namedPageToWire(session, page, ledgerNaming);
  }),
];

interface Sort {
  readonly by: AccountSort;
  readonly descending: boolean;
}

function sortedBy(sort: (typeof accountSorts)[number] | undefined): AccountSort {
  return sort === undefined || sort === 'number' || sort === '-number'
    ? 'number'
    : sort.endsWith('name')
      ? 'name'
      : 'balance';
}

/** The cursor says how its list is sorted: in another one its value would be that of something else. */
function placeText({ value, number }: AccountPlace, { by, descending }: Sort): string {
  return `accounts:${descending ? '-' : ''}${by}:${number}:${value}`;
}

/** @throws {CertError} invalidField for a cursor that is not ours, or of a list that is sorted in another way */
function placeFrom(cursor: string, sort: Sort): AccountPlace {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  const [, number = '', value = ''] = /^accounts:-?[a-z]+:([0-9]{1,15}):(.*)$/su.exec(text) ?? [];
  const place = { number: Number(number), value: sort.by === 'name' ? value : Number(value) };
  if (number === '' || placeText(place, sort) !== text) throw notACursor(cursor);
  return place;
}
