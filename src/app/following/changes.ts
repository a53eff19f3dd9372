/**
 * Streams of what changes. They lie in the core of each process, wherever their sockets are: one log of changes and one look at who may
 * still follow serve all of them, and work only while somebody follows (decision 0045).
 */
import { accountFilter, type Caller, seesAllAccounts } from '../../domain/caller.ts';
import { type Change, mayFollow } from '../../domain/change.ts';
import { refuse } from '../../domain/errors.ts';
import { base32 } from '../../domain/ids.ts';
import { type ChangeBatch, type Changes, streamsAtOnce, streamsPerOwner } from '../../domain/ports/changes.ts';
import type { AppContext } from '../context.ts';
import { createChangeLog, stepMs } from './change-log.ts';
import { standingsOf } from './standing.ts';

/** How often it is looked whether those who follow still may. Rows that decide access are never older (design §7). */
const standingMs = 1000;
/** A stream that nobody has read for so long has no reader any more: its thread has died. */
const abandonedMs = 60_000;

interface Stream {
  readonly caller: Caller;
  /** The session or key that pays for it. */
  readonly owner: string;
  readonly standing: string;
  readAtMs: number;
}

export function createChanges({
  database: { read },
  clock,
  random,
}: Pick<AppContext, 'database' | 'clock' | 'random'>): Changes {
  const log = createChangeLog({ read, clock });
  const streams = new Map<string, Stream>();
  let look: { readonly atMs: number; readonly done: Promise<void> } | undefined;

  /** Ends the streams of those who may not follow any more. */
  async function endFallen(): Promise<void> {
    const callers = [...streams.values()].map(({ caller }) => caller);
    const standings = await standingsOf(read, callers, clock.now());
    for (const [name, { caller, standing }] of streams)
      if (standings.has(caller) && standings.get(caller) !== standing) streams.delete(name);
  }

  function checkStandings(): Promise<void> {
    const atMs = clock.monotonicMs();
    if (look === undefined || atMs - look.atMs >= standingMs) look = { atMs, done: endFallen() };
    return look.done;
  }

  /** @throws {CertError} rateLimited */
  function requireRoom(owner: string): void {
    const nowMs = clock.monotonicMs();
    for (const [name, { readAtMs }] of streams) if (nowMs - readAtMs > abandonedMs) streams.delete(name);
    const own = [...streams.values()].filter((stream) => stream.owner === owner).length;
    if (own >= streamsPerOwner) throw refuse('tooManyStreams', { limit: streamsPerOwner, retryAfterSeconds });
    if (streams.size >= streamsAtOnce) throw refuse('serverHasTooManyStreams', { retryAfterSeconds });
  }

  function batchOf({ caller }: Stream, seq: number): ChangeBatch {
    const { head } = log;
    if (seq < log.floor) return { changes: [], seq: head, isReset: true };
    const accountId = seesAllAccounts(caller) ? null : accountFilter(caller);
    const latest = new Map<string, Change>();
    for (const logged of log.after(seq)) {
      if (accountId !== null && logged.accountId !== accountId) continue;
      for (const change of logged.changes) {
        // Set anew, so that they stand in the order of their latest change.
        const name = `${change.topic} ${change.id}`;
        latest.delete(name);
        if (mayFollow(caller, change.topic)) latest.set(name, change);
      }
    }
    return { changes: [...latest.values()], seq: head, isReset: false };
  }

  return {
    async open(caller, after) {
      const owner = caller.sessionId ?? caller.credentialId ?? caller.actor;
      requireRoom(owner);
      const standing = (await standingsOf(read, [caller], clock.now())).get(caller);
      if (standing === undefined) throw refuse('sessionOver', {});
      await log.refresh();
      if (after !== null) await log.reachForward(after);
      if (after !== null && after <= log.head) await log.reachBack(after);
      requireRoom(owner);
      const stream = base32(random.bytes(20));
      streams.set(stream, { caller, owner, standing, readAtMs: clock.monotonicMs() });
      // A number that nobody has seen yet is one of another database, or of this one before it was restored.
      if (after === null || after > log.head || after < log.floor)
        return { stream, seq: log.head, isReset: after !== null };
      return { stream, seq: after, isReset: false };
    },

    async next(name, { seq, waitMs }) {
      const deadline = clock.monotonicMs() + waitMs;
      let from = seq;
      for (;;) {
        await Promise.all([log.refresh(), checkStandings()]);
        const stream = streams.get(name);
        if (stream === undefined) return null;
        stream.readAtMs = clock.monotonicMs();
        const batch = batchOf(stream, from);
        from = batch.seq;
        const leftMs = deadline - clock.monotonicMs();
        if (batch.changes.length > 0 || batch.isReset || leftMs <= 0) return batch;
        await clock.sleep(Math.min(stepMs, leftMs));
      }
    },

    async close(name) {
      streams.delete(name);
    },
  };
}

const retryAfterSeconds = 30;
