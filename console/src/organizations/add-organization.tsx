/** Adds an organization, and asks the operator to verify it. */
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { type Field, listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import { registrationFields, registrationFrom } from './registration-fields.ts';

const needed = ['name', 'street', 'city', 'state', 'country'] as const;
const further = ['postalCode', 'phone', 'registrationNumber'] as const;
export const levels = ['ov', 'ev'] as const;

export function AddOrganization() {
  const all = useTexts();
  const { organizations } = all;
  const navigate = useNavigate();
  const account = useAccountField();
  const { fields } = organizations;
  const texts = [...needed, ...further].map(
    (name): Field => ({
      kind: 'text',
      name,
      wire: `details.${name}`,
      label: fields[name],
      isRequired: needed.some((one) => one === name) && name !== 'street',
      ...(name === 'country' ? { value: 'CN' } : {}),
    }),
  );
  return (
    <FormButton
      label={organizations.add}
      icon="plus"
      isMain
      title={organizations.addTitle}
      text={organizations.addText}
      fields={[
        ...account,
        ...texts,
        ...registrationFields(all, {}, 'details.'),
        {
          kind: 'several',
          name: 'levels',
          label: fields.levels,
          options: levels.map((value) => ({ value, label: organizations.levels[value] })),
          value: ['ov'],
        },
      ]}
      changes={['organizations']}
      run={(values, options) => {
        const text = (name: string) => textOf(values, name);
        const more = further.flatMap((name) => (text(name) === '' ? [] : [[name, text(name)] as const]));
        return call(
          'organizations',
          'add',
          {
            account: text('account') || null,
            details: {
              name: text('name'),
              city: text('city'),
              state: text('state'),
              country: text('country').toUpperCase(),
              ...(text('street') === '' ? {} : { street: text('street') }),
              ...Object.fromEntries(more),
              ...registrationFrom(values),
            },
            levels: levels.filter((level) => listOf(values, 'levels').includes(level)),
          },
          options,
        );
      }}
      onDone={({ number }) => void navigate({ to: '/organizations/$reference', params: { reference: String(number) } })}
    />
  );
}
