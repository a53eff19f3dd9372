/** Refuses keys whose private half others can find (BR §6.1.1.3, §6.1.6). Pure arithmetic, cheap for curves. */
import { refuse } from '../domain/errors.ts';
import { isPerfectPower, isPrime } from './modulus-check.ts';
import type { Curve, CurvePoint, PublicKey, RsaNumbers } from './public-key.ts';

/**
 * Lists of weak keys and reports of compromised ones are data, not arithmetic: the caller looks the key's fingerprints up.
 * Whether a modulus is prime takes too long for the calling thread: `checkModulus`.
 * @throws {CertError} keyRsaSize, keyRsaExponent, keyRsaModulus, keyNotOnCurve
 */
export function checkPublicKey(key: PublicKey): void {
  if (key.type === 'rsa') checkRsa(key.rsa, key.algorithm.type === 'rsa' ? key.algorithm.bits : 0);
  if (key.type === 'ec') checkPoint(key.point);
}

/** The rest of `checkPublicKey`, in another thread. Nothing for curves. @throws {CertError} keyRsaModulus */
export async function checkModulus(key: PublicKey): Promise<void> {
  if (key.type === 'rsa' && (await isPrime(key.rsa.modulus))) {
    throw refuse('keyRsaModulus', { detail: { fault: 'prime' } });
  }
}

/** BR §6.1.6, NIST SP 800-56A §5.6.2.3.3: coordinates in range and on the curve. The cofactor is 1, so that is all. */
function checkPoint({ curve, x: xBytes, y: yBytes }: CurvePoint): void {
  const { p, b } = curveParameters[curve];
  const x = toBigInt(xBytes);
  const y = toBigInt(yBytes);
  const isOnCurve = x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
  if (!isOnCurve) throw refuse('keyNotOnCurve', { curve });
}

/** FIPS 186-4 §D.1.2: y² = x³ − 3x + b (mod p). */
const curveParameters: Readonly<Record<Curve, { readonly p: bigint; readonly b: bigint }>> = {
  'P-256': {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    p: 2n ** 521n - 1n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
};

function checkRsa({ modulus, exponent }: RsaNumbers, bits: number): void {
  // BR §6.1.5: at least 2048 bits, divisible by 8. 4096 is our own ceiling: larger keys only make everybody slow.
  if (bits < 2048 || bits > 4096 || bits % 8 !== 0) throw refuse('keyRsaSize', { bits });
  // BR §6.1.6: odd and, as recommended there, between 2^16+1 and 2^256−1. 3 is legal by the letter; nobody sends it.
  const isOdd = ((exponent.at(-1) ?? 0) & 1) === 1;
  if (exponent.length > 32 || !isOdd || toBigInt(exponent) <= 65536n) {
    throw refuse('keyRsaExponent', {
      exponent: exponent.length > 8 ? `of ${exponent.length} bytes` : `${toBigInt(exponent)}`,
    });
  }
  if (((modulus.at(-1) ?? 0) & 1) === 0) throw refuse('keyRsaModulus', { detail: { fault: 'even' } });
  const n = toBigInt(modulus);
  const remainders = smallRemainders(n);
  // BR §6.1.6: no factors smaller than 752.
  const factor = remainders.find(([, remainder]) => remainder === 0)?.[0];
  if (factor !== undefined) throw refuse('keyRsaModulus', { detail: { fault: 'divisible', factor } });
  if (hasRocaFingerprint(remainders)) {
    throw refuse('keyRsaModulus', { detail: { fault: 'roca' } });
  }
  // BR §6.1.6: not the power of a prime. A square is one of them, which Fermat's method would call close factors.
  if (isPerfectPower(n, leastFactor, remainders)) throw refuse('keyRsaModulus', { detail: { fault: 'power' } });
  if (hasCloseFactors(n)) throw refuse('keyRsaModulus', { detail: { fault: 'closeFactors' } });
}

const leastFactor = 752;
const smallPrimes: readonly number[] = oddPrimesBelow(leastFactor);

/** Products of primes below 2^48: one long division for each instead of one for each prime. */
const primeGroups: readonly { readonly product: bigint; readonly primes: readonly number[] }[] =
  groupPrimes(smallPrimes);

function smallRemainders(n: bigint): [prime: number, remainder: number][] {
  return primeGroups.flatMap(({ product, primes }) => {
    const rest = Number(n % product);
    return primes.map((prime): [number, number] => [prime, rest % prime]);
  });
}

/**
 * ROCA: both factors are k·M + (65537^a mod M) with M the product of the first primes, so the modulus is a power of
 * 65537 modulo each of them. An honest modulus is with a probability below 2^-27.
 * @see Nemec et al., "The Return of Coppersmith's Attack", 2017, §2.2
 */
function hasRocaFingerprint(remainders: readonly [prime: number, remainder: number][]): boolean {
  return remainders.every(([prime, remainder]) => rocaPowers.get(prime)?.has(remainder) ?? true);
}

const rocaPowers: ReadonlyMap<number, ReadonlySet<number>> = new Map(
  smallPrimes.filter((prime) => prime <= 167).map((prime) => [prime, powersOf(65537 % prime, prime)]),
);

/** BR §6.1.1.3 (4): 100 rounds of Fermat's method. */
function hasCloseFactors(n: bigint): boolean {
  const root = integerSquareRoot(n);
  let a = root * root === n ? root : root + 1n;
  let difference = a * a - n;
  for (let round = 0; round < 100; round += 1) {
    if (isSquare(difference)) return true;
    difference += 2n * a + 1n;
    a += 1n;
  }
  return false;
}

/** Most numbers are no squares modulo 64 or modulo 3465 = 3²·5·7·11, which is cheap to see. */
function isSquare(n: bigint): boolean {
  if (!squaresModulo64.has(Number(BigInt.asUintN(6, n)))) return false;
  if (!squaresModulo3465.has(Number(n % 3465n))) return false;
  return integerSquareRoot(n) ** 2n === n;
}

const squaresModulo64: ReadonlySet<number> = squaresModulo(64);
const squaresModulo3465: ReadonlySet<number> = squaresModulo(3465);

/** The floor of the square root: Newton's method from above. */
function integerSquareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  const bits = n.toString(16).length * 4;
  let x = 1n << BigInt((bits >> 1) + 1);
  for (;;) {
    const next = (x + n / x) >> 1n;
    if (next >= x) return x;
    x = next;
  }
}

function toBigInt(magnitude: Buffer): bigint {
  return magnitude.length === 0 ? 0n : BigInt(`0x${magnitude.toString('hex')}`);
}

function oddPrimesBelow(limit: number): number[] {
  const primes: number[] = [];
  for (let n = 3; n < limit; n += 2) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}

function groupPrimes(primes: readonly number[]): { product: bigint; primes: number[] }[] {
  const groups: { product: bigint; primes: number[] }[] = [];
  for (const prime of primes) {
    const last = groups.at(-1);
    if (last !== undefined && last.product * BigInt(prime) < 2n ** 48n) {
      last.product *= BigInt(prime);
      last.primes.push(prime);
    } else {
      groups.push({ product: BigInt(prime), primes: [prime] });
    }
  }
  return groups;
}

function powersOf(base: number, modulus: number): Set<number> {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * base) % modulus) powers.add(power);
  return powers;
}

function squaresModulo(modulus: number): Set<number> {
  return new Set(Array.from({ length: modulus }, (_, n) => (n * n) % modulus));
}
