/** A resolver over records that a test sets: what it has not is NXDOMAIN, as far as no other record is at or below the name. */
import type { Reason } from '../../src/domain/errors.ts';
import type { DnsOutcome, DnsRecordType, DnsResolver } from '../../src/domain/ports/system.ts';

export interface ZoneFake {
  readonly resolver: DnsResolver;
  set(name: string, type: DnsRecordType, data: string): void;
  remove(name: string): void;
  /** What comes of every question for the name; undefined mends it. */
  fail(name: string, problem: Reason | undefined): void;
  /** Answers hold the whole chain of CNAME records, as those of resolvers that follow them. */
  followsUnasked: boolean;
  /** The questions so far: `_acme-challenge.example.com CNAME`. */
  readonly asked: readonly string[];
}

interface Stored {
  readonly name: string;
  readonly type: DnsRecordType;
  readonly data: string;
}

const server = '192.0.2.53';

export function createZoneFake(): ZoneFake {
  let records: readonly Stored[] = [];
  const problems = new Map<string, Reason>();
  const asked: string[] = [];

  const aliasOf = (name: string) => records.find((one) => one.name === name && one.type === 'CNAME')?.data;

  function chainFrom(name: string): readonly Stored[] {
    const chain: Stored[] = [];
    for (let at: string | undefined = name; at !== undefined && chain.every((one) => one.name !== at); ) {
      const target = aliasOf(at);
      if (target !== undefined) chain.push({ name: at, type: 'CNAME', data: target });
      at = target;
    }
    return chain;
  }

  function answer(name: string, type: DnsRecordType): DnsOutcome {
    const problem = problems.get(name);
    if (problem !== undefined) return { ok: false, server, problem };
    const own = records.filter((one) => one.name === name && one.type === type);
    const chain = zone.followsUnasked || type !== 'CNAME' ? chainFrom(name) : [];
    const found = [...new Map([...chain, ...own].map((one) => [`${one.name} ${one.type} ${one.data}`, one])).values()];
    const exists = records.some((one) => one.name === name || one.name.endsWith(`.${name}`));
    return {
      ok: true,
      server,
      rcode: exists ? 'NOERROR' : 'NXDOMAIN',
      records: found.map((one) => ({ ...one, ttlSeconds: 300 })),
      authenticated: false,
    };
  }

  const zone: ZoneFake = {
    resolver: {
      async query(name, type) {
        asked.push(`${name} ${type}`);
        return answer(name, type);
      },
    },
    set(name, type, data) {
      records = [...records, { name, type, data }];
    },
    remove(name) {
      records = records.filter((one) => one.name !== name);
    },
    fail(name, problem) {
      if (problem === undefined) problems.delete(name);
      else problems.set(name, problem);
    },
    followsUnasked: false,
    asked,
  };
  return zone;
}
