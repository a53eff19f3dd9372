/** Numbers that are good once, where several nodes hand them out: the database knows which came back. */
import type { UsedNumbersPort } from '../../domain/ports/used-numbers.ts';
import type { AppContext } from '../context.ts';

export function createUsedNumbers({ database }: Pick<AppContext, 'database'>): UsedNumbersPort {
  const { usedNumbers } = database;
  return {
    // Nobody hands them out where the database is exclusive.
    take: async (number) => usedNumbers?.take(number) ?? false,
  };
}
