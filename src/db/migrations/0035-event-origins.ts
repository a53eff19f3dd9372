/** From where somebody did something, and in which session. Events from before do not say. */
import type { Migration } from '../migrate.ts';

export const migration0035: Migration = {
  name: '0035-event-origins',
  up: ({ schema }, { blob }) => [
    schema.alterTable('events').addColumn('session_id', blob),
    schema.alterTable('events').addColumn('address', 'text'),
  ],
};
