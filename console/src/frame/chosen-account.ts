/**
 * The account that somebody who sees all of them has chosen to look at. It stands in the address of every page (`?account=`), where the router
 * keeps it from page to page: a link, a reload and another tab show the same.
 */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { call } from '../api/call.ts';
import { type Me, may, meQuery } from '../api/me.ts';

/** What stands in addresses. */
export const accountKey = 'account';

/** Whoever belongs to an account sees that one, whatever an address says. */
export function maySwitch(me: Me | undefined): boolean {
  return me !== undefined && me.account === null && may(me, 'accounts.list');
}

/** Its number or id; undefined: all accounts. */
export function useChosenAccount(): string | undefined {
  const { data: me } = useQuery(meQuery);
  const { account } = useSearch({ strict: false });
  return maySwitch(me) && account !== undefined ? String(account) : undefined;
}

/** As a part of a question to the API. */
export function useOfAccount(): { readonly account?: string } {
  const account = useChosenAccount();
  return account === undefined ? {} : { account };
}

export function useAccountName(reference: string | undefined) {
  return useQuery({
    queryKey: ['accounts', 'one', reference],
    queryFn: ({ signal }) => call('accounts', 'show', { account: reference ?? '' }, { signal }),
    enabled: reference !== undefined,
    staleTime: 60_000,
  });
}

/** Stays on the page, which then speaks of another account. What is open beside a list belonged to the former one. */
export function useChooseAccount(): (account: string | undefined) => void {
  const navigate = useNavigate();
  return (account) =>
    void navigate({ to: '.', search: (search) => ({ ...search, [accountKey]: account, open: undefined }) });
}
