/** What the operator makes for a new customer: an account with money, and the way in that its software knows. */

import type { NativeClient } from '../dialects/native/client.ts';
import type { WireAccount } from '../dialects/native/schema.ts';
import { base32 } from '../domain/ids.ts';
import type { Randomness } from '../domain/ports/system.ts';
import type { Customer, CustomerOptions, CustomerScript, KeyScript, Login, LoginScript } from './customer.ts';

export interface NewCustomer extends Entrance {
  readonly account: WireAccount;
}

interface Entrance {
  /** What a person enters in the customer's software, and what each is. */
  readonly access: readonly (readonly [text: string, meaning: string])[];
  /** The customer's software with that entered. */
  open(options: CustomerOptions): Customer;
}

interface Making {
  readonly random: Randomness;
  readonly signal: AbortSignal;
}

const openingMinor = 500_000;

export async function makeCustomer(
  operator: NativeClient,
  script: CustomerScript,
  making: Making,
): Promise<NewCustomer> {
  const { signal } = making;
  const { currency = 'CNY' } = script;
  const { id } = await operator.accounts.create({ name: 'Quickstart Hosting', currency }, { signal });
  await operator.accounts.credit({ account: id, minor: openingMinor, currency, note: 'opening balance' }, { signal });
  const entrance = await makeEntrance(operator, script, id, making);
  return { account: await operator.accounts.show({ account: id }, { signal }), ...entrance };
}

function makeEntrance(
  operator: NativeClient,
  script: CustomerScript,
  account: string,
  making: Making,
): Promise<Entrance> {
  switch (script.entersBy) {
    case 'login':
      return makeLogin(operator, script, account, making);
    case 'key':
      return makeKey(operator, script, account, making);
    case 'acmeKey':
      return makeAcmeKey(operator, script, account, making);
  }
}

async function makeLogin(
  operator: NativeClient,
  script: LoginScript,
  account: string,
  { random, signal }: Making,
): Promise<Entrance> {
  const login: Login = { username: 'quickstart', password: base32(random.bytes(15)) };
  await operator.users.create({ account, ...login }, { signal });
  return {
    access: [[`${login.username} / ${login.password}`, 'user name and password of the customer']],
    open: (options) => script.createCustomer(options, login),
  };
}

async function makeKey(
  operator: NativeClient,
  script: KeyScript,
  account: string,
  { signal }: Making,
): Promise<Entrance> {
  const request = { account, dialect: script.api, label: 'quickstart' };
  const { clientSettings: key } = await operator.credentials.create(request, { signal });
  return {
    access: Object.entries(key).map(([name, value]) => [value, `${name} of the customer`]),
    open: (options) => script.createCustomer(options, key),
  };
}

/** What the certificates of ACME clients are sold as: a product of another front door. */
const acmeProduct = 'encryption365:100';
/** The front door that sells it. */
export const acmeProductDialect = 'encryption365';

async function makeAcmeKey(
  operator: NativeClient,
  script: KeyScript,
  account: string,
  { signal }: Making,
): Promise<Entrance> {
  const request = { account, name: 'quickstart', productCode: acmeProduct };
  const { key, directoryUrl, hmacKey } = await operator.acmeKeys.create(request, { signal });
  const settings = { directoryUrl, keyId: key.keyId, hmacKey };
  return {
    access: [
      [directoryUrl, 'directory, for an ACME client of the customer'],
      [key.keyId, 'its external account key id'],
      [hmacKey, 'its external account key'],
    ],
    open: (options) => script.createCustomer(options, settings),
  };
}
