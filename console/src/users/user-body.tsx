/** One user: who they are, what they may do, where they are signed in. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Facts, Head, Lines, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { SessionsCard } from './sessions-card.tsx';
import { UserActs } from './user-acts.tsx';
import { nameOf, UserChip } from './user-list.tsx';

export type User = Reply<'users', 'show'>;

export function UserBody({ reference, isPage = false }: ObjectBodyProps) {
  const { users } = useTexts();
  const { data: me } = useQuery(meQuery);
  const query = useQuery({
    queryKey: ['users', 'one', reference],
    queryFn: ({ signal }) => call('users', 'show', { user: reference }, { signal }),
  });
  return (
    <Detail query={query} unknown={users.unknown} isPage={isPage}>
      {(user) => (me === undefined ? null : <Shown user={user} me={me} isPage={isPage} />)}
    </Detail>
  );
}

interface ShownProps {
  readonly user: User;
  readonly me: Me;
  readonly isPage: boolean;
}

function Shown({ user, me, isPage }: ShownProps) {
  const { users, frame } = useTexts();
  const { facts, columns } = users;
  const { person, number } = user;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={visible(user.username)}
        chips={<UserChip state={user.state} />}
        summary={nameOf(user)}
        acts={user.state === 'removed' ? undefined : <UserActs user={user} me={me} />}
      />
      <Card title={users.roles} isFlush>
        <Lines>
          {user.roles.map((role) => (
            <li key={role}>
              <span>
                <span>{frame.roles[role]}</span>
                <span className="dim small">{users.roleTexts[role]}</span>
              </span>
            </li>
          ))}
        </Lines>
      </Card>
      <Card>
        <Facts
          rows={[
            [facts.kind, users.kinds[user.kind]],
            [facts.email, visible(person.email)],
            [facts.phone, visible(person.phone)],
            [facts.job, visible(person.jobTitle)],
            [columns.signIn, user.lastSignInAt === null ? users.never : <Moment key="in" at={user.lastSignInAt} />],
            [columns.created, <Moment key="created" at={user.createdAt} />],
            [facts.createdBy, user.createdBy === null ? null : visible(user.createdBy.name)],
            [
              facts.keys,
              may(me, 'credentials.list') ? (
                <Link key="keys" to="/credentials" search={{ user: String(number) }}>
                  {facts.showKeys}
                </Link>
              ) : null,
            ],
          ]}
        />
      </Card>
      {user.kind === 'person' && may(me, 'sessions.list') && <SessionsCard user={String(number)} />}
    </Page>
  );
}
