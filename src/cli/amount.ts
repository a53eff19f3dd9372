/** Amounts of money as people write them. */
import { currencyDecimals } from '../domain/money.ts';
import { UsageError } from './failure.ts';

/** `500.00` of CNY is 50000. More decimals than the currency has are refused, not rounded. */
export function minorUnits(text: string, currency: string): number {
  const decimals = currencyDecimals(currency);
  const match = /^(-?)([0-9]{1,12})(?:\.([0-9]+))?$/.exec(text);
  const fraction = match?.[3] ?? '';
  if (match === null || fraction.length > decimals) {
    throw new UsageError(`${JSON.stringify(text)} is not an amount of ${currency}`, 'write it like 500 or 500.00');
  }
  const minor = Number(`${match[2]}${fraction.padEnd(decimals, '0')}`);
  return match[1] === '-' ? -minor : minor;
}
