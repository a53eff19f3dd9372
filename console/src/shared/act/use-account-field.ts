/** For whom something is made: whoever sees all accounts says so, everybody else has one. */
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { call } from '../../api/call.ts';
import { may, meQuery } from '../../api/me.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { visible } from '../visible.ts';
import type { Field } from './fields.tsx';

/** More are not chosen from a list: their number is typed. */
const mostChoices = 200;

/**
 * @param none what it is called when it is for nobody in particular; undefined: there must be an account
 * @param number of the account whose page it is; default: that of the address
 */
export function useAccountField(none?: string, number?: number): readonly Field[] {
  const { orders } = useTexts();
  const { data: me } = useQuery(meQuery);
  const search = useSearch({ strict: false });
  const isAsked = me !== undefined && me.account === null && may(me, 'accounts.list');
  const { data } = useQuery({
    queryKey: ['accounts', 'choices'],
    queryFn: ({ signal }) => call('accounts', 'list', { limit: mostChoices, sort: 'name' }, { signal }),
    enabled: isAsked,
    staleTime: 60_000,
  });
  if (!isAsked) return [];
  const ofAddress = 'account' in search && search.account !== undefined ? String(search.account) : '';
  const present = number === undefined ? ofAddress : String(number);
  const common = { name: 'account', label: orders.columns.account, isRequired: none === undefined };
  if (data === undefined || data.nextCursor !== null) {
    return [{ ...common, kind: 'text', value: present, placeholder: '100001' }];
  }
  const accounts = data.items.map(({ number, name }) => ({ value: String(number), label: visible(name) }));
  return [{ ...common, kind: 'one', options: [{ value: '', label: none ?? '' }, ...accounts], value: present }];
}
