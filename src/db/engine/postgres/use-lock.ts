/**
 * Who uses a database: nodes share it, a copy has it to itself. The server keeps the lock for each connection that may change something, and
 * drops it with the connection, however that ends.
 */
import { refuse } from '../../../domain/errors.ts';
import type { Answered } from './statements.ts';

interface Asking {
  query(text: string): Promise<Answered['rows']>;
}

/** Any number, the same in every process: "cert" and "open". */
const lock = { classid: 1667592820, objid: 1869636974 } as const;
const key = `${lock.classid}, ${lock.objid}`;

/** @throws {CertError} while a copy of the database, or to it, is under way */
export async function shareDatabase(connection: Asking): Promise<void> {
  const [row] = await connection.query(`select pg_try_advisory_lock_shared(${key})`);
  if (row?.[0] !== 1) throw refuse('databaseBeingCopied', {});
}

/** @throws {CertError} while a server uses it, with the addresses of those that do */
export async function takeDatabase(connection: Asking, title: string): Promise<void> {
  const [row] = await connection.query(`select pg_try_advisory_lock(${key})`);
  if (row?.[0] === 1) return;
  const users = await connection.query(
    `select distinct coalesce(host(client_addr), 'local') from pg_stat_activity join pg_locks using (pid)
      where locktype = 'advisory' and granted and classid = ${lock.classid} and objid = ${lock.objid}
        and datname = current_database() order by 1`,
  );
  const addresses = users.map(([address]) => String(address));
  throw refuse('databaseInUse', { database: title, by: addresses.length > 0 ? addresses.join(', ') : null });
}
