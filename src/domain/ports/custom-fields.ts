/** Port for front doors: the fields that an account adds to its orders. */
import type { Caller, Reference } from '../caller.ts';
import type { CustomField, CustomFieldKind } from '../custom-field.ts';

export interface NewCustomField {
  readonly label: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly isActive: boolean;
  readonly kind: CustomFieldKind;
}

export interface CustomFields {
  /** Needs `administrator`. */
  add(caller: Caller, requests: readonly NewCustomField[]): Promise<readonly CustomField[]>;
  change(caller: Caller, reference: Reference, change: Partial<NewCustomField>): Promise<CustomField>;
  /** All of the account: 100 at most. */
  list(caller: Caller): Promise<readonly CustomField[]>;
}
