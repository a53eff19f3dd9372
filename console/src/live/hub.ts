/** One stream for all pages of a browser: open while one of them is seen, closed soon after the last is hidden. */
import type { Hearing } from './follow.ts';
import { aliveMs, type FromPage, goneMs, type ToPage } from './protocol.ts';

/** Says something to a page. */
export type Send = (message: ToPage) => void;

export interface HubOptions {
  /** Follows the stream until the signal aborts. */
  readonly follow: (hearing: Hearing, signal: AbortSignal) => Promise<void>;
  /** Going from one page to another is no reason to close the stream. */
  readonly lingerMs?: number;
}

interface Page {
  isShown: boolean;
  seenAtMs: number;
}

export interface Hub {
  /** @returns takes what the page says */
  connect(send: Send): (message: FromPage) => void;
}

export function createHub({ follow, lingerMs = 2000 }: HubOptions): Hub {
  const pages = new Map<Send, Page>();
  let stream: AbortController | undefined;
  let isHeard = false;
  let closing: ReturnType<typeof setTimeout> | undefined;
  let sweeping: ReturnType<typeof setInterval> | undefined;

  function tell(message: ToPage): void {
    for (const [send, { isShown }] of pages) if (isShown) send(message);
  }

  const hearing: Hearing = {
    onSign() {
      isHeard = true;
      tell({ kind: 'sign' });
    },
    onChanges: (changes) => tell({ kind: 'changes', changes }),
    onReset: () => tell({ kind: 'reset' }),
    onLost() {
      isHeard = false;
      tell({ kind: 'lost' });
    },
    onSignedOut: () => tell({ kind: 'signedOut' }),
  };

  function open(): void {
    clearTimeout(closing);
    closing = undefined;
    sweeping ??= setInterval(sweep, aliveMs);
    if (stream !== undefined) return;
    stream = new AbortController();
    void follow(hearing, stream.signal);
  }

  function close(): void {
    clearTimeout(closing);
    clearInterval(sweeping);
    closing = undefined;
    sweeping = undefined;
    stream?.abort();
    stream = undefined;
    isHeard = false;
  }

  function closeUnlessShown(): void {
    const isSeen = [...pages.values()].some(({ isShown }) => isShown);
    if (!isSeen && stream !== undefined) closing ??= setTimeout(close, lingerMs);
  }

  function sweep(): void {
    const now = Date.now();
    for (const [send, { seenAtMs }] of pages) if (now - seenAtMs > goneMs) pages.delete(send);
    closeUnlessShown();
  }

  function hear(send: Send, { kind }: FromPage): void {
    const isShown =
      kind === 'hide' || kind === 'signOut' ? false : (pages.get(send)?.isShown ?? true) || kind === 'show';
    pages.set(send, { isShown, seenAtMs: Date.now() });
    if (kind === 'signOut') {
      tell({ kind: 'signedOut' });
      close();
      return;
    }
    if (kind === 'again') close();
    if (!isShown) closeUnlessShown();
    else open();
    if (kind === 'show' && isHeard) send({ kind: 'sign' });
  }

  return {
    connect: (send) => (message) => hear(send, message),
  };
}
