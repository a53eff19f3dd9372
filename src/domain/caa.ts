/** Which CAs may issue for a name (RFC 8659), for which of their accounts and by which methods (RFC 8657). */
import type { Reason } from './errors.ts';
import { visible } from './visible-text.ts';

export type CaaOutcome =
  | { readonly ok: true; readonly answer: CaaAnswer }
  /** The resolver gave no usable answer for one of the names: then nothing is known about any of them. */
  | { readonly ok: false; readonly problem: Reason };

/** Over the network. Never throws for what the network did. `name`: a DNS name without a wildcard. */
export type LookUpCaa = (name: string, signal: AbortSignal) => Promise<CaaOutcome>;

/** One record of a CAA look-up (RFC 8659 §4). */
export interface CaaRecord {
  readonly flags: number;
  readonly tag: string;
  readonly value: string;
}

export interface CaaAnswer {
  /** The name that has the records: the name itself or its nearest parent; null: none has. */
  readonly foundAt: string | null;
  readonly records: readonly CaaRecord[];
}

/** What records may name for a CA to be allowed: its domains, and the URL of an account there (RFC 8657); null: it has none yet. */
export interface CaaIdentity {
  readonly domains: readonly string[];
  readonly accountUrl: string | null;
}

/** What is to be issued for a name. */
export interface CaaUse {
  readonly isWildcard: boolean;
  /** The label of the method that proved it (RFC 8657 §4); absent: the CA behind an upstream looks at methods itself. */
  readonly method?: string;
}

export interface CaaObjection {
  /** Those that speak against it, for people: as they stand in DNS, long ones cut. */
  readonly records: string;
  /** The tag of a record that would allow it; null: none would, while a critical tag is there that nobody knows. */
  readonly tag: 'issue' | 'issuewild' | null;
}

/** Why the records that govern a name do not let this CA issue for it; undefined where they do. */
export function caaObjection(
  { records }: Pick<CaaAnswer, 'records'>,
  identity: CaaIdentity,
  use: CaaUse,
): CaaObjection | undefined {
  const critical = records.find(({ flags, tag }) => flags >= 128 && !knownTags.includes(tag.toLowerCase()));
  // RFC 8659 §4.1: what a CA does not understand forbids it to issue. The other bits are reserved, and mean nothing.
  if (critical !== undefined) return { records: shown(critical), tag: null };
  const of = (tag: string) => records.filter((record) => record.tag.toLowerCase() === tag);
  // RFC 8659 §4.3: `issuewild` takes the place of `issue` for wildcards.
  const tag = use.isWildcard && of('issuewild').length > 0 ? 'issuewild' : 'issue';
  const governing = of(tag);
  if (governing.length === 0 || governing.some(({ value }) => allows(value, identity, use))) return undefined;
  const more = governing.length > mostShown ? ', …' : '';
  return { records: governing.slice(0, mostShown).map(shown).join(', ') + more, tag };
}

/** RFC 8659 §4, RFC 9495 and CA/Browser Forum's contacts. */
const knownTags = ['issue', 'issuewild', 'iodef', 'issuemail', 'contactemail', 'contactphone'];

/** Of a record as it is shown to people: whoever owns the zone may have written thousands of characters. */
const shownLength = 200;
/** Records that are shown; there may be hundreds. */
const mostShown = 5;

function shown({ flags, tag, value }: CaaRecord): string {
  const cut = value.length > shownLength ? `${value.slice(0, shownLength)}…` : value;
  return `${flags} ${tag} "${visible(cut)}"`;
}

/** What is not written by the grammar of RFC 8659 §4.2 names no CA, so that it allows none. */
function allows(value: string, { domains, accountUrl }: CaaIdentity, { method }: CaaUse): boolean {
  const [domain = '', ...rest] = value.split(';').map(trimmed);
  if (!issuerDomain.test(domain) || !domains.some((one) => one.toLowerCase() === domain.toLowerCase())) return false;
  // "ca.example;" has no parameters.
  const parameters = rest.length === 1 && rest[0] === '' ? [] : rest.map((text) => parameter.exec(text));
  const valuesOf = (tag: string) =>
    parameters.flatMap((match) => (match?.groups?.tag?.toLowerCase() === tag ? [match.groups.value ?? ''] : []));
  if (parameters.includes(null)) return false;
  // RFC 8657 §3 and §4: with several of one kind nothing satisfies the record. What else it says is for other CAs to know.
  const accounts = valuesOf('accounturi');
  const methods = valuesOf('validationmethods');
  if (accounts.length > 1 || methods.length > 1) return false;
  if (accounts[0] !== undefined && accounts[0] !== accountUrl) return false;
  if (methods[0] === undefined || method === undefined) return true;
  return methods[0].split(',').includes(method);
}

// RFC 8659 §4.2. `*WSP` is allowed around every part.
const issuerDomain = /^[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)*$/i;
const parameter = /^(?<tag>[a-z0-9]+(?:-+[a-z0-9]+)*)[ \t]*=[ \t]*(?<value>[\x21-\x3a\x3c-\x7e]*)$/i;

function trimmed(text: string): string {
  let from = 0;
  let until = text.length;
  while (from < until && isSpace(text[from])) from++;
  while (until > from && isSpace(text[until - 1])) until--;
  return text.slice(from, until);
}

function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}
