/** Values that front doors keep for a while. */
import type { Expiring } from '../../domain/ports/expiring.ts';
import type { AppContext } from '../context.ts';

export function createExpiring({ database, clock }: AppContext): Expiring {
  return {
    async put(shelf, entries, { expiresAt, atMost }) {
      if (entries.length === 0) return;
      await database.write(async (tx) => {
        for (const entry of entries) await tx.expiringValues.put(shelf, entry, expiresAt);
        await tx.expiringValues.trim(shelf, atMost);
      });
    },
    get: (shelf, key) => database.read.expiringValues.get(shelf, key, clock.now()),
    take: (shelf, key) => database.write((tx) => tx.expiringValues.take(shelf, key, clock.now())),
  };
}
