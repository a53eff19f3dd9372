/** The section `profiles`: what comes of an override, and what is refused because no certificate could come of it. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConfigError, parseConfig } from '../../src/config/load.ts';
import { configuredProfiles } from '../../src/config/profiles.ts';
import { defaultProfiles, profileAt } from '../../src/domain/profile.ts';
import { findingsInSample } from '../../src/issuers/registry.ts';

function problemsOf(profiles: string) {
  try {
    parseConfig(`profiles: { ${profiles} }\n`, 'certmux.yaml');
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigError) return thrown.phrases;
    throw thrown;
  }
}

function profileOf(id: string, override: string) {
  const config = parseConfig(`profiles: { ${id}: { ${override} } }\n`, 'certmux.yaml');
  return configuredProfiles(config).find((profile) => profile.id === id) ?? assert.fail(id);
}

const moments = ['2026-03-15', '2027-03-15', '2028-03-15', '2029-03-15', '2035-01-01'].map((day) => new Date(day));

describe('a sample of every built-in profile', () => {
  for (const profile of defaultProfiles) {
    test(`${profile.id}: nothing is found, whatever the key and the year`, () => {
      for (const keyKind of profile.keyKinds) {
        for (const at of moments) assert.deepEqual(findingsInSample(profile, keyKind, at), []);
      }
    });
  }
});

describe('what the operator has set lasts until the rules demand less', () => {
  const rows: readonly (readonly [override: string, days: readonly number[], reuse: readonly number[]])[] = [
    ['maxValidityDays: 150', [150, 99, 99, 46, 46], [199, 99, 99, 9, 9]],
    ['maxValidityDays: 90, reuseDays: 30', [90, 90, 90, 46, 46], [30, 30, 30, 9, 9]],
    ['maxValidityDays: 7, reuseDays: 0', [7, 7, 7, 7, 7], [0, 0, 0, 0, 0]],
    ['maxValidityDays: 200, reuseDays: 200', [200, 99, 99, 46, 46], [200, 99, 99, 9, 9]],
  ];
  for (const [override, days, reuse] of rows) {
    test(override, () => {
      const profile = profileOf('public-dv', override);
      assert.deepEqual(
        moments.map((at) => profileAt(profile, at).maxValidityDays),
        days,
      );
      assert.deepEqual(
        moments.map((at) => profileAt(profile, at).reuseDays),
        reuse,
      );
    });
  }

  test('methods: mail is none from 2028-03-15 on', () => {
    const profile = profileOf('public-dv', 'methods: [email, dnsTxt]');
    const at = (day: string) => profileAt(profile, new Date(day)).methods;
    assert.deepEqual([at('2028-03-14'), at('2028-03-15')], [['email', 'dnsTxt'], ['dnsTxt']]);
  });

  test('a private profile has no schedule: it stays', () => {
    const profile = profileOf('private-dv', 'maxValidityDays: 825, methods: [email]');
    const { maxValidityDays, methods } = profileAt(profile, new Date('2035-01-01'));
    assert.deepEqual([maxValidityDays, methods], [825, ['email']]);
  });
});

describe('accepted', () => {
  const rows = [
    'public-dv: { includesCommonName: false, includesSubjectKeyId: false, backdateSeconds: 86400 }',
    'public-ov: { keyKinds: [P-256], methods: [dnsTxt], validationDays: 30, reuseDays: 200 }',
    'public-ev: { policyOids: [2.23.140.1.1, 1.3.6.1.4.1.99999.1] }', // one of the Forum's, and one of its own
    'public-dv: { checksCaa: true, wildcardByFile: false, allowsReservedIp: false, requiresKnownSuffix: true }',
    'private-dv: { checksCaa: true, wildcardByFile: false, allowsReservedIp: false, requiresKnownSuffix: true }',
    'private-ev: { keyKinds: [Ed25519], maxValidityDays: 825, backdateSeconds: 0, policyOids: [2.999.1] }',
    'private-ov: { policyOids: [2.23.140.1.2.2] }', // that of its level
  ];
  for (const row of rows) test(row, () => assert.deepEqual(problemsOf(row), []));
});

describe('refused: no certificate could come of it', () => {
  const lint = (rule: string, key = '') =>
    new RegExp(`lint would refuse every certificate${key && ` whose key is ${key}`} \\(rule ${rule}, `);
  const rows: readonly (readonly [profile: string, setting: string, value: string, said: RegExp])[] = [
    ['public-dv', 'checksCaa', 'false', /keeps the rules of public CAs, .* \(BR §3\.2\.2\.8\)/],
    ['public-ov', 'wildcardByFile', 'true', /\(BR §3\.2\.2\.4\.18\)/],
    ['public-dv', 'allowsReservedIp', 'true', /\(BR §4\.2\.2\)/],
    ['public-dv', 'requiresKnownSuffix', 'false', /\(BR §4\.2\.2\)/],
    ['public-ev', 'validationDays', '31', /30 days at most/],
    ['public-dv', 'reuseDays', '201', /200 days at most/],
    ['public-ov', 'methods', '[email]', /mail proves nothing from 2028-03-15 on/],
    ['public-dv', 'maxValidityDays', '201', lint('validity-public')],
    ['public-dv', 'maxValidityDays', '825', lint('validity-public')],
    ['public-ov', 'keyKinds', '[rsa, Ed25519]', lint('key-public', 'Ed25519')],
    ['public-ev', 'keyKinds', '[Ed25519]', lint('key-public')],
    ['public-dv', 'policyOids', '[]', lint('policy-one-reserved')],
    ['public-dv', 'policyOids', '[1.3.6.1.4.1.99999.1]', lint('policy-one-reserved')],
    ['public-dv', 'policyOids', '[2.23.140.1.2.2]', lint('policy-of-level')],
    ['private-dv', 'policyOids', '[2.23.140.1.1]', lint('policy-of-level')],
    ['private-ev', 'policyOids', '[2.5.29.32.0]', lint('policy-not-any')],
    ['private-ov', 'policyOids', '[1.2.3, 1.2.3]', lint('policies-unique')],
  ];
  for (const [profile, setting, value, said] of rows) {
    test(`${profile}: { ${setting}: ${value} }`, () => {
      const [problem, ...others] = problemsOf(`${profile}: { ${setting}: ${value} }`);
      assert.deepEqual(others, []);
      assert.ok(problem);
      assert.ok(problem.en.startsWith(`profiles.${profile}.${setting}: cannot be ${value}: `), problem.en);
      assert.ok(problem.zh.startsWith(`profiles.${profile}.${setting}：不能是 ${value}：`), problem.zh);
      assert.match(problem.en, said);
      assert.match(problem.en, /leave it out.* \(line 1\)$/);
      assert.match(problem.zh, /请.*删除此项.*（第 1 行）$/);
    });
  }

  test('every contradiction is named, each at its own setting', () => {
    const found = problemsOf('public-dv: { maxValidityDays: 398, policyOids: [], checksCaa: false }');
    const settings = found.map(({ en }) => en.slice(0, en.indexOf(':')));
    assert.deepEqual(settings.toSorted(), [
      'profiles.public-dv.checksCaa',
      'profiles.public-dv.maxValidityDays',
      'profiles.public-dv.policyOids',
    ]);
  });
});

describe('a policy is an object identifier', () => {
  const rows = ['1.40.1', '3.1', '0.99', '1.3.01', '2.', '1.2.1000000000000000', '1'];
  for (const oid of rows) {
    test(`not ${oid}`, () => {
      const [problem] = problemsOf(`private-dv: { policyOids: ["${oid}"] }`);
      assert.match(problem?.en ?? '', /^profiles\.private-dv\.policyOids\.0: must be an object identifier like/);
    });
  }
});
