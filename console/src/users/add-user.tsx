/** A new user, without a password: their page invites them to choose one. */
import { useNavigate } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import type { Me } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { listOf, textOf, type Values } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import { firstRole, rolesField, rolesOf } from './roles.ts';

export interface AddUserProps {
  readonly me: Me;
  /** The number of the one whose page it is, which then stays open. */
  readonly account?: number;
}

export function AddUser({ me, account: ofAccount }: AddUserProps) {
  const texts = useTexts();
  const { users } = texts;
  const navigate = useNavigate();
  const account = useAccountField(users.operators, ofAccount);
  // Without an account it is the server's. Which that is, is not known before the form is drawn.
  const isOfServer = (values: Values) =>
    me.account === null && (values.account === undefined ? 'both' : textOf(values, 'account') === '');
  return (
    <FormButton
      label={users.add}
      icon="plus"
      isMain={ofAccount === undefined}
      isGuarded
      title={users.addTitle}
      fields={(values) => [
        ...account,
        { kind: 'text', name: 'username', label: users.username, isRequired: true },
        { kind: 'text', name: 'lastName', wire: 'person.lastName', label: users.lastName },
        { kind: 'text', name: 'firstName', wire: 'person.firstName', label: users.firstName },
        { kind: 'text', name: 'email', wire: 'person.email', label: users.email },
        rolesField({ texts, me, value: firstRole(me, 'requester'), isOfServer: isOfServer(values) }),
      ]}
      changes={['users']}
      run={(values, options) =>
        call(
          'users',
          'create',
          {
            account: textOf(values, 'account') || null,
            username: textOf(values, 'username'),
            roles: rolesOf(listOf(values, 'roles'), isOfServer(values)),
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
