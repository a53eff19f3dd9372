/**
 * Values made of rows that every call reads and that seldom change: accounts, keys, products. Exact, because every change
 * goes through the one connection that writes: whatever was read of a table is forgotten with the commit that changed it.
 */
import { markLasting } from '../../../domain/lasting.ts';
import type { Statement } from '../../prepared.ts';

/** The most rows kept for one statement. Above this it starts from empty: somebody reads more than is worth keeping. */
const keptValues = 10_000;

/** A statement of any parameters and rows, where only its identity matters. */
type AnyStatement = Statement<never, unknown>;

interface Kept {
  readonly table: string;
  readonly values: Map<string, unknown>;
}

export class RowCache {
  readonly #changed: Set<string>;
  readonly #kept = new Map<AnyStatement, Kept>();

  /** @param changed the tables that the group of transactions under way has changed; emptied by `settle` */
  constructor(changed: Set<string>) {
    this.#changed = changed;
  }

  /** Reports whether the group under way has changed the table, so that its own transactions must read it themselves. */
  isChanged(table: string): boolean {
    return this.#changed.has(table);
  }

  get(statement: AnyStatement, key: string): unknown {
    return this.#kept.get(statement)?.values.get(key);
  }

  /** Call it in the same turn as the row was read: later, the row may be from before a commit that this cache knows of already. */
  put(statement: AnyStatement, table: string, { key, value }: { readonly key: string; readonly value: unknown }): void {
    let kept = this.#kept.get(statement);
    if (kept === undefined) {
      kept = { table, values: new Map() };
      this.#kept.set(statement, kept);
    }
    if (kept.values.size >= keptValues) kept.values.clear();
    markLasting(value);
    kept.values.set(key, value);
  }

  /** The group is committed or undone. To be called before any of it is acknowledged. */
  settle(): void {
    if (this.#changed.size === 0) return;
    for (const { table, values } of this.#kept.values()) if (this.#changed.has(table)) values.clear();
    this.#changed.clear();
  }
}
