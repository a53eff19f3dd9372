/**
 * `npm run test:postgres`: the tests of the stores, of what only a server can show, of the core, of the front doors and of what goes across them; with
 * `-- --quick` the first two alone. The server comes from npm and ends with the tests: version 18, or 15 with `-- --version 15`. `DATABASE_URL` names another one, on
 * which databases may be made. Arguments choose other test files.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { isPostgresVersion, type PostgresServer, postgresVersions, startPostgres } from './postgres-server.ts';

/** Stores, transactions, several nodes, copies, and what an order costs. Of the other tests of `test/db`, most are of the file of SQLite itself. */
const quick = [
  'test/db/{stores,*postgres*}.test.ts',
  'test/scenarios/{nodes*,*postgres}.test.ts',
  'test/app/orders/many-at-once.test.ts',
];
const everything = [...quick, ...['app', 'dialects', 'integration', 'scenarios'].map((folder) => `test/${folder}/**`)];

const { values, positionals: chosen } = parseArgs({
  allowPositionals: true,
  options: {
    /** How many histories are played (docs/isolation.md), and the seed of the first. */
    histories: { type: 'string' },
    seed: { type: 'string' },
    version: { type: 'string', default: '18' },
    quick: { type: 'boolean', default: false },
  },
});
const existing = process.env.DATABASE_URL;
const server = await serverOrStop();
const code = await runTests(server.url);
await dropLeftOver(server.url);
await server.stop();
// Said here, since what the package of the server does when a process ends would make it 0.
process.exit(code);

/** Not `spawnSync`: the server stands still once nobody reads what it logs. */
async function runTests(url: string): Promise<number> {
  const args = [
    join(import.meta.dirname, 'test.ts'),
    '--dot',
    ...(chosen.length > 0 ? chosen : values.quick ? quick : everything),
  ];
  const { histories, seed } = values;
  const env = {
    ...process.env,
    CERTMUX_TEST_POSTGRES: url,
    ...(histories === undefined ? {} : { CERTMUX_TEST_HISTORIES: histories }),
    ...(seed === undefined ? {} : { CERTMUX_TEST_SEED: seed }),
  };
  const [status] = await once(spawn(process.execPath, args, { stdio: 'inherit', env }), 'exit');
  return status ?? 1;
}

async function serverOrStop(): Promise<Pick<PostgresServer, 'url' | 'stop'>> {
  try {
    if (existing === undefined || existing === '') {
      const version = Number(values.version);
      if (!isPostgresVersion(version)) {
        throw new Error(`--version ${values.version}: there are ${postgresVersions.join(' and ')}`);
      }
      return await startPostgres({ version });
    }
    await dropLeftOver(existing).catch((error: Error) => {
      throw new Error(`the server that DATABASE_URL names cannot be used (${error.message})`);
    });
    return { url: existing, stop: async () => {} };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

/** Databases that tests were copied from, and those of tests that failed. */
async function dropLeftOver(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(`select datname from pg_database where datname like 'certmux\\_test\\_%'`);
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  await client.end();
}
