/** The page of all keys by which ACME clients are bound to an account, and the page of one. */
import { useQuery } from '@tanstack/react-query';
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { accountColumn } from '../frame/account-column.tsx';
import { Needs } from '../frame/needs.tsx';
import { OfOneAccount } from '../frame/of-one-account.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Chip } from '../shared/chip.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { ObjectPage } from '../shared/object-page.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { AcmeKeyBody } from './acme-key-body.tsx';
import { AddAcmeKey } from './add-acme-key.tsx';

type AcmeKey = RowOf<'acmeKeys', 'list'>;

export function AcmeKeysPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="acmeKeys.list">
      <OfOneAccount icon="key" title={texts.acmeKeys.title}>
        <ListScreen list={acmeKeyList(texts, me)} />
      </OfOneAccount>
    </Needs>
  );
}

export function AcmeKeyPage() {
  const { acmeKeys } = useTexts();
  return (
    <ObjectPage
      operation="acmeKeys.show"
      list="/acme-keys"
      listTitle={acmeKeys.title}
      title={acmeKeys.one}
      Body={AcmeKeyBody}
    />
  );
}

function acmeKeyList(texts: Texts, me: Me): ListDefinition<AcmeKey> {
  const { acmeKeys, orders } = texts;
  const { columns } = acmeKeys;
  return {
    name: 'acmeKeys',
    title: acmeKeys.title,
    path: '/acme-keys',
    source: listSource('acmeKeys', 'list'),
    paging: 'whole',
    hasNoCsv: true,
    filters: me.account === null ? [{ key: 'account', label: orders.columns.account }] : [],
    views: [],
    columns: [
      {
        key: 'name',
        label: columns.name,
        width: 'minmax(150px, 1.4fr)',
        onCard: 'title',
        cell: ({ name, keyId }) => (
          <>
            <strong>{visible(name)}</strong>
            <code className="dim">{keyId}</code>
          </>
        ),
      },
      ...accountColumn<AcmeKey>(me, texts),
      { key: 'product', label: columns.product, width: 'minmax(90px, 0.8fr)', cell: ({ productCode }) => productCode },
      {
        key: 'names',
        label: columns.names,
        width: 'minmax(130px, 1.4fr)',
        hasCardLabel: true,
        cell: ({ names }) => (names === null ? acmeKeys.allNames : names.map(visible).join(', ')),
      },
      {
        key: 'addresses',
        label: columns.addresses,
        width: 'minmax(110px, 1fr)',
        isExtra: true,
        cell: ({ addressRanges }) => addressRanges?.join(', ') ?? acmeKeys.anywhere,
      },
      {
        key: 'state',
        label: columns.state,
        width: '104px',
        onCard: 'side',
        cell: ({ revokedAt }) => <AcmeKeyChip isRevoked={revokedAt !== null} />,
      },
      {
        key: 'created',
        label: columns.created,
        width: '104px',
        isWide: true,
        cell: ({ createdAt }) => <Relative at={createdAt} />,
      },
    ],
    count: acmeKeys.count,
    empty: {
      icon: 'key',
      title: acmeKeys.empty,
      text: acmeKeys.emptyText,
      command: 'certmux acme key create web-1 --product tls-dv',
    },
    detail: {
      referenceOf: ({ number }) => String(number),
      labelOf: ({ name }) => visible(name),
      pathOf: (reference) => `/acme-keys/${reference}`,
      Panel: AcmeKeyBody,
    },
    ...(may(me, 'acmeKeys.create') ? { tools: <AddAcmeKey /> } : {}),
  };
}

export function AcmeKeyChip({ isRevoked }: { readonly isRevoked: boolean }) {
  const { acmeKeys } = useTexts();
  return (
    <Chip icon={isRevoked ? 'stop' : 'check'} tone={isRevoked ? 'bad' : 'good'}>
      {isRevoked ? acmeKeys.states.revoked : acmeKeys.states.active}
    </Chip>
  );
}
