/** What the calls of every client half share, where it is a way out. */
import type { UpstreamOptions } from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import { asUpstream, type OtherKinds, withLimits } from './upstream-failure.ts';

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
}

/** Replies repeat no shorter ones by accident. */
const shortestSecret = 4;

/**
 * @param kinds what this vendor means by a code, where that is another kind than usual
 * @param secrets what a reply may repeat and nobody may read
 */
export function createUpstreamCalls({
  fetch,
  clock,
  secrets,
  kinds = {},
}: Pick<UpstreamOptions, 'fetch' | 'clock'> & {
  readonly secrets: readonly string[];
  readonly kinds?: OtherKinds;
}): UpstreamCalls {
  const hidden = secrets.filter((secret) => secret.length >= shortestSecret);

  async function run<T>(signal: AbortSignal, work: () => Promise<T>, isSent?: false): Promise<T> {
    signal.throwIfAborted();
    try {
      return await asUpstream(signal, work, kinds);
    } catch (thrown) {
      if (!(thrown instanceof UpstreamFailure)) throw thrown;
      const { kind, retryAt } = thrown;
      const words = hidden.reduce((text, secret) => text.replaceAll(secret, '[secret]'), thrown.message);
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
  };
}
