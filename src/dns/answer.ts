/** What the zone says to a question (RFC 1034 §4.3.2): the codes and records of the answer, before they are bytes. */
import type { AliasRecords } from '../domain/ports/alias-records.ts';
import { hinfoBytes, recordTypes, txtBytes } from './record-data.ts';
import { fixedTtlSeconds, type RecordSet, type RelativeName, type Zone } from './zone.ts';

/** https://www.iana.org/assignments/dns-parameters (DNS RCODEs). */
export const rcodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;

export type Rcode = keyof typeof rcodes;

const classes = { IN: 1, ANY: 255 } as const;

export interface Question {
  /** In lower case. */
  readonly labels: readonly string[];
  readonly type: number;
  readonly class: number;
}

export interface Answer {
  readonly rcode: Rcode;
  readonly isAuthoritative: boolean;
  readonly answers: readonly RecordSet[];
  readonly authorities: readonly RecordSet[];
  /** May be left out where they do not fit. */
  readonly additionals: readonly RecordSet[];
}

export interface Sources {
  readonly zone: Zone;
  readonly records: AliasRecords;
  /** Of the zone now. */
  readonly serial: number;
}

/** An answer without records. */
export function bare(rcode: Rcode): Answer {
  return { rcode, isAuthoritative: false, answers: [], authorities: [], additionals: [] };
}

/** @throws what `records` throws */
export async function answerQuestion(question: Question, sources: Sources): Promise<Answer> {
  const { zone } = sources;
  const { type, labels } = question;
  const isAnswered = (question.class === classes.IN || question.class === classes.ANY) && !isTransfer(type);
  if (!isAnswered || !isBelow(labels, zone.labels)) return bare('REFUSED');
  const own = labels.slice(0, labels.length - zone.labels.length);
  // RFC 1035 §6.2: what is said of every class is never authoritative.
  const isAuthoritative = question.class === classes.IN;
  return { ...(await answerInZone(own, type, sources)), isAuthoritative };
}

function isTransfer(type: number): boolean {
  return type === recordTypes.AXFR || type === recordTypes.IXFR;
}

/** Label by label: a label may hold a dot. */
function isBelow(labels: readonly string[], zone: readonly string[]): boolean {
  const above = labels.length - zone.length;
  return above >= 0 && zone.every((label, index) => labels[above + index] === label);
}

/** @param own labels below those of the zone */
async function answerInZone(own: readonly string[], type: number, sources: Sources): Promise<Answer> {
  const { zone } = sources;
  const owner: RelativeName = own.join('.');
  // No name of ours has other letters, so what random bytes name is not looked up, and no dot in a label is taken for one between two.
  if (!own.every(isPlain)) return nothing('NXDOMAIN', sources);
  const fixed = zone.fixed.get(owner);
  const isThere = fixed !== undefined || zone.hollow.has(owner);
  const asksForTexts = type === recordTypes.TXT || type === recordTypes.ANY;
  // For other types of a name that is there anyway, nobody needs to look.
  const found = isThere && !asksForTexts ? noTexts : await sources.records.find(nameOf(owner, zone));
  const answer = setOf({ owner, type, texts: found.texts, fixed }, sources);
  if (answer === undefined) {
    return nothing(isThere || found.texts.length > 0 || found.hasBelow ? 'NOERROR' : 'NXDOMAIN', sources);
  }
  const additionals = answer.type === recordTypes.NS ? zone.glue : [];
  return { ...bare('NOERROR'), answers: [answer], additionals };
}

const noTexts = { texts: [], hasBelow: false } as const;

function isPlain(label: string): boolean {
  return /^[a-z0-9_-]+$/.test(label);
}

function nameOf(owner: RelativeName, zone: Zone): string {
  return owner === '' ? zone.name : `${owner}.${zone.name}`;
}

interface Wanted {
  readonly owner: RelativeName;
  readonly type: number;
  readonly texts: readonly string[];
  readonly fixed: ReadonlyMap<number, RecordSet> | undefined;
}

function setOf({ owner, type, texts, fixed }: Wanted, { zone, serial }: Sources): RecordSet | undefined {
  switch (type) {
    case recordTypes.TXT: {
      // RFC 2181 §5: a set holds each record once.
      const data = [...new Set(texts)].map(txtBytes);
      return data.length === 0 ? undefined : { owner, type, ttlSeconds: zone.ttlSeconds, data };
    }
    case recordTypes.ANY:
      // RFC 8482 §4.2: one small record instead of all, which forgers would have sent to others.
      if (fixed === undefined && texts.length === 0) return undefined;
      return { owner, type: recordTypes.HINFO, ttlSeconds: fixedTtlSeconds, data: [hinfoBytes('RFC8482', '')] };
    case recordTypes.SOA:
      return owner === '' ? zone.soa(serial, fixedTtlSeconds) : undefined;
    default:
      return fixed?.get(type);
  }
}

/** RFC 2308 §2: the SOA record says for how long it may be remembered, by its own TTL as well as by its last field (§3). */
function nothing(rcode: 'NOERROR' | 'NXDOMAIN', { zone, serial }: Sources): Answer {
  return { ...bare(rcode), authorities: [zone.soa(serial, zone.ttlSeconds)] };
}
