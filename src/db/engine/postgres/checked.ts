/** A database on a server as `certmux verify` reads it, beside the nodes that use it. */
import { refuse } from '../../../domain/errors.ts';
import type { CheckedDatabase } from '../../checked.ts';
import { compileRow } from '../../compile-codec.ts';
import { compile, type Statement, toSqlValue } from '../../prepared.ts';
import { withoutPassword } from './address.ts';
import { Connection } from './connection.ts';
import { createPostgresBuilder } from './dialect.ts';
import { checkServer } from './schema.ts';

/** @throws {CertError} when it cannot be reached */
export async function openPostgresToCheck(url: string): Promise<CheckedDatabase> {
  const title = withoutPassword(url);
  const connection = await Connection.open({ url, use: 'maintenance', onEnd: () => {} }).catch((error: Error) => {
    const { message } = error.cause instanceof Error ? error.cause : error;
    throw refuse('databaseUnreachable', { database: title, detail: message }, { cause: error });
  });
  try {
    await checkServer(connection);
    for (const limit of ['statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout']) {
      await connection.query(`set ${limit} = 0`);
    }
    await connection.query('begin isolation level repeatable read read only');
  } catch (error) {
    await connection.close();
    throw error;
  }
  const db = createPostgresBuilder();
  return {
    title,
    async all<P extends object, R>(form: Statement<P, R>, params: P) {
      const compiled = compile(db, form);
      const answered = await connection.send({ name: undefined, text: compiled.sql, values: compiled.bind(params) });
      const toObject = compileRow(answered.columns, compiled.forms);
      // That it is an `R` is what Kysely derived from the query and `tables.ts`.
      return answered.rows.map((row) => toObject(row) as R);
    },
    rows: async (sql) => (await connection.query(sql)).map((row) => row.map(toSqlValue)),
    async migrations() {
      const [there] = await connection.query(`select to_regclass('migrations')::text`);
      if (there?.[0] == null) return [];
      return (await connection.query('select name from migrations order by name')).map(([name]) => String(name));
    },
    // Its server sees to pages and references; a constraint that was switched off by hand is one that it does not.
    async flaws() {
      const broken = await connection.query(
        'select conrelid::regclass::text, conname from pg_constraint where not convalidated order by 1, 2 limit 20',
      );
      return broken.map(([table, name]) => `${table}: the constraint ${name} was never checked`);
    },
    close: () => connection.close(),
  };
}
