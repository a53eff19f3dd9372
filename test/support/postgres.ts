/** Databases on the server that `npm run test:postgres` names. */
import pg from 'pg';

/** The address of the server, with a database to which one may connect to make others. Undefined: tests use SQLite. */
export const postgresUrl = process.env.CERTMUX_TEST_POSTGRES;

/** How the databases of tests begin, so that those that are left over can be found. */
export const testDatabasePrefix = 'certmux_test_';

let underWay = 0;
const waiting: (() => void)[] = [];

/**
 * Resolves once no answer of the server is under way, nor a transaction that pauses before it is run again; undefined where none is. A
 * clock that is moved by hand must not run ahead of them, as it does not run ahead of the disk. Not a loop that looks again and again: the
 * server needs the processor.
 */
export function postgresAnswers(): Promise<void> | undefined {
  return underWay === 0 ? undefined : new Promise((resolve) => waiting.push(resolve));
}

/** Counts the work as under way until its answer is there. */
export function awaited<T>(work: () => T): T {
  underWay++;
  const end = () => {
    underWay--;
    if (underWay === 0) for (const resolve of waiting.splice(0)) resolve();
  };
  let answer: T | undefined;
  try {
    answer = work();
    return answer;
  } finally {
    if (answer instanceof Promise) answer.then(end, end);
    else end();
  }
}

/** Transactions of this process that have changed something and were committed. */
export function postgresCommits(): number {
  return commits;
}

let commits = 0;
/** Connections whose transaction has asked for its number, as it does before its first change. */
const changing = new WeakSet<pg.Client>();

function note(client: pg.Client, text: string): void {
  if (text === 'select pg_current_xact_id()::text') changing.add(client);
  if (text === 'commit' && changing.delete(client)) commits++;
  if (text === 'rollback') changing.delete(client);
}

if (postgresUrl !== undefined) {
  const { connect, query } = pg.Client.prototype;
  const counted = (method: typeof query | typeof connect) =>
    function call(this: pg.Client, ...args: unknown[]): unknown {
      note(this, textOf(args[0]));
      return awaited(() => Reflect.apply(method, this, args));
    };
  Object.assign(pg.Client.prototype, { connect: counted(connect), query: counted(query) });
}

/** The SQL of what is handed to `query`. */
export function textOf(config: unknown): string {
  return typeof config === 'object' && config !== null && 'text' in config ? String(config.text) : String(config);
}

let made = 0;

/** @returns the address of a new database without tables */
export async function createDatabase(): Promise<string> {
  const name = newName();
  await administer(`create database ${name} encoding 'UTF8' template template0`);
  return addressOf(name);
}

/** The same with the content of one that nobody has open. */
export async function copyDatabase(template: string): Promise<string> {
  const name = newName();
  await administer(`create database ${name} template ${nameIn(template)} strategy file_copy`);
  return addressOf(name);
}

export async function dropDatabase(address: string): Promise<void> {
  await administer(`drop database if exists ${nameIn(address)} with (force)`);
}

function newName(): string {
  made++;
  return `${testDatabasePrefix}${process.pid}_${made}`;
}

function addressOf(name: string): string {
  const url = new URL(postgresUrl ?? '');
  url.pathname = `/${name}`;
  return url.href;
}

function nameIn(address: string): string {
  return new URL(address).pathname.slice(1);
}

/** A database cannot be copied while the server still ends the last connection to it. */
const isInUse = '55006';

async function administer(text: string): Promise<void> {
  for (;;) {
    const client = new pg.Client({ connectionString: postgresUrl });
    await client.connect();
    try {
      await client.query(text);
      return;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && error.code === isInUse)) throw error;
    } finally {
      await client.end();
    }
  }
}
