/** The session of one run of a transaction's work. */
import type { Compilable } from 'kysely';
import type { Builder, Statement } from '../../prepared.ts';
import type { NumberedTable, Session, Tenancy } from '../../session.ts';
import type { SessionSystem } from '../session-system.ts';
import type { Connection } from './connection.ts';
import { ConnectionLost, isConnectionLost } from './errors.ts';
import type { Numbers } from './numbers.ts';
import { type Answered, type Query, queryOf, rowsOf, type Statements, withValues } from './statements.ts';
import { ginIndex } from './text-index.ts';

export interface TransactionParts {
  readonly connection: Connection;
  readonly statements: Statements;
  readonly numbers: Numbers;
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
}

export type Isolation = 'serializable' | 'read committed';

/** Answered, undone, or lost while the commit was under way: then the number of the transaction tells what became of it. */
export type CommitOutcome =
  | { readonly committed: true }
  | { readonly committed: false; readonly transactionId: string; readonly cause: unknown };

const readTransactionId: Query = { name: 'transaction id', text: 'select pg_current_xact_id()::text', values: [] };

/** Once ended it refuses: work that was not awaited must not slip into the next transaction. */
export class Transaction implements Session {
  readonly textIndex = ginIndex;
  readonly system: SessionSystem;
  readonly tenancy: Tenancy;
  /** The tables that its statements have changed. */
  readonly changed = new Set<string>();
  readonly #connection: Connection;
  readonly #statements: Statements;
  readonly #numbers: Numbers;
  /** Everything that was sent, so that all answers are collected. */
  readonly #sent: Promise<unknown>[] = [];
  /** Values of `kept`, by table, until the transaction changes it. */
  readonly #kept = new Map<string | undefined, Map<string, Promise<unknown>>>();
  readonly #isSerializable: boolean;
  #transactionId: Promise<string> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #hasEnded = false;

  constructor({ connection, statements, numbers, system, tenancy }: TransactionParts, isolation: Isolation) {
    this.#connection = connection;
    this.#statements = statements;
    this.#numbers = numbers;
    this.system = system;
    this.tenancy = tenancy;
    this.#isSerializable = isolation === 'serializable';
    void this.#send({ name: `begin ${isolation}`, text: `begin isolation level ${isolation}`, values: [] });
  }

  async all<P extends object, R>(statement: Statement<P, R>, params: P): Promise<readonly R[]> {
    const prepared = this.#prepare(statement);
    return rowsOf<R>(prepared, await this.#send(queryOf(prepared, params)));
  }

  async first<P extends object, R>(statement: Statement<P, R>, params: P): Promise<R | undefined> {
    return (await this.all(statement, params))[0];
  }

  /** Read again in every transaction, since what decides is what it sees; but only once in it, since it sees nothing else later. */
  async kept<P extends object, R, T>(
    statement: Statement<P, R>,
    params: P,
    make: (row: R) => T,
  ): Promise<T | undefined> {
    const { table, sql } = this.#statements.prepare(statement).compiled;
    const ofTable = this.#kept.get(table) ?? new Map<string, Promise<unknown>>();
    this.#kept.set(table, ofTable);
    const key = `${sql} ${JSON.stringify(Object.values(params))}`;
    const known = this.#isSerializable ? ofTable.get(key) : undefined;
    // The value kept under this statement was made by the one `make` of its store.
    if (known !== undefined) return known as Promise<T | undefined>;
    const reading = this.first(statement, params).then((row) => row && make(row));
    ofTable.set(key, reading);
    return reading;
  }

  async run<P extends object, R>(statement: Statement<P, R>, params: P): Promise<number> {
    return (await this.#send(queryOf(this.#prepare(statement), params))).count;
  }

  write<P extends object, R>(statement: Statement<P, R>, params: P): void {
    // Its error counts at the commit, and every statement after it fails by it.
    void this.#send(queryOf(this.#prepare(statement), params)).catch(() => undefined);
  }

  async select<R>(build: (db: Builder) => Compilable<R>): Promise<readonly R[]> {
    const { prepared, values } = this.#statements.build(build);
    return rowsOf<R>(prepared, await this.#send(withValues(prepared, values)));
  }

  beside<R>(build: (db: Builder) => Compilable<R>): Promise<readonly R[]> {
    return this.select(build);
  }

  async takeTurn(of: string): Promise<void> {
    await this.#send({ name: 'turn', text: 'select pg_advisory_xact_lock(1667592820, hashtext($1))', values: [of] });
  }

  isListed(): boolean {
    return false;
  }

  async nextNumber(table: NumberedTable): Promise<number> {
    this.#refuseIfEnded();
    return this.#numbers.take(table);
  }

  /** The rows that a statement of the engine itself returns. */
  query(query: Query): Promise<Answered> {
    return this.#send(query);
  }

  /** From here on the work can do nothing more. */
  end(): void {
    this.#hasEnded = true;
  }

  /** @throws what undid it: the first error of all */
  async commit(): Promise<CommitOutcome> {
    this.end();
    // Without the number nobody could find out what became of a commit whose answer is lost.
    const transactionId = await this.#transactionId?.catch(() => undefined);
    if (this.#connection.hasEnded)
      throw this.#failure?.error ?? new ConnectionLost('the connection ended before the commit');
    const committing = this.#connection.send({ name: 'commit', text: 'commit', values: [] });
    const [answer] = await Promise.allSettled([committing, ...this.#sent]);
    // From here on a connection that was lost says nothing, also where it took the answers to earlier statements with it.
    const failure = this.#failure?.error;
    if (failure !== undefined && !isConnectionLost(failure)) throw failure;
    if (answer.status === 'rejected') {
      // Nothing was changed where no number was drawn.
      if (!isConnectionLost(answer.reason) || transactionId === undefined) throw answer.reason;
      return { committed: false, transactionId, cause: answer.reason };
    }
    // Of a transaction that has failed, COMMIT is answered with ROLLBACK and no error.
    const { command } = answer.value;
    if (command !== 'COMMIT') throw new Error(`the database answered COMMIT with ${command}`);
    return { committed: true };
  }

  /** Never throws: a connection on which it fails is of no more use. @returns whether the connection still is */
  async rollback(): Promise<boolean> {
    this.end();
    const undoing = this.#connection.send({ name: 'rollback', text: 'rollback', values: [] });
    await Promise.allSettled(this.#sent);
    return undoing.then(
      () => true,
      () => false,
    );
  }

  /** The error that a statement of it met first. */
  get failure(): unknown {
    return this.#failure?.error;
  }

  #prepare<P extends object, R>(statement: Statement<P, R>) {
    const prepared = this.#statements.prepare(statement);
    const { isSelect, table } = prepared.compiled;
    if (isSelect) return prepared;
    if (table !== undefined) this.changed.add(table);
    if (table === undefined) this.#kept.clear();
    else this.#kept.delete(table);
    if (this.#transactionId === undefined) {
      this.#transactionId = this.#send(readTransactionId).then(({ rows }) => String(rows[0]?.[0]));
      this.#transactionId.catch(() => undefined);
    }
    return prepared;
  }

  #send(query: Query): Promise<Answered> {
    this.#refuseIfEnded();
    const answer = this.#connection.send(query);
    this.#sent.push(
      answer.catch((error: unknown) => {
        this.#failure ??= { error };
      }),
    );
    return answer;
  }

  #refuseIfEnded(): void {
    if (this.#hasEnded) throw new Error('the transaction has ended: its stores cannot be used any more');
  }
}
