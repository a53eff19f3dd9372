/** Rows of accounts, of their parts and of the fields that they add to their orders. */
import type { Account, AccountMonth, Container } from '../../domain/account.ts';
import type { CustomField, FieldDefault } from '../../domain/custom-field.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { NumberedPriceChange } from '../../domain/price-change.ts';
import { codecOf } from '../codec.ts';
import {
  date,
  derived,
  flag,
  fromJson,
  id,
  int32,
  integer,
  json,
  mapped,
  nullable,
  sequence,
  text,
  toJson,
} from '../fields.ts';

export const accounts = codecOf<Account>()(
  'accounts',
  {
    number: int32('number'),
    id: id('id', 'account'),
    name: text('name'),
    state: text('state'),
    currency: text('currency'),
    approval: text('approval'),
    separatesDuties: flag('separates_duties'),
    madeKeys: text('made_keys'),
    productCodes: nullable(json('product_codes_json')),
    allowedNames: nullable(json('allowed_names_json')),
    // Null: none.
    prices: mapped('prices_json', 'text or null', {
      write: ({ prices }: Account) => (Object.keys(prices).length === 0 ? null : toJson(prices)),
      read: (stored: string | null): Account['prices'] => (stored === null ? {} : fromJson(stored)),
    }),
    contactEmail: text('contact_email'),
    lowBalanceMinor: nullable(integer('low_balance_minor')),
    lowSince: nullable(date('low_since')),
    createdAt: date('created_at'),
  },
  // Set afterwards, where somebody made it for themselves.
  { registeredFrom: derived('registered_from', 'text or null', () => null) },
);

interface Balance {
  readonly accountId: AccountId;
  readonly amountMinor: number;
}

/** A row of its own: the one thing of an account that every paid order changes. */
export const balances = codecOf<Balance>()('balances', {
  accountId: id('account_id', 'account'),
  amountMinor: integer('amount_minor'),
});

/** The sums of the ledger by month, kept beside it: a report adds nothing up. */
export const accountMonths = codecOf<AccountMonth>()('account_months', {
  accountId: id('account_id', 'account'),
  month: int32('month'),
  chargedMinor: integer('charged_minor'),
  refundedMinor: integer('refunded_minor'),
  creditedMinor: integer('credited_minor'),
});

export const accountPrices = codecOf<NumberedPriceChange>()('account_prices', {
  sequence: sequence('sequence'),
  accountId: id('account_id', 'account'),
  productId: id('product_id', 'product'),
  currency: text('currency'),
  prices: nullable(json('prices_json')),
  note: text('note'),
  actor: text('actor'),
  at: date('at'),
});

export const containers = codecOf<Container>()('containers', {
  number: int32('number'),
  id: id('id', 'container'),
  accountId: id('account_id', 'account'),
  parentId: nullable(id('parent_id', 'container')),
  name: text('name'),
  description: text('description'),
  state: text('state'),
  allowedNames: nullable(json('allowed_names_json')),
  createdAt: date('created_at'),
});

const noDefaults: readonly FieldDefault[] = [];

export const customFields = codecOf<CustomField>()('custom_fields', {
  number: int32('number'),
  id: id('id', 'customField'),
  accountId: id('account_id', 'account'),
  label: text('label'),
  description: text('description'),
  isRequired: flag('is_required'),
  isActive: flag('is_active'),
  kind: text('kind'),
  // Hardly any has one.
  defaults: mapped('defaults_json', 'text or null', {
    write: ({ defaults }: CustomField) => (defaults.length === 0 ? null : toJson(defaults)),
    read: (stored: string | null) => (stored === null ? noDefaults : fromJson<readonly FieldDefault[]>(stored)),
  }),
  createdAt: date('created_at'),
});
