/** What the server still needs, as it knows it: nothing of it is kept in the browser. */
import { useQuery } from '@tanstack/react-query';
import { call, type Reply } from '../api/call.ts';

export type Setup = Reply<'setup', 'show'>;
export type Step = Setup['steps'][number];

const againMs = 15_000;

export function useSetup(isWanted: boolean) {
  return useQuery({
    queryKey: ['setup'],
    queryFn: ({ signal }) => call('setup', 'show', {}, { signal }),
    enabled: isWanted,
    // Most steps are done elsewhere: on other pages, on the command line, by a first customer.
    refetchInterval: ({ state }) => (state.data?.isDone === true ? false : againMs),
  });
}

export function doneOf({ steps }: Setup): number {
  return steps.filter(({ isDone }) => isDone).length;
}
