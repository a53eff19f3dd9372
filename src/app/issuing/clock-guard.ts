/**
 * Watches the server's clock. A clock that went back, or stands outside the validity of every authority that issues, would
 * put wrong dates into certificates and CRLs: nothing is signed until it is right again. The latest right time is kept in
 * the database, so that a restart does not forget it.
 */
import type { Period } from '../../domain/authority.ts';
import { type Reason, reason, renderReason } from '../../domain/errors.ts';
import { reasonOutside } from '../../domain/may-be-issued.ts';
import { type ClockGuard, clockToleranceMs } from '../../domain/ports/clock-guard.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log } from '../../domain/ports/system.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import type { AppContext } from '../context.ts';
import { bringForward } from '../upkeep/bring-forward.ts';
import { queueUpkeep } from '../upkeep/upkeep.ts';

const settingKey = 'clock';
/** A restart forgets no more than this of the past. */
const keepEveryMs = 10 * 60_000;
const lookEveryMs = 60_000;
/** Less than this in a minute is drift. */
const stepMs = 1000;

export interface ClockGuardOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** The operator says that the clock is right now, and was ahead when it showed a later time. */
  readonly acceptsClock?: boolean;
}

/** Call it when the authorities are made. */
export async function createClockGuard(options: ClockGuardOptions): Promise<ClockGuard> {
  const { clock, log } = options;
  let issuing = await issuingPeriod(options.database);
  let readAtMs = clock.monotonicMs();
  if (options.acceptsClock === true) await accept(options);
  let newestMs = await keptMs(options.database);
  let found: Reason | undefined;

  /** Authorities follow one another while the server runs, on any node. */
  function readAgainSoon(): void {
    if (clock.monotonicMs() - readAtMs < lookEveryMs) return;
    readAtMs = clock.monotonicMs();
    issuingPeriod(options.database).then(
      (period) => {
        issuing = period;
      },
      (error) => log.warn({ err: error }, 'the authorities could not be read again'),
    );
  }

  function look(): Reason | undefined {
    readAgainSoon();
    const now = clock.now();
    const nowMs = now.getTime();
    if (newestMs - nowMs > clockToleranceMs) {
      return reason('clockWentBack', { now: now.toISOString(), newest: new Date(newestMs).toISOString() });
    }
    const outside = issuing === undefined ? undefined : reasonOutside(issuing, now);
    // A clock that is far ahead must not become what the right one is compared with.
    if (outside === undefined && nowMs > newestMs) newestMs = nowMs;
    return outside;
  }

  return {
    fault() {
      const fault = look();
      if (fault !== undefined && fault.key !== found?.key) log.error({ reason: fault }, renderReason(fault, 'en'));
      if (fault === undefined && found !== undefined) log.info({}, 'the clock is right again: signing goes on');
      found = fault;
      return fault;
    },
    newest: () => new Date(newestMs),
  };
}

/** Jobs that were put off to a time by the clock that was ahead may run now: each decides again. */
async function accept({ database, clock }: ClockGuardOptions): Promise<void> {
  const now = clock.now();
  await database.write(async (tx) => {
    const newest = new Date(newestOf(await tx.settings.get(settingKey)));
    await tx.settings.put(settingKey, { newest: now.toISOString() });
    await bringForward(tx, now);
    await tx.events.append({ ...clockEvent, kind: 'clock.accepted', data: { newest }, at: now });
  });
}

const clockEvent = { accountId: null, actor: 'system', subject: 'clock', requestId: null } as const;

/** The period in which at least one authority can issue; undefined where there is none of our own. */
async function issuingPeriod({ read }: Database): Promise<Period | undefined> {
  const certificates = (await read.authorities.list())
    .filter(({ role }) => role === 'intermediate')
    .map(({ certificate }) => parseCertificate(certificate));
  if (certificates.length === 0) return undefined;
  return {
    from: new Date(Math.min(...certificates.map(({ notBefore }) => notBefore.getTime()))),
    until: new Date(Math.max(...certificates.map(({ notAfter }) => notAfter.getTime()))),
  };
}

async function keptMs({ read }: Database): Promise<number> {
  return newestOf(await read.settings.get(settingKey));
}

function newestOf(kept: unknown): number {
  const isKnown = typeof kept === 'object' && kept !== null && 'newest' in kept;
  return isKnown && typeof kept.newest === 'string' ? Date.parse(kept.newest) : 0;
}

export interface ClockWatch {
  /** One check: keeps the latest right time, records when the clock goes wrong or is right again, and wakes what waited for it. */
  look(): Promise<void>;
  /** Looks every minute, whatever the clock says. */
  start(): void;
  stop(): Promise<void>;
}

export function createClockWatch(context: AppContext): ClockWatch {
  const { database, clock, clockGuard, log, meter, queue } = context;
  const stopped = new AbortController();
  let keptAtMs = 0;
  let recorded: Reason['key'] | undefined;
  /** How far the wall clock stood ahead of the steady one. */
  let stoodAheadMs: number | undefined;
  let watching: Promise<void> | undefined;

  async function look(): Promise<void> {
    const fault = clockGuard.fault();
    const newest = clockGuard.newest();
    if (fault?.key === recorded) {
      if (fault === undefined && newest.getTime() - keptAtMs >= keepEveryMs) await keep(newest);
      return;
    }
    await database.write(async (tx) => {
      await tx.events.append({
        ...clockEvent,
        kind: fault === undefined ? 'clock.resumed' : 'clock.stopped',
        data: fault === undefined ? {} : { reason: fault, message: renderReason(fault, 'en') },
        at: clock.now(),
      });
      if (fault === undefined && recorded === 'authorityEnded') await bringForward(tx, clock.now());
    });
    recorded = fault?.key;
    if (fault === undefined) await queueUpkeep(context);
    queue.wake();
  }

  /** Also where the operator accepted an earlier time than the one kept. */
  async function keep(newest: Date): Promise<void> {
    await database.write((tx) => tx.settings.put(settingKey, { newest: newest.toISOString() }));
    keptAtMs = newest.getTime();
  }

  /** Somebody set the clock where it moved otherwise than the steady one. Time services move it by less. */
  function countStep(): void {
    const aheadMs = clock.now().getTime() - clock.monotonicMs();
    if (stoodAheadMs !== undefined && Math.abs(aheadMs - stoodAheadMs) > stepMs)
      meter.clockStepped(aheadMs - stoodAheadMs);
    stoodAheadMs = aheadMs;
  }

  async function watch(): Promise<void> {
    for (;;) {
      countStep();
      await look().catch((error) => log.error({ err: error }, 'what the clock shows could not be recorded'));
      // The sleep is measured by the steady clock, and rejects when the server stops.
      const isStopped = await clock.sleep(lookEveryMs, stopped.signal).then(
        () => false,
        () => true,
      );
      if (isStopped) return;
    }
  }

  return {
    look,
    start() {
      watching = watch();
    },
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}
