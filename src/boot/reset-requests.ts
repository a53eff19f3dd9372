/**
 * `operator reset` while a server runs on the data directory: only the server may write its database. The command leaves a request in
 * the directory, and the server an answer, each a file of the one user. The request is authenticated with the master key: who may write
 * here need not hold it, where it comes from the environment. It is good for a minute, and once: the server removes it before it acts.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OperatorReset } from '../app/index.ts';
import type { Clock, Log, Randomness } from '../domain/ports/system.ts';
import { readPrivateFile, writeFileAtomically } from '../system/index.ts';

export interface ResetRequest {
  readonly id: string;
  readonly username: string | null;
  /** ISO 8601. */
  readonly at: string;
}

export interface ResetAnswer {
  readonly id: string;
  /** Null: `failure` says why. */
  readonly result: {
    readonly username: string;
    readonly link: string;
    readonly linkExpiresAt: string;
    readonly tokensRevoked: number;
  } | null;
  readonly failure: { readonly reason: 'otherKey' } | { readonly reason: 'failed'; readonly message: string } | null;
}

const requestName = 'operator-reset.request';
const answerName = 'operator-reset.answer';
const lookEveryMs = 1000;
const goodForMs = 60_000;
const waitForAnswerMs = 30_000;

/** The key of the requests: no other use of the master key has this label. */
function keyOf(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, 'certmux operator reset', '', 32));
}

function macOf(request: ResetRequest, masterKey: Uint8Array): Buffer {
  const { id, username, at } = request;
  return createHmac('sha256', keyOf(masterKey))
    .update(JSON.stringify([id, username, at]))
    .digest();
}

/** Asks the server. @returns undefined where none has answered in time; the request is taken back then */
export async function requestReset(
  folder: string,
  {
    username,
    masterKey,
    clock,
    random,
  }: {
    readonly username: string | null;
    readonly masterKey: Uint8Array;
    readonly clock: Clock;
    readonly random: Randomness;
  },
): Promise<ResetAnswer | undefined> {
  const request: ResetRequest = {
    id: Buffer.from(random.bytes(16)).toString('hex'),
    username,
    at: clock.now().toISOString(),
  };
  const text = JSON.stringify({ ...request, mac: macOf(request, masterKey).toString('hex') });
  const [asked, answered] = [join(folder, requestName), join(folder, answerName)];
  await rm(answered, { force: true });
  await writeFileAtomically(asked, text, { mode: 0o600 });
  try {
    const beganMs = clock.monotonicMs();
    while (clock.monotonicMs() - beganMs < waitForAnswerMs) {
      const bytes = await readPrivateFile(answered);
      const answer = bytes && (JSON.parse(Buffer.from(bytes).toString('utf8')) as ResetAnswer);
      if (answer?.id === request.id) return answer;
      await clock.sleep(lookEveryMs / 10);
    }
    return undefined;
  } finally {
    await rm(asked, { force: true });
    await rm(answered, { force: true });
  }
}

/** Everything but the token, which only its file has. */
export function shownReset(reset: OperatorReset): NonNullable<ResetAnswer['result']> {
  const { username, link, linkExpiresAt, tokensRevoked } = reset;
  return { username, link, linkExpiresAt: linkExpiresAt.toISOString(), tokensRevoked };
}

export interface ResetWatch {
  stop(): Promise<void>;
}

/** Looks for requests for as long as the server runs. */
export function watchResets(
  folder: string,
  {
    masterKeys,
    clock,
    log,
    reset,
  }: {
    /** The keys that open something now. */
    readonly masterKeys: () => Promise<readonly Uint8Array[]>;
    readonly clock: Clock;
    readonly log: Log;
    /** Makes the token, stores it for the command line, and answers what the operator may know. */
    readonly reset: (username: string | null) => Promise<NonNullable<ResetAnswer['result']>>;
  },
): ResetWatch {
  const stopped = new AbortController();

  async function look(): Promise<void> {
    const path = join(folder, requestName);
    const bytes = await readPrivateFile(path);
    if (bytes === undefined) return;
    // Before anything is done: it is never done twice.
    await rm(path, { force: true });
    const { mac, ...request } = JSON.parse(Buffer.from(bytes).toString('utf8')) as ResetRequest & { mac: string };
    const ageMs = Math.abs(clock.now().getTime() - Date.parse(request.at));
    const isGood = ageMs < goodForMs && (await masterKeys()).some((key) => isMac(mac, macOf(request, key)));
    const answer = isGood ? await act(request) : refused(request);
    await writeFileAtomically(join(folder, answerName), JSON.stringify(answer), { mode: 0o600 });
  }

  function refused({ id }: ResetRequest): ResetAnswer {
    log.warn({}, 'a reset of the operator was refused: it was not made with the master key of this server, or is old');
    return { id, result: null, failure: { reason: 'otherKey' } };
  }

  async function act({ id, username }: ResetRequest): Promise<ResetAnswer> {
    try {
      const result = await reset(username);
      log.warn({ username: result.username }, 'the operator was reset by the command line on this machine');
      return { id, result, failure: null };
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      log.error({ err: thrown }, 'the operator could not be reset');
      return { id, result: null, failure: { reason: 'failed', message } };
    }
  }

  async function watch(): Promise<void> {
    while (!stopped.signal.aborted) {
      await look().catch((err: unknown) => log.error({ err }, 'a request to reset the operator cannot be read'));
      // The sleep rejects when the server stops.
      await clock.sleep(lookEveryMs, stopped.signal).catch(() => undefined);
    }
  }
  const watching = watch();

  return {
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}

function isMac(text: unknown, expected: Buffer): boolean {
  const found = Buffer.from(typeof text === 'string' ? text : '', 'hex');
  return found.length === expected.length && timingSafeEqual(found, expected);
}
