/** The ACME accounts that a key has bound, and what the newest of them ordered. */
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { call, type Reply } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Failure } from '../shared/failure.tsx';
import { Card, Lines } from '../shared/object.tsx';
import { Moment, Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';

/** So many of each are shown; the rest is a link away. */
const shownClients = 10;
const shownOrders = 10;

type Client = Reply<'credentials', 'list'>['items'][number];
type Placed = Reply<'events', 'list'>['items'][number];

export function AcmeKeyClients({ number, me }: { readonly number: number; readonly me: Me }) {
  const { acmeKeys } = useTexts();
  const acmeKey = String(number);
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['credentials', 'ofAcmeKey', acmeKey],
    queryFn: ({ signal }) => call('credentials', 'list', { acmeKey, limit: shownClients }, { signal }),
  });
  if (error !== null) return <Failure error={error} onRetry={() => void refetch()} isRetrying={isFetching} />;
  if (data === undefined) return null;
  const { items, nextCursor } = data;
  return (
    <>
      <Card
        title={acmeKeys.bound}
        isFlush={items.length > 0}
        {...(nextCursor === null
          ? {}
          : {
              tools: (
                <Link to="/credentials" search={{ acmeKey }}>
                  {acmeKeys.allClients}
                </Link>
              ),
            })}
      >
        {items.length === 0 ? (
          <p className="dim">{acmeKeys.noClients}</p>
        ) : (
          <Lines>
            {items.map((client) => (
              <ClientLine key={client.id} client={client} />
            ))}
          </Lines>
        )}
      </Card>
      {items.length > 0 && may(me, 'events.list') && <Orders clients={items} isAll={nextCursor === null} />}
    </>
  );
}

function ClientLine({ client }: { readonly client: Client }) {
  const { acmeKeys, credentials } = useTexts();
  const { number, label, lastUsedAt, lastUsedAddress, revokedAt } = client;
  return (
    <li>
      <span>
        <Link to="/credentials/$reference" params={{ reference: String(number) }}>
          {label === '' ? credentials.one(String(number)) : visible(label)}
        </Link>
        {revokedAt !== null && <span className="dim small">{credentials.states.revoked}</span>}
      </span>
      <span className="dim">
        {lastUsedAt === null ? acmeKeys.neverUsed : <Relative at={lastUsedAt} />}
        {lastUsedAddress !== null && ` · ${lastUsedAddress}`}
      </span>
    </li>
  );
}

function Orders({ clients, isAll }: { readonly clients: readonly Client[]; readonly isAll: boolean }) {
  const { acmeKeys } = useTexts();
  const answers = useQueries({
    queries: clients.map(({ id }) => ({
      queryKey: ['events', 'placedBy', id],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        call('events', 'list', { actor: id, kind: 'order.placed', limit: shownOrders }, { signal }),
    })),
  });
  const [failed] = answers.filter(({ error }) => error !== null);
  if (failed !== undefined && failed.error !== null) {
    return <Failure error={failed.error} onRetry={() => void failed.refetch()} isRetrying={failed.isFetching} />;
  }
  if (answers.some(({ data }) => data === undefined)) return null;
  const placed = answers
    .flatMap(({ data }) => data?.items ?? [])
    .toSorted((one, other) => other.sequence - one.sequence)
    .slice(0, shownOrders);
  return (
    <Card title={acmeKeys.ordered} isFlush={placed.length > 0}>
      {placed.length === 0 ? (
        <p className="dim">{acmeKeys.noOrders}</p>
      ) : (
        <Lines>
          {placed.map((event) => (
            <OrderLine key={event.sequence} event={event} />
          ))}
        </Lines>
      )}
      {!isAll && <p className="dim small">{acmeKeys.ofNewest(clients.length)}</p>}
    </Card>
  );
}

function OrderLine({ event: { subject, data, at } }: { readonly event: Placed }) {
  const { acmeKeys, orders } = useTexts();
  const names = Array.isArray(data.names) ? data.names.map(String) : [];
  const [first] = names;
  return (
    <li>
      <span>
        <Link to="/orders/$order" params={{ order: subject }}>
          {typeof data.number === 'number' ? orders.order(data.number) : acmeKeys.toOrder}
        </Link>
        {first !== undefined && (
          <span className="dim small">
            <DomainName name={first} /> {names.length > 1 && orders.moreNames(names.length - 1)}
          </span>
        )}
      </span>
      <span className="dim">
        <Moment at={at} />
      </span>
    </li>
  );
}
