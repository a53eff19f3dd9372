/** The rules of public CAs change at known times (BR §6.3.2, §4.2.1, §3.2.2.4.4). */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultProfiles, profileAt } from '../../src/domain/profile.ts';

const profileOf = (id: string) => defaultProfiles.find((profile) => profile.id === id) ?? assert.fail(id);

describe('a profile by the rules of public CAs', () => {
  const rows: readonly (readonly [at: string, days: number, reuse: number, byMail: boolean])[] = [
    ['2026-11-30T00:00:00Z', 199, 199, true],
    ['2027-03-14T23:59:59Z', 199, 199, true],
    ['2027-03-15T00:00:00Z', 99, 99, true],
    ['2028-03-15T00:00:00Z', 99, 99, false],
    ['2029-03-15T00:00:00Z', 46, 9, false],
    ['2040-01-01T00:00:00Z', 46, 9, false],
  ];
  for (const [at, days, reuse, byMail] of rows) {
    it(`at ${at}: certificates of ${days} days, proofs of ${reuse}, mail ${byMail ? 'allowed' : 'not allowed'}`, () => {
      for (const id of ['public-dv', 'public-ov', 'public-ev']) {
        const { maxValidityDays, reuseDays, methods } = profileAt(profileOf(id), new Date(at));
        assert.deepEqual([maxValidityDays, reuseDays, methods.includes('email')], [days, reuse, byMail]);
      }
    });
  }
});

it('a private profile stays as it is', () => {
  const profile = profileOf('private-dv');
  assert.equal(profileAt(profile, new Date('2040-01-01T00:00:00Z')), profile);
});
