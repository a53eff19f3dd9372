/**
 * Follows the stream of changes for as long as it is wanted: begins again after each cut, where it was cut. It is read by `fetch`, since an
 * `EventSource` does not show heartbeats, and a stream that is silent is one that a proxy holds back.
 */
import type { Change } from './change.ts';
import { createEventReader, type EventReader, type StreamEvent } from './event-reader.ts';

export interface Hearing {
  /** Something came, if only a heartbeat. */
  onSign(): void;
  onChanges(changes: readonly Change[]): void;
  /** Some changes are not known: everything that is shown may be old. */
  onReset(): void;
  /** The connection is gone, or silent for too long. */
  onLost(): void;
  /** The session is over. */
  onSignedOut(): void;
}

export interface FollowOptions {
  readonly url: string;
  /** Silent for so long, a stream is lost: longer than its heartbeat of 15 s. */
  readonly silentMs: number;
  /** Between tries, where the server does not say; grows with failures to `longestRetryMs`. */
  readonly retryMs: number;
  readonly longestRetryMs: number;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
}

/** Resolves when the signal aborts. */
export async function follow(options: FollowOptions, hearing: Hearing, signal: AbortSignal): Promise<void> {
  let lastEventId: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    const { outcome, reader, waitMs } = await readOnce(options, hearing, { lastEventId, signal });
    lastEventId = reader.lastEventId ?? lastEventId;
    if (signal.aborted) return;
    hearing.onLost();
    if (outcome === 'signedOut') hearing.onSignedOut();
    failures = outcome === 'cut' ? 0 : failures + 1;
    const grown = (reader.retryMs ?? options.retryMs) * 2 ** Math.min(failures, 10);
    await pause(waitMs ?? Math.min(grown, options.longestRetryMs), signal);
  }
}

interface Reading {
  /** `cut`: it had begun. */
  readonly outcome: 'cut' | 'failed' | 'signedOut';
  readonly reader: EventReader;
  /** How long the server wants us to stay away. */
  readonly waitMs?: number;
}

async function readOnce(
  { url, silentMs, fetch }: FollowOptions,
  hearing: Hearing,
  { lastEventId, signal }: { readonly lastEventId: string | undefined; readonly signal: AbortSignal },
): Promise<Reading> {
  const reader = createEventReader();
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silentMs);
  let hasBegun = false;
  try {
    const response = await fetch(url, {
      headers: { Accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }) },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (response.status === 401) return { outcome: 'signedOut', reader };
    if (!response.ok || response.body === null) return { outcome: 'failed', reader, ...waitOf(response) };
    const decoder = new TextDecoder();
    const pieces = response.body.getReader();
    for (;;) {
      const { done, value } = await pieces.read();
      if (done) return { outcome: hasBegun ? 'cut' : 'failed', reader };
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), silentMs);
      hasBegun = true;
      hearing.onSign();
      report(reader.push(decoder.decode(value, { stream: true })), hearing);
    }
  } catch {
    return { outcome: hasBegun ? 'cut' : 'failed', reader };
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

function waitOf({ headers }: Response): { readonly waitMs?: number } {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? { waitMs: seconds * 1000 } : {};
}

function report(events: readonly StreamEvent[], hearing: Hearing): void {
  if (events.some(({ kind }) => kind === 'reset')) hearing.onReset();
  const changes = events.flatMap(({ kind, data }) => (kind === 'message' ? changeOf(data) : []));
  if (changes.length > 0) hearing.onChanges(changes);
}

/** What is no change is passed over: a newer server may say more. */
function changeOf(data: string): readonly Change[] {
  try {
    const { topic, id }: Record<string, unknown> = JSON.parse(data);
    return typeof topic === 'string' && (id === null || typeof id === 'string') ? [{ topic, id }] : [];
  } catch {
    return [];
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(), { once: true });
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}
