/** Rules about the subject's public key (BR §6.1.5, §6.1.6, §7.1.3.1). */
import { hash } from 'node:crypto';
import { CertError } from '../../../domain/errors.ts';
import { DerReader } from '../../der-reader.ts';
import type { LintedKey, Tbs } from '../read-certificate.ts';
import type { CertificateRule } from '../rule.ts';

const certificates = ['leaf', 'intermediate', 'root'] as const;

interface RsaKey {
  readonly modulus: Buffer;
  readonly exponent: Buffer;
}

/** Several rules ask for it, of the same certificate. */
const rsaKeys = new WeakMap<LintedKey, RsaKey | 'unreadable'>();

function rsaKeyOf(key: LintedKey): RsaKey | 'unreadable' | undefined {
  if (key.kind !== 'rsa') return undefined;
  const known = rsaKeys.get(key);
  if (known !== undefined) return known;
  const read = readRsaKey(key.bits);
  rsaKeys.set(key, read);
  return read;
}

function readRsaKey(bits: Buffer): RsaKey | 'unreadable' {
  try {
    const reader = new DerReader(bits, 'the key');
    const numbers = reader.sequence();
    const key = { modulus: numbers.unsigned(), exponent: numbers.unsigned() };
    numbers.finish();
    reader.finish();
    return key;
  } catch (thrown) {
    if (thrown instanceof CertError) return 'unreadable';
    throw thrown;
  }
}

function rsa(isWrong: (key: RsaKey) => string | undefined): CertificateRule['find'] {
  return ({ key }) => {
    const read = rsaKeyOf(key);
    return read === undefined || read === 'unreadable' ? undefined : isWrong(read);
  };
}

function bitLength(magnitude: Buffer): number {
  return magnitude.length * 8 - Math.clz32(magnitude[0] ?? 0) + 24;
}

/** Octets of an uncompressed point (SEC 1 §2.3.3), which BR §6.1.5 and RFC 5480 §2.2 know; of Ed25519 those of RFC 8032. */
const octets = { 'P-256': 65, 'P-384': 97, 'P-521': 133, Ed25519: 32 } as const;

function hasRightForm(key: LintedKey): boolean {
  const { kind, bits } = key;
  if (kind === undefined) return true;
  if (kind === 'rsa') return rsaKeyOf(key) !== 'unreadable';
  return bits.length === octets[kind] && (kind === 'Ed25519' || bits[0] === 4);
}

/** RFC 7093 §2 method 1, and RFC 5280 §4.2.1.2 method 1. */
function isKeyIdOf(keyId: Buffer, { key: { bits } }: Tbs): boolean {
  return hash('sha256', bits, 'buffer').subarray(0, 20).equals(keyId) || hash('sha1', bits, 'buffer').equals(keyId);
}

export const keyRules: readonly CertificateRule[] = [
  {
    id: 'key-algorithm',
    source: 'BR §7.1.3.1, RFC 8410 §3',
    kinds: certificates,
    demand: {
      en: 'the key is RSA, P-256, P-384, P-521 or Ed25519, and says so byte for byte as it must',
      zh: '密钥为 RSA、P-256、P-384、P-521 或 Ed25519，算法标识逐字节正确',
    },
    find: ({ key }) => (key.kind === undefined ? key.identifier.toString('hex') : undefined),
  },
  {
    id: 'key-public',
    source: 'BR §6.1.5',
    kinds: ['leaf'],
    only: 'public',
    demand: { en: 'the key of a public profile is RSA or on a NIST curve', zh: '公共模板的密钥为 RSA 或 NIST 曲线' },
    find: ({ key: { kind } }) => (kind === 'Ed25519' ? kind : undefined),
  },
  {
    id: 'key-form',
    source: 'RFC 3279 §2.3.1, RFC 5480 §2.2, RFC 8410 §4',
    kinds: certificates,
    demand: {
      en: 'the bits of the key are what its algorithm has: two numbers, or a point that is not compressed',
      zh: '密钥的内容符合其算法：两个整数，或未压缩的点',
    },
    find: ({ key }) => (hasRightForm(key) ? undefined : `${key.kind}: ${key.bits.length}, ${key.bits[0]}`),
  },
  {
    id: 'rsa-size',
    source: 'BR §6.1.5',
    kinds: certificates,
    demand: { en: 'an RSA modulus has at least 2048 bits', zh: 'RSA 模数不少于 2048 位' },
    find: rsa(({ modulus }) => (bitLength(modulus) >= 2048 ? undefined : `${bitLength(modulus)}`)),
  },
  {
    id: 'rsa-whole-octets',
    source: 'BR §6.1.5',
    kinds: certificates,
    demand: { en: 'the bits of an RSA modulus are divisible by 8', zh: 'RSA 模数的位数是 8 的倍数' },
    find: rsa(({ modulus }) => (bitLength(modulus) % 8 === 0 ? undefined : `${bitLength(modulus)}`)),
  },
  {
    id: 'rsa-modulus-odd',
    source: 'BR §6.1.6',
    kinds: certificates,
    demand: { en: 'an RSA modulus is odd', zh: 'RSA 模数为奇数' },
    find: rsa(({ modulus }) => (((modulus.at(-1) ?? 0) & 1) === 1 ? undefined : modulus.subarray(-4).toString('hex'))),
  },
  {
    id: 'rsa-exponent',
    source: 'BR §6.1.6',
    kinds: certificates,
    demand: {
      en: 'an RSA exponent is odd, at least 65537 and below 2^256',
      zh: 'RSA 指数为奇数，不小于 65537 且小于 2^256',
    },
    find: rsa(({ exponent }) => {
      const isLarge = exponent.length > 2 && exponent.length <= 32;
      return isLarge && ((exponent.at(-1) ?? 0) & 1) === 1 ? undefined : exponent.toString('hex');
    }),
  },
  {
    id: 'subject-key-id',
    source: 'RFC 5280 §4.2.1.2, RFC 7093 §2',
    kinds: certificates,
    demand: {
      en: "a subject key identifier is a hash of the subject's own key",
      zh: '主体密钥标识符为其自身公钥的散列值',
    },
    find: (tbs) => {
      const { subjectKeyId } = tbs.contents;
      return subjectKeyId === undefined || isKeyIdOf(subjectKeyId, tbs) ? undefined : subjectKeyId.toString('hex');
    },
  },
];
