/** The records of the alias zone, from the database: every node answers what is committed. */
import type { AliasRecords } from '../domain/ports/alias-records.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock } from '../domain/ports/system.ts';
import { mostValuesAtName } from '../domain/published-proof.ts';

export function createAliasRecords({ read }: Pick<Database, 'read'>, clock: Pick<Clock, 'now'>): AliasRecords {
  return {
    async find(name) {
      const now = clock.now();
      const texts = await read.publishedProofs.values('dns', name, now, mostValuesAtName);
      // A name with values exists, whatever is below it.
      return { texts, hasBelow: texts.length === 0 && (await read.publishedProofs.hasBelow(name, now)) };
    },
  };
}
