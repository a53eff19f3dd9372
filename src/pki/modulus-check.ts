/**
 * RSA moduli that are no product of different primes: a prime and the power of a prime have private keys that anybody can
 * compute from only the modulus.
 */
import { checkPrime } from 'node:crypto';

/**
 * Whether the modulus is prime. One round of Miller and Rabin distinguishes every honest modulus from a prime, with an error below
 * 4^-64 for those that OpenSSL then looks at longer: about 3 ms for RSA 2048 in another thread, 0.2 s for a prime one. Few
 * at a time, so that whoever sends prime moduli keeps no other work from Node's threads.
 */
export async function isPrime(modulus: Uint8Array): Promise<boolean> {
  if (running < testsAtOnce) running += 1;
  else await new Promise<void>((enter) => waiting.push(enter));
  try {
    return await new Promise((resolve, reject) => {
      checkPrime(modulus, { checks: 1 }, (error, result) => (error ? reject(error) : resolve(result)));
    });
  } finally {
    // Whoever leaves hands over its place.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

const testsAtOnce = 2;
const waiting: (() => void)[] = [];
let running = 0;

/**
 * Whether n is the power of a whole number, so also of a prime. n has no factor below `leastFactor`, and `remainders` are
 * its remainders modulo the odd primes below it: most exponents are ruled out by them, since only one in k numbers is a
 * k-th power modulo a prime p with k | p − 1. Some 10 µs.
 */
export function isPerfectPower(
  n: bigint,
  leastFactor: number,
  remainders: readonly (readonly [prime: number, remainder: number])[],
): boolean {
  const log2 = logarithm(n);
  const largest = Math.floor(log2 / Math.log2(leastFactor));
  for (const exponent of exponents) {
    if (exponent > largest) return false;
    const isPossible = remainders.every(
      ([prime, remainder]) =>
        (prime - 1) % exponent !== 0 || powerModulo(remainder, (prime - 1) / exponent, prime) === 1,
    );
    if (isPossible && isPower(n, { exponent, log2, remainders })) return true;
  }
  return false;
}

/** One small prime nearly always shows that a number is not a power, before anything large is multiplied. */
function isPower(
  n: bigint,
  {
    exponent,
    log2,
    remainders,
  }: {
    readonly exponent: number;
    readonly log2: number;
    readonly remainders: readonly (readonly [prime: number, remainder: number])[];
  },
): boolean {
  const root = rootOf(n, exponent, log2);
  const last = remainders.at(-1);
  if (last !== undefined) {
    const [prime, remainder] = last;
    if (powerModulo(Number(root % BigInt(prime)), exponent, prime) !== remainder) return false;
  }
  return root ** BigInt(exponent) === n;
}

/**
 * The only whole number that can be the root. The logarithm is exact for short ones; for the others Newton's method goes
 * on from its first 40 bits, just above the root, and each step doubles them.
 */
function rootOf(n: bigint, exponent: number, log2: number): bigint {
  const rootLog2 = log2 / exponent;
  if (rootLog2 < 40) return BigInt(Math.round(2 ** rootLog2));
  const shift = Math.floor(rootLog2) - 40;
  const k = BigInt(exponent);
  let x = (BigInt(Math.ceil(2 ** (rootLog2 - shift))) + 1n) << BigInt(shift);
  for (;;) {
    const next = ((k - 1n) * x + n / x ** (k - 1n)) / k;
    if (next >= x) return x;
    x = next;
  }
}

/** To about 50 bits. */
function logarithm(n: bigint): number {
  const hex = n.toString(16);
  const head = hex.slice(0, 14);
  return Math.log2(Number.parseInt(head, 16)) + (hex.length - head.length) * 4;
}

/** Primes: a power with any other exponent is one with a prime exponent as well. Enough for 4096 bits, and for twice as many. */
const exponents: readonly number[] = primesUpTo(1000);

function primesUpTo(limit: number): number[] {
  const primes: number[] = [];
  for (let n = 2; n <= limit; n += 1) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  return primes;
}

/** Of numbers below 2^26, whose products are exact. */
function powerModulo(base: number, exponent: number, modulus: number): number {
  let result = 1;
  let square = base % modulus;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = (result * square) % modulus;
    square = (square * square) % modulus;
  }
  return result;
}
