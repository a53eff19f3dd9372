/** Findings of the other linters that do not apply to what certmux makes: to which kinds, why, and by what. */
import type { Complaint } from './linters.ts';
import type { Made } from './made.ts';

export interface NotApplicable extends Pick<Complaint, 'tool' | 'lint'> {
  readonly kinds: readonly Made['kind'][];
  readonly reason: string;
  readonly source: string;
}

export const notApplicable: readonly NotApplicable[] = [
  {
    tool: 'zlint',
    lint: 'e_sub_cert_cert_policy_empty',
    kinds: ['private'],
    reason: 'a private certificate claims no policy of the Forum, since it would claim an audit that there was not',
    source: 'BR §7.1.6.1, src/domain/profile.ts',
  },
  {
    tool: 'zlint',
    lint: 'e_sub_cert_certificate_policies_missing',
    kinds: ['private'],
    reason: 'the same: without a policy there is no extension',
    source: 'BR §7.1.6.1, src/domain/profile.ts',
  },
  {
    tool: 'zlint',
    lint: 'e_algorithm_identifier_improper_encoding',
    kinds: ['private'],
    reason: 'Ed25519 keys, which private profiles allow; the lint knows the keys of public CAs only',
    source: 'RFC 8410 §3, BR §7.1.3.1',
  },
  {
    tool: 'zlint',
    lint: 'e_ca_country_name_missing',
    kinds: ['root', 'intermediate'],
    reason: 'the names of the CA have no country: the setting authority.organization is a name only',
    source: 'BR §7.1.2.10.2, of public CAs',
  },
  {
    tool: 'zlint',
    lint: 'e_crl_next_update_invalid',
    kinds: ['root-list'],
    reason:
      'a list of a root names CAs, and may be good for twelve months; the lint takes every list for one of subscribers',
    source: 'BR §4.9.7',
  },
  {
    tool: 'pkilint',
    lint: 'pkix.invalid_domain_name_syntax',
    kinds: ['private'],
    reason: 'by RFC 5280 alone a wildcard is no name; RFC 6125 and the Forum have it',
    source: 'RFC 6125 §6.4.3',
  },
  {
    tool: 'pkilint',
    lint: 'cabf.internal_domain_name',
    kinds: ['public-dv', 'public-ov', 'public-ev', 'intermediate'],
    reason: 'the server of this run has an address under a reserved name, which stands in what leads to its lists',
    source: 'RFC 2606 §3',
  },
  {
    tool: 'pkilint',
    lint: 'cabf.serverauth.ca.country_attribute_absent',
    kinds: ['root', 'intermediate'],
    reason: 'as e_ca_country_name_missing',
    source: 'BR §7.1.2.10.2, of public CAs',
  },
];

export function appliesNot({ tool, lint }: Complaint, kind: Made['kind']): NotApplicable | undefined {
  return notApplicable.find((one) => one.tool === tool && one.lint === lint && one.kinds.includes(kind));
}
