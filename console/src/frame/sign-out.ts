/** The way out. Nobody is told that they are signed out while their session goes on. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { call } from '../api/call.ts';
import { announcePerson } from '../api/person-channel.ts';
import { Problem } from '../api/problem.ts';
import { notePerson } from '../api/session-gate.ts';
import { endStream } from '../live/use-live.ts';

export interface SignOut {
  signOut(): Promise<void>;
  readonly isSending: boolean;
  /** Why the person is still signed in; undefined: nothing has failed. */
  readonly failure: Error | undefined;
  /** Stays signed in. */
  forget(): void;
}

export function useSignOut(): SignOut {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<Error | undefined>();

  async function end(): Promise<Error | undefined> {
    try {
      await call('session', 'end', {}, { endsSignedOut: true });
      return undefined;
    } catch (thrown) {
      // One that is over already is as good.
      if (thrown instanceof Problem && thrown.status === 401) return undefined;
      return thrown instanceof Error ? thrown : new Error(String(thrown));
    }
  }

  return {
    isSending,
    failure,
    forget: () => setFailure(undefined),
    async signOut() {
      if (isSending) return;
      setSending(true);
      const failed = await end();
      setSending(false);
      setFailure(failed);
      if (failed !== undefined) return;
      notePerson(false);
      announcePerson(null);
      endStream();
      queries.clear();
      await navigate({ to: '/sign-in' });
    },
  };
}
