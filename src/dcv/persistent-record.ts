/** Reading a TXT record that stays for good: an issue-value (RFC 8659 §4.2) with parameters (draft-ietf-acme-dns-persist §4.1). */
import type { RecordFault } from '../domain/messages/faults.ts';
import { accountHashAlgorithm } from '../pki/account-hash.ts';
import { quotedExcerpt } from './evidence.ts';

export interface PersistentRecord {
  readonly accountUri: string;
  readonly coversBelow: boolean;
  /** Null: for good. */
  readonly until: Date | null;
}

/** The issuer that a record is for, lower case, before it is known whether the rest can be read. */
export function issuerIn(record: string): string {
  return trimmed(record.split(';', 1)[0] ?? '').toLowerCase();
}

/** Tags that mean something, in lower case: they may be written in any (RFC 8659 §4.2). All others are ignored. */
const knownTags: readonly string[] = ['accounturi', 'policy', 'persistuntil'];

/** @param hashPrefix what a hashed name of an account begins with */
export function parsePersistentRecord(record: string, hashPrefix: string): PersistentRecord | RecordFault {
  const [issuer = '', ...parameters] = record.split(';').map(trimmed);
  if (!/^[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*$/i.test(issuer)) return { fault: 'badIssuer' };
  const values = new Map<string, string>();
  // A semicolon right behind the issuer, and nothing else, is no parameter.
  for (const parameter of parameters.length === 1 && parameters[0] === '' ? [] : parameters) {
    const [, rawTag, rawValue] = /^([^=]*)=(.*)$/s.exec(parameter) ?? [];
    if (rawTag === undefined || rawValue === undefined) {
      return { fault: 'notTagValue', parameter: quotedExcerpt(parameter) };
    }
    const tag = trimmed(rawTag);
    const value = trimmed(rawValue);
    if (!/^[a-z0-9]+(-+[a-z0-9]+)*$/i.test(tag)) return { fault: 'badTag', tag: quotedExcerpt(tag) };
    if (!/^[\x21-\x3a\x3c-\x7e]*$/.test(value)) return { fault: 'badValue', tag: quotedExcerpt(tag) };
    const known = tag.toLowerCase();
    if (!knownTags.includes(known)) continue;
    if (values.has(known)) return { fault: 'repeatedTag', tag: quotedExcerpt(tag) };
    values.set(known, value);
  }
  const accountUri = values.get('accounturi') ?? '';
  if (accountUri === '') return { fault: 'noAccount' };
  if (accountUri.startsWith(hashPrefix) && !isHash(accountUri.slice(hashPrefix.length))) {
    return { fault: 'badAccountHash' };
  }
  const until = values.get('persistuntil');
  if (until !== undefined && !/^[0-9]+$/.test(until)) return { fault: 'badUntil', value: quotedExcerpt(until) };
  return {
    accountUri,
    coversBelow: values.get('policy')?.toLowerCase() === 'wildcard',
    until: until === undefined ? null : new Date(Math.min(Number(until) * 1000, latestMs)),
  };
}

/** Only of the algorithm that is computed here. */
function isHash(text: string): boolean {
  const start = `${accountHashAlgorithm}/`;
  return text.startsWith(start) && /^[A-Za-z0-9_-]{43}$/.test(text.slice(start.length));
}

/** Of any date (ECMA-262 §21.4.1.1). */
const latestMs = 8.64e15;

/** Without the blanks and tabs around it (RFC 5234, WSP). A pattern would look at each of a million blanks again and again. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank(text[start])) start++;
  while (end > start && isBlank(text[end - 1])) end--;
  return text.slice(start, end);
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
