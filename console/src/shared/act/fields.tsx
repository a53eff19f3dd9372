/** What is typed into a dialog. */
import { NativeSelect, PasswordInput, Textarea, TextInput } from '@mantine/core';
import { useTexts } from '../../preferences/texts-provider.tsx';
import styles from './act.module.css';

export interface Option {
  readonly value: string;
  readonly label: string;
  /** What it means. */
  readonly text?: string;
}

interface Common {
  readonly name: string;
  /** What the API calls it, where it says that it is wrong. */
  readonly wire?: string;
  readonly label: string;
  readonly description?: string;
  readonly isRequired?: boolean;
}

export type Field =
  | (Common & {
      readonly kind: 'text' | 'lines' | 'number' | 'password' | 'date';
      readonly value?: string;
      readonly placeholder?: string;
    })
  | (Common & { readonly kind: 'one'; readonly options: readonly Option[]; readonly value?: string })
  | (Common & { readonly kind: 'several'; readonly options: readonly Option[]; readonly value?: readonly string[] })
  | (Common & { readonly kind: 'switch'; readonly value?: boolean });

/** By name: a text, or the values that were marked. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

export function firstValues(fields: readonly Field[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, firstValue(field)]));
}

function firstValue(field: Field): string | readonly string[] {
  if (field.kind === 'several') return field.value ?? [];
  if (field.kind === 'switch') return field.value === true ? 'true' : '';
  return field.value ?? (field.kind === 'one' ? (field.options[0]?.value ?? '') : '');
}

export function isFilled({ name, isRequired = false }: Field, values: Values): boolean {
  return !isRequired || (values[name]?.length ?? 0) > 0;
}

export function textOf(values: Values, name: string): string {
  const value = values[name];
  return typeof value === 'string' ? value.trim() : '';
}

export function listOf(values: Values, name: string): readonly string[] {
  const value = values[name];
  return typeof value === 'string' || value === undefined ? [] : value;
}

/** Lines with something in them; null: none. */
export function linesOf(values: Values, name: string): string[] | null {
  const lines = textOf(values, name)
    .split(/[\n,，]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? null : lines;
}

export interface FieldInputProps {
  readonly field: Field;
  readonly values: Values;
  readonly error: string | undefined;
  readonly onChange: (value: string | readonly string[]) => void;
}

export function FieldInput({ field, values, error, onChange }: FieldInputProps) {
  const texts = useTexts();
  const { name, label, description, isRequired = false } = field;
  const value = textOf(values, name);
  const raw = values[name];
  const shared = {
    name,
    label,
    error,
    withAsterisk: isRequired,
    'aria-required': isRequired,
    autoComplete: 'off',
    ...(description === undefined ? {} : { description }),
  };
  switch (field.kind) {
    case 'one':
      return (
        <NativeSelect
          {...shared}
          value={value}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          data={field.options.map((option) => ({ value: option.value, label: option.label }))}
          description={field.options.find((option) => option.value === value)?.text ?? description}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'several':
      return <Marks field={field} marked={listOf(values, name)} error={error} onChange={onChange} />;
    case 'switch':
      return (
        <label className={styles.option}>
          <input
            type="checkbox"
            checked={value === 'true'}
            onChange={(event) => onChange(event.currentTarget.checked ? 'true' : '')}
          />
          <span>
            {label}
            {description !== undefined && <span className="dim small">{description}</span>}
          </span>
        </label>
      );
    case 'lines':
      return (
        <Textarea
          {...shared}
          value={typeof raw === 'string' ? raw : ''}
          rows={3}
          placeholder={field.placeholder ?? ''}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'password':
      return (
        <PasswordInput
          {...shared}
          value={typeof raw === 'string' ? raw : ''}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': texts.signIn.showPassword, tabIndex: 0 }}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'text':
    case 'number':
    case 'date':
      return (
        <TextInput
          {...shared}
          type={field.kind === 'date' ? 'date' : 'text'}
          inputMode={field.kind === 'number' ? 'decimal' : 'text'}
          value={typeof raw === 'string' ? raw : ''}
          placeholder={field.placeholder ?? ''}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    default:
      return field satisfies never;
  }
}

interface MarksProps {
  readonly field: Extract<Field, { readonly kind: 'several' }>;
  readonly marked: readonly string[];
  readonly error: string | undefined;
  readonly onChange: (value: readonly string[]) => void;
}

function Marks({ field, marked, error, onChange }: MarksProps) {
  return (
    <fieldset className={styles.marks}>
      <legend>{field.label}</legend>
      {field.description !== undefined && <p className="dim small">{field.description}</p>}
      {field.options.map(({ value, label, text }) => (
        <label key={value} className={styles.option}>
          <input
            type="checkbox"
            checked={marked.includes(value)}
            onChange={() =>
              onChange(marked.includes(value) ? marked.filter((one) => one !== value) : [...marked, value])
            }
          />
          <span>
            {label}
            {text !== undefined && <span className="dim small">{text}</span>}
          </span>
        </label>
      ))}
      {error !== undefined && <p className={styles.failure}>{error}</p>}
    </fieldset>
  );
}
