/** Keys that are certified no more: since they are compromised, weak, or somebody decided so. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { listSource, type RowOf, withIds } from '../api/list.ts';
import { type Me, may, meQuery } from '../api/me.ts';
import { useChosenAccount } from '../frame/chosen-account.ts';
import { Needs } from '../frame/needs.tsx';
import type { Texts } from '../messages/texts.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { textOf } from '../shared/act/fields.tsx';
import { FormButton } from '../shared/act/form-button.tsx';
import { useAccountField } from '../shared/act/use-account-field.ts';
import type { ListDefinition, ListRow } from '../shared/list/definition.ts';
import { ListScreen } from '../shared/list/list-screen.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';

type BlockedKey = RowOf<'keys', 'blocked'> & ListRow;

export function BlockedKeysPage() {
  const texts = useTexts();
  const { data: me } = useQuery(meQuery);
  if (me === undefined) return null;
  return (
    <Needs operation="keys.blocked">
      <ListScreen list={blockedKeyList(texts, me)} />
    </Needs>
  );
}

function blockedKeyList({ blockedKeys, orders, list }: Texts, me: Me): ListDefinition<BlockedKey> {
  const { columns } = blockedKeys;
  return {
    name: 'blockedKeys',
    title: blockedKeys.title,
    path: '/blocked-keys',
    source: withIds(listSource('keys', 'blocked'), ({ key, accountId }) => `${key} ${accountId}`),
    paging: 'paged',
    filters: [
      { key: 'key', label: columns.key },
      ...(me.account === null ? [{ key: 'account', label: orders.columns.account }] : []),
    ],
    views: [],
    columns: [
      {
        key: 'key',
        label: columns.key,
        width: 'minmax(200px, 2fr)',
        onCard: 'title',
        cell: ({ key }) => <code>{key}</code>,
      },
      {
        key: 'source',
        label: columns.source,
        width: 'minmax(130px, 1.2fr)',
        cell: ({ source }) => blockedKeys.sources[source],
      },
      {
        key: 'where',
        label: columns.where,
        width: 'minmax(100px, 0.8fr)',
        cell: ({ accountId }) => (accountId === null ? blockedKeys.everywhere : blockedKeys.inAccount),
      },
      {
        key: 'note',
        label: columns.note,
        width: 'minmax(120px, 1.2fr)',
        isWide: true,
        cell: ({ note }) => <span className="dim">{visible(note)}</span>,
      },
      { key: 'at', label: columns.at, width: '104px', cell: ({ createdAt }) => <Relative at={createdAt} /> },
      {
        key: 'acts',
        label: list.acts,
        width: '92px',
        cell: (row) => (may(me, 'keys.unblock') ? <Unblock row={row} /> : null),
      },
    ],
    count: blockedKeys.count,
    empty: {
      icon: 'shield',
      title: blockedKeys.empty,
      text: blockedKeys.emptyText,
      command: 'certmux key block key.pem',
    },
    ...(may(me, 'keys.block') ? { tools: <Block /> } : {}),
  };
}

function Block() {
  const { blockedKeys } = useTexts();
  const account = useAccountField(blockedKeys.everywhere);
  const chosen = useChosenAccount();
  return (
    <FormButton
      label={blockedKeys.block}
      icon="plus"
      isMain
      tone="danger"
      title={blockedKeys.block}
      text={blockedKeys.blockText}
      fields={[
        { kind: 'lines', name: 'key', label: blockedKeys.keyLabel, description: blockedKeys.keyText, isRequired: true },
        ...account,
        { kind: 'text', name: 'note', label: blockedKeys.columns.note, description: blockedKeys.noteText },
      ]}
      changes={['keys']}
      run={(values, options) =>
        call(
          'keys',
          'block',
          {
            key: textOf(values, 'key'),
            account: textOf(values, 'account') || (account.length === 0 ? (chosen ?? null) : null),
            note: textOf(values, 'note'),
          },
          options,
        )
      }
    />
  );
}

function Unblock({ row: { key, accountId } }: { readonly row: BlockedKey }) {
  const { blockedKeys } = useTexts();
  return (
    <FormButton
      label={blockedKeys.unblock}
      size="xs"
      title={blockedKeys.unblockTitle}
      text={blockedKeys.unblockText}
      changes={['keys']}
      run={(_values, options) => call('keys', 'unblock', { key, account: accountId }, options)}
    />
  );
}
