/** The records of the alias zone, from the database: every node answers what is committed. */
import type { AliasRecords } from '../domain/ports/alias-records.ts';
import type { Database } from '../domain/ports/stores/index.ts';
import type { Clock } from '../domain/ports/system.ts';
import { mostValuesAtName } from '../domain/published-proof.ts';

export function createAliasRecords({ read }: Pick<Database, 'read'>, clock: Pick<Clock, 'now'>): AliasRecords {
  return {
    async find(name) {
      const now = clock.now();
      const [texts, hasBelow] = await Promise.all([
        read.publishedProofs.values('dns', name, now, mostValuesAtName),
        read.publishedProofs.hasBelow(name, now),
      ]);
      return { texts, hasBelow };
    },
  };
}
