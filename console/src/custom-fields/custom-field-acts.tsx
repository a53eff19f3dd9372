/** What is done with a custom field: made, changed, put out of use. */
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { type Field, textOf, type Values } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import styles from '../shared/row-acts.module.css';
import { visible } from '../shared/visible.ts';
import type { CustomField } from './use-custom-fields.ts';

const changes = ['customFields'] as const;
const kinds = ['anything', 'text', 'integer', 'email', 'emailList'] as const satisfies readonly CustomField['kind'][];

function useFields(field?: CustomField): readonly Field[] {
  const { customFields } = useTexts();
  return [
    {
      kind: 'text',
      name: 'label',
      label: customFields.label,
      description: customFields.labelText,
      isRequired: true,
      value: field?.label ?? '',
    },
    { kind: 'text', name: 'description', label: customFields.description, value: field?.description ?? '' },
    {
      kind: 'one',
      name: 'kind',
      label: customFields.kind,
      value: field?.kind ?? 'text',
      options: kinds.map((kind) => ({
        value: kind,
        label: customFields.kinds[kind],
        text: customFields.kindTexts[kind],
      })),
    },
    {
      kind: 'switch',
      name: 'isRequired',
      label: customFields.required,
      description: customFields.requiredText,
      value: field?.isRequired ?? false,
    },
    {
      kind: 'text',
      name: 'defaultValue',
      label: customFields.default,
      description: customFields.defaultText,
      value: field?.defaultValue ?? '',
    },
  ];
}

function definitionOf(values: Values) {
  return {
    label: textOf(values, 'label'),
    description: textOf(values, 'description'),
    kind: kinds.find((kind) => kind === textOf(values, 'kind')) ?? 'anything',
    isRequired: textOf(values, 'isRequired') === 'true',
    defaultValue: textOf(values, 'defaultValue') || null,
  };
}

export function AddCustomField() {
  const { customFields } = useTexts();
  const account = useAccountField();
  return (
    <FormButton
      label={customFields.add}
      icon="plus"
      isMain
      title={customFields.add}
      text={customFields.addText}
      fields={[...account, ...useFields()]}
      changes={changes}
      run={(values, options) =>
        call('customFields', 'add', { account: textOf(values, 'account') || null, ...definitionOf(values) }, options)
      }
    />
  );
}

export function CustomFieldActs({ field }: { readonly field: CustomField }) {
  const { customFields } = useTexts();
  const label = visible(field.label);
  const one = { field: field.id };
  const ofKeys = field.keyDefaults.map(({ key, value }) => `${key}=${value}`).join('\n');
  return (
    <span className={styles.acts}>
      <FormButton
        label={customFields.change}
        size="xs"
        title={customFields.changeTitle(label)}
        text={customFields.changeText}
        fields={[
          ...useFields(field),
          {
            kind: 'lines',
            name: 'keyDefaults',
            label: customFields.keyDefaults,
            description: customFields.keyDefaultsText,
            value: ofKeys,
          },
        ]}
        changes={changes}
        run={(values, options) => {
          const keyDefaults = keyDefaultsOf(field, textOf(values, 'keyDefaults'));
          const change = { ...one, ...definitionOf(values), ...(keyDefaults.length === 0 ? {} : { keyDefaults }) };
          return call('customFields', 'change', change, options);
        }}
      />
      {field.isActive ? (
        <FormButton
          label={customFields.end}
          size="xs"
          tone="danger"
          title={customFields.endTitle(label)}
          text={customFields.endText}
          changes={changes}
          run={(_values, options) => call('customFields', 'change', { ...one, isActive: false }, options)}
          undo={{ object: label, run: () => call('customFields', 'change', { ...one, isActive: true }) }}
        />
      ) : (
        <ActButton
          label={customFields.resume}
          size="xs"
          changes={changes}
          run={() => call('customFields', 'change', { ...one, isActive: true })}
          undo={{ object: label, run: () => call('customFields', 'change', { ...one, isActive: false }) }}
        />
      )}
    </span>
  );
}

/** One on each line, as `key=value`. Keys that are missing now lose theirs; of a line without a value the API says so. */
function keyDefaultsOf({ keyDefaults }: CustomField, typed: string) {
  const wanted = typed
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [key = ''] = line.split('=', 1);
      return { key: key.trim(), value: line.slice(key.length + 1).trim() };
    });
  const gone = keyDefaults.filter(({ key }) => !wanted.some((one) => one.key === key));
  return [...wanted, ...gone.map(({ key }) => ({ key, value: null }))];
}
