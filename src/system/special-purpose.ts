/**
 * Addresses that a stranger's name must not lead us to: every range that IANA's special-purpose registries keep from
 * being an ordinary host on the Internet, multicast, and the metadata services of the clouds.
 *
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 * @see https://www.iana.org/assignments/iana-ipv6-special-registry
 */
import { BlockList, isIP, isIPv4 } from 'node:net';

/** Where the registries list something as globally reachable inside a reserved block (AS112, AMT), we refuse it still. */
export const specialPurposeRanges = [
  ['0.0.0.0/8', 'this network', 'RFC 791 §3.2; Linux connects 0.0.0.0 to loopback'],
  ['10.0.0.0/8', 'private use', 'RFC 1918'],
  [
    '100.64.0.0/10',
    'shared address space (CGNAT)',
    'RFC 6598; 100.100.100.200 is the metadata service of Alibaba Cloud',
  ],
  ['127.0.0.0/8', 'loopback', 'RFC 1122 §3.2.1.3'],
  [
    '168.63.129.16/32',
    'Azure platform service (WireServer)',
    'Azure documentation; a public address that is not public',
  ],
  ['169.254.0.0/16', 'link-local', 'RFC 3927; 169.254.169.254 is the metadata service of most clouds'],
  ['172.16.0.0/12', 'private use', 'RFC 1918'],
  ['192.0.0.0/24', 'IETF protocol assignments', 'RFC 6890; 192.0.0.192 is the metadata service of Oracle Cloud'],
  ['192.0.2.0/24', 'documentation (TEST-NET-1)', 'RFC 5737'],
  ['192.31.196.0/24', 'AS112-v4', 'RFC 7535'],
  ['192.52.193.0/24', 'AMT', 'RFC 7450'],
  ['192.88.99.0/24', '6to4 relay anycast, deprecated', 'RFC 7526'],
  ['192.168.0.0/16', 'private use', 'RFC 1918'],
  ['192.175.48.0/24', 'direct delegation AS112', 'RFC 7534'],
  ['198.18.0.0/15', 'benchmarking', 'RFC 2544'],
  ['198.51.100.0/24', 'documentation (TEST-NET-2)', 'RFC 5737'],
  ['203.0.113.0/24', 'documentation (TEST-NET-3)', 'RFC 5737'],
  ['224.0.0.0/4', 'multicast', 'RFC 5771'],
  ['240.0.0.0/4', 'reserved, and limited broadcast', 'RFC 1112 §4, RFC 919'],
  // IPv6: everything outside 2000::/3 is refused by one rule below; these are the exceptions inside it, and the best
  // known ones outside it so that the table can be read on its own.
  ['::/128', 'unspecified', 'RFC 4291 §2.5.2'],
  ['::1/128', 'loopback', 'RFC 4291 §2.5.3'],
  ['::/96', 'IPv4-compatible, deprecated', 'RFC 4291 §2.5.5.1'],
  ['64:ff9b:1::/48', 'local-use IPv4/IPv6 translation', 'RFC 8215'],
  ['100::/64', 'discard-only', 'RFC 6666'],
  ['100:0:0:1::/64', 'dummy prefix', 'RFC 9780'],
  [
    '2001::/23',
    'IETF protocol assignments, with Teredo, ORCHID, benchmarking',
    'RFC 2928, RFC 4380, RFC 7343, RFC 5180',
  ],
  ['2001:db8::/32', 'documentation', 'RFC 3849'],
  ['2002::/16', '6to4, can embed any IPv4 address', 'RFC 3056'],
  ['2620:4f:8000::/48', 'direct delegation AS112', 'RFC 7534'],
  ['3fff::/20', 'documentation', 'RFC 9637'],
  ['5f00::/16', 'segment routing SIDs', 'RFC 9602'],
  ['fc00::/7', 'unique local', 'RFC 4193; fd00:ec2::254 is the metadata service of AWS'],
  ['fe80::/10', 'link-local', 'RFC 4291 §2.5.6'],
  ['fec0::/10', 'site-local, deprecated', 'RFC 3879'],
  ['ff00::/8', 'multicast', 'RFC 4291 §2.7'],
] as const satisfies readonly (readonly [cidr: string, name: string, source: string])[];

/** A set of address ranges. */
export interface AddressRanges {
  /** Whether one of the ranges holds the address; an IPv4 address inside an IPv6 one counts as that IPv4 address. */
  includes(address: string): boolean;
}

/**
 * Reads ranges in CIDR notation; an address without a prefix length is a range of one.
 * @throws {RangeError} naming the text that is no range
 */
export function parseRanges(cidrs: readonly string[]): AddressRanges {
  const list = new BlockList();
  for (const cidr of cidrs) addRange(list, cidr);
  return { includes: (address) => isIn(list, embeddedIpv4(address) ?? address) };
}

/** Addresses allocated to ordinary hosts (RFC 4291 §2.4): what lies outside is reserved by the IETF. */
const globalUnicast = parseRanges(['2000::/3']);
const special = parseRanges(specialPurposeRanges.map(([cidr]) => cidr));

/** Whether the address is not one of an ordinary host on the Internet. What is not an address at all is special too. */
export function isSpecialPurpose(address: string): boolean {
  const judged = embeddedIpv4(address) ?? address;
  if (isIP(judged) === 0) return true;
  return special.includes(judged) || !(isIPv4(judged) || globalUnicast.includes(judged));
}

function addRange(list: BlockList, cidr: string): void {
  const [address = '', length, ...rest] = cidr.split('/');
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (version === 0 || rest.length > 0 || !(prefix >= 0 && prefix <= bits)) {
    throw new RangeError(`"${cidr}" is not an address range such as 192.0.2.0/24 or 2001:db8::/32`);
  }
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}

function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  return list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/**
 * The IPv4 address that an IPv6 address stands for: IPv4-mapped (::ffff:0:0/96, RFC 4291 §2.5.5.2), which the operating
 * system connects to by IPv4, and NAT64 (64:ff9b::/96, RFC 6052), which a translator does.
 */
function embeddedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6 || address.includes('%')) return undefined;
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  const translated = /^64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})?$/.exec(canonical);
  const tail = mapped ?? translated;
  if (tail === null) return undefined;
  const high = Number.parseInt(tail[1] ?? '0', 16);
  const low = Number.parseInt(tail[2] ?? '0', 16);
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
