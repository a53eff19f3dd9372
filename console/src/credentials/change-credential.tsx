/** What may change of a key: everything but its secret, its API and its holder. */
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { linesOf, listOf, textOf, type Values } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { dayOf, startOfDay } from '../shared/days.ts';
import { visible } from '../shared/visible.ts';
import { rolesField, rolesOf } from '../users/roles.ts';
import type { CredentialActsProps } from './credential-acts.tsx';
import type { CredentialRow } from './credential-list.tsx';

export function ChangeCredential({ credential, me }: CredentialActsProps) {
  const texts = useTexts();
  const { credentials } = texts;
  const { number, label, roles, accountId, expiresAt, allowedAddresses } = credential;
  const isOfServer = me.account === null && accountId === null;
  return (
    <FormButton
      label={credentials.change}
      icon="pencil"
      isGuarded
      title={credentials.changeTitle(label === '' ? credentials.one(String(number)) : visible(label))}
      text={credentials.changeText}
      fields={[
        { kind: 'text', name: 'label', label: credentials.label, description: credentials.labelText, value: label },
        rolesField({ texts, me, value: roles, isOfServer }),
        {
          kind: 'date',
          name: 'expiresAt',
          label: credentials.ends,
          description: credentials.endsText,
          value: expiresAt === undefined ? '' : dayOf(expiresAt),
        },
        {
          kind: 'lines',
          name: 'allowedAddresses',
          label: credentials.addresses,
          description: credentials.addressesText,
          value: allowedAddresses?.join('\n') ?? '',
        },
      ]}
      changes={['credentials']}
      run={(values, options) =>
        call('credentials', 'change', { credential: String(number), ...changesOf(credential, values) }, options)
      }
    />
  );
}

/** Only what is otherwise now: another end or other addresses need the roles of the key, a label does not. */
function changesOf(before: CredentialRow, values: Values) {
  const label = textOf(values, 'label');
  const roles = rolesOf(listOf(values, 'roles'));
  const day = textOf(values, 'expiresAt');
  const addresses = linesOf(values, 'allowedAddresses');
  const hadDay = before.expiresAt === undefined ? '' : dayOf(before.expiresAt);
  return {
    ...(label === before.label ? {} : { label }),
    ...(isSame(roles, before.roles) ? {} : { roles }),
    ...(day === hadDay ? {} : { expiresAt: day === '' ? null : startOfDay(day) }),
    ...(isSame(addresses ?? [], before.allowedAddresses ?? []) ? {} : { allowedAddresses: addresses }),
  };
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value) => other.includes(value));
}
