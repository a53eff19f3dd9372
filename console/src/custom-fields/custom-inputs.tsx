/** The fields of an account in a form: of a new order, and of one that there is. */
import { Textarea, TextInput } from '@mantine/core';
import { useTexts } from '../preferences/texts-provider.tsx';
import { visible } from '../shared/visible.ts';
import type { CustomField } from './use-custom-fields.ts';

/** By the number of the field. */
export type CustomTexts = Readonly<Record<number, string>>;

export interface CustomInputsProps {
  readonly fields: readonly CustomField[];
  readonly values: CustomTexts;
  readonly onChange: (values: CustomTexts) => void;
  /** Fields that are filled by their default where somebody leaves them empty. */
  readonly hasDefaults: boolean;
  /** Empty ones that must not be are marked. */
  readonly isChecked: boolean;
}

export function CustomInputs({ fields, values, onChange, hasDefaults, isChecked }: CustomInputsProps) {
  const { customFields } = useTexts();
  return fields.map((field) => {
    const { number, label, description, kind, defaultValue } = field;
    const isNeeded = isFilledByHand(field, hasDefaults);
    const value = values[number] ?? '';
    const fallback = hasDefaults && defaultValue !== null ? customFields.hasDefault(visible(defaultValue)) : '';
    const help = [visible(description), fallback].filter((text) => text !== '').join(' · ');
    const shared = {
      name: `custom-${number}`,
      label: visible(label),
      withAsterisk: isNeeded,
      'aria-required': isNeeded,
      autoComplete: 'off',
      value,
      ...(help === '' ? {} : { description: help }),
      error: isChecked && isNeeded && value.trim() === '' ? customFields.missing : undefined,
    };
    const write = (text: string) => onChange({ ...values, [number]: text });
    if (kind === 'anything') {
      return (
        <Textarea
          key={number}
          {...shared}
          rows={2}
          maxLength={10_000}
          onChange={(event) => write(event.currentTarget.value)}
        />
      );
    }
    return (
      <TextInput
        key={number}
        {...shared}
        inputMode={kind === 'integer' ? 'numeric' : kind === 'text' ? 'text' : 'email'}
        {...(kind === 'text' ? { maxLength: 255 } : {})}
        onChange={(event) => write(event.currentTarget.value)}
      />
    );
  });
}

function isFilledByHand({ isRequired, defaultValue }: CustomField, hasDefaults: boolean): boolean {
  return isRequired && !(hasDefaults && defaultValue !== null);
}

/** Some that must be filled are empty. */
export function lacksValue(fields: readonly CustomField[], values: CustomTexts): boolean {
  return fields.some((field) => isFilledByHand(field, true) && (values[field.number] ?? '').trim() === '');
}

/** What is typed, as the API takes it; empty ones are left to their defaults. */
export function filledIn(fields: readonly CustomField[], values: CustomTexts) {
  return fields.flatMap(({ id, number }) => {
    const value = (values[number] ?? '').trim();
    return value === '' ? [] : [{ field: id, value }];
  });
}

/** What an order has otherwise now; an empty text clears what it had. */
export function changedIn(fields: readonly CustomField[], before: CustomTexts, now: CustomTexts) {
  return fields.flatMap(({ id, number }) => {
    const value = (now[number] ?? '').trim();
    return value === (before[number] ?? '') ? [] : [{ field: id, value }];
  });
}
