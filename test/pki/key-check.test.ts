import assert from 'node:assert/strict';
import { getDiffieHellman } from 'node:crypto';
import { test } from 'node:test';
import { generateKey } from '../../src/pki/key.ts';
import { checkModulus, checkPublicKey } from '../../src/pki/key-check.ts';
import { keyAlgorithmName, keyIdentifier, parsePublicKey, spkiSha256 } from '../../src/pki/public-key.ts';
import { createAuthorityKeys } from '../support/cheap-secrets.ts';
import { certError, keyAlgorithms, rsaSpki, withOpenSsl } from './support.ts';

const check = (modulus: bigint, exponent?: bigint) => checkPublicKey(parsePublicKey(rsaSpki(modulus, exponent)));

for (const algorithm of [...keyAlgorithms, { type: 'rsa', bits: 3072 } as const]) {
  test(`Fresh keys of type ${keyAlgorithmName(algorithm)} pass.`, async () => {
    for (let i = 0; i < (algorithm.type === 'rsa' ? 1 : 5); i += 1) {
      const key = parsePublicKey((await generateKey(algorithm)).spkiDer);
      assert.deepEqual(key.algorithm, algorithm);
      checkPublicKey(key);
    }
  });
}

/** The least number from `start` on without a factor below `limit`: as good as a prime for checks that do not test primality. */
function roughFrom(start: bigint, limit = 800n): bigint {
  for (let n = start | 1n; ; n += 2n) {
    let isRough = true;
    for (let factor = 3n; factor < limit && isRough; factor += 2n) isRough = n % factor !== 0n;
    if (isRough) return n;
  }
}

const p = roughFrom(0xf3n << 1016n);
const q = roughFrom(0xe7n << 1016n);
const close = roughFrom(p + 2n);
const good = p * q;

/** The flawed library of ROCA: each factor is k·M + (65537^a mod M), M the product of the first 126 primes. */
function rocaFactor(k: bigint, a: number): bigint {
  let product = 1n;
  for (let n = 2n, count = 0; count < 126; n += 1n) {
    if (Array.from({ length: Number(n) - 2 }, (_, i) => BigInt(i + 2)).some((divisor) => n % divisor === 0n)) continue;
    product *= n;
    count += 1;
  }
  return k * product + (65537n ** BigInt(a) % product);
}

const roca = rocaFactor((1n << 53n) - 1n, 41) * rocaFactor((1n << 53n) - 9n, 97);

const rows: readonly (readonly [what: string, modulus: bigint, exponent: bigint, message: string])[] = [
  ['1024 bits', 2n ** 1023n + 1n, 65537n, 'the RSA key has 1024 bits; 2048 to 4096 are accepted, in steps of 8'],
  ['2047 bits', good >> 1n, 65537n, 'the RSA key has 2047 bits; 2048 to 4096 are accepted, in steps of 8'],
  ['2052 bits', good << 4n, 65537n, 'the RSA key has 2052 bits; 2048 to 4096 are accepted, in steps of 8'],
  ['4104 bits', 1n << 4103n, 65537n, 'the RSA key has 4104 bits; 2048 to 4096 are accepted, in steps of 8'],
  ['exponent 1', good, 1n, 'the RSA public exponent 1 is not accepted; use 65537'],
  ['exponent 3', good, 3n, 'the RSA public exponent 3 is not accepted; use 65537'],
  ['an even exponent', good, 65538n, 'the RSA public exponent 65538 is not accepted; use 65537'],
  ['exponent 2^256 + 1', good, 2n ** 256n + 1n, 'the RSA public exponent of 33 bytes is not accepted; use 65537'],
  ['an even modulus', good + 1n, 65537n, 'the RSA modulus is weak: it is even'],
  ['the factor 3', nextMultiple(3n), 65537n, 'the RSA modulus is weak: it is divisible by 3'],
  ['the factor 751', nextMultiple(751n), 65537n, 'the RSA modulus is weak: it is divisible by 751'],
  ['ROCA', roca, 65537n, 'the RSA modulus is weak: it was made by a chip with the ROCA flaw (CVE-2017-15361)'],
  [
    'close factors',
    p * close,
    65537n,
    'the RSA modulus is weak: its factors are close together (Fermat factorization)',
  ],
  ...[2, 3, 5, 7, 31, 53, 97, 127, 199].map((exponent): (typeof rows)[number] => [
    `a modulus that is a number to the power of ${exponent}`,
    powerOf2048Bits(exponent),
    65537n,
    'the RSA modulus is weak: it is a power of a single number, so anybody can compute the private key',
  ]),
];

/** The least power of 2048 bits whose root has no small factor. */
function powerOf2048Bits(exponent: number): bigint {
  const k = BigInt(exponent);
  let [low, high] = [1n, 1n << BigInt(Math.ceil(2048 / exponent) + 1)];
  while (low + 1n < high) {
    const middle = (low + high) / 2n;
    if (middle ** k < 1n << 2047n) low = middle;
    else high = middle;
  }
  return roughFrom(high) ** k;
}

/** An odd modulus of 2048 bits that this prime divides and no smaller one. */
function nextMultiple(prime: bigint): bigint {
  return prime * roughFrom(good / prime, prime);
}

for (const [what, modulus, exponent, message] of rows) {
  test(`An RSA key with ${what} is refused.`, () => {
    assert.throws(() => check(modulus, exponent), certError('badKey', message));
  });
}

test('An RSA key with factors apart, and exponents from 65537 to 2^256 − 1, are accepted.', () => {
  check(good);
  check(good, 65539n);
  check(good, 2n ** 256n - 1n);
});

const groupPrime = (name: string) => BigInt(`0x${getDiffieHellman(name).getPrime('hex')}`);

test('A prime modulus of any length is refused, and no product of two primes is.', async () => {
  // Of 2048, 2056 and 3072 bits: groups 14 and 15 of RFC 3526, and the largest below 2^2056. Finding one takes seconds.
  const primes = [groupPrime('modp14'), 2n ** 2056n - 1037n, groupPrime('modp15')];
  for (const modulus of primes) {
    const prime = parsePublicKey(rsaSpki(modulus));
    checkPublicKey(prime);
    const message = 'the RSA modulus is weak: it is prime, so anybody can compute the private key';
    await assert.rejects(checkModulus(prime), certError('badKey', message));
  }
  // More of them at once than may be tested at once.
  const newKey = createAuthorityKeys();
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const { spkiDer } = await newKey({ type: 'rsa', bits: 2048 });
      await checkModulus(parsePublicKey(spkiDer));
    }),
  );
});

test('Fermat factorization finds factors at the far end of its 100 rounds, and gives up after them.', () => {
  // The rounds count from the ceiling of √n: a = (p+q)/2, and a − √n ≈ (p−q)²/(8√n).
  const gapOfRounds = (rounds: bigint) => {
    const target = rounds * 8n * p;
    let gap = 1n << BigInt(target.toString(2).length / 2);
    for (let i = 0; i < 1100; i += 1) gap = (gap + target / gap) >> 1n;
    return roughFrom(p + gap);
  };
  assert.throws(() => check(p * gapOfRounds(95n)), certError('badKey', /Fermat/));
  check(p * gapOfRounds(110n));
});

test('The key identifier is the leftmost 160 bits of the SHA-256 of the key bits (RFC 7093 §2 method 1).', async () => {
  const { spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const digest = withOpenSsl(({ write, run }) => {
    write('point', spkiDer.subarray(-65));
    return run('dgst', '-sha256', '-r', 'point').slice(0, 40);
  });
  assert.equal(keyIdentifier(spkiDer).toString('hex'), digest);
  assert.match(spkiSha256(spkiDer), /^[0-9a-f]{64}$/);
});
