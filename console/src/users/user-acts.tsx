/** What is done with a user: roles, a way to a password, disabling. */
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { useLeaveRemoved } from '../shared/act/after-act.ts';
import { type Field, listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Copied } from '../shared/object.tsx';
import { visible } from '../shared/visible.ts';
import { EndsKeys } from './ends-keys.tsx';
import { rolesField, rolesOf } from './roles.ts';
import type { User } from './user-body.tsx';

export interface UserActsProps {
  readonly user: User;
  readonly me: Me;
}

const changes = ['users', 'credentials', 'sessions'] as const;

export function UserActs({ user, me }: UserActsProps) {
  const texts = useTexts();
  const { users } = texts;
  const leave = useLeaveRemoved();
  const name = visible(user.username);
  const one = { user: String(user.number) };
  const isSelf = me.user?.id === user.id;
  return (
    <>
      {may(me, 'users.change') && (
        <FormButton
          label={users.changeRoles}
          isGuarded
          title={users.changeRolesTitle(name)}
          text={users.changeRolesText}
          fields={[rolesField({ texts, me, value: user.roles, isOfServer: user.accountId === null })]}
          changes={changes}
          run={(values, options) =>
            call('users', 'change', { ...one, roles: rolesOf(listOf(values, 'roles')) }, options)
          }
        />
      )}
      {user.kind === 'person' && user.state === 'active' && <Passwords user={user} me={me} />}
      {!isSelf && user.state === 'active' && may(me, 'users.disable') && (
        <FormButton
          label={users.disable}
          icon="stop"
          tone="danger"
          isGuarded
          title={users.disableTitle(name)}
          text={<EndsKeys user={user} text={users.disableText} />}
          changes={changes}
          run={(_values, options) => call('users', 'disable', one, options)}
        />
      )}
      {user.state === 'disabled' && may(me, 'users.enable') && (
        <FormButton
          label={users.enable}
          icon="check"
          isGuarded
          title={users.enableTitle(name)}
          text={users.enableText}
          changes={changes}
          run={(_values, options) => call('users', 'enable', one, options)}
        />
      )}
      {!isSelf && may(me, 'users.remove') && (
        <FormButton
          label={users.remove}
          icon="trash"
          tone="danger"
          isGuarded
          typed={user.username}
          title={users.removeTitle(name)}
          text={<EndsKeys user={user} text={users.removeText} />}
          changes={[]}
          run={(_values, options) => call('users', 'remove', one, options)}
          onDone={() => void leave('/users', changes)}
        />
      )}
    </>
  );
}

/** By an invitation where they never had one, else by a reset. The API knows which of them it is, and says so. */
function Passwords({ user, me }: UserActsProps) {
  const { users } = useTexts();
  const name = visible(user.username);
  const one = { user: String(user.number) };
  const by: Field = {
    kind: 'one',
    name: 'by',
    label: users.by,
    options: [
      ...(user.person.email === '' ? [] : [{ value: 'mail', label: `${users.byMail}: ${visible(user.person.email)}` }]),
      { value: 'hand', label: users.byHand },
    ],
  };
  const answer = {
    title: users.linkTitle,
    show: (invitation: Reply<'users', 'invite'>) => <Invitation invitation={invitation} />,
  };
  const isFirst = user.lastSignInAt === null;
  if (!may(me, isFirst ? 'users.invite' : 'passwords.reset')) return null;
  return isFirst ? (
    <FormButton
      label={users.invite}
      icon="send"
      isGuarded
      title={users.inviteTitle(name)}
      text={users.inviteText}
      fields={[by]}
      changes={changes}
      answer={answer}
      run={(values, options) => call('users', 'invite', { ...one, showLink: textOf(values, 'by') === 'hand' }, options)}
    />
  ) : (
    <FormButton
      label={users.reset}
      icon="key"
      isGuarded
      title={users.resetTitle(name)}
      text={users.resetText}
      fields={[by]}
      changes={changes}
      answer={answer}
      run={(values, options) =>
        call('passwords', 'reset', { ...one, showLink: textOf(values, 'by') === 'hand' }, options)
      }
    />
  );
}

function Invitation({ invitation: { link, address } }: { readonly invitation: Reply<'users', 'invite'> }) {
  const { users } = useTexts();
  if (link === undefined) return <p>{users.mailed(visible(address ?? ''))}</p>;
  return (
    <>
      <p>{users.linkText}</p>
      <Copied value={link} what={users.link} />
    </>
  );
}
