/** The list of certificates: what ends when, and what is no longer trusted. */
import { callForText } from '../api/call.ts';
import { listSource } from '../api/list.ts';
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import { revocationReasons } from '../orders/acts/revoke-dialog.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import type { BulkAction, BulkDownload, Column, Filter, ListDefinition } from '../shared/list/definition.ts';
import { DaysLeft, Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { CertificateBody } from './certificate-body.tsx';
import { CertificateChip, type CertificateRow } from './certificate-chip.tsx';

/** What the navigation leads to: neither revoked nor replaced. */
export const certificatesInUse = { state: 'valid', replaced: 'false' } as const;

export function certificateList(
  texts: Texts,
  me: Me,
  shown: Pick<ListDefinition<CertificateRow>, 'tools' | 'picture'>,
): ListDefinition<CertificateRow> {
  const { certificates } = texts;
  const { views } = certificates;
  return {
    name: 'certificates',
    title: certificates.title,
    path: '/certificates',
    source: listSource('certificates', 'list'),
    paging: 'counted',
    text: {
      key: 'text',
      placeholder: certificates.search,
      refusalOf: (text) => (/^[A-Za-z0-9.*:_-]{3,}$/.test(text) ? null : certificates.searchRefused),
    },
    filters: filtersOf(texts, me),
    views: [
      { key: 'used', label: views.used, filters: certificatesInUse },
      { key: 'ending', label: views.ending, filters: { ...certificatesInUse, endsWithinDays: '30' } },
      { key: 'revoked', label: views.revoked, filters: { state: 'revoked' } },
      { key: 'all', label: views.all, filters: {} },
    ],
    columns: columnsOf(texts, me),
    actions: may(me, 'certificates.revoke') && may(me, 'bulk.act') ? [revokeMany(texts)] : [],
    downloads: [filesOfMany(texts)],
    ...shown,
    count: certificates.count,
    empty: {
      icon: 'certificate',
      title: certificates.empty,
      text: certificates.emptyText,
      command: 'certmux get www.example.com --webroot /var/www/html',
    },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ number }) => certificates.one(String(number)),
      pathOf: (reference) => `/certificates/${reference}`,
      Panel: CertificateBody,
    },
  };
}

/** Each with its chain, under its name and number: names may stand in several. */
function filesOfMany({ certificates }: Texts): BulkDownload<CertificateRow> {
  return {
    key: 'zip',
    label: certificates.downloadMany,
    name: 'certificates',
    async fileOf({ number, names: [first = ''] }) {
      const input = { certificate: String(number), format: 'fullchain' } as const;
      const name = first.replace(/^\*\./, 'wildcard.').replaceAll(/[^A-Za-z0-9._-]/g, '_');
      return { name: `${name}-${number}.fullchain.pem`, content: await callForText('certificates', 'download', input) };
    },
  };
}

function revokeMany({ certificates, acts }: Texts): BulkAction<CertificateRow> {
  const { many } = certificates;
  const reasons = revocationReasons.map((value) => ({
    value,
    label: acts.reasons[value].name,
    text: acts.reasons[value].text,
  }));
  return {
    key: 'revoke',
    label: certificates.revoke,
    icon: 'stop',
    action: 'certificates.revoke',
    idOf: ({ id }) => id,
    confirm: {
      title: many.title,
      text: many.text,
      tone: 'danger',
      isGuarded: true,
      isCountTyped: true,
      labelOf: ({ number, names: [first = ''], nameCount }) =>
        `${number} ${visible(first)}${nameCount > 1 ? ` ${certificates.moreNames(nameCount - 1)}` : ''}`,
      fields: [{ kind: 'one', name: 'reason', label: acts.revoke.why, options: reasons }],
    },
  };
}

function filtersOf({ certificates, list, orders }: Texts, me: Me): readonly Filter[] {
  const { filters, columns } = certificates;
  return [
    { key: 'state', label: columns.state, values: certificates.states },
    { key: 'replaced', label: filters.replaced, values: { true: list.yes, false: list.no } },
    { key: 'endsWithinDays', label: filters.endsWithinDays, kind: 'number' },
    { key: 'account', label: orders.columns.account },
    { key: 'endsFrom', label: filters.endsFrom, kind: 'date' },
    { key: 'endsTo', label: filters.endsTo, kind: 'date' },
    { key: 'from', label: filters.from, kind: 'date' },
    { key: 'to', label: filters.to, kind: 'date' },
    { key: 'serial', label: columns.serial },
    { key: 'issuerId', label: columns.issuer },
    { key: 'name', label: filters.name, isRare: true },
    { key: 'productCode', label: filters.product, isRare: true },
    { key: 'key', label: filters.key, isRare: true },
    ...(me.account === null ? [{ key: 'account', label: orders.columns.account, isRare: true }] : []),
  ];
}

function columnsOf({ certificates, orders }: Texts, me: Me): readonly Column<CertificateRow>[] {
  const { columns } = certificates;
  return [
    { key: 'number', label: columns.number, width: '92px', onCard: 'side', cell: ({ number }) => number },
    {
      key: 'names',
      label: columns.names,
      width: 'minmax(180px, 2.2fr)',
      onCard: 'title',
      cell: ({ names: [first = ''], nameCount, accountName }) => (
        <>
          <span>
            <DomainName name={first} />{' '}
            {nameCount > 1 && <span className="dim">{certificates.moreNames(nameCount - 1)}</span>}
          </span>
          {me.account === null && <span className="dim small">{visible(accountName)}</span>}
        </>
      ),
    },
    {
      key: 'state',
      label: columns.state,
      width: '110px',
      cell: ({ state, replacedBy }) => (
        <>
          <CertificateChip state={state} />
          {replacedBy !== null && <span className="dim small">{certificates.replacedBy(replacedBy)}</span>}
        </>
      ),
    },
    {
      key: 'ends',
      label: columns.ends,
      width: 'minmax(150px, 1.2fr)',
      sort: 'ends',
      cell: ({ notAfter }) => <DaysLeft until={notAfter} />,
    },
    {
      key: 'issuer',
      label: columns.issuer,
      width: 'minmax(90px, 0.8fr)',
      isWide: true,
      onCard: 'none',
      cell: ({ issuerId }) => issuerId,
    },
    { key: 'key', label: columns.key, width: '90px', isExtra: true, cell: ({ keyKind }) => keyKind },
    {
      key: 'order',
      label: orders.columns.number,
      width: '96px',
      isExtra: true,
      cell: ({ orderNumber }) => orderNumber,
    },
    {
      key: 'issued',
      label: columns.issued,
      width: 'minmax(150px, 1.1fr)',
      sort: 'created',
      isWide: true,
      onCard: 'none',
      cell: ({ createdAt }) => <Moment at={createdAt} />,
    },
    {
      key: 'serial',
      label: columns.serial,
      width: 'minmax(160px, 1.4fr)',
      isExtra: true,
      cell: ({ serial }) => <code>{serial}</code>,
    },
  ];
}
