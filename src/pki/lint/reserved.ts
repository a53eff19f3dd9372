/** Names and addresses that no public CA may certify, as tables of the lint's own. */

/** RFC 6761 and the registry of special-use names that it began; `.internal` by ICANN (2024); endings that ICANN will not delegate (2018). */
const specialEndings: ReadonlySet<string> = new Set([
  'alt',
  'corp',
  'example',
  'home',
  'internal',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'onion',
  'private',
  'test',
]);

/** Reports whether the name has no dot, or an ending that leads to no host of the Internet. */
export function isSpecialName(name: string): boolean {
  const lower = name.toLowerCase();
  const dot = lower.lastIndexOf('.');
  return dot < 0 || specialEndings.has(lower.slice(dot + 1)) || lower === 'home.arpa' || lower.endsWith('.home.arpa');
}

interface Range {
  readonly bytes: readonly number[];
  readonly bits: number;
}

/** https://www.iana.org/assignments/iana-ipv4-special-registry, those that are not globally reachable, and multicast. */
const reservedIpv4: readonly Range[] = [
  { bytes: [0], bits: 8 },
  { bytes: [10], bits: 8 },
  { bytes: [100, 64], bits: 10 },
  { bytes: [127], bits: 8 },
  { bytes: [169, 254], bits: 16 },
  { bytes: [172, 16], bits: 12 },
  { bytes: [192, 0, 0], bits: 24 },
  { bytes: [192, 0, 2], bits: 24 },
  { bytes: [192, 88, 99], bits: 24 },
  { bytes: [192, 168], bits: 16 },
  { bytes: [198, 18], bits: 15 },
  { bytes: [198, 51, 100], bits: 24 },
  { bytes: [203, 0, 113], bits: 24 },
  { bytes: [224], bits: 4 },
  { bytes: [240], bits: 4 },
];

/** https://www.iana.org/assignments/iana-ipv6-special-registry, inside 2000::/3; RFC 4291 §2.4: nothing outside it is a host's. */
const reservedIpv6: readonly Range[] = [
  { bytes: [0x20, 0x01, 0x00], bits: 23 },
  { bytes: [0x20, 0x01, 0x0d, 0xb8], bits: 32 },
  { bytes: [0x20, 0x02], bits: 16 },
  { bytes: [0x3f, 0xff, 0x00], bits: 20 },
];
const globalIpv6: Range = { bytes: [0x20], bits: 3 };

export function isReservedIp(bytes: Buffer): boolean {
  if (bytes.length === 4) return reservedIpv4.some((range) => isIn(bytes, range));
  if (bytes.length !== 16) return false;
  return !isIn(bytes, globalIpv6) || reservedIpv6.some((range) => isIn(bytes, range));
}

function isIn(address: Buffer, { bytes, bits }: Range): boolean {
  for (let bit = 0; bit < bits; bit += 8) {
    const mask = bits - bit >= 8 ? 0xff : 0xff << (8 - (bits - bit));
    if ((((address[bit >> 3] ?? 0) ^ (bytes[bit >> 3] ?? 0)) & mask & 0xff) !== 0) return false;
  }
  return true;
}
