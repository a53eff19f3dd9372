/** Fields that an account adds to its orders: a cost centre, a ticket number. */

import { quoted, type Reason, reason } from './errors.ts';
import type { AccountId, CredentialId, CustomFieldId, ExternalAccountKeyId } from './ids.ts';
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
  /** Every order must have a value of it: by its own word, or by a default where its front door has no such field. */
  readonly isRequired: boolean;
  readonly isActive: boolean;
  readonly kind: CustomFieldKind;
  /** Values of orders that are placed without one. */
  readonly defaults: readonly FieldDefault[];
  readonly createdAt: Date;
}

export interface FieldDefault {
  /** The key whose orders have it: a credential, or the external account key that bound an ACME client. Null: all others. */
  readonly keyId: CredentialId | ExternalAccountKeyId | null;
  readonly value: string;
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

/** The default for an order that comes by these keys, the closest first; undefined: there is none. */
export function defaultFor(
  { defaults }: Pick<CustomField, 'defaults'>,
  keyIds: readonly NonNullable<FieldDefault['keyId']>[],
): string | undefined {
  for (const keyId of [...keyIds, null]) {
    const found = defaults.find((one) => one.keyId === keyId);
    if (found !== undefined) return found.value;
  }
  return undefined;
}
