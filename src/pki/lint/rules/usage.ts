/** Rules about what a certificate may be used for: basic constraints, key usage, purposes, policies (RFC 5280 §4.2.1, BR §7.1.2). */
import { oidName, oids } from '../../oid.ts';
import type { Tbs } from '../read-certificate.ts';
import { type CertificateRule, missing } from '../rule.ts';

const leaf = ['leaf'] as const;
const authorities = ['intermediate', 'root'] as const;
const anyPurpose = '2.5.29.37.0';

/** BR §7.1.2.7.10 MUST NOT: code signing, e-mail, time stamping, OCSP signing, pre-certificates. */
const foreignPurposes: readonly string[] = [
  '1.3.6.1.5.5.7.3.3',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.8',
  oids.ocspSigning,
  '1.3.6.1.4.1.11129.2.4.4',
];

/** RFC 5280 §4.2.1.3. */
const bit = { digitalSignature: 0, keyEncipherment: 2, keyAgreement: 4, keyCertSign: 5, cRLSign: 6 } as const;
const caBits: readonly number[] = [bit.keyCertSign, bit.cRLSign];

/** BR §7.1.2.7.11: what a key of the kind can do in TLS. RFC 8410 §5: Ed25519 only signs. */
const leafUsages = {
  rsa: [bit.digitalSignature, bit.keyEncipherment],
  'P-256': [bit.digitalSignature, bit.keyAgreement],
  'P-384': [bit.digitalSignature, bit.keyAgreement],
  'P-521': [bit.digitalSignature, bit.keyAgreement],
  Ed25519: [bit.digitalSignature],
} as const satisfies Record<string, readonly number[]>;

/** BR §7.1.6.1, by the level that they claim. */
const reservedPolicies: Readonly<Record<string, string>> = {
  [oids.domainValidated]: 'dv',
  [oids.organizationValidated]: 'ov',
  [oids.extendedValidated]: 'ev',
  // Individuals, whom certmux does not certify.
  '2.23.140.1.2.3': 'iv',
};

function bits(found: readonly number[]): string {
  return `bits ${found.join(', ')}`;
}

function reservedOf({ contents }: Tbs): readonly string[] {
  return (contents.policies ?? []).flatMap(({ oid }) => (oid in reservedPolicies ? [oid] : []));
}

function purpose(isWrong: (oid: string) => boolean): CertificateRule['find'] {
  return ({ contents }) => {
    const wrong = contents.purposes?.find(isWrong);
    return wrong && (wrong === anyPurpose ? 'anyExtendedKeyUsage' : oidName(wrong));
  };
}

export const usageRules: readonly CertificateRule[] = [
  {
    id: 'leaf-is-no-ca',
    source: 'BR §7.1.2.7.8, RFC 5280 §4.2.1.9',
    kinds: leaf,
    demand: { en: 'a leaf is no CA and has no path length', zh: '终端证书不是 CA，也没有路径长度' },
    find: ({ contents: { basicConstraints } }) => {
      if (basicConstraints === undefined) return undefined;
      const { isCa, pathLength } = basicConstraints;
      return isCa || pathLength !== undefined ? `CA=${isCa}, pathLength=${pathLength ?? '-'}` : undefined;
    },
  },
  {
    id: 'ca-is-ca',
    source: 'BR §7.1.2.10.4, RFC 5280 §4.2.1.9',
    kinds: authorities,
    demand: { en: 'a CA certificate says that it is one', zh: 'CA 证书的基本约束为 CA:TRUE' },
    find: ({ contents, unreadable }) => {
      if (contents.basicConstraints?.isCa === true || unreadable.includes(oids.basicConstraints)) return undefined;
      return contents.basicConstraints === undefined ? missing : 'CA=false';
    },
  },
  {
    id: 'root-path-length',
    source: 'BR §7.1.2.1.4',
    kinds: ['root'],
    demand: { en: 'a root has no path length', zh: '根证书没有路径长度' },
    find: ({ contents }) => contents.basicConstraints?.pathLength?.toString(),
  },
  {
    id: 'path-length',
    source: 'RFC 5280 §4.2.1.9',
    kinds: ['intermediate'],
    demand: {
      en: 'below a CA with a path length stands none with the same or a longer one, or with none',
      zh: '下级 CA 的路径长度小于上级 CA 的路径长度',
    },
    find: ({ contents }, { issuer: { pathLength: above } }) => {
      const below = contents.basicConstraints?.pathLength;
      if (above === undefined) return undefined;
      return below !== undefined && below < above ? undefined : `${below ?? '-'} ≥ ${above}`;
    },
  },
  {
    id: 'key-usage-present',
    source: 'BR §7.1.2.7.11, §7.1.2.10.7',
    kinds: ['leaf', 'intermediate', 'root'],
    demand: { en: 'it says what its key is used for', zh: '含密钥用途' },
    find: ({ contents, unreadable }) =>
      (contents.keyUsage?.length ?? 0) > 0 || unreadable.includes(oids.keyUsage) ? undefined : missing,
  },
  {
    id: 'key-usage-leaf',
    source: 'BR §7.1.2.7.11, RFC 5280 §4.2.1.3',
    kinds: leaf,
    demand: {
      en: 'the key of a leaf signs neither certificates nor lists',
      zh: '终端证书的密钥不用于签发证书或吊销列表',
    },
    find: ({ contents: { keyUsage } }) => (keyUsage?.some((one) => caBits.includes(one)) ? bits(keyUsage) : undefined),
  },
  {
    id: 'key-usage-of-key',
    source: 'BR §7.1.2.7.11, RFC 8410 §5',
    kinds: leaf,
    demand: {
      en: 'a key is used as its kind can be in TLS: to sign; RSA also to encipher keys, curves also to agree on them',
      zh: '密钥用途与密钥类型相符：签名；RSA 还可加密密钥，椭圆曲线还可协商密钥',
    },
    find: ({ contents: { keyUsage }, key: { kind } }) => {
      if (keyUsage === undefined || kind === undefined) return undefined;
      const may: readonly number[] = leafUsages[kind];
      const isWrong = keyUsage.some((one) => !may.includes(one) && !caBits.includes(one));
      return isWrong ? `${kind}: ${bits(keyUsage)}` : undefined;
    },
  },
  {
    id: 'key-usage-ca',
    source: 'BR §7.1.2.10.7',
    kinds: authorities,
    demand: {
      en: 'the key of a CA signs certificates and lists, may sign otherwise, and does nothing else',
      zh: 'CA 的密钥用于签发证书和吊销列表，可用于签名，不作他用',
    },
    find: ({ contents: { keyUsage } }) => {
      if (keyUsage === undefined) return undefined;
      const isGood =
        caBits.every((one) => keyUsage.includes(one)) &&
        keyUsage.every((one) => caBits.includes(one) || one === bit.digitalSignature);
      return isGood ? undefined : bits(keyUsage);
    },
  },
  {
    id: 'purpose-server',
    source: 'BR §7.1.2.7.10, §7.1.2.10.6',
    kinds: ['leaf', 'intermediate'],
    demand: { en: 'one of its purposes is that of a TLS server', zh: '增强型密钥用法含服务器身份验证' },
    find: ({ contents, unreadable }) => {
      const { purposes } = contents;
      if (purposes === undefined) return unreadable.includes(oids.extendedKeyUsage) ? undefined : missing;
      return purposes.includes(oids.serverAuth) ? undefined : purposes.map(oidName).join(', ');
    },
  },
  {
    id: 'purpose-not-any',
    source: 'BR §7.1.2.7.10, §7.1.2.10.6',
    kinds: ['leaf', 'intermediate'],
    demand: { en: 'anyExtendedKeyUsage is none of its purposes', zh: '增强型密钥用法不含 anyExtendedKeyUsage' },
    find: purpose((oid) => oid === anyPurpose),
  },
  {
    id: 'purpose-not-foreign',
    source: 'BR §7.1.2.7.10, §7.1.2.10.6',
    kinds: ['leaf', 'intermediate'],
    demand: {
      en: 'code, mail, time stamps and OCSP are none of its purposes',
      zh: '增强型密钥用法不含代码签名、邮件保护、时间戳和 OCSP 签名',
    },
    find: purpose((oid) => foreignPurposes.includes(oid)),
  },
  {
    id: 'purpose-server-only',
    source: 'Chrome Root Program 1.8, BR §7.1.2.7.10',
    kinds: leaf,
    only: 'public',
    demand: {
      en: 'a leaf of a public profile is for TLS servers only, and not for clients',
      zh: '公共模板的终端证书只用于服务器身份验证，不用于客户端',
    },
    find: purpose((oid) => oid !== oids.serverAuth && oid !== anyPurpose && !foreignPurposes.includes(oid)),
  },
  {
    id: 'policies-unique',
    source: 'RFC 5280 §4.2.1.4',
    kinds: ['leaf', 'intermediate'],
    demand: { en: 'no policy stands in it twice', zh: '证书策略不重复' },
    find: ({ contents: { policies = [] } }) => {
      const twice = policies.find(({ oid }, index) => policies.findIndex((other) => other.oid === oid) !== index);
      return twice?.oid;
    },
  },
  {
    id: 'policy-one-reserved',
    source: 'BR §7.1.2.7.9',
    kinds: leaf,
    only: 'public',
    demand: {
      en: 'exactly one of its policies is one of those that the Forum has reserved',
      zh: '恰好含一个 CA/B 论坛保留的策略标识',
    },
    find: (tbs) => {
      const reserved = reservedOf(tbs);
      return reserved.length === 1 ? undefined : reserved.join(', ');
    },
  },
  {
    id: 'policy-of-level',
    source: 'BR §7.1.6.1',
    kinds: leaf,
    demand: { en: 'a reserved policy is that of its level', zh: '保留的策略标识与验证级别相符' },
    find: (tbs, { profile }) => reservedOf(tbs).find((oid) => reservedPolicies[oid] !== profile?.level),
  },
  {
    id: 'policy-not-any',
    source: 'BR §7.1.2.7.9',
    kinds: leaf,
    demand: { en: 'anyPolicy is not a policy of a leaf', zh: '终端证书不含 anyPolicy' },
    find: ({ contents }) => contents.policies?.find(({ oid }) => oid === oids.anyPolicy)?.oid,
  },
  {
    id: 'policy-any-alone',
    source: 'BR §7.1.2.10.5',
    kinds: ['intermediate'],
    demand: {
      en: 'anyPolicy is the only policy of an intermediate that has it',
      zh: '含 anyPolicy 的中间证书不含其他策略',
    },
    find: ({ contents: { policies = [] } }) => {
      const isAlone = policies.length < 2 || policies.every(({ oid }) => oid !== oids.anyPolicy);
      return isAlone ? undefined : policies.map(({ oid }) => oid).join(', ');
    },
  },
  {
    id: 'policy-qualifiers',
    source: 'BR §7.1.2.7.9, §7.1.2.10.5',
    kinds: ['leaf', 'intermediate'],
    demand: {
      en: 'a policy is qualified by nothing but the http or https URL of a practice statement',
      zh: '证书策略的限定符只能是 CPS 的 http 或 https 网址',
    },
    find: ({ contents }) => {
      const all = contents.policies?.flatMap(({ qualifiers }) => qualifiers);
      const wrong = all?.find(({ oid, url }) => oid !== oids.cpsQualifier || !/^https?:\/\/[^/]/.test(url));
      return wrong && `${oidName(wrong.oid)} ${wrong.url}`;
    },
  },
];
