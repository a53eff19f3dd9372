/** Makers of users and keys, and the roles that wait for a second administrator. */
import { type ColumnDefinitionBuilder, sql } from 'kysely';
import type { CredentialId, UserId } from '../../domain/ids.ts';
import type { Migration } from '../migrate.ts';

const required = (column: ColumnDefinitionBuilder) => column.notNull();

export const migration0013: Migration = {
  name: '0013-role-grants',
  up(db, { integer, heap }) {
    const { schema } = db;
    return [
      schema.alterTable('users').addColumn('created_by', 'text'),
      schema.alterTable('credentials').addColumn('created_by', 'text'),
      db.updateTable('users').set({ created_by: makerOf('users', 'user.created') }),
      db.updateTable('credentials').set({ created_by: makerOf('credentials', 'credential.created') }),
      heap(
        schema
          .createTable('role_grants')
          .addColumn('number', 'integer', (column) => column.notNull().primaryKey())
          .addColumn('id', 'text', (column) => column.notNull().unique())
          .addColumn('account_id', 'text', (column) => column.notNull().references('accounts.id'))
          .addColumn('subject', 'text', required)
          .addColumn('roles_json', 'text', required)
          .addColumn('state', 'text', required)
          .addColumn('proposed_by', 'text', required)
          .addColumn('decided_by', 'text')
          .addColumn('created_at', integer, required)
          .addColumn('decided_at', integer),
      ),
      schema.createIndex('role_grants_of_account').on('role_grants').columns(['account_id', 'number']),
      // "Does one wait for this user or key?" Never two.
      schema
        .createIndex('role_grants_pending')
        .unique()
        .on('role_grants')
        .column('subject')
        .where(sql.ref('state'), '=', sql.lit('pending')),
    ];
  },
};

/** The audit log has always known who made what. */
function makerOf(table: 'users' | 'credentials', kind: 'user.created' | 'credential.created') {
  return sql<UserId | CredentialId | null>`(
    SELECT actor FROM events
    WHERE events.subject = ${sql.ref(`${table}.id`)} AND events.kind = ${sql.lit(kind)} AND events.actor <> 'system'
    LIMIT 1
  )`;
}
