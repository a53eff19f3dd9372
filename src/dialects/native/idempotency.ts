/**
 * `Idempotency-Key` of every POST of a caller: the same request with the same key again does nothing and is answered what the first one was.
 * What is refused has done nothing and leaves its key free, so that it may be repeated when its cause is gone.
 */
import { createHmac, hash } from 'node:crypto';
import { CertError, quoted, refuse } from '../../domain/errors.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { HeldKey, KeyState } from '../../domain/ports/idempotency-keys.ts';
import { parseCsr } from '../../pki/csr.ts';
import type { Operation } from '../kit/operation.ts';
import type { Client, Services } from './services.ts';

export const keyHeader = 'Idempotency-Key';
export const repeatedHeader = 'Idempotency-Replayed';
/** Of the HMAC of requests, which may hold passwords. */
export const fingerprintPurpose = 'requests';

const longestKey = 200;
/** How long a request waits for the answer of the first one before it is told to come again. */
const patienceMs = 10_000;
const lookEveryMs = 200;

type Input = Readonly<Record<string, unknown>>;

/** POSTs without it, since they have no caller whose keys would be theirs alone. */
const withoutCaller = 'public';
/** They change nothing, and their answers hold a private key: the last that should be kept a second time, or after the key was taken out of here. */
const readsOnly: readonly string[] = ['certificates.privateKey', 'authorities.exportKey'];

/** The operations, of which every POST of a caller takes a key. */
export function withIdempotency(operations: readonly Operation<Services>[]): readonly Operation<Services>[] {
  return operations.map((operation) => (takesKey(operation) ? repeatable(operation) : operation));
}

export function takesKey({ id, method, access }: Pick<Operation<Services>, 'id' | 'method' | 'access'>): boolean {
  return method === 'POST' && access !== withoutCaller && !readsOnly.includes(id);
}

/** @throws {CertError} invalidField */
export function keyOf({ headers }: Request): string | null {
  const key = headers.get(keyHeader);
  if (key === null || (key !== '' && key.length <= longestKey)) return key;
  throw refuse('fieldInvalid', {
    field: keyHeader,
    value: key === '' ? '""' : `"${key.slice(0, 80)}…"`,
    expected: expectedOf.bytesAtMost(longestKey),
  });
}

/**
 * Of a request that has passed its schema, so that equal requests have equal text whatever the order of their fields and the form of the CSR.
 * What the request demands of the state it meets is a part of it.
 */
export function contentOf(input: Input, { headers }: Request): string {
  const ifMatch = headers.get('if-match');
  const { csr, ...rest } = input;
  return JSON.stringify({
    ...rest,
    ...(typeof csr === 'string' ? { csr: csrHash(csr) } : {}),
    ...(ifMatch === null ? {} : { 'if-match': ifMatch }),
  });
}

function csrHash(text: string): string {
  try {
    return hash('sha256', parseCsr(text).der, 'hex');
  } catch {
    // Refused by whoever reads it next, in words.
    return text;
  }
}

function repeatable<O extends Operation<Services>>(operation: O): O {
  if (operation.access !== 'caller') return operation;

  async function handle(input: Input, session: Client): Promise<unknown> {
    const key = keyOf(session.request);
    if (key === null) return operation.handle(input, session);
    const content = `${operation.id}\n${contentOf(input, session.request)}`;
    const secret = session.services.secretFor(fingerprintPurpose);
    const fingerprint = createHmac('sha256', secret).update(content).digest('base64url');
    const state = await begun(session, { key, fingerprint }, stillAnswers[operation.id]);
    if (state.kind === 'held') return perform(session, state.held, () => operation.handle(input, session));
    session.reply.headers.set(repeatedHeader, 'true');
    return state.answer;
  }

  return {
    ...operation,
    handle,
    requestHeaders: { ...operation.requestHeaders, [keyHeader]: about },
    replyHeaders: { ...operation.replyHeaders, [repeatedHeader]: aboutReplayed },
  };
}

type Begun =
  | { readonly kind: 'held'; readonly held: HeldKey }
  | { readonly kind: 'answered'; readonly answer: unknown };

async function begun(
  session: Client,
  request: { readonly key: string; readonly fingerprint: string },
  isCounting: StillAnswers | undefined,
): Promise<Begun> {
  const { caller, services } = session;
  const { idempotencyKeys, clock } = services;
  const deadline = clock.monotonicMs() + patienceMs;
  let instead: string | undefined;
  for (;;) {
    const state: KeyState = await idempotencyKeys.begin(caller, request, instead);
    if (state.kind === 'held') return state;
    if (state.kind === 'answered') {
      const answer: unknown = JSON.parse(state.answer);
      if (isCounting === undefined || (await isCounting(answer, session))) return { kind: 'answered', answer };
      instead = state.requestId;
    } else {
      if (clock.monotonicMs() >= deadline) throw refuse('idempotencyKeyUnderWay', { key: quoted(request.key) });
      await clock.sleep(lookEveryMs, session.request.signal);
    }
  }
}

async function perform({ caller, services }: Client, held: HeldKey, handle: () => Promise<unknown>): Promise<unknown> {
  const { idempotencyKeys, log } = services;
  let answer: unknown;
  try {
    answer = await handle();
  } catch (thrown) {
    // These two may have happened after the act: a lost connection to the database, a fault in what makes the answer.
    const isUndone = thrown instanceof CertError && thrown.code !== 'internal' && thrown.code !== 'unavailable';
    await idempotencyKeys.release(caller, held, isUndone).catch(noted);
    throw thrown;
  }
  // It is done, whatever becomes of this: the next request with the key learns it from the audit log.
  await idempotencyKeys.keep(caller, held, JSON.stringify(answer)).catch(noted);
  return answer;

  function noted(err: unknown): void {
    log.warn({ err, requestId: caller.requestId }, 'the answer to a request with an idempotency key is not kept');
  }
}

type StillAnswers = (answer: unknown, session: Client) => Promise<boolean>;

/** Where the kept answer may count no longer. */
const stillAnswers: Readonly<Record<string, StillAnswers | undefined>> = {
  /** An order that failed, or was rejected or cancelled: whoever repeats the request then wants a new try, not the old failure. */
  'orders.place': async (answer, { caller, services }) => {
    const id = typeof answer === 'object' && answer !== null && 'id' in answer ? String(answer.id) : '';
    const { order } = await services.orders.get(caller, { id });
    return order.state !== 'failed' && order.state !== 'rejected' && order.state !== 'cancelled';
  },
};

const about =
  'Any text of up to 200 characters, such as a UUID, that is new for each thing you want done. The same request with the same key within a day does nothing more and is answered what the first one was; another request with it is refused (`conflict`).';

const aboutReplayed = {
  en: '`true`: the request was done before; this is the answer it had then.',
  zh: '`true` 表示该请求此前已经完成，返回的是当时的应答。',
} as const;
