/** Looking up which CAs may issue for a name (RFC 8659). */
import type { Reason } from './errors.ts';

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

/**
 * Whether the records that govern a name let this CA issue for it. `validationmethods` (RFC 8657 §4) is left to the CA.
 * @returns the record that speaks against it, as it stands in DNS; undefined: nothing does
 */
export function caaObjection(
  { records }: Pick<CaaAnswer, 'records'>,
  { domains, accountUrl }: CaaIdentity,
  isWildcard: boolean,
): string | undefined {
  const shown = ({ flags, tag, value }: CaaRecord) => `${flags} ${tag} "${value}"`;
  const critical = records.find(({ flags, tag }) => flags >= 128 && !knownTags.includes(tag.toLowerCase()));
  if (critical !== undefined) return shown(critical); // RFC 8659 §4.1: what a CA does not understand forbids it to issue.
  const of = (tag: string) => records.filter((record) => record.tag.toLowerCase() === tag);
  // RFC 8659 §4.3: `issuewild` takes the place of `issue` for wildcards.
  const governing = isWildcard && of('issuewild').length > 0 ? of('issuewild') : of('issue');
  const isAllowed = governing.some(({ value }) => {
    const [domain = '', ...parameters] = value.split(';').map((part) => part.trim());
    const uri = parameters.find((one) => /^accounturi\s*=/i.test(one))?.replace(/^[^=]*=\s*/, '');
    return (
      domains.some((one) => one.toLowerCase() === domain.toLowerCase()) && (uri === undefined || uri === accountUrl)
    );
  });
  if (governing.length === 0 || isAllowed) return undefined;
  return governing.map(shown).join(', ');
}

/** RFC 8659 §4, RFC 9495 and CA/Browser Forum's contacts. */
const knownTags = ['issue', 'issuewild', 'iodef', 'issuemail', 'contactemail', 'contactphone'];
