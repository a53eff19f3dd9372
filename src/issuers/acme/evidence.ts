/** Exchanges with a CA that went wrong, kept for the operator with the issuance that they were about. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { AcmeExchange } from '../../dialects/acme/client/face.ts';
import { acmeUrn } from '../../dialects/acme/client/failure.ts';
import { type IssuanceId, newId } from '../../domain/ids.ts';
import type { UpstreamExchangeStore } from '../../domain/ports/stores/upstream-work.ts';
import type { Log, Randomness } from '../../domain/ports/system.ts';
import type { UpstreamExchange } from '../../domain/upstream-exchange.ts';

export interface EvidenceOptions {
  readonly account: string;
  write(work: (tx: { readonly upstreamExchanges: UpstreamExchangeStore }) => Promise<void>): Promise<void>;
  readonly random: Randomness;
  readonly log: Log;
}

export interface Evidence {
  /** For the client. */
  readonly onExchange: (exchange: AcmeExchange) => void;
  /** Runs the work, and keeps what went wrong in its exchanges, whatever becomes of it. */
  recorded<T>(issuanceId: IssuanceId | null, work: () => Promise<T>): Promise<T>;
}

export function createEvidence({ account, write, random, log }: EvidenceOptions): Evidence {
  const current = new AsyncLocalStorage<AcmeExchange[]>();

  async function store(issuanceId: IssuanceId | null, failed: readonly AcmeExchange[]): Promise<void> {
    if (failed.length === 0) return;
    const rows = failed.map((exchange): UpstreamExchange => {
      const { at, method, url, payload, status, body } = exchange;
      // By its own time: they are stored together, and listed by their ids.
      const id = newId('upstreamExchange', { clock: { now: () => at }, random });
      return { id, account, issuanceId, at, method, url, asked: payload ?? '', status, answer: body };
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
    onExchange(exchange) {
      if (hasFailed(exchange)) current.getStore()?.push(exchange);
    },
    async recorded(issuanceId, work) {
      const failed: AcmeExchange[] = [];
      try {
        return await current.run(failed, work);
      } finally {
        await store(issuanceId, failed);
      }
    },
  };
}

/** A nonce that is refused is everyday life, and the call is made again at once. */
function hasFailed({ status, body }: AcmeExchange): boolean {
  return (status === null || status >= 400) && !body.includes(`${acmeUrn}badNonce`);
}
