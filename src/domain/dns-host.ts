/**
 * Who hosts the DNS of a zone, told by the names of its servers, so that people are shown the form that they know. Servers under a
 * company's own names may belong to one of these all the same: then it is unknown.
 */

/** The end of the servers' names, by host. Each comment says what the host's own documentation names them. */
const serversOfHosts = {
  // dns1.hichina.com to dns32.hichina.com, ns1.alidns.com, vip1.alidns.com (help.aliyun.com, DNS)
  aliyun: ['hichina.com', 'alidns.com'],
  // f1g1ns1.dnspod.net; ns1.dnsv2.com to ns4.dnsv5.com for paid plans (docs.dnspod.cn)
  dnspod: ['dnspod.net', 'dnsv2.com', 'dnsv3.com', 'dnsv4.com', 'dnsv5.com'],
  // ada.ns.cloudflare.com (developers.cloudflare.com/dns/nameservers)
  cloudflare: ['ns.cloudflare.com'],
  // ns1.huaweicloud-dns.com, .cn, .net, .org (support.huaweicloud.com, DNS)
  huawei: ['huaweicloud-dns.com', 'huaweicloud-dns.cn', 'huaweicloud-dns.net', 'huaweicloud-dns.org'],
  // ns-cloud-a1.googledomains.com (cloud.google.com/dns/docs/update-name-servers)
  google: ['googledomains.com'],
  // ns1-01.azure-dns.com, .net, .org, .info (learn.microsoft.com/azure/dns)
  azure: ['azure-dns.com', 'azure-dns.net', 'azure-dns.org', 'azure-dns.info'],
  // ns01.domaincontrol.com (godaddy.com/help)
  godaddy: ['domaincontrol.com'],
  // dns1.registrar-servers.com (namecheap.com/support)
  namecheap: ['registrar-servers.com'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** ns-2048.awsdns-64.com, .net, .org, .co.uk (docs.aws.amazon.com/Route53): the number is part of the label. */
const awsServer = /(^|\.)awsdns-[0-9]{1,2}\.(com|net|org|co\.uk)$/;

export type DnsHost = keyof typeof serversOfHosts | 'route53';

export const dnsHosts = [
  'aliyun',
  'dnspod',
  'cloudflare',
  'huawei',
  'google',
  'azure',
  'godaddy',
  'namecheap',
  'route53',
] as const satisfies readonly DnsHost[];

/** The host of all of these servers; null: none that is known, or several. @param servers lower case, without a dot at the end */
export function dnsHostOf(servers: readonly string[]): DnsHost | null {
  const hosts = new Set(servers.map(hostOfServer));
  const [host = null] = hosts;
  return hosts.size === 1 ? host : null;
}

function hostOfServer(server: string): DnsHost | null {
  if (awsServer.test(server)) return 'route53';
  const found = Object.entries(serversOfHosts).find(([, ends]) =>
    ends.some((end) => server === end || server.endsWith(`.${end}`)),
  );
  // The keys of the table are what its type says.
  return found === undefined ? null : (found[0] as DnsHost);
}

/** Where the records of a name are kept. */
export interface NamePlace {
  /** The zone that has servers of its own, nearest to the name; the registrable domain as long as that is not known. */
  readonly zone: string;
  /** Null: unknown, or not looked up yet. */
  readonly host: DnsHost | null;
  /** Hosts at which a record stands whose name was doubled: the zone was typed behind a name that has it already. */
  readonly doubled: readonly string[];
}

/** The name within its zone, as the pages of DNS hosts want it: `@` for the zone itself. Undefined: it is not in the zone. */
export function relativeHost(name: string, zone: string): string | undefined {
  if (name === zone) return '@';
  return name.endsWith(`.${zone}`) ? name.slice(0, -(zone.length + 1)) : undefined;
}
