/**
 * Requests with an idempotency key. The row of a key is written before the request is performed, and its answer after. Where a process
 * stops in between, the audit log says whether the request took effect: every act has written its event, with the id of its request, in
 * the transaction of the act itself.
 */
import { hash } from 'node:crypto';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { base32 } from '../../domain/ids.ts';
import {
  type HeldKey,
  type IdempotencyKeys,
  idempotencyWindowMs,
  type KeyedRequest,
  type KeyState,
} from '../../domain/ports/idempotency-keys.ts';
import type { AnsweredRequest } from '../../domain/ports/stores/answered-requests.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

/** Longer than any request takes: one of another node that has not ended by then never will. */
const heldMs = 120_000;
/** Until then everything that was committed on whatever node has its number in the audit log (decision 0019). */
const numberedMs = 5000;

type Context = Pick<AppContext, 'database' | 'clock' | 'random' | 'keySealer'>;
type Taken =
  | { readonly kind: 'held' }
  | { readonly kind: 'underWay' }
  | { readonly kind: 'answered'; readonly by: AnsweredRequest };

export function createIdempotencyKeys({ database, clock, random, keySealer }: Context): IdempotencyKeys {
  const process = base32(random.bytes(10));

  /** What nobody is answering any more: its process has ended, or has had all the time it could need. */
  const isLeft = ({ heldUntil, process: of }: AnsweredRequest, now: Date) =>
    heldUntil <= now || (database.isExclusive && of !== process);

  async function take(
    tx: Stores,
    request: KeyedRequest,
    { id, requestId, instead }: HeldKey & { readonly instead: string | undefined },
  ): Promise<Taken> {
    const { key, fingerprint } = request;
    const now = clock.now();
    const found = await tx.answeredRequests.get(id);
    const earlier = found !== undefined && found.expiresAt > now ? found : undefined;
    if (earlier !== undefined) {
      if (earlier.fingerprint !== fingerprint) throw refuse('idempotencyKeyReused', { key: quoted(key) });
      if (earlier.sealedAnswer !== null && earlier.requestId !== instead) return { kind: 'answered', by: earlier };
      if (earlier.sealedAnswer === null) {
        if (!isLeft(earlier, now)) return { kind: 'underWay' };
        await requireNoEffect(tx, earlier, key);
      }
    }
    await tx.answeredRequests.put({
      id,
      fingerprint,
      requestId,
      process,
      heldUntil: new Date(now.getTime() + heldMs),
      sealedAnswer: null,
      expiresAt: new Date(now.getTime() + idempotencyWindowMs),
    });
    return { kind: 'held' };
  }

  return {
    async begin(caller, request, instead): Promise<KeyState> {
      const held = { id: idOf(caller, request.key), requestId: caller.requestId };
      const taken = await database.write((tx) => take(tx, request, { ...held, instead }));
      if (taken.kind === 'held') return { kind: 'held', held };
      if (taken.kind === 'underWay') return { kind: 'underWay' };
      const { id, requestId, sealedAnswer } = taken.by;
      const opened = keySealer.open(sealedAnswer ?? new Uint8Array(), { kind: 'requestAnswer', id });
      return { kind: 'answered', requestId, answer: new TextDecoder().decode(opened) };
    },

    async keep(caller, { id, requestId }, answer) {
      requireOwn(caller, requestId);
      const plain = new TextEncoder().encode(answer);
      await database.write(async (tx) => {
        const expiresAt = new Date(clock.now().getTime() + idempotencyWindowMs);
        const sealedAnswer = keySealer.seal(plain, { kind: 'requestAnswer', id });
        // Where another request has taken the key since, that one's answer is kept.
        return tx.answeredRequests.moveToAnswered({ id, requestId }, { sealedAnswer, expiresAt });
      });
    },

    async release(caller, { id, requestId }, isUndone) {
      requireOwn(caller, requestId);
      await database.write(async (tx) => {
        if (isUndone) return tx.answeredRequests.remove({ id, requestId });
        const waitMs = database.isExclusive ? 0 : numberedMs;
        return tx.answeredRequests.moveHold({ id, requestId }, new Date(clock.now().getTime() + waitMs));
      });
    },
  };
}

/** Of the account that is acted for and of whoever acts. A hash, since keys may be as long as clients like. */
function idOf({ scope, actor }: Caller, key: string): string {
  return hash('sha256', JSON.stringify([scope, actor, key]), 'hex');
}

/** Nobody answers for another request than their own. */
function requireOwn(caller: Caller, requestId: string): void {
  if (caller.requestId !== requestId) throw refuse('internal', {}, { cause: new Error(`the key of ${requestId}`) });
}

/** @throws {CertError} conflict */
async function requireNoEffect(tx: Stores, { requestId }: AnsweredRequest, key: string): Promise<void> {
  const [event] = await tx.events.list({ accountId: null, requestId, limit: 1 });
  if (event !== undefined) throw refuse('idempotencyKeyInterrupted', { key: quoted(key), requestId });
}
