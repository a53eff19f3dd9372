/**
 * Notices that something does not succeed that should have (decision 0037): once a minute, by the steady clock, and not as a job, since
 * that nobody runs the jobs is one of the things it looks for. An alarm is a line in the log and in the audit log, a metric, a word of
 * `/readyz`, and a notice to the operator; it ends when what it is about succeeds again.
 */
import { type Alarm, type AlarmFinding, finding, renderAlarm } from '../../domain/alarm.ts';
import type { Alarms } from '../../domain/ports/alarms.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { noteNode } from '../upkeep/nodes.ts';
import { type Condition, dayMs, minuteMs } from './condition.ts';
import { failingJobs, idleJobs } from './idle-jobs.ts';
import { alarmsKey, changeAlarms, idOf, type KeptAlarm, keptFrom, type Notice, noteArrived } from './kept-alarms.ts';
import { lateCrls } from './late-crls.ts';
import { lateReissues } from './late-reissues.ts';
import { lintFindings } from './lint-findings.ts';
import { missingSuccessors } from './missing-successors.ts';
import { createNotices, type NoticeOptions } from './notices.ts';
import type { Outcomes } from './outcomes.ts';
import { endingOutsideLists } from './outside-lists.ts';
import { ownFaults } from './own-faults.ts';
import { refusedRenewals } from './refused-renewals.ts';
import { revokedAuthorities } from './revoked-authorities.ts';
import { silentNetwork } from './silent-network.ts';
import { awayUpstreams, differingOrders, lowBalances, spentBudgets } from './upstream-conditions.ts';

const lookEveryMs = minuteMs;
/** Restarts of a database server are over by then. */
const awayMs = 5 * minuteMs;

export interface Watchdog extends Alarms {
  /** One look, and the notices that follow. */
  look(): Promise<void>;
  /** Looks every minute. */
  start(): void;
  stop(): Promise<void>;
}

export interface WatchdogOptions extends NoticeOptions {
  readonly outcomes: Outcomes;
}

/** What one condition was found to be at the last look. */
interface Found {
  readonly id: string;
  readonly finding: AlarmFinding;
}

export function createWatchdog(context: AppContext, options: WatchdogOptions): Watchdog {
  const { database, clock, log } = context;
  const { node } = database;
  const stopped = new AbortController();
  const notices = createNotices(context, options);
  const conditions = [
    lateCrls(context),
    lintFindings(context),
    endingOutsideLists(context),
    revokedAuthorities(context),
    missingSuccessors(context),
    idleJobs(context),
    failingJobs(context),
    lateReissues(context),
    refusedRenewals(context),
    awayUpstreams(context),
    spentBudgets(context),
    lowBalances(context),
    differingOrders(context),
    ...silentNetwork(options.outcomes),
    ...ownFaults(context),
  ].map((condition) => new Held(condition, node, clock));
  const databaseAway = new DatabaseAway(clock);
  const mine = new Map<string, Alarm & { loggedAtMs: number }>();
  let looks = 0;
  let watching: Promise<void> | undefined;

  async function look(): Promise<void> {
    const found = new Map<string, AlarmFinding>();
    const unsure = new Set<string>();
    let failure: unknown;
    for (const condition of conditions) {
      try {
        const { stands, ids } = await condition.look();
        if (stands !== undefined) found.set(stands.id, stands.finding);
        for (const id of ids) unsure.add(id);
      } catch (error) {
        failure = error;
        for (const id of condition.known) unsure.add(id);
      }
    }
    const change = await keep({ found, unsure }).catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    if (failure !== undefined) log.warn({ err: failure }, 'the watchdog could not look at everything');
    // Nobody can keep it then: each process tells of it by itself.
    const away = databaseAway.look(change === undefined && !database.isFull);
    if (away !== undefined) found.set(idOf('databaseAway', node), away);
    noteMine(found, unsure);
    looks++;
    await Promise.all([notify(change ?? []), notifyAlone(away)]);
  }

  /** In one transaction, so that of several nodes one sends each notice. */
  async function keep(seen: Pick<Parameters<typeof changeAlarms>[1], 'found' | 'unsure'>): Promise<readonly Notice[]> {
    const { receivers } = notices;
    return database.write(
      async (tx) => {
        const before = keptFrom(await tx.settings.get(alarmsKey));
        const now = clock.now();
        const change = changeAlarms(before, { ...seen, node, nowMs: now.getTime(), receivers });
        for (const alarm of change.raised) await record(tx, 'alarm.raised', alarm, now);
        for (const alarm of change.ended) await record(tx, 'alarm.ended', alarm, now);
        // Written at every look: a database that takes no write is found out.
        await tx.settings.put(alarmsKey, change.kept);
        await noteNode(context, tx);
        return change.notices;
      },
      // A few hundred bytes, which say that the disk is full.
      { mayUseReserve: true },
    );
  }

  async function notify(due: readonly Notice[]): Promise<void> {
    const sent = await Promise.all(
      due.map(async (notice) => ((await notices.send(notice, stopped.signal)) ? notice : undefined)),
    );
    const arrived = sent.filter((notice) => notice !== undefined);
    if (arrived.length === 0) return;
    await database.write(
      async (tx) => {
        const kept = keptFrom(await tx.settings.get(alarmsKey));
        await tx.settings.put(alarmsKey, noteArrived(kept, arrived, clock.now().getTime()));
      },
      { mayUseReserve: true },
    );
  }

  /** The notices of this process that the database is away: when that begins, and when it is over. */
  let alone: KeptAlarm | undefined;
  async function notifyAlone(away: AlarmFinding | undefined): Promise<void> {
    if ((away === undefined) === (alone === undefined)) return;
    const atMs = clock.now().getTime();
    const state = away === undefined ? 'over' : 'raised';
    const alarm = alone ?? (away && { finding: away, sinceMs: atMs, seenAtMs: atMs, endedAtMs: null, notices: {} });
    alone = away === undefined ? undefined : alarm;
    if (alarm === undefined) return;
    const id = idOf('databaseAway', node);
    await Promise.all(
      notices.receivers.map((receiver) => notices.send({ id, receiver, state, alarm }, stopped.signal)),
    );
  }

  /** What this process sees, for its log and its metrics. */
  function noteMine(found: ReadonlyMap<string, AlarmFinding>, unsure: ReadonlySet<string>): void {
    const nowMs = clock.monotonicMs();
    for (const [id, one] of found) {
      const known = mine.get(id);
      const isLogged = known !== undefined && nowMs - known.loggedAtMs < dayMs;
      if (!isLogged) log.error({ alarm: one.key, ...one.params }, `alarm: ${renderAlarm(one, 'en')}`);
      mine.set(id, {
        key: one.key,
        finding: one,
        since: known?.since ?? clock.now(),
        loggedAtMs: isLogged ? known.loggedAtMs : nowMs,
      });
    }
    for (const [id, { key }] of mine) {
      if (found.has(id) || unsure.has(id)) continue;
      mine.delete(id);
      log.info({ alarm: key }, `the alarm ${key} is over`);
    }
  }

  async function watch(): Promise<void> {
    for (;;) {
      await look().catch((error: unknown) => log.error({ err: error }, 'the watchdog failed, and looks again'));
      const isStopped = await clock.sleep(lookEveryMs, stopped.signal).then(
        () => false,
        () => true,
      );
      if (isStopped) return;
    }
  }

  return {
    raised: () => [...mine.values()],
    looks: () => looks,
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

async function record(
  tx: Stores,
  kind: 'alarm.raised' | 'alarm.ended',
  { finding: { key, params }, sinceMs }: KeptAlarm,
  at: Date,
): Promise<void> {
  await tx.events.append({
    kind,
    accountId: null,
    actor: 'system',
    subject: 'alarm',
    data: { alarm: key, since: new Date(sinceMs), ...params },
    requestId: null,
    at,
  });
}

interface HeldLook {
  /** What has stood long enough. */
  readonly stands: Found | undefined;
  /** What was found and has not. */
  readonly ids: readonly string[];
}

/** A condition that has to stand for some time, whatever its numbers. */
class Held {
  readonly #condition: Condition;
  readonly #node: string | null;
  readonly #clock: Pick<AppContext['clock'], 'monotonicMs'>;
  /** Ids of what it ever found. */
  readonly known = new Set<string>();
  #since: { readonly id: string; readonly atMs: number } | undefined;

  constructor(condition: Condition, node: string, clock: Pick<AppContext['clock'], 'monotonicMs'>) {
    this.#condition = condition;
    this.#node = condition.of === 'node' ? node : null;
    this.#clock = clock;
  }

  async look(): Promise<HeldLook> {
    const found = await this.#condition.look();
    if (found === undefined) {
      this.#since = undefined;
      return { stands: undefined, ids: [] };
    }
    const id = idOf(found.key, this.#node);
    this.known.add(id);
    const nowMs = this.#clock.monotonicMs();
    if (this.#since?.id !== id) this.#since = { id, atMs: nowMs };
    if (nowMs - this.#since.atMs < this.#condition.heldMs) return { stands: undefined, ids: [id] };
    return { stands: { id, finding: found }, ids: [] };
  }
}

/** How long the database has taken nothing. */
class DatabaseAway {
  readonly #clock: Pick<AppContext['clock'], 'monotonicMs'>;
  #sinceMs: number | undefined;

  constructor(clock: Pick<AppContext['clock'], 'monotonicMs'>) {
    this.#clock = clock;
  }

  look(failed: boolean): AlarmFinding | undefined {
    if (!failed) this.#sinceMs = undefined;
    else this.#sinceMs ??= this.#clock.monotonicMs();
    const forMs = this.#sinceMs === undefined ? 0 : this.#clock.monotonicMs() - this.#sinceMs;
    return forMs < awayMs ? undefined : finding('databaseAway', { minutes: Math.floor(forMs / minuteMs) });
  }
}
