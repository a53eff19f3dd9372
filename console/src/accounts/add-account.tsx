/** A new customer of the installation. */
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';

export function AddAccount() {
  const { accounts } = useTexts();
  const navigate = useNavigate();
  return (
    <FormButton
      label={accounts.add}
      icon="plus"
      isMain
      title={accounts.addTitle}
      fields={[
        { kind: 'text', name: 'name', label: accounts.name, isRequired: true },
        { kind: 'text', name: 'contactEmail', label: accounts.contactEmail },
        { kind: 'text', name: 'currency', label: accounts.currency, value: 'CNY', isRequired: true },
        {
          kind: 'one',
          name: 'approval',
          label: accounts.columns.approval,
          options: approvalOptions(accounts.approvals),
        },
      ]}
      changes={['accounts']}
      run={(values, options) =>
        call(
          'accounts',
          'create',
          {
            name: textOf(values, 'name'),
            contactEmail: textOf(values, 'contactEmail'),
            currency: textOf(values, 'currency').toUpperCase(),
            approval: approvalOf(textOf(values, 'approval')),
          },
          options,
        )
      }
      onDone={({ number }) => void navigate({ to: '/accounts/$reference', params: { reference: String(number) } })}
    />
  );
}

const approvals = ['automatic', 'manual', 'twoStep'] as const;
type Approval = (typeof approvals)[number];

export function approvalOptions(texts: Readonly<Record<Approval, readonly [label: string, text: string]>>) {
  return approvals.map((value) => ({ value, label: texts[value][0], text: texts[value][1] }));
}

export function approvalOf(value: string): Approval {
  return approvals.find((one) => one === value) ?? 'automatic';
}
