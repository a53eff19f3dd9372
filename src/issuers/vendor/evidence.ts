/**
 * What goes back and forth between us and a vendor, as evidence: every exchange of a call that acts, such as a purchase, and every one that
 * went wrong, also where the vendor says so with HTTP 200.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../domain/ports/system.ts';
import type { Upstream, UpstreamOptions } from '../../domain/ports/upstream.ts';
import { textOfReply } from '../../domain/reply-text.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { Evidence, NotedExchange } from '../evidence.ts';
import type { Redaction } from './redaction.ts';

/** Of each body; a request for a certificate of many names is longer, and what it asks for begins it. */
const keptCharacters = 4096;

export interface ExchangeLog {
  /** The vendor's `fetch`, which notes what it carries. */
  readonly fetch: UpstreamOptions['fetch'];
  /** The client half, whose calls say which exchanges are kept. */
  watch(upstream: Upstream): Upstream;
}

export function createExchangeLog({
  fetch,
  clock,
  evidence,
  redact,
}: {
  readonly fetch: UpstreamOptions['fetch'];
  readonly clock: Pick<Clock, 'now'>;
  readonly evidence: Evidence;
  readonly redact: Redaction;
}): ExchangeLog {
  /** The exchanges of the call under way. */
  const call = new AsyncLocalStorage<Passed[]>();
  // Secrets are taken out first: one that the cut divides would not be found.
  const shown = (text: string) => cut(redact(text));

  async function watchedFetch(request: Request): Promise<Response> {
    const exchanges = call.getStore();
    if (exchanges === undefined) return fetch(request);
    const { method } = request;
    const at = clock.now();
    const asked = request.body === null ? '' : shown(await request.clone().text());
    const note = (status: number | null, answer: string) =>
      exchanges.push({ at, method, url: shown(request.url), asked, status, answer: shown(answer) });
    try {
      const response = await fetch(request);
      const bytes = new Uint8Array(await response.clone().arrayBuffer());
      note(response.status, textOfReply(bytes, response.headers.get('content-type')));
      return response;
    } catch (thrown) {
      note(null, request.signal.aborted ? 'cut off by us' : thrown instanceof Error ? thrown.message : String(thrown));
      throw thrown;
    }
  }

  /** All are kept of a call that acts. */
  async function acting<T>(work: () => Promise<T>): Promise<T> {
    const exchanges: Passed[] = [];
    try {
      return await call.run(exchanges, work);
    } finally {
      for (const exchange of exchanges) evidence.note({ ...exchange, isActing: true });
    }
  }

  /** Of one that reads, those that failed by their status, and the last where the vendor's answer was not what it should be. */
  async function reading<T>(work: () => Promise<T>): Promise<T> {
    const exchanges: Passed[] = [];
    let isFailed = false;
    try {
      return await call.run(exchanges, work);
    } catch (thrown) {
      isFailed = thrown instanceof UpstreamFailure;
      throw thrown;
    } finally {
      for (const exchange of exchanges) {
        const { status } = exchange;
        const isWrong = status === null || status >= 400 || (isFailed && exchange === exchanges.at(-1));
        if (isWrong) evidence.note({ ...exchange, isActing: false });
      }
    }
  }

  return { fetch: watchedFetch, watch: (upstream) => watched(upstream, { acting, reading }) };
}

type Passed = Omit<NotedExchange, 'isActing'>;

interface Watch {
  acting<T>(work: () => Promise<T>): Promise<T>;
  reading<T>(work: () => Promise<T>): Promise<T>;
}

/** A check is asked for as often as a customer likes: it counts as a read, so that it pushes no purchase out of what is kept. */
function watched(upstream: Upstream, { acting, reading }: Watch): Upstream {
  const { find, serves, proofs, check, changeMethod, removeName, cancel, revoke, balance, orders, standing } = upstream;
  return {
    ...upstream,
    place: (purchase, signal) => acting(() => upstream.place(purchase, signal)),
    state: (reference, purchase, signal) => reading(() => upstream.state(reference, purchase, signal)),
    products: (signal) => reading(() => upstream.products(signal)),
    ...(find && { find: (lost, signal) => reading(() => find(lost, signal)) }),
    ...(serves && { serves: (reference, signal) => reading(() => serves(reference, signal)) }),
    ...(proofs && { proofs: (names, signal) => reading(() => proofs(names, signal)) }),
    ...(check && { check: (reference, signal) => reading(() => check(reference, signal)) }),
    ...(changeMethod && {
      changeMethod: (reference, change, signal) => acting(() => changeMethod(reference, change, signal)),
    }),
    ...(removeName && { removeName: (reference, name, signal) => acting(() => removeName(reference, name, signal)) }),
    ...(cancel && { cancel: (reference, kind, signal) => acting(() => cancel(reference, kind, signal)) }),
    ...(revoke && { revoke: (sold, reason, signal) => acting(() => revoke(sold, reason, signal)) }),
    ...(balance && { balance: (signal) => reading(() => balance(signal)) }),
    ...(orders && { orders: (since, signal) => reading(() => orders(since, signal)) }),
    ...(standing && { standing: (question, signal) => reading(() => standing(question, signal)) }),
  };
}

function cut(text: string): string {
  return text.length <= keptCharacters ? text : `${text.slice(0, keptCharacters)}…`;
}
