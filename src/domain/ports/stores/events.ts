/** Where events are kept. The contract of every store is in `stores.ts`. */
import type { Event, NewEvent } from '../../event.ts';
import type { AccountId } from '../../ids.ts';
import type { PageQuery } from '../../page.ts';

export interface EventStore {
  append(event: NewEvent): Promise<void>;
  list(
    query: PageQuery & { readonly accountId: AccountId | null; readonly subject?: string },
  ): Promise<readonly Event[]>;
}
