/**
 * Test files that are of one database engine only. Both commands say which they leave out, and why: `npm test` runs on SQLite,
 * `npm run test:postgres` on PostgreSQL.
 */

type Reasons = Readonly<Record<string, string>>;

const aboutPostgres: Reasons = {
  'test/db/postgres.test.ts': 'transactions side by side, nodes, connections that end',
  'test/db/isolation-postgres.test.ts': 'histories of transactions side by side',
  'test/db/postgres-limits.test.ts': 'time limits and retries of its engine',
  'test/db/copy-postgres.test.ts': 'a copy to a server and back',
  'test/scenarios/move-postgres.test.ts': 'an installation that moves to a server and back',
  'test/scenarios/operator-reset-postgres.test.ts':
    'an operator reset in a database that the command shares with the server',
  'test/scenarios/nodes.test.ts': 'several nodes on one database',
  'test/scenarios/nodes-callers.test.ts': 'streams, repeated requests and sessions over several nodes',
  'test/app/orders/round-trips.test.ts': 'how often an order waits for the server',
  'test/integration/postgres-restart.test.ts': 'a server that is stopped and started',
};

const aboutSqlite: Reasons = {
  'test/app/orders/order-cost.test.ts':
    'counts b-trees, statements and bytes of the file; test/app/orders/round-trips.test.ts is its counterpart',
  'test/scenarios/full-disk.test.ts': 'fills the disk of the file',
  'test/scenarios/upgrade.test.ts': 'opens kept files of earlier schemas',
  'test/scenarios/restore-drill.test.ts': 'restores the file elsewhere',
  'test/scenarios/key-rotation.test.ts': 'copies the file and puts an older one back beside newer keys',
};

/** The files that are left out on the engine, each with the reason. */
export function leftOutOn(engine: 'sqlite' | 'postgres'): Reasons {
  return engine === 'sqlite' ? aboutPostgres : aboutSqlite;
}
