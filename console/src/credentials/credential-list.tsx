/** The list of keys of programs: who holds them, and which are used no more. */
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import { accountColumn } from '../frame/account-column.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip } from '../shared/chip.tsx';
import type { Column, ListDefinition } from '../shared/list/definition.ts';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { AddCredential } from './add-credential.tsx';
import { CredentialBody } from './credential-body.tsx';
import { dialects, nameOfDialect } from './dialects.ts';

const dayMs = 86_400_000;
const idleDays = 90;

export type CredentialRow = RowOf<'credentials', 'list'>;

export function credentialList(texts: Texts, me: Me): ListDefinition<CredentialRow> {
  const { credentials, orders } = texts;
  const { filters, views, columns } = credentials;
  return {
    name: 'credentials',
    title: credentials.title,
    path: '/credentials',
    source: listSource('credentials', 'list'),
    paging: 'counted',
    text: { key: 'text', placeholder: credentials.search },
    filters: [
      { key: 'dialect', label: columns.api, values: dialects },
      { key: 'user', label: filters.user },
      { key: 'unusedSince', label: filters.unusedSince, kind: 'date' },
      { key: 'revoked', label: filters.revoked, values: { true: texts.list.yes, false: texts.list.no } },
      { key: 'acmeKey', label: filters.acmeKey, isRare: true },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: [
      { key: 'used', label: views.used, filters: { revoked: 'false' } },
      { key: 'idle', label: views.idle, filters: { revoked: 'false', unusedSince: idleSince() } },
      { key: 'revoked', label: views.revoked, filters: { revoked: 'true' } },
      { key: 'all', label: views.all, filters: {} },
    ],
    columns: columnsOf(texts, me),
    count: credentials.count,
    empty: { icon: 'key', title: credentials.empty, text: credentials.emptyText },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ label, number }) => (label === '' ? credentials.one(String(number)) : visible(label)),
      pathOf: (reference) => `/credentials/${reference}`,
      Panel: CredentialBody,
    },
    ...(may(me, 'credentials.create') ? { tools: <AddCredential me={me} /> } : {}),
  };
}

/** A key that nobody used for so long is likely forgotten. By the day, so that the view stays the same all day. */
function idleSince(): string {
  return new Date(Date.now() - idleDays * dayMs).toISOString().slice(0, 10);
}

function columnsOf(texts: Texts, me: Me): readonly Column<CredentialRow>[] {
  const { credentials, frame } = texts;
  const { columns } = credentials;
  return [
    {
      key: 'label',
      label: columns.label,
      width: 'minmax(150px, 1.6fr)',
      onCard: 'title',
      cell: ({ label, publicId, number }) => (
        <>
          <strong>{label === '' ? credentials.one(String(number)) : visible(label)}</strong>
          <code className="dim">{publicId}</code>
        </>
      ),
    },
    ...accountColumn<CredentialRow>(me, texts),
    {
      key: 'api',
      label: columns.api,
      width: 'minmax(100px, 0.9fr)',
      cell: ({ dialect }) => nameOfDialect(dialect),
    },
    {
      key: 'holder',
      label: columns.holder,
      width: 'minmax(90px, 1fr)',
      isWide: true,
      hasCardLabel: true,
      cell: ({ holder }) =>
        holder === null ? <span className="dim">{credentials.nobody}</span> : visible(holder.name),
    },
    {
      key: 'roles',
      label: columns.roles,
      width: 'minmax(110px, 1.1fr)',
      cell: ({ roles }) => roles.map((role) => frame.roles[role]).join(' · '),
    },
    {
      key: 'used',
      label: columns.used,
      width: '110px',
      hasCardLabel: true,
      cell: ({ lastUsedAt, lastUsedAddress }) =>
        lastUsedAt === null ? (
          <span className="dim">{credentials.never}</span>
        ) : (
          <>
            <Relative at={lastUsedAt} />
            {lastUsedAddress !== null && <span className="dim small"> {lastUsedAddress}</span>}
          </>
        ),
    },
    { key: 'state', label: columns.state, width: '100px', onCard: 'side', cell: (row) => <CredentialChip row={row} /> },
    {
      key: 'addresses',
      label: credentials.facts.addresses,
      width: 'minmax(120px, 1fr)',
      isExtra: true,
      cell: ({ allowedAddresses }) => allowedAddresses?.join(', ') ?? credentials.facts.anywhere,
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

export function CredentialChip({ row: { revokedAt, expiresAt } }: { readonly row: CredentialRow }) {
  const { credentials } = useTexts();
  if (revokedAt !== null) {
    return (
      <Chip icon="stop" tone="bad">
        {credentials.states.revoked}
      </Chip>
    );
  }
  const isOver = expiresAt !== undefined && new Date(expiresAt) < new Date();
  return (
    <Chip icon={isOver ? 'clock' : 'check'} tone={isOver ? 'idle' : 'good'}>
      {isOver ? credentials.states.expired : credentials.states.active}
    </Chip>
  );
}
