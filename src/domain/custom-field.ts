/** Fields that an account adds to its orders: a cost centre, a ticket number. */

import { quoted, type Reason, reason } from './errors.ts';
import type { AccountId, CustomFieldId } from './ids.ts';
import { isPublicMailbox } from './mailbox.ts';
import { expected, expectedOf, type Phrase } from './messages/expectations.ts';

export const customFieldKinds = ['anything', 'text', 'integer', 'email', 'emailList'] as const;

export type CustomFieldKind = (typeof customFieldKinds)[number];

export interface CustomField {
  readonly id: CustomFieldId;
  /** int32-safe. */
  readonly number: number;
  readonly accountId: AccountId;
  readonly label: string;
  readonly description: string;
  /** Orders of the front doors that carry custom fields must fill it. */
  readonly isRequired: boolean;
  readonly isActive: boolean;
  readonly kind: CustomFieldKind;
  readonly createdAt: Date;
}

/** The value of one field in one order. */
export interface CustomValue {
  readonly fieldNumber: number;
  readonly label: string;
  readonly value: string;
}

const accepts: Readonly<Record<CustomFieldKind, (value: string) => boolean>> = {
  anything: () => true,
  text: (value) => value.length <= 255,
  integer: (value) => /^-?[0-9]{1,18}$/.test(value),
  email: (value) => isPublicMailbox(value),
  emailList: (value) => value.split(/[,;]\s*/).every((part) => isPublicMailbox(part.trim())),
};

const expectations = {
  anything: expected.anyText,
  text: expectedOf.charactersAtMost(255),
  integer: expected.integer,
  email: expected.email,
  emailList: expected.emails,
} as const satisfies Record<CustomFieldKind, Phrase>;

/** Why the value does not fit the field; undefined when it does. */
export function objectionToValue(field: Pick<CustomField, 'label' | 'kind'>, value: string): Reason | undefined {
  if (accepts[field.kind](value)) return undefined;
  return reason('customValueInvalid', { field: field.label, value: quoted(value), expected: expectations[field.kind] });
}
