/**
 * Numbers that are good once on all nodes together: a table of those that came back. It is not logged, so that using one waits for no disk;
 * a crash of the server empties it. Every number therefore begins with its epoch, a row that is lost with the others: what came before is
 * good no more, and nothing is good twice.
 */
import type { UsedNumbers } from '../../../domain/ports/stores/index.ts';
import type { Clock, Randomness } from '../../../domain/ports/system.ts';
import { toRefusal } from './errors.ts';
import type { Answered, Query } from './statements.ts';

const epochBytes = 4;
/** Longer than any number is good, by the clocks of any two nodes that do not differ by an hour. */
const keptHours = 2;
const forgetEveryMs = 10_000;
const forgottenAtOnce = 10_000;

interface Waiting {
  readonly number: string;
  readonly resolve: (isTaken: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export interface UsedNumbersOptions {
  readonly clock: Clock;
  readonly random: Randomness;
  send(query: Query): Promise<Answered>;
}

export class PostgresNumbers implements UsedNumbers {
  readonly #options: UsedNumbersOptions;
  #epoch = new Uint8Array(epochBytes);
  #onEpoch: (epoch: Uint8Array) => void = () => {};
  #waiting: Waiting[] = [];
  #forgotAtMs = 0;

  constructor(options: UsedNumbersOptions) {
    this.#options = options;
  }

  onEpoch(use: (epoch: Uint8Array) => void): void {
    this.#onEpoch = use;
    use(this.#epoch);
  }

  /** Reads the epoch, or begins one where the server has none. */
  async readEpoch(): Promise<void> {
    const { random, send } = this.#options;
    const { rows } = await send({
      name: 'number epoch',
      text: `with fresh as (insert into number_epochs (epoch) values ($1) on conflict do nothing returning epoch)
        select epoch from fresh union all select epoch from number_epochs limit 1`,
      values: [random.bytes(epochBytes)],
    });
    const [epoch] = rows[0] ?? [];
    // Another node has begun one since the statement began.
    if (!(epoch instanceof Uint8Array)) return this.readEpoch();
    this.#epoch = Uint8Array.from(epoch);
    this.#onEpoch(this.#epoch);
  }

  /** Those of one turn of the event loop go in one statement. */
  take(number: Uint8Array): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ number: number.toHex(), resolve, reject });
      if (this.#waiting.length === 1) process.nextTick(() => void this.#takeAll());
    });
  }

  async #takeAll(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      const taken = await this.#insert(waiting.map(({ number }) => number));
      // None was good: the epoch that this node knows may be over.
      if (taken.size === 0) await this.readEpoch();
      // Of two that bring the same number at once, one has it.
      for (const { number, resolve } of waiting) resolve(taken.delete(number));
      this.#forgetOld();
    } catch (error) {
      for (const { reject } of waiting) reject(toRefusal(error));
    }
  }

  async #insert(numbers: readonly string[]): Promise<Set<string>> {
    const { rows } = await this.#options.send({
      name: 'take numbers',
      text: `insert into used_numbers (number)
        select number from (select decode(hex, 'hex') as number from unnest(string_to_array($1, ',')) as hex) as brought
          where exists (select from number_epochs where epoch = substr(number, 1, ${epochBytes}))
        on conflict do nothing returning encode(number, 'hex')`,
      values: [numbers.join(',')],
    });
    return new Set(rows.map(([number]) => String(number)));
  }

  /** Nobody waits for it. */
  #forgetOld(): void {
    const { clock, send } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#forgotAtMs < forgetEveryMs) return;
    this.#forgotAtMs = nowMs;
    const text = `delete from used_numbers where number in (select number from used_numbers
      where used_at < now() - interval '${keptHours} hours' order by used_at limit ${forgottenAtOnce})`;
    send({ name: 'forget numbers', text, values: [] }).catch(() => undefined);
  }
}
