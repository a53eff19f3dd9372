/**
 * Where the records of names are kept: the zone, who hosts it, and whether a record was placed under a doubled name. Looked up in the
 * background through the configured resolvers, and kept for a while: no reply waits for it, and the next one has it.
 */
import type { Authorization } from '../../domain/authorization.ts';
import type { Challenge, CheckResult } from '../../domain/challenge.ts';
import { dnsHostOf, type NamePlace } from '../../domain/dns-host.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import type { AppContext } from '../context.ts';
import { withinMs } from '../issuing/time-limit.ts';

const keptMs = 10 * 60_000;
/** What could not be found out is tried again sooner. */
const unknownMs = 60_000;
const mostKept = 10_000;
/** Looks at once, for all accounts: somebody who looks at many names waits for the next reply. */
const mostLooks = 16;
const lookMs = 5_000;
/** Parents that may be zones of their own. */
const mostParents = 5;

export type NamePlaces = (authorization: Authorization) => NamePlace | null;

interface Kept<T> {
  readonly value: T | undefined;
  readonly until: number;
}

export function createNamePlaces({ clock, publicSuffixes, queryDns }: AppContext): NamePlaces {
  const zones = new Map<string, Kept<Omit<NamePlace, 'doubled'>>>();
  const doubled = new Map<string, Kept<boolean>>();
  let looks = 0;

  /** What is known, after a look is begun where nothing is. */
  function known<T>(
    kept: Map<string, Kept<T>>,
    key: string,
    look: (signal: AbortSignal) => Promise<T | undefined>,
  ): T | undefined {
    const found = kept.get(key);
    const now = clock.monotonicMs();
    if ((found === undefined || found.until <= now) && looks < mostLooks) {
      looks++;
      // Until it has ended nobody begins the same.
      keep(kept, key, { value: found?.value, until: now + lookMs });
      void withinMs(clock, lookMs, look)
        .catch(() => undefined)
        .then((value) => {
          looks--;
          keep(kept, key, { value, until: clock.monotonicMs() + (value === undefined ? unknownMs : keptMs) });
        });
    }
    return found?.value;
  }

  async function lookForZone(name: string, top: string, signal: AbortSignal) {
    for (const zone of upTo(name, top)) {
      const outcome = await queryDns(zone, 'NS', signal);
      if (!outcome.ok) return undefined;
      const servers = outcome.records.filter(({ type, name: owner }) => type === 'NS' && owner.toLowerCase() === zone);
      if (servers.length > 0) return { zone, host: dnsHostOf(servers.map(({ data }) => data.toLowerCase())) };
    }
    return undefined;
  }

  async function isRecordAt(host: string, type: 'TXT' | 'CNAME', signal: AbortSignal): Promise<boolean | undefined> {
    const outcome = await queryDns(host, type, signal);
    return outcome.ok ? outcome.records.some((record) => record.type === type) : undefined;
  }

  return ({ identifier, challenges, checks }) => {
    const top = topOf(identifier);
    if (top === undefined) return null;
    const name = baseName(identifier);
    const { zone, host } = known(zones, name, (signal) => lookForZone(name, top, signal)) ?? { zone: top, host: null };
    const missing = challenges.flatMap((challenge) => missingRecord(challenge, checks));
    const found = missing.filter(({ at, type }) =>
      known(doubled, `${at}.${zone} ${type}`, (signal) => isRecordAt(`${at}.${zone}`, type, signal)),
    );
    return { zone, host, doubled: found.map(({ at }) => at) };
  };

  function topOf(identifier: Identifier): string | undefined {
    return isIp(identifier) ? undefined : publicSuffixes.registrableDomain(baseName(identifier));
  }
}

function keep<T>(kept: Map<string, Kept<T>>, key: string, value: Kept<T>): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
}

/** The name and its parents, up to the registrable domain. */
function upTo(name: string, top: string): readonly string[] {
  const labels = name === top ? [] : name.slice(0, -(top.length + 1)).split('.');
  const all = labels.map((_, index) => [...labels.slice(index), top].join('.'));
  return [...all.slice(-mostParents), top];
}

/** A record that was looked for, and is not there: only then may it have been placed under another name. */
function missingRecord(
  challenge: Challenge,
  checks: readonly CheckResult[],
): readonly { readonly at: string; readonly type: 'TXT' | 'CNAME' }[] {
  if (challenge.method !== 'dnsTxt' && challenge.method !== 'dnsCname') return [];
  const key = checks.find(({ method }) => method === challenge.method)?.problem?.key;
  const isMissing = key === 'dnsNoSuchName' || key === 'dnsNoRecord' || key === 'dnsOtherRecord';
  return isMissing ? [{ at: challenge.host, type: challenge.method === 'dnsTxt' ? 'TXT' : 'CNAME' }] : [];
}
