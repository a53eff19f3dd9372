/** The APIs that the quickstart can play the customer of. */

import { acmeScript } from './acme-customer.ts';
import type { CustomerScript } from './customer.ts';
import { digicertScript } from './digicert-customer.ts';
import { encryption365Script } from './encryption365-customer.ts';
import { httpsokScript } from './httpsok-customer.ts';
import { racentScript } from './racent-customer.ts';
import { wosignScript } from './wosign-customer.ts';

const scripts: readonly CustomerScript[] = [
  encryption365Script,
  wosignScript,
  httpsokScript,
  racentScript,
  digicertScript,
  acmeScript,
];

/** The values of `--api`, besides `all`. */
export const quickstartApis: readonly string[] = scripts.map(({ api }) => api);

/** The value of `--api` for one after the other. */
export const everyApi = 'all';

/** @throws {Error} for people, naming the APIs there are */
export function scriptOf(api: string): CustomerScript {
  const script = scripts.find((candidate) => candidate.api === api);
  if (script !== undefined) return script;
  throw new Error(`the quickstart has no API "${api}"; it knows ${quickstartApis.join(', ')} and ${everyApi}`);
}
