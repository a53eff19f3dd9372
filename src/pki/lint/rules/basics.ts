/** Rules about the certificate as a whole and the frame of its extensions. */
import { oidName, oids } from '../../oid.ts';
import { isSignatureOf } from '../algorithms.ts';
import { type CertificateRule, missing } from '../rule.ts';

const certificates = ['leaf', 'intermediate', 'root'] as const;

/** Found by reading, before any other rule. */
export const derRule = {
  id: 'der',
  source: 'RFC 5280 §4.1, X.690 §10',
  kinds: [...certificates, 'list'],
  demand: {
    en: 'every element is DER and where its definition has it, with nothing behind the last',
    zh: '所有元素均为 DER 编码、位置符合定义，且末尾没有多余字节',
  },
} as const;

/** By the kind of certificate: what it may hold (BR §7.1.2.1.2, §7.1.2.6.1, §7.1.2.7.6), and whether critical. */
const leafExtensions = {
  [oids.basicConstraints]: true,
  [oids.keyUsage]: true,
  [oids.extendedKeyUsage]: false,
  [oids.subjectKeyIdentifier]: false,
  [oids.authorityKeyIdentifier]: false,
  // By a rule of its own: it depends on the subject.
  [oids.subjectAltName]: undefined,
  [oids.authorityInfoAccess]: false,
  [oids.crlDistributionPoints]: false,
  [oids.certificatePolicies]: false,
  // EVG §9.8.2.
  [oids.cabfOrganizationIdentifier]: false,
};
const rootExtensions = {
  [oids.basicConstraints]: true,
  [oids.keyUsage]: true,
  [oids.subjectKeyIdentifier]: false,
  [oids.authorityKeyIdentifier]: false,
};
const intermediateExtensions = {
  ...rootExtensions,
  [oids.extendedKeyUsage]: false,
  [oids.authorityInfoAccess]: false,
  [oids.crlDistributionPoints]: false,
  [oids.certificatePolicies]: false,
  [oids.nameConstraints]: true,
};
const expectedOf: Readonly<Record<string, Readonly<Record<string, boolean | undefined>>>> = {
  leaf: leafExtensions,
  intermediate: intermediateExtensions,
  root: rootExtensions,
};

export const basicRules: readonly CertificateRule[] = [
  {
    id: 'version-3',
    source: 'RFC 5280 §4.1.2.1, BR §7.1.1',
    kinds: certificates,
    demand: { en: 'the version is 3', zh: '版本为 3' },
    find: ({ version }) => (version === 2 ? undefined : version === undefined ? missing : `${version + 1}`),
  },
  {
    id: 'signature-algorithm',
    source: 'BR §7.1.3.2, RFC 5280 §4.1.2.3',
    kinds: certificates,
    demand: {
      en: "the signature algorithm is one of the issuer's kind of key, encoded byte for byte as it must be",
      zh: '签名算法与签发者的密钥类型相符，且编码逐字节正确',
    },
    find: ({ signature }, { issuer }) =>
      isSignatureOf(issuer.keyKind, signature) ? undefined : `${issuer.keyKind}: ${signature.toString('hex')}`,
  },
  {
    id: 'no-unique-ids',
    source: 'RFC 5280 §4.1.2.8, BR §7.1.2.7',
    kinds: certificates,
    demand: { en: 'there is no unique identifier of issuer or subject', zh: '不含签发者或主体的唯一标识符字段' },
    find: ({ hasUniqueIds }) => (hasUniqueIds ? 'uniqueID' : undefined),
  },
  {
    id: 'extensions-unique',
    source: 'RFC 5280 §4.2',
    kinds: certificates,
    demand: { en: 'no extension stands in it twice', zh: '扩展项不重复' },
    find: ({ list }) => {
      const seen = new Set<string>();
      for (const { oid } of list) {
        if (seen.has(oid)) return oidName(oid);
        seen.add(oid);
      }
      return undefined;
    },
  },
  {
    id: 'extensions-known',
    source: 'BR §7.1.2.1.2, §7.1.2.6.1, §7.1.2.7.6',
    kinds: certificates,
    demand: {
      en: 'it has no extension that certificates of its kind do not have',
      zh: '不含该类证书不应有的扩展项',
    },
    find: ({ list }, { kind }) => {
      const expected = expectedOf[kind] ?? {};
      const other = list.find(({ oid }) => !(oid in expected));
      return other && oidName(other.oid);
    },
  },
  {
    id: 'extensions-critical',
    source: 'RFC 5280 §4.2.1, BR §7.1.2.7.6',
    kinds: certificates,
    demand: {
      en: 'an extension is critical where its definition has it so, and nowhere else; one that nobody knows is not',
      zh: '扩展项的关键标志符合定义；未知扩展项不得标为关键',
    },
    find: ({ list }, { kind }) => {
      const expected = expectedOf[kind] ?? {};
      const wrong = list.find(({ oid, isCritical }) => {
        const must = oid in expected ? expected[oid] : false;
        return must !== undefined && must !== isCritical;
      });
      return wrong && `${oidName(wrong.oid)} critical=${wrong.isCritical}`;
    },
  },
  {
    id: 'extensions-default',
    source: 'X.690 §11.5, RFC 5280 §4.2',
    kinds: certificates,
    demand: { en: 'that an extension is not critical is not written', zh: '非关键为默认值，不写出' },
    find: ({ list }) => {
      const wrong = list.find(({ writesDefault }) => writesDefault);
      return wrong && oidName(wrong.oid);
    },
  },
  {
    id: 'extensions-readable',
    source: 'RFC 5280 §4.2.1, appendix A',
    kinds: certificates,
    demand: {
      en: 'what an extension holds is what its definition says, in DER, with nothing behind it',
      zh: '扩展项的内容符合其定义，为 DER 编码且末尾没有多余字节',
    },
    find: ({ unreadable: [first] }) => first && oidName(first),
  },
];
