/** The server's own secrets, and which master keys seal. */
import type { ColumnDefinitionBuilder } from 'kysely';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();
const key = (column: ColumnDefinitionBuilder) => column.notNull().primaryKey();

export const migration0011: Migration = {
  name: '0011-sealing',
  up({ schema }, { integer, blob, heap }) {
    return [
      // The key of each is its name: `webhook/acc_01hv…`, `dialect/httpsok/alias`.
      heap(
        schema
          .createTable('server_secrets')
          .addColumn('id', 'text', key)
          .addColumn('sealed_value', blob, required)
          .addColumn('created_at', integer, required),
      ),
      heap(
        schema
          .createTable('master_keys')
          .addColumn('id', 'text', key)
          .addColumn('first_used_at', integer, required)
          .addColumn('retired_at', integer),
      ),
      heap(
        schema
          .createTable('key_rotations')
          .addColumn('number', 'integer', key)
          .addColumn('to_key', 'text', required)
          .addColumn('started_at', integer, required)
          .addColumn('ended_at', integer)
          .addColumn('resealed', 'integer', required)
          .addColumn('examined', 'integer', required)
          .addColumn('unreadable', 'integer', required)
          .addColumn('found', 'integer', required)
          .addColumn('kind', 'text', required)
          .addColumn('after', 'text', required),
      ),
    ];
  },
};
