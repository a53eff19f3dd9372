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
const leastOf = { orders: 100, revoked: 1, seconds: 1, warmup: 1, rounds: 1, requests: 1000 } as const;

type Numbers = Readonly<Record<keyof typeof leastOf, number>>;

/** @returns what is wrong, for people, where one is no number that makes sense */
function readNumbers(): Numbers | string {
  const numbers = Object.keys(leastOf).map((name) => [name, Number(flags[name as keyof Numbers])] as const);
  for (const [name, value] of numbers) {
    const least = leastOf[name as keyof Numbers];
    if (!Number.isInteger(value) || value < least) {
      const why = name === 'orders' ? '. Issuance beside no orders is measured in every run' : '';
      return `--${name} ${flags[name as keyof Numbers]}: a whole number of at least ${least} is needed${why}`;
    }
  }
  return Object.fromEntries(numbers) as Numbers;
}

async function main(): Promise<void> {
  const numbers = readNumbers();
  if (typeof numbers === 'string') {
    console.error(numbers);
    process.exitCode = 1;
    return;
  }
  const { orders, revoked, seconds, rounds, requests } = numbers;
  const directory = flags.directory ?? `/tmp/certmux-growth-${orders}`;
  const world = await openWorld(directory);
  await fill(directory, world.account, orders);
  const only = new RegExp(flags.only, 'i');
  const lists = await measureLists(directory, { world, orders, only });
  const terms = { seconds, warmupSeconds: numbers.warmup, rounds, requests };
  const issuance = await measureIssuance(directory, { ...terms, only });
  const upkeep = await measureUpkeep(directory, only);
  const revocations = await measureRevocations(directory, { revoked, only });
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
