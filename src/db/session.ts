/** Session on which the stores of a transaction, or of reads outside one, run their statements. One per engine. */

import type { Compilable } from 'kysely';
import type { Clock, Randomness } from '../domain/ports/system.ts';
import { type Builder, inPieces, type Statement } from './prepared.ts';
import type { TextIndex } from './stores/text-index.ts';
import type { CarriedTotals } from './totals-kept.ts';

/** Who else works on this database. */
export interface Tenancy {
  /** The node that this process is: the same after a restart, and no other process's. */
  readonly node: string;
  /** See `Database.isExclusive`. */
  readonly isExclusive: boolean;
  /** False: this process only answers requests. The jobs that it queues wait for another. */
  readonly runsJobs: boolean;
}

/** An engine that answers at once need not make a promise: the stores await both. */
export type Answer<T> = T | Promise<T>;

/** The rows of a list of any length, read in pieces. */
export async function allOf<K, R>(
  session: Pick<Session, 'all'>,
  form: (length: number) => Statement<{ ids: readonly K[] }, R>,
  ids: readonly K[],
): Promise<readonly R[]> {
  const found: R[] = [];
  for (const piece of inPieces(ids)) found.push(...(await session.all(form(piece.length), { ids: piece })));
  return found;
}

/** Writes what a row has become, and no other column of it. */
export async function update<R extends object>(
  session: Session,
  formOf: (before: R, after: R) => Statement<R, unknown> | undefined,
  { before, after }: { readonly before: R; readonly after: R },
): Promise<void> {
  const form = formOf(before, after);
  if (form !== undefined) session.write(form, after);
}

/** The tables whose rows get a number that dialects show when they are inserted. Others have theirs in their ids. */
export type NumberedTable =
  | 'accounts'
  | 'actor_numbers'
  | 'containers'
  | 'webhooks'
  | 'organizations'
  | 'custom_fields'
  | 'approvals'
  | 'notes'
  | 'managed_domains'
  | 'external_account_keys'
  | 'blocked_keys'
  | 'role_grants';

/**
 * Contract: statements of one session run in the order of the calls. Outside a transaction only those that read are
 * taken. A session whose transaction has ended throws on every call.
 */
export interface Session {
  all<P extends object, R>(statement: Statement<P, R>, params: P): Answer<readonly R[]>;
  first<P extends object, R>(statement: Statement<P, R>, params: P): Answer<R | undefined>;
  /**
   * The first row of one table, found by its key and made into a value. For tables that every call reads and that seldom
   * change: an engine that sees every change may answer from memory what it would have read. The value is shared.
   */
  kept<P extends object, R, T>(statement: Statement<P, R>, params: P, make: (row: R) => T): Answer<T | undefined>;
  /** Returns the number of rows that it changed. */
  run<P extends object, R>(statement: Statement<P, R>, params: P): Answer<number>;
  /**
   * Changes rows, and waits for no answer: an engine whose server is elsewhere sends it and goes on. What goes wrong ends the
   * transaction, at the next answer or at the commit.
   */
  write<P extends object, R>(statement: Statement<P, R>, params: P): void;
  /** A query that is built for this call, because its shape depends on the filters. */
  select<R>(build: (db: Builder) => Compilable<R>): Answer<readonly R[]>;
  /**
   * The same for a query that may look at very many rows: an engine whose queries hold up the process answers it in another
   * thread, and others get their turn meanwhile.
   */
  beside<R>(build: (db: Builder) => Compilable<R>): Answer<readonly R[]>;
  /**
   * In a transaction: waits until no other one is open that took the same turn, so that what is counted next is what they left. Not for
   * transactions whose snapshot is of their beginning.
   */
  takeTurn(of: string): Answer<void>;
  /**
   * Reports whether the projection of orders (`migrations/0001-schema/listings.ts`) shows all that is committed now, so that `beside` may read it;
   * waits for that where it takes but a moment. Never inside a transaction.
   */
  isListed(): Answer<boolean>;
  /** Finds texts in the projection. */
  readonly textIndex: TextIndex;
  /** Totals of the projection that were counted before; undefined where it is not read. */
  readonly carriedTotals?: CarriedTotals;
  /** The next number of the table: never used before, not even by a transaction that was rolled back. */
  nextNumber(table: NumberedTable): Answer<number>;
  /** Says whose leases of jobs these are. */
  readonly tenancy: Tenancy;
  /** Makes the ids of jobs. */
  readonly system: { readonly clock: Clock; readonly random: Randomness };
}
