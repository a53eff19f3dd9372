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
];

export function appliesNot({ tool, lint }: Complaint, kind: Made['kind']): NotApplicable | undefined {
  return notApplicable.find((one) => one.tool === tool && one.lint === lint && one.kinds.includes(kind));
}
