/** What the server does by itself at its start: very many rows that are over, and the list of the revoked. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { newId } from '../../src/domain/ids.ts';
import type { Database, Stores } from '../../src/domain/ports/stores/index.ts';
import { openStores, system } from './generator.ts';
import type { Measured } from './lists.ts';
import { startWatchedServer } from './world.ts';

const longAgo = new Date(system.clock.now().getTime() - 86_400_000);
const rowsAtOnce = 500;

interface Chore {
  readonly title: string;
  readonly rows: number;
  put(tx: Stores, index: number): Promise<unknown>;
  /** The question whose answer is 0 when it is done. */
  readonly left: string;
}

export async function measureUpkeep(directory: string, only: RegExp): Promise<readonly Measured[]> {
  const database = await openStores(directory);
  const [account] = await database.read.accounts.list({ limit: 1 });
  const [pattern] = account ? await database.read.authorizations.listValid(account.id, { now: longAgo, limit: 1 }) : [];
  if (account === undefined || pattern === undefined) throw new Error('there is no account with a proof');
  const { id: accountId } = account;
  const chores: readonly Chore[] = [
    {
      title: 'upkeep: 300,000 keys of requests that are over',
      rows: 300_000,
      put: (tx, index) =>
        tx.idempotency.claim({
          ...{ accountId, key: `bench ${index}`, fingerprint: `bench ${index}`, objectId: accountId },
          ...{ now: longAgo, expiresAt: longAgo },
        }),
      left: `select count(*) as n from idempotency where expires_at <= ${longAgo.getTime()}`,
    },
    {
      title: 'upkeep: 100,000 proofs that are over',
      rows: 100_000,
      put: (tx) => tx.authorizations.insert({ ...pattern, id: newId('authorization', system), validUntil: longAgo }),
      left: `select count(*) as n from authorizations where state = 'valid' and valid_until <= ${longAgo.getTime()}`,
    },
  ];
  await database.close();
  const measured: Measured[] = [];
  for (const chore of chores.filter(({ title }) => only.test(title))) {
    const stores = await openStores(directory);
    await putAll(stores, chore);
    await stores.close();
    measured.push(await measure(directory, chore));
  }
  return measured;
}

async function putAll(database: Database, { rows, put }: Chore): Promise<void> {
  for (let from = 0; from < rows; from += rowsAtOnce) {
    await database.write(async (tx) => {
      for (let index = from; index < from + rowsAtOnce; index++) await put(tx, index);
    });
  }
}

async function measure(directory: string, { title, rows, left }: Chore): Promise<Measured> {
  const server = await startWatchedServer({ directory });
  const startedMs = performance.now();
  let blockMs = 0;
  try {
    // Loading the code is no upkeep.
    await server.longestBlockMs();
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      blockMs = Math.max(blockMs, await server.longestBlockMs());
      if (countOf(directory, left) === 0) break;
    }
    const line = {
      title,
      ms: performance.now() - startedMs,
      blockMs,
      note: `${rows} rows, the start of the server included`,
    };
    console.log(`${line.ms.toFixed(0).padStart(6)} ms ${blockMs.toFixed(0).padStart(6)} ms  ${title}`);
    return line;
  } finally {
    await server.stop();
  }
}

function countOf(directory: string, question: string): number {
  const file = new DatabaseSync(join(directory, 'data', 'certmux.db'), { readOnly: true });
  try {
    return Number(file.prepare(question).get()?.n);
  } finally {
    file.close();
  }
}
