/** Port for front doors: the history of checks. */

import type { Caller } from '../caller.ts';
import type { Challenge } from '../challenge.ts';
import type { CheckRecord } from '../check-record.ts';
import type { Identifier } from '../identifier.ts';
import type { AuthorizationId } from '../ids.ts';
import type { Page } from '../page.ts';
import type { AuthorizationState } from '../states.ts';
import type { OrderReference } from './orders.ts';

/** What was looked for to prove one name, the newest first; as the caller may see it (`evidence.ts`). */
export interface NameChecks {
  readonly identifier: Identifier;
  readonly authorizationId: AuthorizationId;
  readonly state: AuthorizationState;
  /** What was offered: a record names its challenge by the position here. */
  readonly challenges: readonly Challenge[];
  readonly records: readonly CheckRecord[];
}

export interface CheckQuery {
  /** Names. */
  readonly limit: number;
  /** The position of the last name of the page before, from 1. */
  readonly after?: number;
}

export interface Checks {
  /** @throws {CertError} notFound */
  ofAuthorization(caller: Caller, id: string): Promise<NameChecks>;
  /** By the names of the order's newest issuance, in their order; names that are proved by one authorization show its checks each. */
  listOfOrder(caller: Caller, reference: OrderReference, query: CheckQuery): Promise<Page<NameChecks>>;
}
