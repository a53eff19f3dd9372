/** The address of the list that is shown, and the way to another address of it. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';
import { changed, type ListSearch, listSearch } from './address.ts';

/** The router keeps the account from page to page, unless it is taken away by name. */
const withoutAccount = { account: undefined } as const;

export interface Address {
  readonly search: ListSearch;
  /** Changes some of it. What is typed replaces the address, so that the way back is one step. */
  change(changes: ListSearch, isTyped?: boolean): void;
  /** All of it. */
  replace(search: ListSearch): void;
}

export function useAddress(): Address {
  const search = listSearch(useSearch({ strict: false }));
  const navigate = useNavigate();
  const go = useCallback(
    (next: ListSearch, isTyped: boolean) =>
      void navigate({ to: '.', search: { ...withoutAccount, ...next }, replace: isTyped, resetScroll: false }),
    [navigate],
  );
  return {
    search,
    change: (changes, isTyped = false) => go(changed(search, changes), isTyped),
    replace: (next) => go(next, false),
  };
}
