/** Amounts as vendors write them: JSON numbers or texts, in major units. */
import { currencyDecimals, type Money } from '../../domain/money.ts';

/**
 * The amount in minor units, by its decimal digits: PHP writes 256.1 as 256.10000000000002. Digits beyond the currency's are rounded.
 * @returns null for what is no amount
 */
export function moneyFromWire(value: unknown, currency: string): Money | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  const [, sign, whole = '', fraction = ''] = /^(-?)(\d{1,3}(?:,\d{3})+|\d{1,12})(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === '') return null;
  const decimals = currencyDecimals(currency);
  const digits = whole.replaceAll(',', '') + fraction.padEnd(decimals, '0').slice(0, decimals);
  const amount = Number(digits) + (Number(fraction.charAt(decimals)) >= 5 ? 1 : 0);
  return { minor: sign === '-' && amount !== 0 ? -amount : amount, currency };
}

/** A number that may be written as text; null for what is none. */
export function numberFromWire(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  const text = typeof value === 'string' ? value.trim().replaceAll(',', '') : '';
  return /^-?\d{1,12}(?:\.\d*)?$/.test(text) ? Number(text) : null;
}
