/** The zone without its live names: what the settings alone say. */
import { type AliasZoneSettings, isInZone } from '../domain/alias-zone.ts';
import { type Authority, addressBytes, caaBytes, nameBytes, recordTypes, soaBytes } from './record-data.ts';

/** A name of the zone, as its labels below the zone's own, joined by dots; empty for the zone itself. */
export type RelativeName = string;

/** All records of one name and type (RFC 2181 §5). */
export interface RecordSet {
  readonly owner: RelativeName;
  readonly type: number;
  readonly ttlSeconds: number;
  readonly data: readonly Uint8Array[];
}

export interface Zone {
  readonly name: string;
  readonly labels: readonly string[];
  /** Of TXT records, and of the answer that there are none. */
  readonly ttlSeconds: number;
  /** What stands in the settings, by name and type: of the zone itself and of its name servers. SOA aside. */
  readonly fixed: ReadonlyMap<RelativeName, ReadonlyMap<number, RecordSet>>;
  /** Names without records that have such below them (RFC 8020): `x`, where a name server is `ns1.x`. */
  readonly hollow: ReadonlySet<RelativeName>;
  /** Addresses of the name servers in the zone. */
  readonly glue: readonly RecordSet[];
  /** @param ttlSeconds the zone's own for its question, the one of `negativeTtl` beside an answer that there is nothing */
  soa(serial: number, ttlSeconds: number): RecordSet;
}

/** Of what changes with the settings only. A resolver that has an old name server still finds the others. */
export const fixedTtlSeconds = 3600;

/** @param settings checked, see `AliasZoneSettings` */
export function createZone(settings: AliasZoneSettings): Zone {
  const { zone: name, nameServers, caa, ttlSeconds } = settings;
  const labels = name.split('.');
  const own = (server: string) => server.split('.').slice(0, -labels.length).join('.');
  const sets: RecordSet[] = [
    set(
      '',
      recordTypes.NS,
      nameServers.map((server) => nameBytes(server.name.split('.'))),
    ),
  ];
  if (caa.length > 0) sets.push(set('', recordTypes.CAA, caa.map(caaBytes)));
  const glue = nameServers
    .filter((server) => isInZone(server.name, name))
    .flatMap((server) => addressSets(own(server.name), server.addresses));
  sets.push(...glue);
  const names = [...new Set(sets.map(({ owner }) => owner))];
  const fixed = new Map(
    names.map((owner) => [
      owner,
      new Map(sets.filter((one) => one.owner === owner).map((one) => [one.type, one] as const)),
    ]),
  );
  const authority = authorityOf(settings);
  let soa: { readonly serial: number; readonly data: Uint8Array } = { serial: -1, data: Buffer.alloc(0) };
  return {
    name,
    labels,
    ttlSeconds,
    fixed,
    hollow: new Set(names.flatMap(parentsOf).filter((parent) => !fixed.has(parent))),
    glue,
    soa(serial, soaTtlSeconds) {
      // It is in every answer that there is nothing, and the same for a minute.
      if (soa.serial !== serial) soa = { serial, data: soaBytes(authority, serial) };
      return { owner: '', type: recordTypes.SOA, ttlSeconds: soaTtlSeconds, data: [soa.data] };
    },
  };
}

function set(owner: RelativeName, type: number, data: readonly Uint8Array[]): RecordSet {
  return { owner, type, ttlSeconds: fixedTtlSeconds, data };
}

function addressSets(owner: RelativeName, addresses: readonly string[]): readonly RecordSet[] {
  const [v6, v4] = [true, false].map((isV6) => addresses.filter((address) => address.includes(':') === isV6));
  return [
    set(owner, recordTypes.A, (v4 ?? []).map(addressBytes)),
    set(owner, recordTypes.AAAA, (v6 ?? []).map(addressBytes)),
  ].filter(({ data }) => data.length > 0);
}

/** `ns1.x.y` → `x.y`, `y`. */
function parentsOf(name: RelativeName): readonly RelativeName[] {
  const labels = name.split('.');
  return labels.slice(1).map((_, index) => labels.slice(index + 1).join('.'));
}

function authorityOf({ nameServers, contact, ttlSeconds }: AliasZoneSettings): Authority {
  const at = contact.lastIndexOf('@');
  return {
    server: nameServers[0]?.name.split('.') ?? [],
    mailbox: [contact.slice(0, at), ...contact.slice(at + 1).split('.')],
    negativeTtlSeconds: ttlSeconds,
  };
}
