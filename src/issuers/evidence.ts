/** Exchanges with an upstream that are worth keeping, stored for the operator with the issuance that they were about. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type IssuanceId, newId } from '../domain/ids.ts';
import type { UpstreamExchangeStore } from '../domain/ports/stores/upstream-work.ts';
import type { Log, Randomness } from '../domain/ports/system.ts';
import type { UpstreamExchange } from '../domain/upstream-exchange.ts';

export interface EvidenceOptions {
  /** Our account at the upstream: the newest of each are kept. */
  readonly account: string;
  write(work: (tx: { readonly upstreamExchanges: UpstreamExchangeStore }) => Promise<void>): Promise<void>;
  readonly random: Randomness;
  readonly log: Log;
}

/** Without anything secret. */
export type NotedExchange = Omit<UpstreamExchange, 'id' | 'account' | 'issuanceId'>;

export interface Evidence {
  /** Has it kept with the work under way; outside of `recorded` it is lost. */
  note(exchange: NotedExchange): void;
  /** Runs the work, and keeps what was noted meanwhile, whatever becomes of it. */
  recorded<T>(issuanceId: IssuanceId | null, work: () => Promise<T>): Promise<T>;
}

export function createEvidence({ account, write, random, log }: EvidenceOptions): Evidence {
  const current = new AsyncLocalStorage<NotedExchange[]>();

  async function store(issuanceId: IssuanceId | null, noted: readonly NotedExchange[]): Promise<void> {
    if (noted.length === 0) return;
    const rows = noted.map((exchange): UpstreamExchange => {
      const { at, asked, answer } = exchange;
      // By its own time: they are stored together, and listed by their ids.
      const id = newId('upstreamExchange', { clock: { now: () => at }, random });
      return { ...exchange, id, account, issuanceId, asked: storable(asked), answer: storable(answer) };
    });
    try {
      await write(async (tx) => {
        for (const row of rows) await tx.upstreamExchanges.insert(row);
      });
    } catch (thrown) {
      // What became of the order matters more than its evidence.
      log.warn({ err: thrown, account }, 'exchanges with an upstream could not be kept');
    }
  }

  return {
    note: (exchange) => void current.getStore()?.push(exchange),
    async recorded(issuanceId, work) {
      const noted: NotedExchange[] = [];
      try {
        return await current.run(noted, work);
      } finally {
        await store(issuanceId, noted);
      }
    },
  };
}

/** PostgreSQL stores no text with U+0000 or half a surrogate pair, which bodies that are no text may have. */
function storable(text: string): string {
  return text.replaceAll('\0', '\u2400').toWellFormed();
}
