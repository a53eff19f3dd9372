/** The zone that all servers of the comparison answer: so many names, each with one value as long as those of dns-01. */
import type { AliasZoneSettings } from '../../src/domain/alias-zone.ts';

export const names = 1000;
const value = 'v'.repeat(43);

export const settings: AliasZoneSettings = {
  zone: 'acme.bench.test',
  nameServers: [{ name: 'ns1.acme.bench.test', addresses: ['192.0.2.53'] }],
  contact: 'hostmaster@bench.test',
  caa: [],
  ttlSeconds: 10,
};

const labelOf = (index: number) => `label${index}`;

/** By name. */
export function liveTexts(): ReadonlyMap<string, readonly string[]> {
  return new Map(Array.from({ length: names }, (_, index) => [`${labelOf(index)}.${settings.zone}`, [value]]));
}

/** The same for servers that read a zone file (RFC 1035 §5). */
export function zoneFile(): string {
  const lines = Array.from({ length: names }, (_, index) => `${labelOf(index)} 10 IN TXT "${value}"`);
  return [
    `$ORIGIN ${settings.zone}.`,
    '@ 3600 IN SOA ns1 hostmaster.bench.test. 1 7200 3600 1209600 10',
    '@ 3600 IN NS ns1',
    'ns1 3600 IN A 192.0.2.53',
    ...lines,
    '',
  ].join('\n');
}

/** What a CA asks: of four, two for the value, one for a type that is not there, and one for a name that is not there. */
export function queryFile(): string {
  const lines = Array.from({ length: names }, (_, index) => {
    const name = `${labelOf(index)}.${settings.zone}`;
    return [`${name} TXT`, `${name} TXT`, `${name} CAA`, `x.${name} TXT`].join('\n');
  });
  return `${lines.join('\n')}\n`;
}
