/** After an act: what it changed is asked for again where it is shown, and when it is opened next. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Noun } from '../../api/call.ts';
import { changedBy } from './changed-by.ts';

export type AfterAct = (nouns: readonly Noun[]) => Promise<void>;

export function useAfterAct(): AfterAct {
  const queries = useQueryClient();
  return async (nouns) => {
    const keys = changedBy(nouns);
    await queries.invalidateQueries({
      predicate: ({ queryKey: [key] }) => typeof key === 'string' && keys.includes(key),
    });
  };
}

/** Leaves the page of an object that is removed. Only then is anything asked for again: the object itself would be missing. */
export function useLeaveRemoved(): (
  to: '/domains' | '/organizations' | '/users',
  nouns: readonly Noun[],
) => Promise<void> {
  const navigate = useNavigate();
  const afterAct = useAfterAct();
  return async (to, nouns) => {
    await navigate({ to });
    await afterAct(nouns);
  };
}
