/** Which keys end with a user: those that they hold, by label and last use. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import type { User } from './user-body.tsx';
import styles from './users.module.css';

const mostShown = 10;

export interface EndsKeysProps {
  readonly user: User;
  readonly text: string;
}

export function EndsKeys({ user: { number }, text }: EndsKeysProps) {
  const { users, credentials } = useTexts();
  const { data: me } = useQuery(meQuery);
  const filter = { user: String(number), revoked: 'false', limit: mostShown, total: 'true' } as const;
  const { data } = useQuery({
    queryKey: ['credentials', 'list', filter],
    queryFn: ({ signal }) => call('credentials', 'list', filter, { signal }),
    enabled: me !== undefined && may(me, 'credentials.list'),
  });
  const count = data?.total?.count ?? data?.items.length ?? 0;
  return (
    <>
      <p>{text}</p>
      {data !== undefined && <p className={styles.ends}>{users.endsKeys(count)}</p>}
      {count > 0 && (
        <ul className={styles.keys}>
          {data?.items.map(({ id, label, number: key, lastUsedAt }) => (
            <li key={id}>
              {label === '' ? credentials.one(String(key)) : visible(label)}{' '}
              <span className="dim small">
                {lastUsedAt === null ? credentials.never : <Relative at={lastUsedAt} />}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
