/** Amounts as people type them. How many decimals a currency has is read from an amount that the API wrote: `256.00 CNY`. */
import type { Reply } from '../api/call.ts';

export type Money = Reply<'accounts', 'show'>['balance'];

function decimalsOf({ amount }: Money): number {
  return /\.(\d+)/.exec(amount)?.[1]?.length ?? 0;
}

/** Null: it is no amount. `1,000.5` and `１０００` are read as they are meant. */
export function minorOf(typed: string, like: Money): number | null {
  const plain = typed.normalize('NFKC').replaceAll(/[\s,]/g, '');
  const decimals = decimalsOf(like);
  const [, sign = '', whole = '', fraction = ''] = /^([+-]?)(\d{1,12})(?:\.(\d*))?$/.exec(plain) ?? [];
  if (whole === '' || fraction.length > decimals) return null;
  const minor = Number(`${whole}${fraction.padEnd(decimals, '0')}`);
  return sign === '-' ? -minor : minor;
}

export function majorOf({ minor }: Money, like: Money): string {
  const decimals = decimalsOf(like);
  return (minor / 10 ** decimals).toFixed(decimals);
}
