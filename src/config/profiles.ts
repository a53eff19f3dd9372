/** The section `profiles`: what differs from the built-in ones, and the profiles that come of it. */
import { z } from 'zod';
import { defaultProfiles, longestDays, type Profile, type ProfileStep } from '../domain/profile.ts';
import { settingWords } from './setting-words.ts';

/** X.660: below 0 and 1 are 40 arcs at most; no arc begins with a zero. Arcs of 15 digits are exact numbers. */
const objectIdentifier = /^(?:[01]\.[1-3]?\d|2\.(?:0|[1-9]\d{0,14}))(?:\.(?:0|[1-9]\d{0,14}))*$/;

export const profileOverride = z
  .strictObject({
    maxValidityDays: z.int().min(1).max(longestDays).optional().describe('Longest certificate, in days.'),
    reuseDays: z
      .int()
      .min(0)
      .max(longestDays)
      .optional()
      .describe('How long a proof of control serves later certificates of the same account, in days. 0: never.'),
    validationDays: z
      .int()
      .min(1)
      .max(90)
      .optional()
      .describe('How long proofs are looked for before the order fails, in days.'),
    wildcardByFile: z
      .boolean()
      .optional()
      .describe('Whether a file at the base name proves a wildcard. Public CAs may not do that.'),
    allowsReservedIp: z.boolean().optional().describe('Whether addresses such as 10.0.0.1 may be certified.'),
    requiresKnownSuffix: z
      .boolean()
      .optional()
      .describe('Whether names must end in a suffix of the public suffix list; `.internal` does not.'),
    keyKinds: z
      .array(z.enum(['rsa', 'P-256', 'P-384', 'P-521', 'Ed25519']))
      .min(1)
      .optional()
      .describe('Kinds of key that are certified; `rsa`: 2048 to 4096 bits.'),
    methods: z
      .array(z.enum(['httpFile', 'httpsFile', 'tlsAlpn', 'dnsCname', 'dnsTxt', 'dnsPersist', 'email']))
      .min(1)
      .optional()
      .describe('Methods by which names are proved; each front door offers those of them that it has.'),
    backdateSeconds: z
      .int()
      .min(0)
      .max(86_400)
      .optional()
      .describe('How far in the past certificates begin, for clients whose clocks are slow.'),
    includesCommonName: z
      .boolean()
      .optional()
      .describe('Whether the subject repeats one of the names (CN), which old clients read.'),
    includesSubjectKeyId: z.boolean().optional().describe('Whether certificates have a subject key identifier.'),
    checksCaa: z
      .boolean()
      .optional()
      .describe(
        'Whether CAA records of a name may forbid its certificate; public CAs must ask. Names without public DNS have none.',
      ),
    policyOids: z
      .array(z.string().regex(objectIdentifier, settingWords.objectIdentifier))
      .optional()
      .describe('Certificate policies that certificates claim to follow.'),
  })
  .describe('What differs from the built-in profile of this name.');

export const profilesSection = z.strictObject(
  Object.fromEntries(defaultProfiles.map(({ id }) => [id, profileOverride.optional()])),
);

export type ProfilesSection = z.infer<typeof profilesSection>;

/** The built-in profiles with the configured overrides. */
export function configuredProfiles({ profiles }: { readonly profiles: ProfilesSection }): readonly Profile[] {
  return defaultProfiles.map((profile) => {
    const override = Object.entries(profiles[profile.id] ?? {}).filter(([, value]) => value !== undefined);
    const own: Profile = { ...profile, ...Object.fromEntries(override) };
    return { ...own, schedule: profile.schedule.map((step) => falling(step, own)) };
  });
}

/** A step only shortens: what the operator has set stays until the rules demand less. */
function falling(step: ProfileStep, own: Profile): ProfileStep {
  const { maxValidityDays, reuseDays, ...rest } = step;
  return {
    ...rest,
    ...(maxValidityDays === undefined ? {} : { maxValidityDays: Math.min(maxValidityDays, own.maxValidityDays) }),
    ...(reuseDays === undefined ? {} : { reuseDays: Math.min(reuseDays, own.reuseDays) }),
  };
}
