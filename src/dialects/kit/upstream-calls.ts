/** What the calls of every client half share, where it is a way out. */
import type { Upstream, UpstreamOptions } from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import { guardedUpstream } from './guarded-upstream.ts';
import { asUpstream, type OtherKinds, withLimits } from './upstream-failure.ts';
import { createVendorWords } from './vendor-words.ts';

export interface UpstreamCalls {
  /** Throws `limited` for a reply with status 429. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** @throws {UpstreamFailure} whatever the calls throw, without our secrets; the signal's reason */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /**
   * The same for calls that come before the one that could buy.
   * @throws {UpstreamFailure} as one that was surely not sent
   */
  runBefore<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  /** The client half, whose answers hold nothing that may not be kept, shown or done. */
  guarded(upstream: Upstream): Upstream;
}

/**
 * @param kinds what this vendor means by a code, where that is another kind than usual
 * @param secrets what a reply may repeat and nobody may read
 */
export function createUpstreamCalls({
  fetch,
  clock,
  publicSuffixes,
  secrets,
  kinds = {},
}: Pick<UpstreamOptions, 'fetch' | 'clock' | 'publicSuffixes'> & {
  readonly secrets: readonly string[];
  readonly kinds?: OtherKinds;
}): UpstreamCalls {
  const shown = createVendorWords(secrets);

  async function run<T>(signal: AbortSignal, work: () => Promise<T>, isSent?: false): Promise<T> {
    signal.throwIfAborted();
    try {
      return await asUpstream(signal, work, kinds);
    } catch (thrown) {
      if (!(thrown instanceof UpstreamFailure)) throw thrown;
      const { kind, retryAt } = thrown;
      const words = shown(thrown.message);
      // Its cause has the words as they were, and may stand in a log.
      const cause = words === thrown.message ? { cause: thrown.cause } : {};
      throw new UpstreamFailure(kind, words, {
        ...cause,
        ...(retryAt === null ? {} : { retryAt }),
        isSent: isSent ?? thrown.isSent,
      });
    }
  }

  return {
    fetch: withLimits(fetch, clock),
    run: (signal, work) => run(signal, work),
    runBefore: (signal, work) => run(signal, work, false),
    guarded: (upstream) => guardedUpstream(upstream, { shown, publicSuffixes }),
  };
}
