/**
 * `npm run test:postgres`: the tests of the stores, of the core and of the front doors on PostgreSQL. The server comes from npm and ends with
 * the tests; `DATABASE_URL` names another one, on which databases may be made. Arguments choose other test files.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import pg from 'pg';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

/** Tests of the file of SQLite itself, and of the plans by which it looks for rows. */
const patterns = ['test/db/{stores,postgres}.test.ts'];

const existing = process.env.DATABASE_URL;
const server = await serverOrStop();
const code = await runTests(server.url);
await dropLeftOver(server.url);
await server.stop();
// Said here, since what the package of the server does when a process ends would make it 0.
process.exit(code);

/** Not `spawnSync`: the server stands still once nobody reads what it logs. */
async function runTests(url: string): Promise<number> {
  const chosen = process.argv.slice(2);
  const args = [join(import.meta.dirname, 'test.ts'), '--dot', ...(chosen.length > 0 ? chosen : patterns)];
  const env = { ...process.env, CERTMUX_TEST_POSTGRES: url };
  const [status] = await once(spawn(process.execPath, args, { stdio: 'inherit', env }), 'exit');
  return status ?? 1;
}

async function serverOrStop(): Promise<PostgresServer> {
  try {
    if (existing === undefined || existing === '') return await startPostgres();
    await dropLeftOver(existing).catch((error: Error) => {
      throw new Error(`the server that DATABASE_URL names cannot be used (${error.message})`);
    });
    const notOurs = async () => {};
    return { url: existing, halt: notOurs, resume: notOurs, stop: notOurs };
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
