/**
 * Profiles: validity, keys, policies and validation rules. Every number that the industry changes is here, with
 * its source. A private profile may be looser than the Baseline Requirements (BR) and says where.
 */
import type { ValidationMethod } from './validation-method.ts';

export type ValidationLevel = 'dv' | 'ov' | 'ev';

/** The kinds of subscriber key: `rsa` is 2048 to 4096 bits. */
export type KeyKind = 'rsa' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519';

/** No certificate of ours is valid for longer, whatever is configured; nor does a proof serve for longer. */
export const longestDays = 825;

export interface Profile {
  readonly id: string;
  readonly level: ValidationLevel;
  readonly isPublicLike: boolean;
  /** Longest certificate, in days of 86,400 s (BR §6.3.2). */
  readonly maxValidityDays: number;
  /** notBefore lies this far in the past, for clients whose clocks are slow. */
  readonly backdateSeconds: number;
  /** Period in which an authorization can be used for later issuances of the same account (BR §4.2.1). */
  readonly reuseDays: number;
  /** Period of checking before the issuance fails. */
  readonly validationDays: number;
  readonly keyKinds: readonly KeyKind[];
  readonly methods: readonly ValidationMethod[];
  /** True if a file at the base name proves a wildcard. BR §3.2.2.4.18 forbids it to public CAs. */
  readonly wildcardByFile: boolean;
  /** True if names must end in a suffix that IANA knows; private CAs may serve `.internal`. */
  readonly requiresKnownSuffix: boolean;
  /** True if special-purpose IP addresses (10.0.0.1) may be certified. BR §4.2.2 forbids it to public CAs. */
  readonly allowsReservedIp: boolean;
  /** True if CAA records decide whether a name may be certified (BR §3.2.2.8). */
  readonly checksCaa: boolean;
  /** True if the subject names one of the certificate's names (CN). BR §7.1.4.3: deprecated. */
  readonly includesCommonName: boolean;
  /** True if the certificate has a subject key identifier. BR §7.1.2.7.6: not recommended for subscribers' certificates. */
  readonly includesSubjectKeyId: boolean;
  readonly policyOids: readonly string[];
  /** What changes at which time, the earliest first. */
  readonly schedule: readonly ProfileStep[];
}

export interface ProfileStep {
  /** From this moment on. */
  readonly from: Date;
  readonly maxValidityDays?: number;
  readonly reuseDays?: number;
  /** No longer accepted. */
  readonly withoutMethods?: readonly ValidationMethod[];
}

/** The profile by the rules of this moment. */
export function profileAt(profile: Profile, now: Date): Profile {
  const begun = profile.schedule.filter(({ from }) => from <= now);
  if (begun.length === 0) return profile;
  const gone = new Set(begun.flatMap(({ withoutMethods = [] }) => withoutMethods));
  return {
    ...profile,
    maxValidityDays:
      begun.findLast((step) => step.maxValidityDays !== undefined)?.maxValidityDays ?? profile.maxValidityDays,
    reuseDays: begun.findLast((step) => step.reuseDays !== undefined)?.reuseDays ?? profile.reuseDays,
    methods: profile.methods.filter((method) => !gone.has(method)),
  };
}

const anyKey: readonly KeyKind[] = ['rsa', 'P-256', 'P-384', 'P-521', 'Ed25519'];
const anyMethod: readonly ValidationMethod[] = [
  'httpFile',
  'httpsFile',
  'tlsAlpn',
  'dnsCname',
  'dnsTxt',
  'dnsPersist',
  'email',
];

const privateProfile = {
  isPublicLike: false,
  // Looser than BR §6.3.2 (200 days): products sold as "1 year" hold one certificate for the whole year. 397 stays
  // below the 398 days at which the strictest client rejects a certificate of a private root.
  maxValidityDays: 397,
  // Devices inside a network keep worse time than servers do; five minutes is also what Kerberos puts up with.
  backdateSeconds: 300,
  reuseDays: 199,
  validationDays: 30,
  keyKinds: anyKey,
  methods: anyMethod,
  // Looser than BR §3.2.2.4.18: no Encryption365 client ever sets DNS, so wildcards must be provable by file.
  wildcardByFile: true,
  requiresKnownSuffix: false,
  allowsReservedIp: true,
  // Looser than BR §3.2.2.8: names within a company have no public DNS.
  checksCaa: false,
  includesCommonName: true,
  includesSubjectKeyId: true,
  schedule: [],
} as const;

/** BR §6.3.2 and §4.2.1, SC-081: each a day under, as it SHOULD be. BR §3.2.2.4.4, SC-090: constructed addresses MUST NOT be used from 2028-03-15. */
const publicSchedule: readonly ProfileStep[] = [
  { from: new Date('2027-03-15T00:00:00Z'), maxValidityDays: 99, reuseDays: 99 },
  { from: new Date('2028-03-15T00:00:00Z'), withoutMethods: ['email'] },
  { from: new Date('2029-03-15T00:00:00Z'), maxValidityDays: 46, reuseDays: 9 },
];

const publicLikeProfile = {
  isPublicLike: true,
  // BR §6.3.2: 200 days since 2026-03-15; a day under, as it SHOULD be.
  maxValidityDays: 199,
  // Less than for private profiles: root programs take a begin before the signing for an attempt to get round the date of a
  // rule, and the subscriber pays for days that nobody can use.
  backdateSeconds: 60,
  // BR §4.2.1: 200 days since 2026-03-15; a day under.
  reuseDays: 199,
  // BR §4.2.1 and §3.2.2.4: a random value or request token is valid for 30 days.
  validationDays: 30,
  // Ed25519 is in no public profile (BR §6.1.5).
  keyKinds: ['rsa', 'P-256', 'P-384', 'P-521'],
  methods: anyMethod,
  wildcardByFile: false,
  requiresKnownSuffix: true,
  allowsReservedIp: false,
  checksCaa: true,
  includesCommonName: true,
  includesSubjectKeyId: true,
  schedule: publicSchedule,
} as const;

// Policy OIDs are asserted by public-like profiles only (CA/Browser Forum, BR §7.1.6.1): a private CA that asserts
// them would claim an audit it does not have.
export const defaultProfiles: readonly Profile[] = [
  { ...privateProfile, id: 'private-dv', level: 'dv', policyOids: [] },
  { ...privateProfile, id: 'private-ov', level: 'ov', policyOids: [] },
  { ...privateProfile, id: 'private-ev', level: 'ev', policyOids: [] },
  { ...publicLikeProfile, id: 'public-dv', level: 'dv', policyOids: ['2.23.140.1.2.1'] },
  { ...publicLikeProfile, id: 'public-ov', level: 'ov', policyOids: ['2.23.140.1.2.2'] },
  { ...publicLikeProfile, id: 'public-ev', level: 'ev', policyOids: ['2.23.140.1.1'] },
];
