/** Rules about issuer and subject (RFC 5280 §4.1.2.4, §4.1.2.6; BR §7.1.4). */
import { isCountryCode } from '../../../domain/country.ts';
import { tag } from '../../der-tag.ts';
import { isPrintable } from '../../text.ts';
import { type LintedAttribute, valuesOf } from '../read-name.ts';
import { type CertificateRule, missing } from '../rule.ts';

const leaf = ['leaf'] as const;
const certificates = ['leaf', 'intermediate', 'root'] as const;

interface AttributeLimit {
  readonly name: string;
  /** In characters: RFC 5280 appendix A.1 (ub-…), X.520 for those that it leaves out; BR §7.1.4.2 repeats them. */
  readonly most: number;
  readonly strings: readonly number[];
}

const utf8OrPrintable = [tag.utf8String, tag.printableString];
const printable = [tag.printableString];

/** In the order of BR §7.1.4.2, table "Encoding and Order Requirements"; those of EV in front have no order among the others. */
const attributes: Readonly<Record<string, AttributeLimit>> = {
  '2.5.4.15': { name: 'businessCategory', most: 128, strings: utf8OrPrintable },
  '1.3.6.1.4.1.311.60.2.1.3': { name: 'jurisdictionC', most: 2, strings: printable },
  '1.3.6.1.4.1.311.60.2.1.2': { name: 'jurisdictionST', most: 128, strings: utf8OrPrintable },
  '1.3.6.1.4.1.311.60.2.1.1': { name: 'jurisdictionL', most: 128, strings: utf8OrPrintable },
  '2.5.4.5': { name: 'serialNumber', most: 64, strings: printable },
  '2.5.4.97': { name: 'organizationIdentifier', most: 256, strings: utf8OrPrintable },
  '0.9.2342.19200300.100.1.25': { name: 'DC', most: 63, strings: [tag.ia5String] },
  '2.5.4.6': { name: 'C', most: 2, strings: printable },
  '2.5.4.8': { name: 'ST', most: 128, strings: utf8OrPrintable },
  '2.5.4.7': { name: 'L', most: 128, strings: utf8OrPrintable },
  '2.5.4.17': { name: 'postalCode', most: 40, strings: utf8OrPrintable },
  '2.5.4.9': { name: 'street', most: 128, strings: utf8OrPrintable },
  '2.5.4.10': { name: 'O', most: 64, strings: utf8OrPrintable },
  '2.5.4.4': { name: 'SN', most: 64, strings: utf8OrPrintable },
  '2.5.4.42': { name: 'GN', most: 64, strings: utf8OrPrintable },
  '2.5.4.3': { name: 'CN', most: 64, strings: utf8OrPrintable },
};
const place = new Map(Object.keys(attributes).map((oid, index) => [oid, index]));
const firstInOrder = place.get('0.9.2342.19200300.100.1.25') ?? 0;
const domainComponent = '0.9.2342.19200300.100.1.25';
const street = '2.5.4.9';
const countries = ['2.5.4.6', '1.3.6.1.4.1.311.60.2.1.3'];
export const commonName = '2.5.4.3';
export const organizationName = '2.5.4.10';
const businessCategory = '2.5.4.15';
const evOnly = ['2.5.4.15', ...Object.keys(attributes).filter((oid) => oid.startsWith('1.3.6.1.4.1.311.60.2.1.'))];

/** What says only that there is nothing to say: signs and blanks, `N/A`. `None`, `Null` and `NA` are a town, a name and a province. */
const noText = /^[\s\p{P}\p{S}]*$/u;
const placeholders: readonly string[] = ['n/a', 'not applicable'];

/** EVG §9.2.3. */
const businessCategories = ['Private Organization', 'Government Entity', 'Business Entity', 'Non-Commercial Entity'];

function shown({ oid, value }: LintedAttribute): string {
  return `${attributes[oid]?.name ?? oid}=${value}`;
}

/** The first attribute of the subject that breaks a rule. */
function attribute(isWrong: (attribute: LintedAttribute) => boolean): CertificateRule['find'] {
  return ({ subject }) => {
    const wrong = subject.attributes.find(isWrong);
    return wrong && shown(wrong);
  };
}

/** Names of attributes that must be there and are not. */
function absent(oids: readonly (readonly string[])[]): CertificateRule['find'] {
  return ({ subject }) => {
    const lacking = oids.filter((some) => some.every((oid) => valuesOf(subject, oid).length === 0));
    if (lacking.length === 0) return undefined;
    return `!${lacking.map((some) => some.map((oid) => attributes[oid]?.name ?? oid).join('/')).join(', ')}`;
  };
}

export const subjectRules: readonly CertificateRule[] = [
  {
    id: 'issuer-name',
    source: 'RFC 5280 §4.1.2.4, BR §7.1.4.1',
    kinds: certificates,
    demand: { en: "its issuer is the issuer's subject, byte for byte", zh: '签发者名称与上级证书的主体逐字节相同' },
    find: ({ issuer }, facts) => (issuer.der.equals(facts.issuer.name) ? undefined : issuer.der.toString('hex')),
  },
  {
    id: 'subject-single-valued',
    source: 'BR §7.1.4.1',
    kinds: certificates,
    demand: { en: 'every RDN of the subject has exactly one attribute', zh: '主体的每个 RDN 恰好含一个属性' },
    find: ({ subject }) => (subject.isSingleValued ? undefined : subject.attributes.map(shown).join(', ')),
  },
  {
    id: 'subject-unique',
    source: 'BR §7.1.4.1',
    kinds: certificates,
    demand: {
      en: 'no attribute stands in the subject twice, but for streets and domain components',
      zh: '主体的属性不重复（街道和域名组件除外）',
    },
    find: ({ subject }) => {
      const seen = new Set<string>([]);
      for (const one of subject.attributes) {
        if (seen.has(one.oid) && one.oid !== street && one.oid !== domainComponent) return shown(one);
        seen.add(one.oid);
      }
      return undefined;
    },
  },
  {
    id: 'subject-attributes',
    source: 'BR §7.1.2.7.2, §7.1.2.7.4, §7.1.2.7.5, §7.1.2.10.2',
    kinds: certificates,
    demand: {
      en: 'the subject has no attribute that is not on the list, such as an organizational unit',
      zh: '主体不含清单之外的属性（如 OU）',
    },
    find: attribute(({ oid }) => !place.has(oid)),
  },
  {
    id: 'subject-order',
    source: 'BR §7.1.4.2',
    kinds: certificates,
    demand: { en: 'the attributes of the subject are in the order of the table', zh: '主体属性的顺序符合规定' },
    find: ({ subject }) => {
      let last = firstInOrder;
      for (const one of subject.attributes) {
        const index = place.get(one.oid) ?? 0;
        if (index < firstInOrder) continue;
        if (index < last) return shown(one);
        last = index;
      }
      return undefined;
    },
  },
  {
    id: 'subject-strings',
    source: 'BR §7.1.4.2, RFC 5280 §4.1.2.4',
    kinds: certificates,
    demand: {
      en: 'every attribute is the type of string that its definition has, with no other characters than that type',
      zh: '属性采用规定的字符串类型，且字符不超出该类型',
    },
    find: attribute((one) => {
      const limit = attributes[one.oid];
      if (limit !== undefined && !limit.strings.includes(one.tag)) return true;
      return one.tag === tag.printableString && !isPrintable(one.value);
    }),
  },
  {
    id: 'subject-lengths',
    source: 'RFC 5280 appendix A.1, BR §7.1.4.2',
    kinds: certificates,
    demand: { en: 'no attribute is longer than its upper bound', zh: '属性长度不超过上限' },
    find: attribute(({ oid, value }) => {
      const most = attributes[oid]?.most;
      return most !== undefined && value.length > most && [...value].length > most;
    }),
  },
  {
    id: 'subject-characters',
    source: 'certmux: what is shown is what is there',
    kinds: certificates,
    demand: { en: 'no attribute has control characters', zh: '属性不含控制字符' },
    find: attribute(({ value }) => /\p{Cc}/u.test(value)),
  },
  {
    id: 'subject-values',
    source: 'BR §7.1.4.1',
    kinds: certificates,
    demand: {
      en: 'no attribute is empty or only says that there is nothing to say: ".", "-", " ", "N/A"',
      zh: '属性不为空，也不是 "."、"-"、" "、"N/A" 等占位内容',
    },
    find: attribute(({ value }) => noText.test(value) || placeholders.includes(value.trim().toLowerCase())),
  },
  {
    id: 'subject-country',
    source: 'BR §7.1.4.2, ISO 3166-1',
    kinds: certificates,
    demand: { en: 'a country is a code of ISO 3166-1 in capital letters', zh: '国家为 ISO 3166-1 的两位大写代码' },
    find: attribute(({ oid, value }) => countries.includes(oid) && !isCountryCode(value)),
  },
  {
    id: 'common-name-in-san',
    source: 'BR §7.1.4.3',
    kinds: leaf,
    demand: {
      en: 'a common name repeats one of the names, letter for letter',
      zh: '通用名与证书中的某个域名或 IP 地址完全相同',
    },
    find: ({ subject, contents }) => {
      const names = valuesOf(subject, commonName);
      return names.find((name) => contents.altNames?.some(({ text }) => text === name) !== true);
    },
  },
  {
    id: 'dv-no-organization',
    source: 'BR §7.1.2.7.2',
    kinds: leaf,
    only: 'dv',
    demand: {
      en: 'a DV certificate names nobody: its subject has a common name at most',
      zh: 'DV 证书的主体至多含通用名',
    },
    find: attribute(({ oid }) => oid !== commonName),
  },
  {
    id: 'organization-named',
    source: 'BR §7.1.2.7.4',
    kinds: leaf,
    only: 'ov-ev',
    demand: {
      en: 'an OV or EV certificate names an organization, its country, and its state or locality',
      zh: 'OV、EV 证书的主体含组织名称、国家以及省份或城市',
    },
    find: absent([[organizationName], ['2.5.4.6'], ['2.5.4.8', '2.5.4.7']]),
  },
  {
    id: 'ov-no-ev-fields',
    source: 'BR §7.1.2.7.4',
    kinds: leaf,
    only: 'ov',
    demand: {
      en: 'only an EV certificate says what its organization is and where it is registered',
      zh: '只有 EV 证书的主体含企业类别和注册地',
    },
    find: attribute(({ oid }) => evOnly.includes(oid)),
  },
  {
    id: 'ev-fields',
    source: 'EVG §9.2.3, §9.2.4, §9.2.5',
    kinds: leaf,
    only: 'ev',
    demand: {
      en: 'an EV certificate says what its organization is, where it is registered, and under which number',
      zh: 'EV 证书的主体含企业类别、注册地和注册号',
    },
    find: absent([[businessCategory], ['1.3.6.1.4.1.311.60.2.1.3'], ['2.5.4.5']]),
  },
  {
    id: 'ev-business-category',
    source: 'EVG §9.2.3',
    kinds: leaf,
    only: 'ev',
    demand: { en: 'the business category is one of the four', zh: '企业类别为规定的四种之一' },
    find: attribute(({ oid, value }) => oid === businessCategory && !businessCategories.includes(value)),
  },
  {
    id: 'ca-subject',
    source: 'BR §7.1.2.10.2, RFC 5280 §4.1.2.6',
    kinds: ['intermediate', 'root'],
    demand: { en: "a CA's subject has an organization and a common name", zh: 'CA 证书的主体含组织名称和通用名' },
    find: absent([[organizationName], [commonName]]),
  },
  {
    id: 'root-self-issued',
    source: 'BR §7.1.2.1, RFC 5280 §3.2',
    kinds: ['root'],
    demand: { en: "a root's issuer and subject are the same", zh: '根证书的签发者与主体相同' },
    find: ({ issuer, subject }) =>
      issuer.der.equals(subject.der) ? undefined : subject.attributes.map(shown).join(', '),
  },
  {
    id: 'intermediate-not-self-issued',
    source: 'BR §7.1.2.6, RFC 5280 §6.1',
    kinds: ['intermediate'],
    demand: { en: 'an intermediate has another name than its issuer', zh: '中间证书的主体与签发者不同' },
    find: ({ issuer, subject }) =>
      issuer.der.equals(subject.der) ? subject.attributes.map(shown).join(', ') || missing : undefined,
  },
];
