/** What lint would find in the certificates of a profile, seen from samples that nobody ordered and nobody signs. */
import { parseIdentifier } from '../../domain/identifier.ts';
import type { LintFinding, LintRuleText } from '../../domain/lint.ts';
import { type KeyKind, type Profile, profileAt } from '../../domain/profile.ts';
import { createLeafTemplate, leafSettingsOf, serialFrom } from '../../pki/leaf-template.ts';
import { createCertificateLint, lintRules } from '../../pki/lint/index.ts';
import { encodeName, type NameFields } from '../../pki/name.ts';
import { sampleKey } from '../../pki/sample-keys.ts';

const issuer = {
  name: encodeName({ C: 'US', O: 'Sample', CN: 'Sample CA' }),
  keyId: Buffer.alloc(20, 1),
  keyKind: 'P-256',
  period: null,
  pathLength: 0,
} as const;

/** Everything that a subject of OV or EV may need. */
const organization: NameFields = {
  O: 'Sample Ltd',
  C: 'US',
  ST: 'Utah',
  L: 'Provo',
  businessCategory: 'Private Organization',
  jurisdictionC: 'US',
  serialNumber: '1234567',
};

const dayMs = 86_400_000;

/** What is wrong with a certificate of the profile, made at that moment for a key of that kind; empty where nothing is. */
export function findingsInSample(profile: Profile, keyKind: KeyKind, now: Date): readonly LintFinding[] {
  const then = profileAt(profile, now);
  const notBefore = new Date(now.getTime() - then.backdateSeconds * 1000);
  const tbs = createLeafTemplate({
    issuerName: issuer.name,
    issuerKeyId: issuer.keyId,
    signatureAlgorithm: 'ecdsa-with-SHA256',
    ...leafSettingsOf(then),
    caIssuersUrl: 'http://ca.example.com/ca.crt',
    crlUrl: 'http://ca.example.com/ca.crl',
  }).tbs({
    serial: serialFrom(Buffer.alloc(16, 1)),
    notBefore,
    notAfter: new Date(notBefore.getTime() + then.maxValidityDays * dayMs - 1000),
    spkiDer: sampleKey(keyKind),
    names: [parseIdentifier('www.example.com', 'names')],
    ...(then.level === 'dv' ? {} : { organization: organizationOf(then.level) }),
  });
  return createCertificateLint({ kind: 'leaf', issuer, profile: then })(tbs, now);
}

/** What the rule of a finding demands. */
export function lintDemandOf(rule: string): LintRuleText['demand'] {
  return lintRules.find(({ id }) => id === rule)?.demand ?? { en: rule, zh: rule };
}

function organizationOf(level: Profile['level']): NameFields {
  if (level === 'ev') return organization;
  const { O, C, ST, L } = organization;
  return Object.fromEntries(Object.entries({ O, C, ST, L }));
}
