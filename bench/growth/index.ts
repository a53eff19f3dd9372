/**
 * `npm run bench:growth`: makes an installation with very many orders, most of them in one account, and measures what grows with
 * them. The data stay in the directory for the next run.
 */
import { parseArgs } from 'node:util';
import { storeResults } from '../results.ts';
import { fillTo, openStores } from './generator.ts';
import { measureIssuance } from './issuance.ts';
import { measureLists } from './lists.ts';
import { measureRevocations } from './revocations.ts';
import { measureUpkeep } from './upkeep.ts';
import { openWorld } from './world.ts';

const { values: flags } = parseArgs({
  options: {
    orders: { type: 'string', default: '300000' },
    /** Nine of ten orders are in one account; by default all are in it. */
    'one-account': { type: 'boolean', default: false },
    /** Certificates that are revoked before a revocation is measured. */
    revoked: { type: 'string', default: '100000' },
    /** Of each load of issuance. */
    seconds: { type: 'string', default: '8' },
    /** Seconds of issuance before anything of it is measured. */
    warmup: { type: 'string', default: '10' },
    /** Loads of issuance on each installation, for each number of connections. */
    rounds: { type: 'string', default: '3' },
    /** How many different certificate requests there are: as many orders as issuance can place on an installation. */
    requests: { type: 'string', default: '100000' },
    directory: { type: 'string' },
    /** A pattern: only operations whose title it finds. */
    only: { type: 'string', default: '' },
  },
});

/** Lists are read from their middle; of the first orders one waits for its proof. */
const fewestOrders = 100;

async function main(): Promise<void> {
  const orders = Number(flags.orders);
  if (!Number.isInteger(orders) || orders < fewestOrders) {
    console.error(
      `--orders ${flags.orders}: a whole number of at least ${fewestOrders} is needed. Issuance is measured beside an empty installation in every run.`,
    );
    process.exitCode = 1;
    return;
  }
  const directory = flags.directory ?? `/tmp/certmux-growth-${orders}`;
  const world = await openWorld(directory);
  await fill(directory, world.account, orders);
  const only = new RegExp(flags.only, 'i');
  const lists = await measureLists(directory, { world, orders, only });
  const issuance = await measureIssuance(directory, {
    ...{ seconds: Number(flags.seconds), warmupSeconds: Number(flags.warmup) },
    ...{ rounds: Number(flags.rounds), requests: Number(flags.requests), only },
  });
  const upkeep = await measureUpkeep(directory, only);
  const revocations = await measureRevocations(directory, { revoked: Number(flags.revoked), only });
  // A part of the table is no result.
  if (flags.only === '')
    await storeResults(`growth-${orders}`, { orders, operations: [...lists, ...issuance, ...upkeep, ...revocations] });
}

async function fill(directory: string, account: string, orders: number): Promise<void> {
  const database = await openStores(directory);
  const startedMs = performance.now();
  const large = flags['one-account'] ? Math.round(orders * 0.904) : orders;
  try {
    await fillTo(database, { orders, large, account }, (made) => {
      if (made % 20_000 === 0)
        console.log(`${made} orders after ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
    });
  } finally {
    await database.close();
  }
}

await main();
