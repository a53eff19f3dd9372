/**
 * The alias zone: a zone of our own, into which customers delegate `_acme-challenge` of their names by CNAME, so that we can publish what
 * upstream CAs look for.
 */
import type { CaaRecord } from './caa.ts';

/** A name server of the zone, as the parent zone names it. */
export interface AliasNameServer {
  readonly name: string;
  /** IPv4 and IPv6. Answered where the name is in the zone, and none where it is not. */
  readonly addresses: readonly string[];
}

/** Names are in lower case and without a trailing dot. */
export interface AliasZoneSettings {
  readonly zone: string;
  /** At least one. */
  readonly nameServers: readonly AliasNameServer[];
  /** A mail address. */
  readonly contact: string;
  /** Of the zone itself; empty: none. */
  readonly caa: readonly CaaRecord[];
  /** Of TXT records, and of the answer that there are none: 1 to 60. */
  readonly ttlSeconds: number;
}

/** Whether the name is the zone's own or below it. */
export function isInZone(name: string, zone: string): boolean {
  return name === zone || name.endsWith(`.${zone}`);
}
