/** Whose each row of a list is, for those who see the lists of all accounts. */
import type { Me } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import type { Column } from '../shared/list/definition.ts';
import { visible } from '../shared/visible.ts';
import { maySwitch, useAccountName } from './chosen-account.ts';

interface OfAccount {
  /** Null: of the operator. */
  readonly accountId: string | null;
}

/** None for those who see one account. */
export function accountColumn<Row extends OfAccount>(me: Me, { orders }: Texts): readonly Column<Row>[] {
  if (!maySwitch(me)) return [];
  return [
    {
      key: 'account',
      label: orders.columns.account,
      width: 'minmax(110px, 1fr)',
      isWide: true,
      cell: ({ accountId }) => (accountId === null ? null : <AccountName id={accountId} />),
    },
  ];
}

/** Asked for once for all rows of the same account. */
function AccountName({ id }: { readonly id: string }) {
  const { data } = useAccountName(id);
  return data === undefined ? null : visible(data.name);
}
