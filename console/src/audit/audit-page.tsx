/** The audit log: who did what to what, when, and by which request. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { listSource, type RowOf, withIds } from '../api/list.ts';
import { type Me, meQuery } from '../api/me.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { CopyButton } from '../shared/copy-button.tsx';
import type { Column, ListDefinition, View } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { pageOfId } from '../shared/page-of-id.ts';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './audit.module.css';

type Event = RowOf<'events', 'list'> & { readonly id: string };

export function AuditPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="events.list">
      <ListScreen list={auditList(texts, me)} />
    </Needs>
  );
}

function auditList(texts: Texts, me: Me): ListDefinition<Event> {
  const { audit, orders } = texts;
  const { filters } = audit;
  return {
    name: 'events',
    title: audit.title,
    path: '/audit',
    source: withIds(listSource('events', 'list'), ({ sequence }) => String(sequence)),
    paging: 'counted',
    filters: [
      { key: 'kind', label: filters.kind },
      { key: 'subject', label: filters.subject },
      { key: 'actor', label: filters.actor },
      { key: 'requestId', label: filters.requestId },
      { key: 'from', label: filters.from, kind: 'date' },
      { key: 'until', label: filters.until, kind: 'date' },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: viewsOf(texts),
    columns: columnsOf(texts),
    count: audit.count,
    empty: { icon: 'audit', title: audit.empty, text: audit.emptyText },
  };
}

const kindsOfViews = {
  signIns: ['session.started', 'session.refused', 'session.confirmationRefused', 'session.ended'],
  money: [
    'account.credited',
    'account.balanceLow',
    'account.balanceRestored',
    'account.priceSet',
    'account.priceRemoved',
    'order.refunded',
    'product.changed',
  ],
  revocations: ['certificate.revoked', 'revocation.requested', 'revocation.approved', 'revocation.rejected'],
  keys: [
    'credential.created',
    'credential.changed',
    'credential.revoked',
    'user.changed',
    'user.disabled',
    'key.delivered',
  ],
  exports: ['list.exported'],
} as const;

function viewsOf({ audit }: Texts): readonly View[] {
  const names = ['signIns', 'money', 'revocations', 'keys', 'exports'] as const;
  return [
    { key: 'all', label: audit.views.all, filters: {} },
    ...names.map((key) => ({ key, label: audit.views[key], filters: { kind: kindsOfViews[key].join(',') } })),
  ];
}

function columnsOf(texts: Texts): readonly Column<Event>[] {
  const { columns } = texts.audit;
  return [
    {
      key: 'what',
      label: columns.what,
      width: 'minmax(160px, 1.4fr)',
      onCard: 'title',
      cell: ({ kind }) => <strong title={kind}>{sentenceOf(kind, texts)}</strong>,
    },
    {
      key: 'who',
      label: columns.who,
      width: 'minmax(120px, 1.1fr)',
      hasCardLabel: true,
      cell: ({ actor }) => (
        <>
          <span>{visible(actor.name)}</span>
          {actor.credential !== null && <span className="dim small">{texts.audit.via(visible(actor.credential))}</span>}
        </>
      ),
    },
    { key: 'at', label: columns.at, width: 'minmax(140px, 1fr)', cell: ({ at }) => <Moment at={at} /> },
    {
      key: 'data',
      label: columns.data,
      width: 'minmax(220px, 2fr)',
      cell: (event) => <Details event={event} texts={texts} />,
    },
  ];
}

function Details({ event, texts }: { readonly event: Event; readonly texts: Texts }) {
  const { subject, requestId, address, session, data } = event;
  const { columns, open } = texts.audit;
  const page = pageOfId(subject);
  return (
    <details className={styles.details}>
      <summary>
        <code>{visible(subject)}</code>
      </summary>
      {page !== undefined && (
        <p className="small">
          <Link to={page}>{open}</Link>
        </p>
      )}
      {requestId !== null && (
        <p className="small">
          {columns.request} <code>{visible(requestId)}</code>
          <CopyButton value={requestId} what={columns.request} />
        </p>
      )}
      {address !== undefined && (
        <p className="small">
          {columns.address} <code>{visible(address)}</code>
        </p>
      )}
      {session !== undefined && (
        <p className="small">
          {columns.session} <code>{visible(session)}</code>
        </p>
      )}
      <pre>{textOfData(data)}</pre>
    </details>
  );
}

/** Line by line, in which nothing hides. */
function textOfData(data: Event['data']): string {
  return JSON.stringify(data, null, 2).split('\n').map(visible).join('\n');
}

/** `order.placed`; a kind that is newer than this page stays as it is. */
function sentenceOf(kind: string, { audit }: Texts): string {
  const [noun = '', verb = ''] = kind.split('.');
  const nouns: Readonly<Record<string, string>> = audit.nouns;
  const verbs: Readonly<Record<string, string>> = audit.verbs;
  const [nounText, verbText] = [nouns[noun], verbs[verb]];
  return nounText === undefined || verbText === undefined ? kind : audit.what(nounText, verbText);
}
