/** The list of users: who may do what, and who comes no more. */
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import { accountColumn } from '../frame/account-column.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';
import type { Column, ListDefinition } from '../shared/list/definition.ts';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { AddUser } from './add-user.tsx';
import { UserBody } from './user-body.tsx';

export type UserRow = RowOf<'users', 'list'>;

export function userList(texts: Texts, me: Me): ListDefinition<UserRow> {
  const { users, orders, frame } = texts;
  const { views, columns } = users;
  return {
    name: 'users',
    title: users.title,
    path: '/users',
    source: listSource('users', 'list'),
    paging: 'counted',
    text: { key: 'text', placeholder: users.search },
    filters: [
      { key: 'state', label: columns.state, values: users.states },
      { key: 'role', label: columns.roles, values: frame.roles },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: [
      { key: 'all', label: views.all, filters: {} },
      { key: 'active', label: views.active, filters: { state: 'active' } },
      { key: 'disabled', label: views.disabled, filters: { state: 'disabled' } },
    ],
    columns: columnsOf(texts, me),
    count: users.count,
    empty: { icon: 'people', title: users.empty, text: users.emptyText },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ username }) => visible(username),
      pathOf: (reference) => `/users/${reference}`,
      Panel: UserBody,
    },
    ...(may(me, 'users.create') ? { tools: <AddUser me={me} /> } : {}),
  };
}

function columnsOf(texts: Texts, me: Me): readonly Column<UserRow>[] {
  const { users, frame } = texts;
  const { columns } = users;
  return [
    {
      key: 'username',
      label: columns.username,
      width: 'minmax(140px, 1.4fr)',
      onCard: 'title',
      cell: ({ username }) => visible(username),
    },
    ...accountColumn<UserRow>(me, texts),
    { key: 'name', label: columns.name, width: 'minmax(110px, 1.2fr)', cell: (row) => nameOf(row) },
    {
      key: 'roles',
      label: columns.roles,
      width: 'minmax(140px, 1.6fr)',
      cell: ({ roles }) => roles.map((role) => frame.roles[role]).join(' · '),
    },
    {
      key: 'state',
      label: columns.state,
      width: '104px',
      onCard: 'side',
      cell: (row) => <UserChip state={row.state} />,
    },
    {
      key: 'signIn',
      label: columns.signIn,
      width: '120px',
      isWide: true,
      hasCardLabel: true,
      cell: ({ lastSignInAt }) =>
        lastSignInAt === null ? <span className="dim">{users.never}</span> : <Relative at={lastSignInAt} />,
    },
    {
      key: 'created',
      label: columns.created,
      width: '110px',
      isExtra: true,
      cell: ({ createdAt }) => <Relative at={createdAt} />,
    },
  ];
}

/** Chinese names begin with that of the family, and have no blank in them. */
export function nameOf({ person: { firstName, lastName } }: Pick<UserRow, 'person'>): string {
  const isChinese = /^\p{Script=Han}+$/u.test(`${lastName}${firstName}`);
  return visible(isChinese ? `${lastName}${firstName}` : `${firstName} ${lastName}`.trim());
}

const looks = {
  active: ['check', 'good'],
  disabled: ['stop', 'bad'],
  removed: ['close', 'idle'],
} as const satisfies Record<UserRow['state'], readonly [IconName, Tone]>;

export function UserChip({ state }: Pick<UserRow, 'state'>) {
  const { users } = useTexts();
  const [icon, tone] = looks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {users.states[state]}
    </Chip>
  );
}
