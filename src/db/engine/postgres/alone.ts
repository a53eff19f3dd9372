/** Work that one process at a time does: a lock of the server, which it drops with the connection, however the process ends. */
import type { Log } from '../../../domain/ports/system.ts';
import { Connection } from './connection.ts';
import { toRefusal } from './errors.ts';
import type { Query } from './statements.ts';

/** Any number, the same in every process: "cert" and "init". */
const lock = '1667592820, 1768843636';

const query = (text: string): Query => ({ name: undefined, text, values: [] });

export async function runAlone<T>(
  { url, log }: { readonly url: string; readonly log: Log },
  work: () => Promise<T>,
): Promise<T> {
  const connection = await Connection.open({ url, use: 'maintenance', onEnd: () => {} }).catch((error: unknown) => {
    throw toRefusal(error);
  });
  try {
    const { rows } = await connection.send(query(`select pg_try_advisory_lock(${lock})::text`));
    if (rows[0]?.[0] !== 'true') {
      log.info({}, 'another node prepares the installation; this one goes on when that is done');
      await connection.send(query(`select pg_advisory_lock(${lock})`));
    }
    return await work();
  } finally {
    await connection.close();
  }
}
