/** Rows of orders, of their names and of notes to them. */
import { defaultReminderSettings, type Note, type Order } from '../../domain/order.ts';
import { codecOf, type RowOf } from '../codec.ts';
import { type Flag, fromJson, toJson } from '../columns.ts';
import { date, derived, flag, group, int32, integer, json, mapped, nullable, reference, text } from '../fields.ts';

export const orders = codecOf<Order>()(
  'orders',
  {
    number: int32('number'),
    id: text('id'),
    accountId: text('account_id'),
    credentialId: nullable(text('credential_id')),
    dialect: text('dialect'),
    productId: text('product_id'),
    state: text('state'),
    coverage: group({ unit: text('coverage_unit'), count: int32('coverage_count') }),
    coverageFrom: nullable(date('coverage_from')),
    coverageUntil: nullable(date('coverage_until')),
    totalMinor: integer('total_minor'),
    currency: text('currency'),
    renewalOf: nullable(text('renewal_of')),
    renewedBy: nullable(text('renewed_by')),
    renewalMark: nullable(text('renewal_mark')),
    isAutoRenewed: flag('is_auto_renewed'),
    // Null: the default.
    reminders: mapped('reminders_json', 'text or null', {
      write: ({ reminders }: Order) => (isDefault(reminders) ? null : toJson(reminders)),
      read: (stored: string | null): Order['reminders'] =>
        stored === null ? defaultReminderSettings : fromJson(stored),
    }),
    organization: nullable(json('organization_json')),
    organizationId: nullable(text('organization_id')),
    containerId: nullable(text('container_id')),
    // Null: none.
    customValues: mapped('custom_values_json', 'text or null', {
      write: ({ customValues }: Order) => (customValues.length === 0 ? null : toJson(customValues)),
      read: (stored: string | null): Order['customValues'] => (stored === null ? [] : fromJson(stored)),
    }),
    alternativeReference: nullable(text('alternative_reference')),
    contact: nullable(json('contact_json')),
    issuanceId: text('issuance_id'),
    dialectData: json('dialect_data_json'),
    notifyUrl: nullable(text('notify_url')),
    createdAt: date('created_at'),
  },
  {
    // The newest issuance.
    issuanceNumber: reference('issuance_number', 'issuanceId'),
    // A new one that is open is found by its number (`late-lists.ts`).
    isListed: derived(
      'is_listed',
      'int32',
      ({ state }: Order): Flag => (state === 'open' || state === 'active' ? 0 : 1),
    ),
    firstIssuanceNumber: reference('first_issuance_number', 'issuanceId'),
  },
);

export type OrderRow = RowOf<typeof orders>;

function isDefault({ isOff, addresses, message }: Order['reminders']): boolean {
  return isOff === defaultReminderSettings.isOff && addresses.length === 0 && message === '';
}

/** A name that any issuance of the order requested. */
export const orderNames = codecOf<{ readonly name: string; readonly orderNumber: number }>()('order_names', {
  name: text('name'),
  orderNumber: int32('order_number'),
});

export const notes = codecOf<Note>()(
  'notes',
  {
    number: int32('number'),
    id: text('id'),
    orderId: text('order_id'),
    author: text('author'),
    text: text('text'),
    createdAt: date('created_at'),
  },
  { orderNumber: reference('order_number', 'orderId') },
);
