/**
 * Findings of the other linters that do not apply to what certmux makes: to which kinds, why, and by what. `docs/lint.md` shows them, and a run
 * fails where one of them is met no longer.
 */
import type { Phrase } from '../../src/domain/messages/expectations.ts';
import type { Complaint } from './linters.ts';
import type { Kind } from './made.ts';

export interface NotApplicable extends Pick<Complaint, 'tool' | 'lint'> {
  readonly kinds: readonly Kind[];
  readonly reason: Phrase;
  readonly source: string;
}

export const notApplicable: readonly NotApplicable[] = [
  {
    tool: 'zlint',
    lint: 'e_sub_cert_cert_policy_empty',
    kinds: ['private'],
    reason: {
      en: 'a private certificate claims no policy of the Forum, since it would claim an audit that there was not',
      zh: '私有证书不声明 CA/Browser Forum 的策略，否则等于声称通过了并未进行的审计',
    },
    source: 'BR §7.1.6.1, src/domain/profile.ts',
  },
  {
    tool: 'zlint',
    lint: 'e_sub_cert_certificate_policies_missing',
    kinds: ['private'],
    reason: { en: 'the same: without a policy there is no extension', zh: '同上：没有策略，就没有该扩展项' },
    source: 'BR §7.1.6.1, src/domain/profile.ts',
  },
  {
    tool: 'zlint',
    lint: 'e_algorithm_identifier_improper_encoding',
    kinds: ['private'],
    reason: {
      en: 'Ed25519 keys, which private profiles allow; the lint knows the keys of public CAs only',
      zh: '私有模板允许 Ed25519 密钥；该检查只认公共 CA 的密钥',
    },
    source: 'RFC 8410 §3, BR §7.1.3.1',
  },
  {
    tool: 'zlint',
    lint: 'e_ca_country_name_missing',
    kinds: ['root', 'intermediate'],
    reason: {
      en: 'the names of the CA have no country: the setting authority.organization is a name only',
      zh: 'CA 的名称不含国家：配置项 authority.organization 只是名称',
    },
    source: 'BR §7.1.2.10.2, of public CAs',
  },
  {
    tool: 'zlint',
    lint: 'e_crl_next_update_invalid',
    kinds: ['root-list'],
    reason: {
      en: 'a list of a root names CAs, and may be good for twelve months; the lint takes every list for one of subscribers',
      zh: '根 CA 的吊销列表只列出 CA，有效期可达十二个月；该检查把所有列表都当作用户证书的列表',
    },
    source: 'BR §4.9.7',
  },
  {
    tool: 'pkilint',
    lint: 'pkix.invalid_domain_name_syntax',
    kinds: ['private'],
    reason: {
      en: 'by RFC 5280 alone a wildcard is no name; RFC 6125 and the Forum have it',
      zh: '仅按 RFC 5280，通配符不是域名；RFC 6125 和 CA/Browser Forum 允许',
    },
    source: 'RFC 6125 §6.4.3',
  },
  {
    tool: 'pkilint',
    lint: 'cabf.internal_domain_name',
    kinds: ['public-dv', 'public-ov', 'public-ev', 'intermediate'],
    reason: {
      en: 'the server of this run has an address under a reserved name, which stands in what leads to its lists',
      zh: '检验时服务器使用保留域名，列表地址中含有该域名',
    },
    source: 'RFC 2606 §3',
  },
  {
    tool: 'pkilint',
    lint: 'cabf.serverauth.ca.country_attribute_absent',
    kinds: ['root', 'intermediate'],
    reason: { en: 'as e_ca_country_name_missing', zh: '同 e_ca_country_name_missing' },
    source: 'BR §7.1.2.10.2, of public CAs',
  },
  {
    tool: 'zlint',
    lint: 'e_server_cert_valid_time_longer_than_200_days',
    kinds: ['private'],
    reason: {
      en: 'products that are sold for a year hold one private certificate for the whole year; the limit is that of public CAs',
      zh: '按一年出售的产品只签发一张为期一年的私有证书；200 天的上限只针对公共 CA',
    },
    source: 'BR §6.3.2, of public CAs; src/domain/profile.ts',
  },
  {
    tool: 'zlint',
    lint: 'e_dnsname_not_valid_tld',
    kinds: ['private'],
    reason: {
      en: 'private profiles certify names within a company; here localhost, in the certificate of the server itself',
      zh: '私有模板可签发公司内部的域名；此处是服务器自身证书中的 localhost',
    },
    source: 'BR §4.2.2, of public CAs',
  },
  {
    tool: 'zlint',
    lint: 'e_ext_san_contains_reserved_ip',
    kinds: ['private'],
    reason: {
      en: 'private profiles certify addresses within a company; here 127.0.0.1, in the certificate of the server itself',
      zh: '私有模板可签发公司内部的 IP 地址；此处是服务器自身证书中的 127.0.0.1',
    },
    source: 'BR §4.2.2, of public CAs',
  },
  {
    tool: 'zlint',
    lint: 'e_cab_crl_has_valid_reason_code',
    kinds: ['imported-list', 'root-list'],
    reason: {
      en: 'the list of a root names CAs, for whose keys there is cACompromise, which pkilint takes; and what a CA had revoked before it was imported keeps its reason',
      zh: '根 CA 的列表列出的是 CA，其密钥泄露对应 cACompromise，pkilint 也认可；CA 被接管前的吊销保留原有原因',
    },
    source: 'RFC 5280 §5.3.1',
  },
  {
    tool: 'pkilint',
    lint: 'cabf.crl_prohibited_reason_code',
    kinds: ['imported-list'],
    reason: {
      en: 'what a CA had revoked before it was imported keeps its reason: certificateHold, cACompromise and aACompromise too',
      zh: 'CA 被接管前的吊销保留原有原因，包括 certificateHold、cACompromise 和 aACompromise',
    },
    source: 'RFC 5280 §5.3.1',
  },
  {
    tool: 'zlint',
    lint: 'e_crl_next_update_invalid',
    kinds: ['last-list'],
    reason: {
      en: 'no other list follows the last one of a CA, and it says so: its end is 9999-12-31',
      zh: 'CA 的最后一份列表之后不再有新列表，因此其结束时间为 9999-12-31',
    },
    source: 'RFC 5280 §4.1.2.5, ETSI EN 319 411-1',
  },
  {
    tool: 'pkilint',
    lint: 'cabf.crl_invalid_validity_period',
    kinds: ['last-list'],
    reason: { en: 'the same', zh: '同上' },
    source: 'RFC 5280 §4.1.2.5, ETSI EN 319 411-1',
  },
];

export function appliesNot({ tool, lint }: Complaint, kind: Kind): NotApplicable | undefined {
  return notApplicable.find((one) => one.tool === tool && one.lint === lint && one.kinds.includes(kind));
}
