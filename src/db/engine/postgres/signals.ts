/**
 * Word among the nodes of a database, by NOTIFY. It is sent after the commit that it is about, on a connection of its own: inside of a
 * transaction it would make all commits queue for one lock. What cannot be sent or heard is lost, and nothing depends on it.
 */
import type { Count, NodeSignal, NodeSignals } from '../../../domain/ports/stores/index.ts';
import type { Randomness } from '../../../domain/ports/system.ts';
import { Connection } from './connection.ts';
import type { Answered, Query } from './statements.ts';
import { pause } from './timers.ts';

/** As the server knows it, for each database by itself. */
const channel = 'certmux';

/** Before the next try to listen. */
const reconnectMs = 1_000;

/** A payload holds less than 8,000 bytes; the key of a job has 40, and a count 60. */
const jobsAtOnce = 100;
const countsAtOnce = 40;

/** Signals that wait while one is on its way to the server; beyond that they are lost. */
const mostWaiting = 10_000;

export interface SignalsOptions {
  readonly url: string;
  readonly random: Randomness;
  send(query: Query): Promise<Answered>;
  /** Another node has changed rows of these tables; all: some word of it may have been missed. */
  onChanged(tables: ReadonlySet<string> | 'all'): void;
}

interface Message {
  readonly from: string;
  readonly isQueued?: true;
  readonly ended?: readonly string[];
  readonly changed?: readonly string[];
  /** Each as `take limit key`. */
  readonly counted?: readonly string[];
}

export class Signals implements NodeSignals {
  readonly #options: SignalsOptions;
  readonly #self: string;
  readonly #receivers: ((signal: NodeSignal) => void)[] = [];
  #isQueued = false;
  #ended: string[] = [];
  #changed = new Set<string>();
  #counted: string[] = [];
  #sending: Promise<void> | undefined;
  #listening: Connection | undefined;
  #isClosed = false;

  constructor(options: SignalsOptions) {
    this.#options = options;
    this.#self = options.random.bytes(8).toHex();
  }

  /** Listens from when it resolves, where the server can be reached; else from when it can. */
  async start(): Promise<void> {
    await this.#listen();
  }

  send(signal: NodeSignal): void {
    if (signal.kind === 'queued') this.#isQueued = true;
    else if (signal.kind === 'ended' && this.#ended.length < mostWaiting) this.#ended.push(...signal.jobs);
    else if (signal.kind === 'counted' && this.#counted.length < mostWaiting) this.#counted.push(textOf(signal.count));
    this.#flush();
  }

  /** This process has changed rows of these tables. */
  sendChanged(tables: Iterable<string>): void {
    for (const table of tables) this.#changed.add(table);
    if (this.#changed.size > 0) this.#flush();
  }

  receive(receiver: (signal: NodeSignal) => void): void {
    this.#receivers.push(receiver);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sending;
    await this.#listening?.close();
  }

  /** One statement at a time: what comes meanwhile goes with the next. */
  #flush(): void {
    if (this.#isClosed) return;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    while (this.#isQueued || this.#ended.length > 0 || this.#changed.size > 0 || this.#counted.length > 0) {
      const message: Message = {
        from: this.#self,
        ...(this.#isQueued ? { isQueued: true } : {}),
        ended: this.#ended.splice(0, jobsAtOnce),
        changed: [...this.#changed],
        ...(this.#counted.length > 0 ? { counted: this.#counted.splice(0, countsAtOnce) } : {}),
      };
      this.#isQueued = false;
      this.#changed = new Set();
      const values = [channel, JSON.stringify(message)];
      try {
        await this.#options.send({ name: 'signal', text: 'select pg_notify($1, $2)', values });
      } catch {
        // The database is away, and with it what the word was about.
      }
    }
  }

  async #listen(): Promise<void> {
    if (this.#isClosed) return;
    try {
      const { url } = this.#options;
      const connection = await Connection.open({
        url,
        use: 'maintenance',
        onEnd: () => void this.#listenAgain(),
        onNotification: (text) => this.#hear(text),
      });
      this.#listening = connection;
      await connection.send({ name: undefined, text: `listen ${channel}`, values: [] });
      this.#options.onChanged('all');
      this.#pass({ kind: 'queued' });
      if (this.#isClosed) await connection.close();
    } catch {
      // Where it was open, its end brings it here again.
      if (this.#listening === undefined || this.#listening.hasEnded) await this.#listenAgain();
    }
  }

  async #listenAgain(): Promise<void> {
    if (this.#isClosed) return;
    this.#listening = undefined;
    await pause(reconnectMs);
    await this.#listen();
  }

  #hear(text: string): void {
    const message = parse(text);
    if (message === undefined || message.from === this.#self) return;
    const { isQueued, ended = [], changed = [], counted = [] } = message;
    if (changed.length > 0) this.#options.onChanged(new Set(changed));
    if (ended.length > 0) this.#pass({ kind: 'ended', jobs: ended });
    for (const count of counted.flatMap(countOf)) this.#pass({ kind: 'counted', count });
    if (isQueued === true) this.#pass({ kind: 'queued' });
  }

  #pass(signal: NodeSignal): void {
    for (const receiver of this.#receivers) receiver(signal);
  }
}

/** Others may use the database's channels too. */
function parse(text: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('from' in value) || typeof value.from !== 'string') return;
    return {
      from: value.from,
      ...('isQueued' in value && value.isQueued === true ? { isQueued: true } : {}),
      ended: 'ended' in value ? textsOf(value.ended) : [],
      changed: 'changed' in value ? textsOf(value.changed) : [],
      counted: 'counted' in value ? textsOf(value.counted) : [],
    };
  } catch {
    return undefined;
  }
}

function textOf({ change, limit, key }: Count): string {
  return `${change} ${limit} ${key}`;
}

function countOf(text: string): Count | [] {
  const [change, limit, key] = text.split(' ');
  if (change !== 'take' && change !== 'giveBack' && change !== 'forget') return [];
  return limit === undefined || key === undefined ? [] : { change, limit, key };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
