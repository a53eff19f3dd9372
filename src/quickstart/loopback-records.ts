/** The records that a loopback DNS server has, and what it finds in them. */
import type { Answer, Question } from 'dns-packet';

export type LoopbackRecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT' | 'NS' | 'CAA';

/** A, AAAA: the address. CNAME, NS: the target. TXT: the text. CAA: `0 issue "ca.example"`. Several values make a set. */
export type LoopbackValue = string | readonly string[];

/** By name, then by type. */
export type LoopbackRecords = Map<string, Map<LoopbackRecordType, readonly string[]>>;

export interface Found {
  readonly answers: readonly Answer[];
  readonly rcode: number;
  /** Where the CNAMEs lead to somebody else's zone: the name to look for there. */
  readonly elsewhere?: string;
}

export const rcodes = { noError: 0, serverFailure: 2, nxDomain: 3 } as const;

const ttl = 0;
const maxCnames = 16;

export function canonical(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/**
 * RFC 1034 §4.3.2; the code speaks of the last name of a CNAME chain (RFC 6604). A loop ends where it closes.
 * @param isElsewhere whether a name is in somebody else's zone
 */
export function findRecords(
  records: LoopbackRecords,
  question: Question,
  isElsewhere: (name: string) => boolean = () => false,
): Found {
  const type = isKnownType(question.type) ? question.type : undefined;
  const answers: Answer[] = [];
  const seen = new Set<string>();
  let name = canonical(question.name);
  while (!seen.has(name) && seen.size < maxCnames) {
    if (isElsewhere(name)) return { answers, rcode: rcodes.noError, elsewhere: name };
    seen.add(name);
    const types = lookUp(records, name);
    if (types === undefined) return { answers, rcode: rcodes.nxDomain };
    const values = type === undefined ? undefined : types.get(type);
    if (type !== undefined && values !== undefined) {
      for (const value of values) answers.push(answerRecord(name, type, value));
      return { answers, rcode: rcodes.noError };
    }
    const [target] = types.get('CNAME') ?? [];
    if (target === undefined) return { answers, rcode: rcodes.noError };
    answers.push(answerRecord(name, 'CNAME', target));
    name = canonical(target);
  }
  return { answers, rcode: rcodes.noError };
}

const knownTypes: readonly string[] = ['A', 'AAAA', 'CNAME', 'TXT', 'NS', 'CAA'] satisfies LoopbackRecordType[];

/** Names simply have no records of other types. */
export function isKnownType(type: string): type is LoopbackRecordType {
  return knownTypes.includes(type);
}

/** The records of a name; empty when only names below it exist (RFC 8020); undefined when nothing does. */
function lookUp(
  records: LoopbackRecords,
  name: string,
): ReadonlyMap<LoopbackRecordType, readonly string[]> | undefined {
  const own = records.get(name);
  if (own !== undefined && own.size > 0) return own;
  const isThere = (one: string) =>
    [...records].some(([other, types]) => types.size > 0 && (other === one || other.endsWith(`.${one}`)));
  if (isThere(name)) return new Map();
  // RFC 4592 §3.3.1: only the wildcard right below the closest name that exists counts.
  for (let parent = parentOf(name); parent !== undefined; parent = parentOf(parent)) {
    const wildcard = records.get(`*.${parent}`);
    if (wildcard !== undefined && wildcard.size > 0) return wildcard;
    if (isThere(parent)) return undefined;
  }
  return undefined;
}

function parentOf(name: string): string | undefined {
  const dot = name.indexOf('.');
  return dot < 0 ? undefined : name.slice(dot + 1);
}

export function answerRecord(name: string, type: LoopbackRecordType, value: string): Answer {
  switch (type) {
    case 'TXT':
      return { name, type, ttl, data: value.match(/.{1,255}/gs) ?? [''] };
    case 'CAA': {
      const [, flags = '0', tag = '', text = ''] = /^(\d+) (\w+) "?([^"]*)"?$/.exec(value) ?? [];
      if (tag !== 'issue' && tag !== 'issuewild' && tag !== 'iodef') throw new RangeError(`no CAA record: ${value}`);
      return { name, type, ttl, data: { flags: Number(flags), tag, value: text } };
    }
    default:
      return { name, type, ttl, data: value };
  }
}
