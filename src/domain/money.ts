/** Money: integer minor units with an ISO 4217 currency. Never a float. */

export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** Most minor units that one credit adds or takes: far more than certificates cost, and a thousand of them still add up exactly. */
export const largestCreditMinor = 1_000_000_000_000;

/** Most minor units that a name costs for one period. */
export const largestPriceMinor = 1_000_000_000;

// ISO 4217: the currencies without two decimals that a certificate is ever sold in.
const decimals: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, VND: 0 };

export function currencyDecimals(currency: string): number {
  return decimals[currency] ?? 2;
}

/** The amount in major units as a JSON number: 25600 minor CNY is 256. */
export function toMajor(minor: number, currency: string): number {
  return minor / 10 ** currencyDecimals(currency);
}

/** `256.00 CNY`, for messages and tables. */
export function formatMoney(money: Money): string {
  return `${toMajor(money.minor, money.currency).toFixed(currencyDecimals(money.currency))} ${money.currency}`;
}
