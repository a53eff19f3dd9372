/** The fields that an account adds to its orders, as far as they are asked for today. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';

export type CustomField = Reply<'customFields', 'list'>['items'][number];

const none: readonly CustomField[] = [];

/** @param account null: the account of whoever is signed in; undefined: not known yet */
export function useCustomFields(account: string | null | undefined): readonly CustomField[] {
  const { data } = useQuery({
    queryKey: ['customFields', 'active', account],
    queryFn: ({ signal }) => call('customFields', 'list', account == null ? {} : { account }, { signal }),
    enabled: account !== undefined,
    select: ({ items }) => items.filter(({ isActive }) => isActive),
  });
  return data ?? none;
}
