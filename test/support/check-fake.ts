/** The network of customers, as far as validation sees it: a table of what is placed where, and a record of every look. */
import { checkDnsPersist } from '../../src/dcv/dns-persist.ts';
import { measured } from '../../src/dcv/measured.ts';
import type { Challenge, CheckChallenge, CheckResult } from '../../src/domain/challenge.ts';
import { type Reason, reason } from '../../src/domain/errors.ts';
import { baseName, type Identifier } from '../../src/domain/identifier.ts';
import type { Clock, DnsRecord, DnsResolver } from '../../src/domain/ports/system.ts';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';

export interface CheckFake {
  readonly check: CheckChallenge;
  /** The proof of the name is in place from now on, for this method. */
  place(name: string, method?: ValidationMethod): void;
  /** The proof of every name is in place from now on, for this method. */
  placeEverywhere(method?: ValidationMethod): void;
  /** A CNAME record is there from now on, and proves whatever looks for exactly that. */
  placeRecord(host: string, target: string): void;
  /** A file is there from now on, over plain HTTP, and proves whatever looks for exactly that. */
  placeFile(host: string, path: string, content: string): void;
  /** A TXT record is there from now on. What stays for good is read as by the real check. */
  placeText(host: string, text: string, ttlSeconds?: number): void;
  /** Records that stay for good are looked up there from now on, and what `placeText` placed is not found. */
  lookUpIn(resolver: DnsResolver): void;
  /** Removes every record and file. */
  forget(): void;
  remove(name: string): void;
  /** The name leads to an internal host from now on: its answers are not the customer's to read. */
  answerFromInside(name: string): void;
  /** What checks of the name find as long as no proof is there; by default there is no such name. */
  failWith(name: string, problem: Reason): void;
  /** Every check of the name takes this long on the test's clock, or every one by this method. */
  delay(name: string, ms: number, method?: ValidationMethod): void;
  /** Checks throw, which no real one does: a bug. Undefined mends it. */
  breakWith(error: Error | undefined): void;
  readonly looks: readonly Look[];
}

export interface Look {
  readonly name: string;
  readonly method: ValidationMethod;
  readonly at: Date;
}

export function createCheckFake(clock: Clock): CheckFake {
  const placed = new Map<string, Set<ValidationMethod>>();
  const everywhere = new Set<ValidationMethod>();
  const things = new Set<string>();
  const texts: DnsRecord[] = [];
  const delays = new Map<string, number>();
  const looks: Look[] = [];
  const inside = new Set<string>();
  const problems = new Map<string, Reason>();
  let resolver = resolverOf(texts);
  let fault: Error | undefined;

  async function check(identifier: Identifier, challenge: Challenge, signal: AbortSignal): Promise<CheckResult> {
    const { value: name } = identifier;
    const { method, binding } = challenge;
    if (fault !== undefined) throw fault;
    const checkedAt = clock.now();
    looks.push({ name, method, at: checkedAt });
    if (challenge.method === 'dnsPersist') {
      const look = { identifier, challenge, clock, resolver, publicSuffixes, signal };
      return measured(clock, () => checkDnsPersist(look));
    }
    const isAborted = await isCutShort(delays.get(`${method} ${name}`) ?? delays.get(name), signal);
    const isThere =
      everywhere.has(method) ||
      placed.get(name)?.has(method) === true ||
      wanted(identifier, challenge).some((it) => things.has(it));
    const proved = !isAborted && isThere;
    // In the form of real checks: which part of an answer may be shown depends on the host.
    const asked = method.startsWith('http') ? `http://${name}/${method}` : `${name} ${method}`;
    const durationMs = clock.now().getTime() - checkedAt.getTime();
    const source = { isOwn: !inside.has(name) };
    const common = { method, binding, proved, checkedAt, durationMs, asked, answeredBy: ['192.0.2.53'], source };
    if (proved) return { ...common, answer: 'the right content' };
    const problem = isAborted ? reason('checkAborted', {}) : (problems.get(name) ?? reason('dnsNoSuchName', { name }));
    return { ...common, answer: 'nothing', problem };
  }

  function isCutShort(delayMs: number | undefined, signal: AbortSignal): Promise<boolean> {
    if (delayMs === undefined) return Promise.resolve(false);
    return clock.sleep(delayMs, signal).then(
      () => false,
      () => true,
    );
  }

  return {
    check,
    place(name, method = 'httpFile') {
      placed.set(name, new Set([...(placed.get(name) ?? []), method]));
    },
    placeEverywhere: (method = 'httpFile') => void everywhere.add(method),
    placeRecord: (host, target) => void things.add(`${host} CNAME ${target}`),
    placeFile: (host, path, content) => void things.add(`http://${host}${path} ${content}`),
    placeText: (name, data, ttlSeconds = 86_400) => void texts.push({ name, type: 'TXT', ttlSeconds, data }),
    lookUpIn(other) {
      resolver = other;
    },
    forget() {
      things.clear();
      texts.length = 0;
    },
    remove: (name) => void placed.delete(name),
    failWith: (name, problem) => void problems.set(name, problem),
    answerFromInside: (name) => void inside.add(name),
    delay: (name, ms, method) => void delays.set(method === undefined ? name : `${method} ${name}`, ms),
    breakWith(error) {
      fault = error;
    },
    looks,
  };
}

const publicSuffixes = { hasKnownSuffix: () => true };

function resolverOf(records: readonly DnsRecord[]): DnsResolver {
  return {
    async query(name, type) {
      const found = records.filter((record) => record.name === name && record.type === type);
      const rcode = found.length === 0 ? 'NXDOMAIN' : 'NOERROR';
      return { ok: true, server: '192.0.2.53', rcode, records: found, authenticated: false };
    },
  };
}

/** Records and files that prove control. */
function wanted(identifier: Identifier, challenge: Challenge): readonly string[] {
  if (challenge.method === 'httpFile') return [`http://${baseName(identifier)}${challenge.path} ${challenge.content}`];
  if (challenge.method !== 'dnsCname') return [];
  const { host, alternativeHosts = [], target } = challenge;
  return [host, ...alternativeHosts].map((one) => `${one} CNAME ${target}`);
}
