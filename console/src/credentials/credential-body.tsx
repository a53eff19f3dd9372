/** One key of a program: what it opens, for whom, from where and until when; how it is tried, and what was done with it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Copied, Facts, Head, Lines, Page } from '../shared/object.tsx';
import type { ObjectBodyProps } from '../shared/object-page.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { CredentialActs } from './credential-acts.tsx';
import { CredentialChip, type CredentialRow } from './credential-list.tsx';
import { nameOfDialect } from './dialects.ts';
import { KnownKeyTrial } from './try-key.tsx';

export function CredentialBody({ reference, isPage = false }: ObjectBodyProps) {
  const { credentials } = useTexts();
  const { data: me } = useQuery(meQuery);
  const query = useQuery({
    queryKey: ['credentials', 'one', reference],
    // The list finds a number as well; there is no other way to one.
    queryFn: async ({ signal }) => {
      const { items } = await call('credentials', 'list', { text: reference }, { signal });
      return items.find(({ number }) => String(number) === reference) ?? null;
    },
  });
  return (
    <Detail query={query} unknown={credentials.unknown} isPage={isPage}>
      {(credential) => {
        if (me === undefined) return null;
        if (credential === null) return <p className="dim">{credentials.unknown}</p>;
        return <Shown credential={credential} me={me} isPage={isPage} />;
      }}
    </Detail>
  );
}

interface ShownProps {
  readonly credential: CredentialRow;
  readonly me: Me;
  readonly isPage: boolean;
}

function Shown({ credential, me, isPage }: ShownProps) {
  const { credentials, frame, users } = useTexts();
  const { columns, facts } = credentials;
  const { number, label, dialect, publicId, roles, lastUsedAt, lastUsedAddress, expiresAt, revokedAt } = credential;
  const isUsable = revokedAt === null;
  return (
    <Page>
      <Head
        isPage={isPage}
        title={label === '' ? credentials.one(String(number)) : visible(label)}
        chips={<CredentialChip row={credential} />}
        {...(isUsable ? { acts: <CredentialActs credential={credential} me={me} /> } : {})}
      />
      <Card>
        <Facts
          rows={[
            [columns.api, nameOfDialect(dialect)],
            [columns.publicId, <Copied key="id" value={publicId} what={columns.publicId} />],
            [columns.holder, <Holder key="holder" credential={credential} me={me} />],
            [facts.addresses, credential.allowedAddresses?.join(', ') ?? facts.anywhere],
            [columns.ends, expiresAt === undefined ? facts.noEnd : <Moment key="ends" at={expiresAt} />],
            [
              columns.used,
              lastUsedAt === null ? (
                credentials.never
              ) : (
                <span key="used">
                  <Moment at={lastUsedAt} />
                  {lastUsedAddress !== null && <span className="dim"> · {lastUsedAddress}</span>}
                </span>
              ),
            ],
            [columns.created, <Moment key="created" at={credential.createdAt} />],
            [facts.createdBy, credential.createdBy === null ? null : visible(credential.createdBy.name)],
            [facts.revoked, revokedAt === null ? null : <Moment key="revoked" at={revokedAt} />],
            [
              facts.activity,
              may(me, 'events.list') ? (
                <Link key="activity" to="/audit" search={{ actor: credential.id }}>
                  {facts.showActivity}
                </Link>
              ) : null,
            ],
          ]}
        />
      </Card>
      <Card title={columns.roles} isFlush>
        <Lines>
          {roles.map((role) => (
            <li key={role}>
              <span>
                <span>{frame.roles[role]}</span>
                <span className="dim small">{users.roleTexts[role]}</span>
              </span>
            </li>
          ))}
        </Lines>
      </Card>
      {isUsable && <KnownKeyTrial dialect={dialect} publicId={publicId} />}
    </Page>
  );
}

function Holder({ credential: { holder, userId }, me }: Pick<ShownProps, 'credential' | 'me'>) {
  const { credentials } = useTexts();
  if (holder === null || userId === null) return credentials.nobody;
  const name = visible(holder.name);
  if (!may(me, 'users.show')) return name;
  return (
    <Link to="/users/$reference" params={{ reference: userId }}>
      {name}
    </Link>
  );
}
