/**
 * Values made of rows that every call reads and that seldom change, for reads outside of transactions. Other nodes change them too, so
 * that none is older than a second (design §7); what this process changes it forgets at once.
 */
import type { Clock } from '../../../domain/ports/system.ts';
import type { Statement } from '../../prepared.ts';

/** Rows that decide access are among them. */
const keptMs = 1_000;

/** Tables that have them: other nodes are told of a change, and forget what they keep of it. */
const keptTables: ReadonlySet<string> = new Set([
  'accounts',
  'users',
  'credentials',
  'external_account_keys',
  'products',
  'webhooks',
  'custom_fields',
]);

/** The most values; above it the cache starts from empty. */
const keptValues = 10_000;

/** A statement of any parameters and rows, where only its identity matters. */
type AnyStatement = Statement<never, unknown>;

interface Kept {
  readonly table: string;
  readonly value: unknown;
  readonly readAtMs: number;
}

export class RowCache {
  readonly #clock: Clock;
  readonly #kept = new Map<AnyStatement, Map<string, Kept>>();
  /** Raised with each change of a table, so that what was read before it is not put in after it. */
  readonly #versions = new Map<string, number>();
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(statement: AnyStatement, key: string): unknown {
    const kept = this.#kept.get(statement)?.get(key);
    if (kept === undefined) return undefined;
    return this.#clock.monotonicMs() - kept.readAtMs < keptMs ? kept.value : undefined;
  }

  /** What `put` needs to know of the moment before the row was read. */
  begin(table: string): { readonly version: number; readonly readAtMs: number } {
    if (!keptTables.has(table))
      throw new Error(`rows of ${table} are kept, and other nodes are not told when they change`);
    return { version: this.#versions.get(table) ?? 0, readAtMs: this.#clock.monotonicMs() };
  }

  put(
    statement: AnyStatement,
    { version, readAtMs }: ReturnType<RowCache['begin']>,
    { table, key, value }: { readonly table: string; readonly key: string; readonly value: unknown },
  ): void {
    if ((this.#versions.get(table) ?? 0) !== version) return;
    if (this.#size >= keptValues) {
      this.#kept.clear();
      this.#size = 0;
    }
    const ofStatement = this.#kept.get(statement) ?? new Map<string, Kept>();
    this.#kept.set(statement, ofStatement);
    if (!ofStatement.has(key)) this.#size++;
    ofStatement.set(key, { table, value, readAtMs });
  }

  /** Those of the tables that other nodes may keep rows of. */
  keptOf(tables: ReadonlySet<string>): ReadonlySet<string> {
    return tables.intersection(keptTables);
  }

  /** A transaction has changed these tables. To be called before the caller of one of this process continues. */
  forget(changed: ReadonlySet<string> | 'all'): void {
    const tables = changed === 'all' ? keptTables : changed;
    if (tables.size === 0) return;
    for (const table of tables) this.#versions.set(table, (this.#versions.get(table) ?? 0) + 1);
    for (const ofStatement of this.#kept.values()) {
      for (const [key, { table }] of ofStatement) {
        if (!tables.has(table)) continue;
        ofStatement.delete(key);
        this.#size--;
      }
    }
  }
}
