/** A database on a PostgreSQL server, which several nodes may share. */
import type { Database } from '../../../domain/ports/stores/index.ts';
import type { DatabaseOptions } from '../../options.ts';
import { sequenceOf } from '../../sequences.ts';
import type { Tenancy } from '../../session.ts';
import { createStores } from '../../stores/index.ts';
import { createListingWatch } from '../listing-watch.ts';
import { runAlone } from './alone.ts';
import type { Connection } from './connection.ts';
import { createLister } from './lister.ts';
import { openNode } from './node.ts';
import { Numbers } from './numbers.ts';
import { Pool } from './pool.ts';
import { Reading } from './reading.ts';
import { RowCache } from './row-cache.ts';
import { prepareSchema } from './schema.ts';
import { createSealer } from './sealer.ts';
import { SharedConnections } from './shared-connections.ts';
import { Signals } from './signals.ts';
import { Statements } from './statements.ts';
import { type Isolation, Transaction } from './transaction.ts';
import { PostgresNumbers } from './used-numbers.ts';
import { Writer } from './write.ts';

/** More transactions side by side than this are in each other's way, and take longer together. */
const writers = 10;
const readers = 4;

export async function openPostgres(options: DatabaseOptions): Promise<Database> {
  const { path: url, clock, random, log } = options;
  const node = options.nodeFolder === undefined ? undefined : openNode(options.nodeFolder, random);
  const tenancy: Tenancy = options.tenancy ?? {
    node: node?.name ?? 'node',
    isExclusive: false,
    runsJobs: options.runsJobs ?? true,
  };
  const statements = new Statements();
  try {
    await prepareSchema(statements, options);
  } catch (error) {
    node?.release();
    throw error;
  }
  const pool = new Pool(url, writers);
  const reading = new SharedConnections({ url, use: 'read' }, readers);
  // Numbers are drawn outside of transactions, and a connection that only reads draws none.
  const drawing = new SharedConnections({ url, use: 'write' }, 1);
  const system = { clock, random };
  const numbers = new Numbers(async (query) => (await drawing.get()).send(query));
  const begin = (connection: Connection, isolation: Isolation) =>
    new Transaction({ connection, statements, numbers, system, tenancy }, isolation);
  const sealer = createSealer({ pool, log, begin: (connection) => begin(connection, 'read committed') });
  const cache = new RowCache(clock);
  const signals = new Signals({
    url,
    random,
    send: async (query) => (await drawing.get()).send(query),
    onChanged: (tables) => cache.forget(tables),
  });
  await signals.start();
  const usedNumbers = new PostgresNumbers({ clock, random, send: async (query) => (await drawing.get()).send(query) });
  await usedNumbers.readEpoch();
  const lister = createLister({ pool, begin: (connection) => begin(connection, 'read committed') });
  const reads = new Reading({
    connections: reading,
    statements,
    cache,
    sealed: sealer.sealed,
    lister,
    system,
    tenancy,
  });
  const keepListed = createListingWatch({ reading: reads, log });
  const writer = new Writer({
    pool,
    reading,
    random,
    clock,
    log,
    meter: options.meter,
    begin(connection, isolation) {
      const session = begin(connection, isolation);
      return { session, stores: createStores(session) };
    },
    afterCommit(changed) {
      cache.forget(changed);
      signals.sendChanged(cache.keptOf(changed));
      if (!changed.has('events')) return;
      sealer.wake();
      keepListed(1);
    },
  });
  // Events that a node committed and, when it ended, had not numbered.
  sealer.wake();
  let closing: Promise<void> | undefined;
  const close = async () => {
    await signals.close();
    await lister.close();
    await sealer.close();
    await pool.close();
    await Promise.all([reading.close(), drawing.close()]);
    node?.release();
  };
  return {
    read: createStores(reads),
    write: (work, writeOptions) => writer.write(work, writeOptions),
    nextNumber: (of) => numbers.take(sequenceOf[of]),
    isFull: false,
    isExclusive: tenancy.isExclusive,
    node: tenancy.node,
    alone: (work) => runAlone({ url, log }, work),
    signals,
    usedNumbers,
    get writeCounts() {
      return writer.counts;
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}
