/**
 * What a page hears of changes. It is live while the stream is heard. While it is not, because a proxy holds it back or it is just beginning,
 * the page asks by itself; and while it is hidden it does neither.
 */
import type { Change } from './change.ts';
import { silentMs } from './follow-stream.ts';
import { aliveMs, type FromPage, type ToPage } from './protocol.ts';

export interface LiveListener {
  onChanges(changes: readonly Change[]): void;
  /** Everything that is shown may be old. */
  onReset(): void;
  onSignedOut(): void;
}

export interface Live {
  /** The stream was heard, and not so long ago that it might be held back. */
  isLive(): boolean;
  isShown(): boolean;
  /** Somebody signed in again. */
  again(): void;
  /** Ends the stream of all pages. */
  signOut(): void;
  stop(): void;
}

export interface LiveOptions {
  readonly port: MessagePort;
  readonly listener: LiveListener;
  readonly silenceMs?: number;
}

export function startLive({ port, listener, silenceMs = silentMs }: LiveOptions): Live {
  let heardAtMs = Number.NEGATIVE_INFINITY;
  const send = (message: FromPage) => port.postMessage(message);
  const isShown = () => document.visibilityState === 'visible';

  function hear(message: ToPage): void {
    heardAtMs = message.kind === 'lost' || message.kind === 'signedOut' ? Number.NEGATIVE_INFINITY : performance.now();
    switch (message.kind) {
      case 'changes':
        listener.onChanges(message.changes);
        return;
      case 'reset':
        listener.onReset();
        return;
      case 'signedOut':
        listener.onSignedOut();
        return;
      case 'sign':
      case 'lost':
        return;
      default:
        message satisfies never;
    }
  }

  function seen(): void {
    if (!isShown()) {
      heardAtMs = Number.NEGATIVE_INFINITY;
      send({ kind: 'hide' });
      return;
    }
    send({ kind: 'show' });
    // What happened meanwhile was told to nobody here.
    listener.onReset();
  }

  // Out of the browser's store of pages that were left, which it comes back from without being loaded.
  const restored = ({ persisted }: PageTransitionEvent) => persisted && seen();
  const left = () => send({ kind: 'hide' });
  port.onmessage = ({ data }: MessageEvent<ToPage>) => hear(data);
  document.addEventListener('visibilitychange', seen);
  window.addEventListener('pagehide', left);
  window.addEventListener('pageshow', restored);
  const alive = window.setInterval(() => isShown() && send({ kind: 'alive' }), aliveMs);
  if (isShown()) send({ kind: 'show' });

  return {
    isLive: () => performance.now() - heardAtMs < silenceMs,
    isShown,
    again: () => send({ kind: 'again' }),
    signOut: () => send({ kind: 'signOut' }),
    stop() {
      window.clearInterval(alive);
      document.removeEventListener('visibilitychange', seen);
      window.removeEventListener('pagehide', left);
      window.removeEventListener('pageshow', restored);
      send({ kind: 'hide' });
      port.close();
    },
  };
}
