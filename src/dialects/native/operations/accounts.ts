/** Accounts and their ledgers. */
import type { FundedAccount, LedgerEntry } from '../../../domain/account.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { pageQueryOf, pageToWire } from '../paging.ts';
import { accountsApi } from '../schema/accounts.ts';
import type { WireAccount, WireLedgerEntry } from '../schema.ts';
import { handled } from '../services.ts';
import { moneyToWire, timeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire, oneToWire } from './actors.ts';

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
    createdAt: timeToWire(account.createdAt),
  };
}

export const ledgerNaming: NamingActors<LedgerEntry, WireLedgerEntry> = {
  idsOf: ({ actor }) => [actor],
  toWire: (entry, actors) => ({
    id: entry.id,
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
  handled(accountsApi.list, async (input, { caller, services }) =>
    pageToWire(await services.accounts.list(caller, pageQueryOf(input)), accountToWire),
  ),

  handled(accountsApi.create, async (input, { caller, services }) =>
    accountToWire(await services.accounts.create(caller, input)),
  ),

  handled(accountsApi.show, async (input, { caller, services }) =>
    accountToWire(await services.accounts.get(caller, input.account)),
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
    const page = await session.services.accounts.ledger(session.caller, input.account, pageQueryOf(input));
    return namedPageToWire(session, page, ledgerNaming);
  }),
];
