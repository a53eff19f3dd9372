/** How answers are kept: shown at once when a page is opened again, and asked for again behind it. */
import { QueryClient } from '@tanstack/react-query';
import { Problem } from './problem.ts';

const freshMs = 10_000;
const mostRetries = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: freshMs,
        retry: (failures, error) => failures < mostRetries && isPassing(error),
        // What was hidden is asked for when it is seen again, all at once (`live/`).
        refetchOnWindowFocus: false,
      },
      // What changes something is sent at once or fails: never again by itself, nor later, when the connection is back and nobody waits for it.
      // What it answered is kept no longer than it is shown: that may be a secret.
      mutations: { retry: false, networkMode: 'always', gcTime: 0 },
    },
  });
}

/** What may be gone a second later: no answer, or a server that is starting. */
function isPassing(error: Error): boolean {
  return error instanceof Problem && (error.status === 0 || (error.status >= 502 && error.status <= 504));
}
