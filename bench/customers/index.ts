/** The APIs that the benchmark plays the customer of. */
import { acme } from './acme.ts';
import type { CustomerScript } from './customer.ts';
import { digicert } from './digicert.ts';
import { encryption365 } from './encryption365.ts';
import { httpsok } from './httpsok.ts';
import { native } from './native.ts';
import { racent } from './racent.ts';
import { wosign } from './wosign.ts';

export const customers: readonly CustomerScript[] = [encryption365, wosign, httpsok, digicert, racent, native, acme];

/** The value of `--api` for one after the other. */
export const everyApi = 'all';

/** @throws {Error} for people, naming the APIs there are */
export function customersOf(api: string): readonly CustomerScript[] {
  const chosen = customers.filter((customer) => api === everyApi || customer.api === api);
  if (chosen.length > 0) return chosen;
  const known = customers.map((customer) => customer.api).join(', ');
  throw new Error(`the benchmark has no API "${api}"; it knows ${known} and ${everyApi}`);
}
