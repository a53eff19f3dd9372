/** The list of certificates: what ends when, and what is no longer trusted. */
import { listSource } from '../api/list.ts';
import type { Texts } from '../messages/texts.ts';
import { DomainName } from '../shared/domain-name.tsx';
import type { Column, Filter, ListDefinition } from '../shared/list/definition.ts';
import { DaysLeft, Moment } from '../shared/time.tsx';
import { CertificateBody } from './certificate-body.tsx';
import { CertificateChip, type CertificateRow } from './certificate-chip.tsx';

/** What the navigation leads to: neither revoked nor replaced. */
export const certificatesInUse = { state: 'valid', replaced: 'false' } as const;

export function certificateList(texts: Texts): ListDefinition<CertificateRow> {
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
    filters: filtersOf(texts),
    views: [
      { key: 'used', label: views.used, filters: certificatesInUse },
      { key: 'ending', label: views.ending, filters: { ...certificatesInUse, endsWithinDays: '30' } },
      { key: 'revoked', label: views.revoked, filters: { state: 'revoked' } },
      { key: 'all', label: views.all, filters: {} },
    ],
    columns: columnsOf(texts),
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

function filtersOf({ certificates, list, orders }: Texts): readonly Filter[] {
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
  ];
}

function columnsOf({ certificates }: Texts): readonly Column<CertificateRow>[] {
  const { columns } = certificates;
  return [
    { key: 'number', label: columns.number, width: '92px', onCard: 'side', cell: ({ number }) => number },
    {
      key: 'names',
      label: columns.names,
      width: 'minmax(180px, 2.2fr)',
      onCard: 'title',
      cell: ({ names: [first = ''], nameCount }) => (
        <span>
          <DomainName name={first} />{' '}
          {nameCount > 1 && <span className="dim">{certificates.moreNames(nameCount - 1)}</span>}
        </span>
      ),
    },
    { key: 'state', label: columns.state, width: '110px', cell: ({ state }) => <CertificateChip state={state} /> },
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
