/**
 * `npm run bench:cost`: what one order costs through each API, counted rather than timed, so that a busy machine changes nothing of
 * it: statements, b-trees, hashes and JSON in the server, and the bytes that an order leaves in the database.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { parseArgs } from 'node:util';
import { createNativeClient } from '../src/dialects/native/client.ts';
import { countBtreeWrites, growthOf, listExecutions, sizesOf, watchStatements } from '../test/support/statements.ts';
import { startWorld } from '../test/support/world.ts';
import { benchNames, type CustomerScript, fetchRequest } from './customers/customer.ts';
import { customersOf, everyApi } from './customers/index.ts';
import { openConnection } from './http-connection.ts';
import { makeRequests } from './requests.ts';

const { values: flags } = parseArgs({
  options: {
    api: { type: 'string', default: everyApi },
    /** Orders over which bytes are measured. */
    orders: { type: 'string', default: '1000' },
    /** Also every statement, and every table. */
    verbose: { type: 'boolean', default: false },
  },
});

interface Counts {
  hashes: number;
  parsed: number;
  stringified: number;
  jsonCharacters: number;
}

let counts: Counts | null = null;

/** Counts in this process, which the customer's part shares: its own JSON and hashes are made before, or not at all. */
function countCalls(): void {
  for (const name of ['hash', 'createHash', 'createHmac'] as const) {
    const native = crypto[name];
    Object.defineProperty(crypto, name, {
      value(...values: unknown[]): unknown {
        if (counts !== null) counts.hashes++;
        return Reflect.apply(native, crypto, values);
      },
    });
  }
  syncBuiltinESMExports();
  const { parse, stringify } = JSON;
  Object.defineProperties(JSON, {
    parse: {
      value(text: string, ...more: []) {
        if (counts !== null) {
          counts.parsed++;
          counts.jsonCharacters += text.length;
        }
        return parse(text, ...more);
      },
    },
    stringify: {
      value(value: unknown, ...more: []) {
        const text = stringify(value, ...more);
        if (counts !== null) {
          counts.stringified++;
          counts.jsonCharacters += text?.length ?? 0;
        }
        return text;
      },
    },
  });
}

interface Cost {
  readonly api: string;
  readonly statements: number;
  readonly btrees: number;
  readonly bytes: number;
  readonly hashes: number;
  readonly json: string;
}

async function measure(script: CustomerScript): Promise<Cost> {
  const unwatch = watchStatements();
  const orders = Number(flags.orders);
  const world = await startWorld(script.settings === undefined ? {} : { dialects: { [script.api]: script.settings } });
  try {
    const { url, dns, web, operatorToken: token, databasePath } = world;
    const operator = createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
    const supply = { csrs: await requestsFor(script, orders + 20), orders: orders + 20 };
    const customer = await script.enter({ url, operator, dns, web }, supply);
    const connection = await openConnection(url);
    for (let index = 1; index < 9; index++) await customer.place(connection, index);
    const btrees = await countBtreeWrites(async () => {
      await customer.place(connection, 9);
    });
    const made: Counts = { hashes: 0, parsed: 0, stringified: 0, jsonCharacters: 0 };
    counts = made;
    const statements = await listExecutions(async () => {
      await customer.place(connection, 10);
    });
    counts = null;
    const before = sizesOf(databasePath, 'pgsize');
    for (let index = 11; index < 11 + orders; index++) await customer.place(connection, index);
    const { total, each } = growthOf(before, sizesOf(databasePath, 'pgsize'));
    connection.close();
    if (flags.verbose) {
      for (const sql of statements) console.log(sql.slice(0, 300));
      for (const line of btrees.lines) console.log(line);
      for (const [name, size] of each) if (size > orders) console.log(`${Math.round(size / orders)} ${name}`);
    }
    return {
      api: script.api,
      statements: statements.length,
      btrees: btrees.total,
      bytes: Math.round(total / orders),
      hashes: made.hashes,
      json: `${made.parsed} + ${made.stringified}, ${made.jsonCharacters}`,
    };
  } finally {
    await world.close();
    unwatch();
  }
}

async function requestsFor({ brings, namesOf }: CustomerScript, count: number): Promise<readonly string[]> {
  return brings === 'nothing' ? [] : makeRequests(count, namesOf ?? (() => benchNames));
}

countCalls();
const costs: Cost[] = [];
for (const script of customersOf(flags.api)) costs.push(await measure(script));
console.table(costs);
