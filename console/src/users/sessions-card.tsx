/** Where somebody is signed in, and the way to end it. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActButton } from '../shared/act/act-button.tsx';
import { Detail } from '../shared/detail.tsx';
import { Card, Lines } from '../shared/object.tsx';
import { Relative } from '../shared/time.tsx';

/** @param user null: the person who looks */
export function SessionsCard({ user }: { readonly user: string | null }) {
  const { users } = useTexts();
  const query = useQuery({
    queryKey: ['sessions', user],
    queryFn: ({ signal }) => call('sessions', 'list', user === null ? {} : { user }, { signal }),
  });
  return (
    <Card title={users.sessions} isFlush>
      <Detail query={query} unknown={users.noSessions}>
        {({ items }) => (
          <Lines>
            {items.length === 0 && <li className="dim">{users.noSessions}</li>}
            {items.map(({ id, isCurrent, address, lastUsedAt }) => (
              <li key={id}>
                <span>
                  <span>
                    {users.session(address)} {isCurrent && <strong>· {users.thisOne}</strong>}
                  </span>
                  <span className="dim small">
                    {users.lastUsed} <Relative at={lastUsedAt} />
                  </span>
                </span>
                {!isCurrent && (
                  <ActButton
                    label={users.endSession}
                    size="xs"
                    changes={['sessions']}
                    run={() => call('sessions', 'end', { session: id })}
                  />
                )}
              </li>
            ))}
          </Lines>
        )}
      </Detail>
    </Card>
  );
}
