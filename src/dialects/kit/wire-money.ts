/** Amounts as vendors write them, in major units: as a number or as a text, `256`, `"256.00"`, `"1,256.5"`. */
import { currencyDecimals, type Money } from '../../domain/money.ts';
import { looseText } from './loose.ts';

const decimal = /^(-?)(\d{1,12})(?:\.(\d{1,20}))?$/;

/** ISO 4217, in either case; undefined for what is no code. */
export function currencyFromWire(value: unknown): string | undefined {
  const code = looseText(value)?.toUpperCase();
  return code !== undefined && /^[A-Z]{3}$/.test(code) ? code : undefined;
}

/** Digits beyond the currency's are rounded half up: PHP writes 256.1 as 256.10000000000002. Null for what is no amount. */
export function moneyFromWire(value: unknown, currency: string): Money | null {
  const match = decimal.exec((looseText(value) ?? '').replaceAll(/,(?=\d{3}(\D|$))/g, ''));
  if (match === null) return null;
  const [, sign = '', whole = '', fraction = ''] = match;
  const decimals = currencyDecimals(currency);
  const digits = fraction.padEnd(decimals + 1, '0');
  // All in whole numbers: a float would lose cents (style: money is minor units).
  const cut = Number(whole + digits.slice(0, decimals));
  const minor = Number(digits[decimals] ?? '0') >= 5 ? cut + 1 : cut;
  return Number.isSafeInteger(minor) ? { minor: sign === '-' && minor !== 0 ? -minor : minor, currency } : null;
}
