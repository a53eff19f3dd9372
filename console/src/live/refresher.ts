/** Asks again for what is shown and may have changed: of what is open somewhere else, nothing. */
import { hashKey, type Query, type QueryClient, type QueryKey } from '@tanstack/react-query';
import type { Change } from './change.ts';
import { concerns, restMs } from './shown.ts';

/** What changes many times a second is read once. */
const gatherMs = 500;
export const usualAgainMs = 30_000;

/** A list brings itself up to date, since its rows must not jump. `ids`: what has changed; null: anything may have. */
export type Renew = (ids: ReadonlySet<string> | null) => Promise<void>;

export interface Refresher {
  changed(changes: readonly Change[]): void;
  /** Everything that is shown. */
  everything(): void;
  /** Called once a second while the page is seen: asks for what has become too old. */
  tick(isLive: boolean): void;
  stop(): void;
}

const lists = new Map<string, Renew>();

/** Registers a list for as long as it is shown. */
export function renewList(key: QueryKey, renew: Renew): () => void {
  const hash = hashKey(key);
  lists.set(hash, renew);
  return () => void (lists.get(hash) === renew && lists.delete(hash));
}

export function createRefresher(queries: QueryClient): Refresher {
  /** By the hash of a question: the ids that changed; null: anything. */
  const stale = new Map<string, Set<string> | null>();
  const running = new Set<string>();
  /** Also of lists, whose own question is not asked again. */
  const lastAsked = new Map<string, number>();
  let timer: number | undefined;
  const active = () => queries.getQueryCache().findAll({ type: 'active' });

  function mark({ queryHash }: Query, id: string | null): void {
    const ids = stale.get(queryHash);
    if (id === null) stale.set(queryHash, null);
    else if (ids === undefined) stale.set(queryHash, new Set([id]));
    else ids?.add(id);
  }

  function plan(): void {
    if (stale.size > 0) timer ??= window.setTimeout(flush, gatherMs);
  }

  function flush(): void {
    timer = undefined;
    for (const query of active()) {
      const ids = stale.get(query.queryHash);
      // What is on its way was asked for before the change, and is asked for again when it has come.
      if (ids === undefined || isAsked(query) || Date.now() - askedAtMs(query) < restMs(query)) continue;
      stale.delete(query.queryHash);
      void ask(query, ids);
    }
    const isWaiting = active().some(({ queryHash }) => stale.has(queryHash));
    if (isWaiting) plan();
    else stale.clear();
  }

  function isAsked({ queryHash, state }: Query): boolean {
    return running.has(queryHash) || state.fetchStatus === 'fetching';
  }

  function askedAtMs({ queryHash, state }: Query): number {
    return Math.max(state.dataUpdatedAt, state.errorUpdatedAt, lastAsked.get(queryHash) ?? 0);
  }

  async function ask(query: Query, ids: ReadonlySet<string> | null): Promise<void> {
    running.add(query.queryHash);
    lastAsked.set(query.queryHash, Date.now());
    try {
      const renew = lists.get(query.queryHash);
      // A failure is the question's own to show.
      if (renew === undefined) await queries.refetchQueries({ queryKey: query.queryKey, exact: true, type: 'active' });
      else await renew(ids);
    } catch {
      // The next tick tries again.
    } finally {
      running.delete(query.queryHash);
    }
  }

  return {
    changed(changes) {
      for (const query of active()) {
        for (const change of changes) if (concerns(queries, query, change)) mark(query, change.id);
      }
      plan();
    },
    everything() {
      for (const query of active()) mark(query, null);
      plan();
    },
    tick(isLive) {
      const now = Date.now();
      for (const query of active()) {
        const { againMs = usualAgainMs, isAlwaysAsked = false } = query.meta ?? {};
        if (isLive && !isAlwaysAsked) continue;
        if (!isAsked(query) && now - askedAtMs(query) >= againMs) void ask(query, null);
      }
    },
    stop() {
      window.clearTimeout(timer);
      stale.clear();
    },
  };
}
