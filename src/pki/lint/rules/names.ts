/** Rules about the names of a leaf: its subjectAltName (RFC 5280 §4.2.1.6, BR §7.1.2.7.12). */
import { otherNameKind } from '../../general-name.ts';
import { oids } from '../../oid.ts';
import { dnsNameTag, ipAddressTag } from '../read-extensions.ts';
import { isReservedIp, isSpecialName } from '../reserved.ts';
import { type CertificateRule, missing } from '../rule.ts';

const leaf = ['leaf'] as const;

/** The first DNS name that breaks a rule. */
function dnsName(isWrong: (name: string, labels: readonly string[]) => boolean): CertificateRule['find'] {
  return ({ contents }) =>
    contents.altNames?.find(({ tag, text, labels }) => tag === dnsNameTag && isWrong(text, labels))?.text;
}

function ipAddress(isWrong: (bytes: Buffer) => boolean): CertificateRule['find'] {
  return ({ contents }) => contents.altNames?.find(({ tag, bytes }) => tag === ipAddressTag && isWrong(bytes))?.text;
}

/** Asked of EV certificates alone. */
function ofEv(find: CertificateRule['find']): CertificateRule['find'] {
  return (tbs, facts, now) => (facts.profile?.level === 'ev' ? find(tbs, facts, now) : undefined);
}

/** What stands behind the asterisk of a wildcard; the name where there is none. */
function baseOf(name: string): string {
  return name.startsWith('*.') ? name.slice(2) : name;
}

const outsideNames = /[^a-z0-9.*-]/i;
const upperCase = /[A-Z]/;
const numeric = /^[0-9]+$/;

export const nameRules: readonly CertificateRule[] = [
  {
    id: 'san-present',
    source: 'BR §7.1.2.7.12, RFC 5280 §4.2.1.6',
    kinds: leaf,
    demand: { en: 'it is for at least one name', zh: '至少含一个域名或 IP 地址' },
    find: ({ contents, unreadable }) => {
      const isThere = (contents.altNames?.length ?? 0) > 0 || unreadable.includes(oids.subjectAltName);
      return isThere ? undefined : missing;
    },
  },
  {
    id: 'san-critical',
    source: 'RFC 5280 §4.2.1.6, BR §7.1.2.7.12',
    kinds: leaf,
    demand: {
      en: 'the subjectAltName is critical exactly where the subject is empty',
      zh: '当且仅当主体为空时，subjectAltName 为关键扩展',
    },
    find: ({ list, subject }) => {
      const found = list.find(({ oid }) => oid === oids.subjectAltName);
      const mustBe = subject.attributes.length === 0;
      return found === undefined || found.isCritical === mustBe ? undefined : `critical=${found.isCritical}`;
    },
  },
  {
    id: 'san-kinds',
    source: 'BR §7.1.2.7.12',
    kinds: leaf,
    demand: { en: 'its names are DNS names and IP addresses', zh: '仅含域名和 IP 地址' },
    find: ({ contents }) => {
      const other = contents.altNames?.find(({ tag }) => tag !== dnsNameTag && tag !== ipAddressTag);
      return other && otherNameKind(Uint8Array.of(other.tag));
    },
  },
  {
    id: 'san-unique',
    source: 'certmux: one entry per name',
    kinds: leaf,
    demand: { en: 'no name stands in it twice', zh: '域名和 IP 地址不重复' },
    find: ({ contents }) => {
      const seen = new Set<string>();
      for (const name of contents.altNames ?? []) {
        const key = `${name.tag} ${name.text.toLowerCase()}`;
        if (seen.has(key)) return name.text;
        seen.add(key);
      }
      return undefined;
    },
  },
  {
    id: 'dns-characters',
    source: 'RFC 5280 §4.2.1.6, RFC 1034 §3.5, BR §7.1.2.7.12',
    kinds: leaf,
    demand: {
      en: 'a DNS name is made of letters, digits, hyphens and dots, without underscores',
      zh: '域名仅由字母、数字、连字符和点组成，不含下划线',
    },
    find: dnsName((name) => outsideNames.test(name)),
  },
  {
    id: 'dns-lower-case',
    source: 'certmux: names in canonical form (RFC 5890 §2.3.2.1 for A-labels)',
    kinds: leaf,
    demand: { en: 'a DNS name is in lower case', zh: '域名为小写' },
    find: dnsName((name) => upperCase.test(name)),
  },
  {
    id: 'dns-label-length',
    source: 'RFC 1034 §3.1, RFC 5280 §4.2.1.6',
    kinds: leaf,
    demand: {
      en: 'a label of a DNS name has 1 to 63 characters, and nothing stands behind a last dot',
      zh: '域名的每一段为 1 至 63 个字符，且末尾没有点',
    },
    find: dnsName((_name, labels) => labels.some((label) => label.length < 1 || label.length > 63)),
  },
  {
    id: 'dns-length',
    source: 'RFC 1034 §3.1, RFC 5280 §4.2.1.6',
    kinds: leaf,
    demand: { en: 'a DNS name has at most 253 characters', zh: '域名不超过 253 个字符' },
    find: dnsName((name) => name.length > 253),
  },
  {
    id: 'dns-hyphens',
    source: 'RFC 1034 §3.5',
    kinds: leaf,
    demand: { en: 'no label begins or ends with a hyphen', zh: '域名的每一段不以连字符开头或结尾' },
    find: dnsName((_name, labels) => labels.some((label) => label.startsWith('-') || label.endsWith('-'))),
  },
  {
    id: 'dns-reserved-label',
    source: 'RFC 5890 §2.3.1, BR §7.1.2.7.12',
    kinds: leaf,
    demand: {
      en: 'a label with hyphens in its third and fourth place begins with xn--',
      zh: '第三、四位为连字符的段必须以 xn-- 开头',
    },
    find: dnsName((_name, labels) => labels.some((label) => label.startsWith('--', 2) && !/^xn--./i.test(label))),
  },
  {
    id: 'dns-wildcard',
    source: 'BR §1.6.1 (wildcard domain name), RFC 9525 §6.3',
    kinds: leaf,
    demand: { en: 'an asterisk is the whole first label and nothing else', zh: '星号只能单独作为第一段' },
    find: dnsName((name) => name.includes('*') && (!name.startsWith('*.') || name.includes('*', 1))),
  },
  {
    id: 'dns-not-address',
    source: 'BR §7.1.2.7.12, RFC 5280 §4.2.1.6',
    kinds: leaf,
    demand: {
      en: 'a DNS name does not end in a number, as an address does',
      zh: '域名不以数字段结尾（不得写成 IP 地址）',
    },
    find: dnsName((name) => numeric.test(name.slice(name.lastIndexOf('.') + 1))),
  },
  {
    id: 'dns-public',
    source: 'BR §4.2.2, §7.1.2.7.12; RFC 6761, RFC 8375, RFC 9476',
    kinds: leaf,
    only: 'public',
    demand: {
      en: 'a DNS name of a public profile has a dot and no ending that is kept for special use',
      zh: '公共模板的域名必须含点，且不以保留的特殊后缀结尾',
    },
    find: dnsName((name) => isSpecialName(baseOf(name))),
  },
  {
    id: 'dns-not-reverse',
    source: 'BR §4.2.2 (SC-086)',
    kinds: leaf,
    only: 'public',
    demand: { en: 'a DNS name is not below in-addr.arpa or ip6.arpa', zh: '域名不在 in-addr.arpa 或 ip6.arpa 之下' },
    find: dnsName((name) => /\.(in-addr|ip6)\.arpa$/i.test(`.${baseOf(name)}`)),
  },
  {
    id: 'ip-length',
    source: 'RFC 5280 §4.2.1.6',
    kinds: leaf,
    demand: { en: 'an IP address has 4 or 16 octets', zh: 'IP 地址为 4 或 16 字节' },
    find: ipAddress(({ length }) => length !== 4 && length !== 16),
  },
  {
    id: 'ip-public',
    source: 'BR §4.2.2; the special-purpose address registries of IANA',
    kinds: leaf,
    only: 'public',
    demand: {
      en: 'an IP address of a public profile is not one of the reserved ones',
      zh: '公共模板的 IP 地址不得为保留地址',
    },
    find: ipAddress(isReservedIp),
  },
  {
    id: 'ev-no-wildcard',
    source: 'EVG §9.2.2',
    kinds: leaf,
    only: 'public',
    demand: { en: 'a public EV certificate has no wildcard', zh: '公共 EV 证书不含通配符域名' },
    find: ofEv(dnsName((name) => name.startsWith('*.'))),
  },
  {
    id: 'ev-no-address',
    source: 'EVG §9.2.2',
    kinds: leaf,
    only: 'public',
    demand: { en: 'a public EV certificate has no IP address', zh: '公共 EV 证书不含 IP 地址' },
    find: ofEv(ipAddress(() => true)),
  },
];
