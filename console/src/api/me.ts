/** Who is signed in, and what they may call. */
import { queryOptions } from '@tanstack/react-query';
import { call, type Reply } from './call.ts';

export type Me = Reply<'me', 'show'>;

/** One that is not signed in is no failure: the answer is null. Nobody is asked to sign in over the page before it is known who they are. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => call('me', 'show', {}, { signal }),
  // Roles are read at every request anyway; this is for what is shown.
  staleTime: 60_000,
});

export function may({ may: allowed }: Me, operation: string): boolean {
  return allowed.includes(operation);
}
