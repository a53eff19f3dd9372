/**
 * A resolver that knows whether its servers answer anything. A query that times out may be the fault of the zone asked about, whose
 * servers make a recursive resolver wait, or of the resolvers. So each server is asked for what it answers by itself, which tells
 * whose fault it is: the customer reads that it is not theirs, and the operator is alarmed.
 */
import { type Reason, reason } from '../domain/errors.ts';
import type { ResolverWatch } from '../domain/ports/resolver-watch.ts';
import type { Clock, DnsOutcome, DnsResolver, Log } from '../domain/ports/system.ts';
import { endpointText } from './endpoint.ts';
import { createResolver, type ResolverOptions } from './resolver.ts';

/** RFC 6303 §4.2: recursive resolvers serve this zone themselves, so that an answer depends on nobody else. Any answer counts. */
const ownQuestion = { name: '127.in-addr.arpa', type: 'SOA' } as const;
/**
 * A look stands for so long: whoever orders names of silent zones must not have the resolvers asked for each. Sooner where nothing
 * answered, since that took its time, and everybody waits for its end.
 */
const lookStandsMs = { answered: 5000, away: 1000 };

export interface WatchedResolver extends DnsResolver, ResolverWatch {}

export interface WatchedResolverOptions extends ResolverOptions {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly log: Log;
}

export function createWatchedResolver({ clock, log, ...options }: WatchedResolverOptions): WatchedResolver {
  const inner = createResolver(options);
  const single = options.servers.map((server) => ({
    server: endpointText(server),
    resolver: createResolver({ ...options, servers: [server] }),
  }));
  const stopped = new AbortController();
  let away: Reason | undefined;
  let answeredAtMs = Number.NEGATIVE_INFINITY;
  let looked: { readonly atMs: number; readonly result: Promise<Reason | undefined> } | undefined;
  let silentBefore = '';

  function noteAnswer(): void {
    answeredAtMs = clock.monotonicMs();
    away = undefined;
  }

  async function look(): Promise<Reason | undefined> {
    const silent: string[] = [];
    await Promise.all(
      single.map(async ({ server, resolver }) => {
        const outcome = await resolver.query(ownQuestion.name, ownQuestion.type, stopped.signal);
        if (isSilence(outcome)) silent.push(server);
        else if (isAnswer(outcome)) noteAnswer();
      }),
    );
    if (stopped.signal.aborted) return undefined;
    // In the order of the configuration, whichever was given up first.
    const names = single.flatMap(({ server }) => (silent.includes(server) ? [server] : [])).join(', ');
    away = silent.length === single.length ? reason('resolversAway', { servers: names }) : undefined;
    report(names);
    return away;
  }

  /** Once for each change. */
  function report(silent: string): void {
    if (silent === silentBefore) return;
    silentBefore = silent;
    if (silent === '') log.info({}, 'all DNS resolvers answer again');
    else if (away === undefined)
      log.warn({ resolvers: silent }, `DNS resolvers do not answer, and each query that tries them waits: ${silent}`);
    else
      log.error(
        { resolvers: silent },
        `no DNS resolver answers (${silent}), so that no name can be validated until one does: set dns.resolvers, or repair the network to them`,
      );
  }

  function lookOnce(): Promise<Reason | undefined> {
    const nowMs = clock.monotonicMs();
    if (
      looked === undefined ||
      nowMs - looked.atMs >= (away === undefined ? lookStandsMs.answered : lookStandsMs.away)
    ) {
      const result = look().finally(() => {
        looked = { atMs: clock.monotonicMs(), result };
      });
      // While it is under way it does not age.
      looked = { atMs: Number.POSITIVE_INFINITY, result };
    }
    return looked.result;
  }

  return {
    async query(name, type, signal) {
      // Each would wait for every server in vain, in a place that others need.
      const known = away === undefined ? undefined : await unlessAborted(lookOnce(), signal);
      if (known !== undefined) return { ok: false, server: firstServer(options), problem: known };
      const startedAtMs = clock.monotonicMs();
      const outcome = await inner.query(name, type, signal);
      if (!isSilence(outcome)) {
        if (isAnswer(outcome)) noteAnswer();
        return outcome;
      }
      // Others were answered meanwhile: it is the zone.
      if (signal.aborted || answeredAtMs > startedAtMs) return outcome;
      const fault = await unlessAborted(lookOnce(), signal);
      return fault === undefined ? outcome : { ...outcome, problem: fault };
    },
    fault: () => away,
    look: lookOnce,
    stop: () => stopped.abort(),
  };
}

/** Whatever came from a server: one that refuses, or cannot be believed, is there. A name that cannot be put into a query asks nobody. */
function isAnswer(outcome: DnsOutcome): boolean {
  return outcome.ok || !['dnsTimeout', 'dnsNoSuchName', 'checkAborted'].includes(outcome.problem.key);
}

function isSilence(outcome: DnsOutcome): boolean {
  return !outcome.ok && outcome.problem.key === 'dnsTimeout';
}

function firstServer({ servers: [first] }: Pick<ResolverOptions, 'servers'>): string {
  return first === undefined ? '' : endpointText(first);
}

/** The look goes on for others. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  if (signal.aborted) return undefined;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
