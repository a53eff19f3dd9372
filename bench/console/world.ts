/** The server whose console is measured: very many orders, most of them in one account, an operator, and somebody who sees only that account. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { operatorToken } from '../../test/support/server-process.ts';
import { fetchRequest } from '../customers/customer.ts';
import { fillTo, openStores } from '../growth/generator.ts';
import { type GrowthWorld, openWorld, startWatchedServer, type WatchedServer } from '../growth/world.ts';

export interface Person {
  readonly title: string;
  readonly username: string;
  readonly password: string;
  /** Of the same rights, for calls without a browser. */
  readonly token: string;
}

export interface LargeWorld {
  readonly server: WatchedServer;
  readonly operator: Person;
  /** Of the large account. */
  readonly administrator: Person;
}

/** How many of ten orders are in the large account. */
const shareOfTen = 9;
const usernames = { operator: 'bench.operator', administrator: 'bench.administrator' } as const;
const password = 'correct horse battery';
const person = { firstName: 'Li', lastName: 'Na', email: 'li.na@growth.example' } as const;

/** Makes what the directory has not, and starts the server on it. */
export async function openLargeWorld(directory: string, orders: number): Promise<LargeWorld> {
  const growth = await openWorld(directory);
  await fill(directory, growth, orders);
  const server = await startWatchedServer({ directory });
  const token = await operatorToken(directory);
  await settled(server, [token, growth.nativeToken]);
  await addPeople(server, { directory, token, account: growth.account });
  return {
    server,
    operator: { title: 'operator', username: usernames.operator, password, token },
    administrator: {
      title: 'administrator of the large account',
      username: usernames.administrator,
      password,
      token: growth.nativeToken,
    },
  };
}

async function fill(directory: string, { account }: GrowthWorld, orders: number): Promise<void> {
  const database = await openStores(directory);
  const startedMs = performance.now();
  try {
    await fillTo(database, { orders, large: (orders * shareOfTen) / 10, account }, (made) => {
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
      if (made % 20_000 === 0) console.log(`${made} orders after ${seconds} s`);
    });
  } finally {
    await database.close();
  }
}

/** What Home asks for. */
const counted = ['/stats/home', '/stats/expiry?by=week', '/stats/issuance?by=day', '/stats/failures?by=reason'];

/** What the start has queued, and the counting of what was put in beside the server, must not be measured as something else. */
async function settled(server: WatchedServer, tokens: readonly string[]): Promise<void> {
  for (const token of tokens) for (const path of counted) await answered(`${server.url}/api/v1${path}`, token);
  const quietMs = 20;
  for (let quiet = 0; quiet < 3; ) {
    await sleep(300);
    quiet = (await server.longestBlockMs()) < quietMs ? quiet + 1 : 0;
  }
}

async function answered(url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  while (!(await fetch(url, { headers })).ok) await sleep(500);
}

async function addPeople(
  { url }: WatchedServer,
  { directory, token, account }: { readonly directory: string; readonly token: string; readonly account: string },
): Promise<void> {
  const mark = join(directory, 'people');
  if (existsSync(mark)) return;
  const client = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
  const { operator, administrator } = usernames;
  await client.users.create({ username: operator, password, roles: ['operator'], person });
  await client.users.create({
    account,
    username: administrator,
    password,
    roles: ['administrator', 'requester'],
    person,
  });
  await writeFile(mark, '');
}
