/** The audit log, as those who may read it see it. */
import { customersEvent } from '../../domain/evidence.ts';
import type { Events } from '../../domain/ports/events.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { accountFilter, isOperator } from '../scope.ts';

export function createEvents({ database: { read } }: AppContext): Events {
  return {
    async list(caller, query) {
      const found = await read.events.list({ ...query, limit: query.limit + 1, accountId: accountFilter(caller) });
      const items = isOperator(caller) ? found : found.map(customersEvent);
      return pageOf(items, query.limit, (item) => item.sequence);
    },
  };
}
