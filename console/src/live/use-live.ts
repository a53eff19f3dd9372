/** Keeps what is shown up to date, for as long as somebody is signed in. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery } from '../api/me.ts';
import { type Live, startLive } from './live.ts';
import { openPort } from './open-port.ts';
import { createRefresher } from './refresher.ts';

const tickMs = 1000;

let live: Live | undefined;

export function useLive(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const refresher = createRefresher(queries);
    const mine = startLive({
      port: openPort(),
      listener: {
        onChanges: refresher.changed,
        onReset: refresher.everything,
        // Whoever asks finds out that nobody is signed in, and is asked to sign in.
        onSignedOut: () => void queries.invalidateQueries({ queryKey: meQuery.queryKey }),
      },
    });
    live = mine;
    const timer = window.setInterval(() => mine.isShown() && refresher.tick(mine.isLive()), tickMs);
    return () => {
      window.clearInterval(timer);
      refresher.stop();
      mine.stop();
      live = undefined;
    };
  }, [queries]);
}

/** Somebody signed in again over the page. */
export function followAgain(): void {
  live?.again();
}

/** Ends the stream, in whichever window it is. */
export function endStream(): void {
  live?.signOut();
}
