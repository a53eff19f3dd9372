/** Values that every noun writes in the same way. */
import type { Person } from '../../domain/account.ts';
import { formatMoney, type Money } from '../../domain/money.ts';
import type { Product } from '../../domain/product.ts';
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

/** In one order of the fields, whatever the order in which they were given. */
export function personToWire({ firstName, lastName, jobTitle, phone, email }: Person): Person {
  return { firstName, lastName, jobTitle, phone, email };
}

/** How native callers name a product of any dialect. */
export function productCodeOf(product: Pick<Product, 'dialect' | 'code'>): string {
  return `${product.dialect}:${product.code}`;
}
