/** Rules about the serial number (RFC 5280 §4.1.2.2). */
import type { CertificateRule } from '../rule.ts';

const certificates = ['leaf', 'intermediate', 'root'] as const;

export const serialRules: readonly CertificateRule[] = [
  {
    id: 'serial-positive',
    source: 'RFC 5280 §4.1.2.2, BR §7.1',
    kinds: certificates,
    demand: { en: 'the serial number is greater than zero', zh: '序列号大于零' },
    find: ({ serial }) => {
      const isPositive = (serial[0] ?? 0) < 0x80 && serial.some((byte) => byte !== 0);
      return isPositive ? undefined : serial.toString('hex');
    },
  },
  {
    id: 'serial-length',
    source: 'RFC 5280 §4.1.2.2',
    kinds: certificates,
    demand: { en: 'the serial number has at most 20 octets', zh: '序列号不超过 20 字节' },
    find: ({ serial }) => (serial.length <= 20 ? undefined : `${serial.length}`),
  },
  {
    id: 'serial-random',
    source: 'BR §7.1',
    kinds: certificates,
    demand: {
      en: 'the serial number is long enough for 64 random bits',
      zh: '序列号的长度足以容纳 64 位随机数',
    },
    // Whether they are random cannot be seen; that there is no place for them can.
    find: ({ serial }) => {
      const octets = serial[0] === 0 ? serial.length - 1 : serial.length;
      return octets >= 8 ? undefined : serial.toString('hex');
    },
  },
];
