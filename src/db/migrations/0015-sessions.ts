/** Sessions of the web console: when the password was typed last, for which roles the secret was made; and what people chose for themselves. */
import type { Migration } from '../migrate.ts';
import { primary, required } from './columns.ts';

export const migration0015: Migration = {
  name: '0015-sessions',
  up: ({ schema }, { blob, integer, keyed }) => [
    schema.alterTable('user_sessions').addColumn('confirmed_at', integer),
    schema.alterTable('user_sessions').addColumn('roles_json', 'text'),
    keyed(
      schema
        .createTable('user_preferences')
        .addColumn('user_id', blob, (column) => primary(column).references('users.id'))
        .addColumn('language', 'text')
        .addColumn('zone', 'text')
        .addColumn('views_json', 'text', required),
    ),
  ],
};
