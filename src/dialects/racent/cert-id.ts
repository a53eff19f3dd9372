/** `certId`: what the vendor's clients know of an order. One for each issuance, as at the vendor; ours is the issuance's proof reference. */
import type { Randomness } from '../../domain/ports/system.ts';
import { formatWireTime, type UtcOffset } from '../kit/wire-time.ts';

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const randomLength = 10;

/** `260113vghhracpaw`: the day, then 51 random bits. */
export function newCertId(now: Date, random: Randomness, offset: UtcOffset): string {
  const day = formatWireTime(now, offset).slice(2, 10).replaceAll('-', '');
  return day + randomText(random);
}

function randomText(random: Randomness): string {
  let text = '';
  while (text.length < randomLength) {
    for (const byte of random.bytes(16)) {
      // 252 is the largest multiple of 36 in a byte: what lies above would favour the first digits.
      if (byte < 252 && text.length < randomLength) text += base36[byte % 36];
    }
  }
  return text;
}
