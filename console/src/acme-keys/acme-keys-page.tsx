/** The page of all keys by which ACME clients are bound to an account, and what those may order. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { listSource, type RowOf } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { accountColumn } from '../frame/account-column.tsx';
import { Needs } from '../frame/needs.tsx';
import { OfOneAccount } from '../frame/of-one-account.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { linesOf, textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { Chip } from '../shared/chip.tsx';
import type { ListDefinition } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import styles from '../shared/row-acts.module.css';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
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

function acmeKeyList(texts: Texts, me: Me): ListDefinition<AcmeKey> {
  const { acmeKeys, orders, list } = texts;
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
        cell: ({ revokedAt }) => <State isRevoked={revokedAt !== null} />,
      },
      {
        key: 'created',
        label: columns.created,
        width: '104px',
        isWide: true,
        cell: ({ createdAt }) => <Relative at={createdAt} />,
      },
      {
        key: 'acts',
        label: list.acts,
        width: '176px',
        cell: (row) => (row.revokedAt === null ? <Acts acmeKey={row} me={me} /> : null),
      },
    ],
    count: acmeKeys.count,
    empty: {
      icon: 'key',
      title: acmeKeys.empty,
      text: acmeKeys.emptyText,
      command: 'certmux acme key create web-1 --product tls-dv',
    },
    ...(may(me, 'acmeKeys.create') ? { tools: <AddAcmeKey /> } : {}),
  };
}

function State({ isRevoked }: { readonly isRevoked: boolean }) {
  const { acmeKeys } = useTexts();
  return (
    <Chip icon={isRevoked ? 'stop' : 'check'} tone={isRevoked ? 'bad' : 'good'}>
      {isRevoked ? acmeKeys.states.revoked : acmeKeys.states.active}
    </Chip>
  );
}

function Acts({ acmeKey, me }: { readonly acmeKey: AcmeKey; readonly me: Me }) {
  const { acmeKeys } = useTexts();
  const name = visible(acmeKey.name);
  const one = { key: String(acmeKey.number) };
  return (
    <span className={styles.acts}>
      {may(me, 'acmeKeys.change') && (
        <FormButton
          label={acmeKeys.change}
          size="xs"
          isGuarded
          title={acmeKeys.changeTitle(name)}
          text={acmeKeys.changeText}
          fields={[
            { kind: 'text', name: 'name', label: acmeKeys.name, isRequired: true, value: acmeKey.name },
            {
              kind: 'lines',
              name: 'names',
              label: acmeKeys.names,
              description: acmeKeys.namesText,
              value: acmeKey.names?.join('\n') ?? '',
            },
            {
              kind: 'lines',
              name: 'addressRanges',
              label: acmeKeys.addresses,
              description: acmeKeys.addressesText,
              value: acmeKey.addressRanges?.join('\n') ?? '',
            },
          ]}
          changes={['acmeKeys']}
          run={(values, options) =>
            call(
              'acmeKeys',
              'change',
              {
                ...one,
                name: textOf(values, 'name'),
                names: linesOf(values, 'names'),
                addressRanges: linesOf(values, 'addressRanges'),
              },
              options,
            )
          }
        />
      )}
      {may(me, 'acmeKeys.revoke') && (
        <FormButton
          label={acmeKeys.revoke}
          size="xs"
          tone="danger"
          isGuarded
          title={acmeKeys.revokeTitle(name)}
          text={acmeKeys.revokeText}
          changes={['acmeKeys']}
          run={(_values, options) => call('acmeKeys', 'revoke', one, options)}
        />
      )}
    </span>
  );
}
