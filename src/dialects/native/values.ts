/** Values that every noun reads and writes in the same way. */
import type { Person } from '../../domain/account.ts';
import type { Reference } from '../../domain/caller.ts';
import { formatMoney, type Money } from '../../domain/money.ts';
import type { WireMoney } from './schema.ts';

export function moneyToWire(money: Money): WireMoney {
  return { minor: money.minor, currency: money.currency, amount: formatMoney(money) };
}

export function timeToWire(date: Date): string {
  return date.toISOString();
}

export function optionalTimeToWire(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}

/** Fields in a fixed order, whatever their order in the request. */
export function personToWire({ firstName, lastName, jobTitle, phone, email }: Person): Person {
  return { firstName, lastName, jobTitle, phone, email };
}

/** By id, or by the number that people use. */
export function referenceFromWire(text: string): Reference {
  return /^[0-9]{1,10}$/.test(text) ? { number: Number(text) } : { id: text };
}
