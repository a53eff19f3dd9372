/**
 * What a dialog does, once. Two clicks are one call: the second is not sent, and where an answer was lost the next try has the same Idempotency-Key.
 * Where the API wants the password again, it is sent first and the act after it.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { type CallOptions, call } from '../../api/call.ts';
import { meQuery } from '../../api/me.ts';
import { Problem } from '../../api/problem.ts';

export type ActOptions = Required<Pick<CallOptions, 'idempotencyKey'>>;

export interface Act<Result> {
  /** The call. It is made once at a time, and again only after a failure. */
  readonly run: (options: ActOptions) => Promise<Result>;
  readonly onDone: (result: Result) => void;
  /** The API said no: time to look at the object again. */
  readonly onRefused?: ((problem: Problem) => void) | undefined;
  /** The API is known to want the password for it, so that the field is there before anybody clicks. */
  readonly isGuarded: boolean;
}

export function useAct<Result>({ run, onDone, onRefused, isGuarded }: Act<Result>) {
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [isSending, setSending] = useState(false);
  const [failure, setFailure] = useState<Error | undefined>();
  const [wasAsked, setAsked] = useState(false);
  // A second click comes before the button is drawn as busy.
  const isRunning = useRef(false);
  const key = useRef(crypto.randomUUID());
  const session = me?.session ?? null;
  const needsPassword = wasAsked || (isGuarded && session !== null && session.confirmedUntil === null);

  async function act(password: string): Promise<void> {
    if (isRunning.current) return;
    isRunning.current = true;
    setSending(true);
    setFailure(undefined);
    try {
      if (needsPassword) {
        await call('session', 'confirm', { password });
        setAsked(false);
        await queries.invalidateQueries({ queryKey: meQuery.queryKey });
      }
      onDone(await run({ idempotencyKey: key.current }));
    } catch (thrown) {
      refused(thrown instanceof Error ? thrown : new Error(String(thrown)));
    } finally {
      isRunning.current = false;
      setSending(false);
    }
  }

  function refused(error: Error): void {
    if (error instanceof Problem && error.code === 'confirmationNeeded') {
      setAsked(true);
      return;
    }
    setFailure(error);
    // A refusal is an answer, and what is sent next another request; without an answer it may have been done.
    if (!(error instanceof Problem) || error.status === 0 || error.status >= 500) return;
    key.current = crypto.randomUUID();
    onRefused?.(error);
  }

  return { act, isSending, failure, needsPassword } as const;
}
