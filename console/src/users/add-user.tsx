/** A new user, without a password: their page invites them to choose one. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import { rolesField, rolesOf } from './roles.ts';

/** @param account the number of the one whose page it is, which then stays open */
export function AddUser({ account: ofAccount }: { readonly account?: number }) {
  const texts = useTexts();
  const { users } = texts;
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const account = useAccountField(users.operators, ofAccount);
  return (
    <FormButton
      label={users.add}
      icon="plus"
      isMain={ofAccount === undefined}
      isGuarded
      title={users.addTitle}
      fields={[
        ...account,
        { kind: 'text', name: 'username', label: users.username, isRequired: true },
        { kind: 'text', name: 'lastName', wire: 'person.lastName', label: users.lastName },
        { kind: 'text', name: 'firstName', wire: 'person.firstName', label: users.firstName },
        { kind: 'text', name: 'email', wire: 'person.email', label: users.email },
        rolesField({ texts, value: ['requester'], isOfServer: me?.account === null ? 'both' : false }),
      ]}
      changes={['users']}
      run={(values, options) =>
        call(
          'users',
          'create',
          {
            account: textOf(values, 'account') || null,
            username: textOf(values, 'username'),
            roles: rolesOf(listOf(values, 'roles')),
            person: {
              firstName: textOf(values, 'firstName'),
              lastName: textOf(values, 'lastName'),
              email: textOf(values, 'email'),
            },
          },
          options,
        )
      }
      onDone={({ number }) => {
        if (ofAccount === undefined) void navigate({ to: '/users/$reference', params: { reference: String(number) } });
      }}
    />
  );
}
