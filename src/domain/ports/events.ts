/** Port for front doors: events. */
import type { Caller } from '../caller.ts';
import type { Event } from '../event.ts';
import type { Page } from '../page.ts';

export interface Events {
  list(caller: Caller, query: { limit: number; before?: number; subject?: string }): Promise<Page<Event>>;
}
