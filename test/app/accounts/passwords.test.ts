import assert from 'node:assert/strict';
import { scryptSync } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  defaultPasswordCost,
  hashPassword,
  hashSecret,
  isPassword,
  isSecret,
} from '../../../src/app/accounts/passwords.ts';
import { cheapPasswordCost } from '../../support/cheap-secrets.ts';
import { cpuMs } from '../../support/cpu-time.ts';
import { createFakeRandomness } from '../../support/system.ts';

const random = createFakeRandomness();
const passwordCost = defaultPasswordCost;
/** A cheap hash, as an older version could have stored: the parameters stand in it. */
function cheapHash(password: string, salt = 'c2FsdHNhbHRzYWx0c2FsdA'): string {
  const key = scryptSync(password, Buffer.from(salt, 'base64url'), 32, { N: 16, r: 8, p: 1 });
  return `scrypt$16$8$1$${salt}$${key.toString('base64url')}`;
}

test('A password is stored with its cost and a salt of its own, and found again.', async () => {
  const [one, other] = await Promise.all([
    hashPassword('correct horse', { random, passwordCost }),
    hashPassword('correct horse', { random, passwordCost }),
  ]);
  // OWASP Password Storage Cheat Sheet: N=2^16, r=8, p=2.
  assert.match(one, /^scrypt\$65536\$8\$2\$[\w-]{22}\$[\w-]{43}$/);
  assert.notEqual(one, other, 'the same password twice does not look the same');
  const [, , , , salt = '', hash] = one.split('$');
  const options = { N: 65_536, r: 8, p: 2, maxmem: 2 ** 28 };
  assert.equal(scryptSync('correct horse', Buffer.from(salt, 'base64url'), 32, options).toString('base64url'), hash);
  assert.equal(await isPassword('correct horse', one, passwordCost), true);
  assert.equal(await isPassword('correct horsf', one, passwordCost), false);
});

describe('isPassword', () => {
  const hash = cheapHash('pässwörd');
  const rows: readonly (readonly [password: string, expected: boolean, why: string])[] = [
    ['pässwörd', true, 'the password'],
    ['pa\u0308sswo\u0308rd', true, 'the same from a keyboard that sends letter and dots apart (NFKC)'],
    ['ｐässwörd', true, 'the same with a full-width letter (NFKC)'],
    ['password', false, 'other letters'],
    ['Pässwörd', false, 'another case'],
    ['pässwörd ', false, 'a blank behind it'],
    ['', false, 'nothing'],
  ];
  for (const [password, expected, why] of rows) {
    test(`${why}: ${expected ? 'yes' : 'no'}`, async () =>
      assert.equal(await isPassword(password, hash, passwordCost), expected));
  }

  test('an empty password is one too', async () => {
    assert.equal(await isPassword('', cheapHash(''), passwordCost), true);
    assert.equal(await isPassword('x', cheapHash(''), passwordCost), false);
  });

  const unusable: readonly (readonly [hash: string | undefined, why: string])[] = [
    [undefined, 'no user'],
    ['', 'an empty hash'],
    ['!', 'a locked one'],
    ['bcrypt$16$8$1$c2FsdA$aGFzaA', 'a scheme we do not know'],
    ['scrypt$16$8$1$c2FsdA', 'a hash that is cut off'],
  ];
  for (const [hashText, why] of unusable) {
    test(`${why}: no`, async () => assert.equal(await isPassword('pässwörd', hashText, cheapPasswordCost), false));
  }

  test('a hash of another length: no', async () => {
    assert.equal(await isPassword('pässwörd', hash.slice(0, -3), passwordCost), false);
    assert.equal(await isPassword('pässwörd', `${hash.split('$').slice(0, 5).join('$')}$`, passwordCost), false);
  });

  test('an unknown user takes as long as a wrong password', async () => {
    // An eighth of the real cost is enough to be seen.
    const passwordCost = { ...defaultPasswordCost, N: defaultPasswordCost.N / 8 };
    const known = await hashPassword('correct horse', { random, passwordCost });
    const timed = async (passwordHash: string | undefined) => {
      const startedMs = cpuMs();
      await isPassword('wrong', passwordHash, passwordCost);
      return cpuMs() - startedMs;
    };
    const [wrongMs, unknownMs] = [await timed(known), await timed(undefined)];
    // Wide, since other tests run beside this one; without the work it would be a thousand times less.
    assert.ok(unknownMs > wrongMs / 8 && unknownMs < wrongMs * 8, `${wrongMs} ms and ${unknownMs} ms`);
  });
});

test('Secrets are compared by their SHA-256.', () => {
  const hash = hashSecret('secret');
  assert.equal(Buffer.from(hash).toString('hex'), '2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b');
  assert.equal(isSecret('secret', hash), true);
  for (const wrong of ['', 'Secret', 'secret ', 'secre']) assert.equal(isSecret(wrong, hash), false, wrong);
  assert.equal(isSecret('secret', new Uint8Array(32)), false, 'what an unknown key is compared with');
  assert.equal(isSecret('secret', hash.subarray(0, 31)), false);
});
