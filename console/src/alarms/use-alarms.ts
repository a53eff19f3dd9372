/** The alarms that last, again every half minute. */
import { useQuery } from '@tanstack/react-query';
import { call } from '../api/call.ts';

const againMs = 30_000;

export function useAlarms(isWanted: boolean) {
  return useQuery({
    queryKey: ['alarms'],
    queryFn: ({ signal }) => call('alarms', 'list', {}, { signal }),
    enabled: isWanted,
    refetchInterval: againMs,
  });
}
