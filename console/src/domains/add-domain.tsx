/** Adds a domain, and shows what is to be placed for it. */
import { useNavigate } from '@tanstack/react-router';
import { call, type Input } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';

type Method = NonNullable<Input<'domains', 'add'>['method']>;

/** Those for which something is placed: a mail is chosen on its page, where the addresses are known. */
const methods = ['dnsTxt', 'dnsCname', 'httpFile', 'httpsFile'] as const satisfies readonly Method[];

export function AddDomain() {
  const { domains, orders } = useTexts();
  const navigate = useNavigate();
  const account = useAccountField();
  return (
    <FormButton
      label={domains.add}
      icon="plus"
      isMain
      title={domains.addTitle}
      text={domains.addText}
      fields={[
        ...account,
        { kind: 'text', name: 'name', label: domains.name, placeholder: 'example.com', isRequired: true },
        {
          kind: 'one',
          name: 'method',
          label: domains.method,
          options: methods.map((value) => ({ value, label: orders.methods[value] })),
        },
      ]}
      changes={['domains']}
      run={(values, options) => {
        const method = methods.find((one) => one === textOf(values, 'method'));
        return call(
          'domains',
          'add',
          {
            name: textOf(values, 'name'),
            account: textOf(values, 'account') || null,
            ...(method === undefined ? {} : { method }),
          },
          options,
        );
      }}
      onDone={({ number }) => void navigate({ to: '/domains/$reference', params: { reference: String(number) } })}
    />
  );
}
