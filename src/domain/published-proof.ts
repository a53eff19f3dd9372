/**
 * What we publish for an upstream to find while it validates a name: a TXT value in the alias zone, or a file on port 80. Kept in the
 * database alone, so that every node answers alike, and a restart forgets nothing.
 */
import type { IssuanceId } from './ids.ts';

export interface PublishedProof {
  readonly kind: 'dns' | 'http';
  /** `dns`: the name, absolute, in lower case, without a trailing dot. `http`: the token, the last part of the path. */
  readonly place: string;
  /** The TXT value, or the content of the file. */
  readonly value: string;
  readonly issuanceId: IssuanceId;
  /** It is answered no longer from then on, also where nobody took it away. */
  readonly until: Date;
}

/** Most TXT values at one name that are answered; of more the newest. */
export const mostValuesAtName = 20;
