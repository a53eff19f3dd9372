/** What a front door asks of the fields that an account adds to its orders. */
import type { CustomFieldKind } from '../custom-field.ts';

export interface NewCustomField {
  readonly label: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly isActive: boolean;
  readonly kind: CustomFieldKind;
}
