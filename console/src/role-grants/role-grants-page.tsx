/** Roles that one administrator proposes and another confirms, where an account separates duties. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { listOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Chip, type Tone } from '../shared/chip.tsx';
import type { IconName } from '../shared/icons.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import styles from '../shared/row-acts.module.css';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { firstRole, rolesField, rolesOf } from '../users/roles.ts';

type Grant = RowOf<'roleGrants', 'list'>;

export function RoleGrantsPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="roleGrants.list">
      <ListScreen list={grantList(texts, me)} />
    </Needs>
  );
}

function grantList({ roleGrants, orders, frame, list }: Texts, me: Me): ListDefinition<Grant> {
  const { columns } = roleGrants;
  return {
    name: 'roleGrants',
    title: roleGrants.title,
    path: '/role-grants',
    source: listSource('roleGrants', 'list'),
    paging: 'paged',
    filters: me.account === null ? [{ key: 'account', label: orders.columns.account }] : [],
    views: [],
    columns: [
      {
        key: 'subject',
        label: columns.subject,
        width: 'minmax(140px, 1.4fr)',
        onCard: 'title',
        cell: ({ subject }) => <strong>{visible(subject.name)}</strong>,
      },
      {
        key: 'roles',
        label: columns.roles,
        width: 'minmax(140px, 1.6fr)',
        cell: ({ roles }) => roles.map((role) => frame.roles[role]).join(' · '),
      },
      {
        key: 'by',
        label: columns.by,
        width: 'minmax(110px, 1fr)',
        hasCardLabel: true,
        cell: ({ proposedBy }) => visible(proposedBy.name),
      },
      {
        key: 'decided',
        label: columns.decided,
        width: 'minmax(110px, 1fr)',
        isWide: true,
        cell: ({ decidedBy }) => (decidedBy === null ? null : visible(decidedBy.name)),
      },
      {
        key: 'state',
        label: columns.state,
        width: '112px',
        onCard: 'side',
        cell: ({ state }) => <State state={state} />,
      },
      {
        key: 'at',
        label: columns.at,
        width: '104px',
        isWide: true,
        cell: ({ createdAt }) => <Relative at={createdAt} />,
      },
      {
        key: 'acts',
        label: list.acts,
        width: '180px',
        cell: (row) => (row.state === 'pending' && may(me, 'roleGrants.confirm') ? <Acts grant={row} me={me} /> : null),
      },
    ],
    count: roleGrants.count,
    empty: { icon: 'shield', title: roleGrants.empty, text: roleGrants.emptyText, command: 'certmux grant list' },
    ...(may(me, 'roleGrants.propose') ? { tools: <Propose me={me} /> } : {}),
  };
}

const looks = {
  pending: ['clock', 'warn'],
  confirmed: ['check', 'good'],
  withdrawn: ['close', 'idle'],
} as const satisfies Record<Grant['state'], readonly [IconName, Tone]>;

function State({ state }: Pick<Grant, 'state'>) {
  const { roleGrants } = useTexts();
  const [icon, tone] = looks[state];
  return (
    <Chip icon={icon} tone={tone}>
      {roleGrants.states[state]}
    </Chip>
  );
}

/** Whoever proposed it does not confirm it as well. */
function Acts({ grant, me }: { readonly grant: Grant; readonly me: Me }) {
  const { roleGrants, frame } = useTexts();
  const one = { grant: String(grant.number) };
  const name = visible(grant.subject.name);
  const isOwn = grant.proposedBy.id === me.actor.id;
  return (
    <span className={styles.acts}>
      <FormButton
        label={roleGrants.confirm}
        size="xs"
        isGuarded
        refusal={isOwn ? roleGrants.own : null}
        title={roleGrants.confirmTitle(name)}
        text={roleGrants.confirmText(grant.roles.map((role) => frame.roles[role]).join(' · '))}
        changes={['roleGrants', 'users', 'credentials']}
        run={(_values, options) => call('roleGrants', 'confirm', one, options)}
      />
      <FormButton
        label={roleGrants.withdraw}
        size="xs"
        tone="danger"
        title={roleGrants.withdrawTitle(name)}
        text={roleGrants.withdrawText}
        changes={['roleGrants']}
        run={(_values, options) => call('roleGrants', 'withdraw', one, options)}
      />
    </span>
  );
}

function Propose({ me }: { readonly me: Me }) {
  const texts = useTexts();
  const { roleGrants } = texts;
  return (
    <FormButton
      label={roleGrants.propose}
      icon="plus"
      isMain
      isGuarded
      title={roleGrants.propose}
      text={roleGrants.proposeText}
      fields={[
        { kind: 'text', name: 'user', label: roleGrants.user, description: roleGrants.userText, isRequired: true },
        rolesField({ texts, me, value: firstRole(me, 'approver'), isOfServer: false }),
      ]}
      changes={['roleGrants']}
      run={(values, options) =>
        call(
          'roleGrants',
          'propose',
          { user: textOf(values, 'user'), roles: rolesOf(listOf(values, 'roles')) },
          options,
        )
      }
    />
  );
}
