/** Port for front doors: the fields that an account adds to its orders. */
import type { Caller, Reference } from '../caller.ts';
import type { CustomField, CustomFieldKind } from '../custom-field.ts';

export interface NewCustomField {
  readonly label: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly isActive: boolean;
  readonly kind: CustomFieldKind;
  /** Of every order that is placed without a value; null: none. */
  readonly defaultValue?: string | null;
}

export interface CustomFieldChange extends Partial<NewCustomField> {
  /** Of the orders of one key: the id of a credential or of an external account key of the account. Null: none of its own. */
  readonly keyDefaults?: readonly { readonly keyId: string; readonly value: string | null }[];
}

export interface CustomFields {
  /** Needs `administrator`. */
  add(caller: Caller, requests: readonly NewCustomField[]): Promise<readonly CustomField[]>;
  change(caller: Caller, reference: Reference, change: CustomFieldChange): Promise<CustomField>;
  /** All of the account: 100 at most. */
  list(caller: Caller): Promise<readonly CustomField[]>;
}
