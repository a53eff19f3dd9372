/**
 * `/healthz`: the process answers. `/readyz`: it can do its work, shown by a small durable write; 503 with the reason while it
 * starts, stops, or cannot store anything. A clock that cannot be believed stops signing only, and without resolvers only names wait to
 * be validated, and without a certificate of the CA orders wait, which the answer says, in the language of Accept-Language; so it does of alarms: what a mail server, customers or an upstream do is no reason to take the server out of service, which would help none of them.
 */
import { renderAlarm } from '../domain/alarm.ts';
import { type Reason, renderReason, toCertError } from '../domain/errors.ts';
import { acceptedLanguage } from '../domain/language.ts';
import type { Alarms } from '../domain/ports/alarms.ts';
import type { ClockGuard } from '../domain/ports/clock-guard.ts';
import type { DialectServer } from '../domain/ports/dialect.ts';
import type { ResolverWatch } from '../domain/ports/resolver-watch.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock, Log } from '../domain/ports/system.ts';
import { requestPath } from '../domain/request-path.ts';

/** Where the server is between its first and its last moment. */
export type Phase = 'starting' | 'ready' | 'stopping';

export interface HealthOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly clockGuard: ClockGuard;
  readonly resolverWatch: Pick<ResolverWatch, 'fault'>;
  readonly alarms: Alarms;
  /** What the own CA needs before it signs anything; undefined: nothing. */
  awaitedCa(): Promise<Reason | undefined>;
  phase(): Phase;
}

/** An answer stands for this long, so that probes, which anybody may send, cost a write each second at most. */
const answerStandsMs = 1000;

interface Found {
  /** What keeps the server from storing anything; undefined: nothing. */
  readonly problem: string | undefined;
  readonly ca: Reason | undefined;
}

export function createHealth({
  database,
  clock,
  log,
  clockGuard,
  resolverWatch,
  alarms,
  awaitedCa,
  phase,
}: HealthOptions): DialectServer {
  let last: { readonly atMs: number; readonly found: Promise<Found> } | undefined;

  async function look(): Promise<Found> {
    try {
      await database.write((tx) => tx.settings.put('lastReady', { at: clock.now().toISOString() }));
      return { problem: undefined, ca: await awaitedCa() };
    } catch (thrown) {
      const { code, message } = toCertError(thrown);
      if (code === 'unavailable') return { problem: message, ca: undefined };
      log.error({ err: thrown }, 'the database cannot be written');
      return { problem: 'database unavailable', ca: undefined };
    }
  }

  return {
    async fetch(request) {
      if (requestPath(request.url) === '/healthz') return answer('ok', 200);
      if (phase() !== 'ready') return answer(phase(), 503);
      const nowMs = clock.monotonicMs();
      if (last === undefined || nowMs - last.atMs >= answerStandsMs) last = { atMs: nowMs, found: look() };
      const { problem, ca } = await last.found;
      if (problem !== undefined) return answer(problem, 503);
      // It still answers, revokes and shows: only what needs the time of day waits.
      const language = acceptedLanguage(request.headers.get('accept-language'), 'en');
      const signing = clockGuard.fault();
      const resolvers = resolverWatch.fault();
      const raised = alarms.raised().map(({ finding }) => renderAlarm(finding, language));
      return answer('ready', 200, {
        ...(signing === undefined ? {} : { signing: renderReason(signing, language) }),
        ...(resolvers === undefined ? {} : { resolvers: renderReason(resolvers, language) }),
        ...(ca === undefined ? {} : { ca: renderReason(ca, language) }),
        ...(raised.length === 0 ? {} : { alarms: raised }),
      });
    },
  };
}

function answer(
  text: string,
  status: number,
  more: {
    readonly signing?: string;
    readonly resolvers?: string;
    readonly ca?: string;
    readonly alarms?: readonly string[];
  } = {},
): Response {
  // An answer from a cache would say how things were.
  return Response.json(
    { status: text, ...more },
    { status, headers: { 'Cache-Control': 'no-store', Vary: 'Accept-Language' } },
  );
}
