/** Rules about the validity (RFC 5280 §4.1.2.5, BR §6.3.2). */
import { longestDays } from '../../../domain/profile.ts';
import type { Tbs } from '../read-certificate.ts';
import { wrongForm } from '../read-time.ts';
import type { CertificateFacts, CertificateRule } from '../rule.ts';

const certificates = ['leaf', 'intermediate', 'root'] as const;
const dayMs = 86_400_000;

/** BR §6.3.2: the longest certificate by the day on which it is issued, the newest first. Before, it was 398 days. */
const publicSteps = [
  { from: Date.UTC(2029, 2, 15), days: 47 },
  { from: Date.UTC(2027, 2, 15), days: 100 },
  { from: Date.UTC(2026, 2, 15), days: 200 },
  { from: Number.NEGATIVE_INFINITY, days: 398 },
] as const;

/** BR §7.1.2.7: notBefore is within 48 hours of the moment of signing. */
const recentMs = 2 * dayMs;
/** BR §7.1.2.10.1: of a CA certificate one day before. Clocks of nodes differ, so a little after is let through too. */
const recentCaMs = dayMs;
const skewMs = 5 * 60_000;

/** BR §7.1.2.1.1: 2922 to 9132 days. */
const rootDays = { least: 2922, most: 9132 } as const;

/** Both ends belong to the validity (RFC 5280 §4.1.2.5). */
function lengthMs({ notBefore, notAfter }: Tbs): number | undefined {
  if (notBefore.at === undefined || notAfter.at === undefined) return undefined;
  return notAfter.at.getTime() - notBefore.at.getTime() + 1000;
}

function longerThan(tbs: Tbs, days: number): string | undefined {
  const ms = lengthMs(tbs);
  return ms === undefined || ms <= days * dayMs ? undefined : `${(ms / dayMs).toFixed(5)} d > ${days} d`;
}

function within({ notBefore: { at } }: Tbs, now: Date, [before, after]: readonly [number, number]): string | undefined {
  if (at === undefined) return undefined;
  const ageMs = now.getTime() - at.getTime();
  return ageMs <= before && -ageMs <= after ? undefined : `${at.toISOString()}, ${now.toISOString()}`;
}

export const validityRules: readonly CertificateRule[] = [
  {
    id: 'time-written',
    source: 'RFC 5280 §4.1.2.5.1, §4.1.2.5.2',
    kinds: certificates,
    demand: {
      en: 'times are real ones in Greenwich time, with seconds and Z, without fractions',
      zh: '时间真实存在，采用 UTC，含秒且以 Z 结尾，不含小数',
    },
    find: ({ notBefore, notAfter }) => [notBefore, notAfter].find(({ at }) => at === undefined)?.text,
  },
  {
    id: 'time-form',
    source: 'RFC 5280 §4.1.2.5',
    kinds: certificates,
    demand: {
      en: 'times through 2049 are UTCTime, later ones GeneralizedTime',
      zh: '2049 年及以前的时间为 UTCTime，之后为 GeneralizedTime',
    },
    find: ({ notBefore, notAfter }) => wrongForm(notBefore) ?? wrongForm(notAfter),
  },
  {
    id: 'validity-order',
    source: 'RFC 5280 §4.1.2.5',
    kinds: certificates,
    demand: { en: 'it ends after it begins', zh: '结束时间晚于开始时间' },
    find: (tbs) => {
      const ms = lengthMs(tbs);
      return ms === undefined || ms > 1000 ? undefined : `${tbs.notBefore.text}, ${tbs.notAfter.text}`;
    },
  },
  {
    id: 'validity-profile',
    source: 'certmux: maxValidityDays of the profile',
    kinds: ['leaf'],
    demand: { en: 'it is valid for no longer than its profile allows', zh: '有效期不超过模板允许的最长天数' },
    find: (tbs, { profile }) => longerThan(tbs, Math.min(profile?.maxValidityDays ?? longestDays, longestDays)),
  },
  {
    id: 'validity-public',
    source: 'BR §6.3.2',
    kinds: ['leaf'],
    only: 'public',
    demand: {
      en: 'it is valid for at most 200 days; issued from 2027-03-15 on, 100; from 2029-03-15 on, 47',
      zh: '有效期不超过 200 天；2027-03-15 起签发的不超过 100 天；2029-03-15 起不超过 47 天',
    },
    find: (tbs, _facts, now) => {
      const step = publicSteps.find(({ from }) => now.getTime() >= from);
      return step && longerThan(tbs, step.days);
    },
  },
  {
    id: 'not-before-recent',
    source: 'BR §7.1.2.7',
    kinds: ['leaf'],
    demand: {
      en: 'it begins within 48 hours of being signed',
      zh: '开始时间与签发时刻相差不超过 48 小时',
    },
    find: (tbs, _facts, now) => within(tbs, now, [recentMs, recentMs]),
  },
  {
    id: 'not-before-recent-ca',
    source: 'BR §7.1.2.1.1, §7.1.2.10.1',
    kinds: ['intermediate', 'root'],
    demand: {
      en: 'it begins at the moment of signing or up to a day before',
      zh: '开始时间为签发时刻，或至多提前一天',
    },
    find: (tbs, _facts, now) => within(tbs, now, [recentCaMs, skewMs]),
  },
  {
    id: 'validity-root',
    source: 'BR §7.1.2.1.1',
    kinds: ['root'],
    demand: { en: 'a root is valid for 2922 to 9132 days', zh: '根证书有效期为 2922 至 9132 天' },
    find: (tbs) => {
      const ms = lengthMs(tbs);
      if (ms === undefined) return undefined;
      const isGood = ms >= rootDays.least * dayMs && ms <= rootDays.most * dayMs;
      return isGood ? undefined : `${(ms / dayMs).toFixed(1)} d`;
    },
  },
  {
    id: 'validity-within-issuer',
    source: 'RFC 5280 §6.1.3',
    kinds: ['leaf', 'intermediate'],
    demand: {
      en: 'every certificate above it is valid while it is',
      zh: '在其有效期内，上级证书全部有效',
    },
    find: ({ notBefore, notAfter }, { issuer: { period } }: CertificateFacts) => {
      if (period === null || notBefore.at === undefined || notAfter.at === undefined) return undefined;
      if (notBefore.at < period.from) return `${notBefore.text} < ${period.from.toISOString()}`;
      return notAfter.at > period.until ? `${notAfter.text} > ${period.until.toISOString()}` : undefined;
    },
  },
];
