/** The account for which an operator did something, beside who did it. */
import type { Migration } from '../migrate.ts';

export const migration0022: Migration = {
  name: '0022-acting-for',
  up({ schema }) {
    return [schema.alterTable('events').addColumn('acted_for', 'text')];
  },
};
