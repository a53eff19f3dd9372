/**
 * One connection. Statements go out as they come, without waiting for the answers to those before them, and answers come in the
 * same order. What one turn of the event loop sends goes out together.
 */
import pg from 'pg';
import type { SqlValue } from '../../fields.ts';
import { ConnectionLost } from './errors.ts';
import type { Answered, Query } from './statements.ts';
import { shareDatabase } from './use-lock.ts';

/** A server that is there answers a connection at once, one that is starting within seconds. The address may say otherwise. */
const connectTimeoutSeconds = 5;

/**
 * The server ends what takes longer, unless the address of the database says otherwise: a statement; a transaction whose node stands still (its rows would stay locked, and a node that
 * was frozen must not go on); a wait for a row that another transaction holds.
 */
const serverTimeouts = {
  statement_timeout: 15_000,
  idle_in_transaction_session_timeout: 10_000,
  lock_timeout: 10_000,
} as const;

export interface ConnectionOptions {
  readonly url: string;
  /** `read`: refuses to change anything. */
  readonly use: 'read' | 'write' | 'maintenance';
  /** Called once, when the connection is of no more use. */
  readonly onEnd: (connection: Connection) => void;
  /** Called with the payload of each notification. */
  readonly onNotification?: (payload: string) => void;
}

interface Sent extends Pick<Query, 'name' | 'text'> {
  /** A list is an array of the server. */
  readonly values: readonly (SqlValue | readonly SqlValue[])[];
}

export class Connection {
  readonly #client: pg.Client;
  readonly #onEnd: (connection: Connection) => void;
  #inFlight = 0;
  #isCorked = false;
  #hasEnded = false;

  private constructor({ url, use, onEnd, onNotification }: ConnectionOptions) {
    this.#onEnd = onEnd;
    this.#client = new pg.Client({
      connectionString: url,
      pipeline: true,
      application_name: `certmux ${use}`,
      keepAlive: true,
      connectionTimeoutMillis: 1000 * connectTimeoutOf(url),
      types: { getTypeParser },
      ...(use === 'maintenance' ? {} : serverTimeouts),
      options: settingsOf(use),
    });
    // Each statement that waits for an answer gets the error too; without a listener it would end the process.
    this.#client.on('error', () => this.#end());
    this.#client.on('end', () => this.#end());
    if (onNotification !== undefined) this.#client.on('notification', ({ payload = '' }) => onNotification(payload));
  }

  static async open(options: ConnectionOptions): Promise<Connection> {
    const connection = new Connection(options);
    try {
      await connection.#client.connect();
    } catch (error) {
      connection.#hasEnded = true;
      throw error instanceof pg.DatabaseError
        ? error
        : new ConnectionLost('no connection to the database', { cause: error });
    }
    if (options.use === 'write') await connection.#shareDatabase();
    return connection;
  }

  /** Statements that were sent and have no answer yet. */
  get inFlight(): number {
    return this.#inFlight;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Sends it at once. The answer must be awaited, or its error handled. */
  send({ name, text, values }: Sent): Promise<Answered> {
    if (this.#hasEnded) return Promise.reject(new ConnectionLost('the connection to the database has ended'));
    this.#cork();
    this.#inFlight++;
    const config = { text, values: [...values], rowMode: 'array' as const, ...(name === undefined ? {} : { name }) };
    return this.#client.query(config).then(
      ({ fields, rows, rowCount, command }) => {
        this.#inFlight--;
        return { columns: fields.map((field) => field.name), rows, count: rowCount ?? 0, command };
      },
      (error: unknown) => {
        this.#inFlight--;
        if (error instanceof pg.DatabaseError) throw error;
        throw new ConnectionLost('the connection to the database was lost', { cause: error });
      },
    );
  }

  /** The rows of a statement that is not prepared. */
  async query(text: string, values: Sent['values'] = []): Promise<Answered['rows']> {
    return (await this.send({ name: undefined, text, values })).rows;
  }

  /** Ends the connection without waiting for anything: what was sent may or may not be carried out. */
  destroy(): void {
    this.#client.connection.stream.destroy();
    this.#end();
  }

  async close(): Promise<void> {
    this.#hasEnded = true;
    await this.#client.end().catch(() => undefined);
  }

  /** As long as this connection is open, no copy of the database begins. @throws {CertError} while one is under way */
  async #shareDatabase(): Promise<void> {
    try {
      await shareDatabase(this);
    } catch (error) {
      this.destroy();
      throw error;
    }
  }

  #cork(): void {
    if (this.#isCorked) return;
    this.#isCorked = true;
    const { stream } = this.#client.connection;
    stream.cork();
    process.nextTick(() => {
      this.#isCorked = false;
      stream.uncork();
    });
  }

  #end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd(this);
  }
}

/** As in every address of PostgreSQL: `?connect_timeout=10`, which `pg` does not read. */
function connectTimeoutOf(url: string): number {
  const seconds = Number(new URL(url).searchParams.get('connect_timeout') ?? connectTimeoutSeconds);
  return seconds > 0 ? seconds : connectTimeoutSeconds;
}

/** SERIALIZABLE watches what was read: a table that was looked through from one end to the other would conflict with every write to it. */
const noScans = '-c enable_seqscan=off -c enable_bitmapscan=off';

/** Until 18 a plan with a scan that is off counts as so expensive that the server compiles it, for each statement anew. */
const noCompiling = '-c jit=off';

function settingsOf(use: ConnectionOptions['use']): string {
  if (use === 'read') return `-c default_transaction_read_only=on ${noCompiling}`;
  return use === 'write' ? `${noScans} ${noCompiling}` : '';
}

const oid = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, float4: 700, float8: 701, numeric: 1700 } as const;

/** Values as the codecs of rows expect them: what is true is 1, as on SQLite. */
const parsers: ReadonlyMap<number, (text: string) => unknown> = new Map<number, (text: string) => unknown>([
  [oid.bool, (text) => (text === 't' ? 1 : 0)],
  [oid.bytea, (text) => Uint8Array.fromHex(text.slice(2))],
  [oid.int8, Number],
  [oid.int2, Number],
  [oid.int4, Number],
  [oid.float4, Number],
  [oid.float8, Number],
  [oid.numeric, Number],
]);

const asText = (text: string): unknown => text;

function getTypeParser(type: number) {
  return parsers.get(type) ?? asText;
}
