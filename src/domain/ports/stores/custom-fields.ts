/** Store of custom fields. The contract of every store is in `stores.ts`. */
import type { CustomField } from '../../custom-field.ts';
import type { AccountId, CustomFieldId } from '../../ids.ts';

export interface CustomFieldStore {
  insert(field: Omit<CustomField, 'number'>): Promise<CustomField>;
  get(id: CustomFieldId): Promise<CustomField | undefined>;
  getByNumber(number: number): Promise<CustomField | undefined>;
  /** In order of the number. */
  list(accountId: AccountId): Promise<readonly CustomField[]>;
  /** Reports whether an order that names none of them has to be looked at: one is required, or has a default. */
  hasAnyToFill(accountId: AccountId): Promise<boolean>;
  /** Only what is named. */
  update(
    id: CustomFieldId,
    change: Partial<Pick<CustomField, 'label' | 'description' | 'isRequired' | 'isActive' | 'kind' | 'defaults'>>,
  ): Promise<void>;
}
