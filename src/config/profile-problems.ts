/** What is wrong with the section `profiles`: settings that a profile like that of public CAs must not have, and what lint would find in every certificate. */
import { quoted } from '../domain/errors.ts';
import type { LintFinding } from '../domain/lint.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { defaultProfiles, type KeyKind, type Profile, profileAt } from '../domain/profile.ts';
import { findingsInSample, lintDemandOf } from '../issuers/registry.ts';
import type { ConfigProblem } from './problem.ts';
import { configuredProfiles, type ProfilesSection } from './profiles.ts';

type Settings = NonNullable<ProfilesSection[string]>;
type Field = keyof Settings & keyof Profile;

/** BR §6.3.2 has had its first bound of today since then: what breaks a rule does so at this moment, or where the schedule has a step. */
const rulesOfToday = new Date('2026-03-15T00:00:00Z');

export function profileProblems(config: { readonly profiles: ProfilesSection }): readonly ConfigProblem[] {
  return configuredProfiles(config).flatMap((profile) => {
    const settings = config.profiles[profile.id];
    if (settings === undefined) return [];
    const problems = profile.isPublicLike ? publicProblems(profile, settings) : [];
    // Of the same setting the plain sentence is enough.
    const known = new Set(problems.map(({ path: [, , field] }) => field));
    return [...problems, ...lintProblems(profile, settings).filter(({ path: [, , field] }) => !known.has(field))];
  });
}

interface PublicRule {
  readonly field: Field;
  readonly isBroken: (profile: Profile) => boolean;
  readonly source: string;
  readonly why: Phrase;
}

/** What lint cannot see in a certificate. */
const publicRules: readonly PublicRule[] = [
  {
    field: 'checksCaa',
    isBroken: ({ checksCaa }) => !checksCaa,
    source: 'BR §3.2.2.8',
    why: { en: 'CAA records must be looked up before anything is issued', zh: '签发前必须检查 CAA 记录' },
  },
  {
    field: 'wildcardByFile',
    isBroken: ({ wildcardByFile }) => wildcardByFile,
    source: 'BR §3.2.2.4.18',
    why: { en: 'a file must not prove a wildcard', zh: '不得用文件验证通配符域名' },
  },
  {
    field: 'allowsReservedIp',
    isBroken: ({ allowsReservedIp }) => allowsReservedIp,
    source: 'BR §4.2.2',
    why: { en: 'reserved addresses must not be certified', zh: '不得为保留地址签发证书' },
  },
  {
    field: 'requiresKnownSuffix',
    isBroken: ({ requiresKnownSuffix }) => !requiresKnownSuffix,
    source: 'BR §4.2.2',
    why: { en: 'internal names must not be certified', zh: '不得为内部名称签发证书' },
  },
  {
    field: 'validationDays',
    isBroken: ({ validationDays }) => validationDays > 30,
    source: 'BR §3.2.2.4',
    why: { en: 'what is placed as a proof is valid for 30 days at most', zh: '验证值的有效期不得超过 30 天' },
  },
  {
    field: 'reuseDays',
    isBroken: ({ reuseDays }) => reuseDays > 200,
    source: 'BR §4.2.1',
    why: { en: 'a proof of control serves for 200 days at most', zh: '一次域名验证至多可使用 200 天' },
  },
  {
    field: 'methods',
    isBroken: (profile) => profile.schedule.some(({ from }) => profileAt(profile, from).methods.length === 0),
    source: 'BR §3.2.2.4.4',
    why: {
      en: 'mail proves nothing from 2028-03-15 on, so that another method is needed beside it',
      zh: '自 2028-03-15 起不得再用邮件验证，因此还需要其他方法',
    },
  },
];

function publicProblems(profile: Profile, settings: Settings): readonly ConfigProblem[] {
  return publicRules.flatMap(({ field, isBroken, source, why }) => {
    if (settings[field] === undefined || !isBroken(profile)) return [];
    const value = shownValue(settings, field);
    const instead = `private-${profile.level}`;
    const message = {
      en: `cannot be ${value}: ${profile.id} keeps the rules of public CAs, and ${why.en} (${source}); leave it out, or sell what needs it by ${instead} (certmux product change --profile ${instead})`,
      zh: `不能是 ${value}：${profile.id} 遵守公共 CA 的规则，${why.zh}（${source}）。请删除此项，或将需要它的产品改用 ${instead}（certmux product change --profile ${instead}）`,
    };
    return [{ path: ['profiles', profile.id, field], message }];
  });
}

function shownValue(settings: Settings, field: Field): string {
  const value: unknown = settings[field];
  return Array.isArray(value) ? `[${value.join(', ')}]` : String(value);
}

/** What every certificate of the profile would meet, so that no order could succeed: each rule once. */
function lintProblems(profile: Profile, settings: Settings): readonly ConfigProblem[] {
  const byRule = Map.groupBy(
    profile.keyKinds.flatMap((keyKind) => foundFor(profile, keyKind)),
    ({ finding }) => finding.rule,
  );
  return [...byRule.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const kinds = [...new Set(same.map(({ keyKind }) => keyKind))];
    const field = fieldBehind(profile, settings, first);
    return [
      {
        path: ['profiles', profile.id, ...(field === undefined ? [] : [field])],
        message: lintText(first, {
          value: field && shownValue(settings, field),
          kinds: kinds.length === profile.keyKinds.length ? [] : kinds,
        }),
      },
    ];
  });
}

interface Found {
  readonly keyKind: KeyKind;
  readonly finding: LintFinding;
  readonly at: Date;
}

function foundFor(profile: Profile, keyKind: KeyKind): readonly Found[] {
  const moments = [rulesOfToday, ...profile.schedule.map(({ from }) => from)];
  return moments.flatMap((at) => findingsInSample(profile, keyKind, at).map((finding) => ({ keyKind, finding, at })));
}

/** The setting without which the finding is gone. */
function fieldBehind(profile: Profile, settings: Settings, { keyKind, finding, at }: Found): Field | undefined {
  const built = defaultProfiles.find(({ id }) => id === profile.id);
  if (built === undefined) return undefined;
  const isGone = (field: Field) =>
    findingsInSample({ ...profile, [field]: built[field] }, keyKind, at).every(({ rule }) => rule !== finding.rule);
  const fields = Object.keys(settings).filter((field): field is Field => field in profile);
  return fields.find(isGone) ?? (built.keyKinds.includes(keyKind) ? undefined : 'keyKinds');
}

function lintText(
  { finding: { rule, source, found }, at }: Found,
  { value, kinds }: { readonly value: string | undefined; readonly kinds: readonly KeyKind[] },
): Phrase {
  const { en, zh } = lintDemandOf(rule);
  const key = kinds.join(', ');
  const since = at > rulesOfToday ? at.toISOString().slice(0, 10) : '';
  const enWhat = value === undefined ? 'has settings that do not go together' : `cannot be ${value}`;
  const zhWhat = value === undefined ? '各设置项互相矛盾' : `不能是 ${value}`;
  const enFound = found === '' ? '' : `; found ${quoted(found)}`;
  const zhFound = found === '' ? '' : `；实际为 ${quoted(found)}`;
  return {
    en: `${enWhat}: lint would refuse every certificate${key && ` whose key is ${key}`}${since && ` from ${since} on`} (rule ${rule}, ${source}: ${en}${enFound}); change it or leave it out`,
    zh: `${zhWhat}：${since && `自 ${since} 起，`}${key && `密钥为 ${key} 的`}证书都无法通过签发前的检查（规则 ${rule}，${source}：${zh}${zhFound}），请修改或删除此项`,
  };
}
