/** Why there was no reply of an upstream: what `src/system` throws, and the client halves read. */
import type { ConnectionFault } from './messages/words.ts';

export class UpstreamFault extends Error {
  override readonly name = 'UpstreamFault';
  /** Whether the request may have arrived. Where it surely did not, nothing can have come of it. */
  readonly isSent: boolean;

  /** @param detail what the other end did, perhaps with a code behind it; never a secret */
  constructor(
    detail: ConnectionFault | `${ConnectionFault} (${string})`,
    options: { readonly isSent: boolean; readonly cause?: unknown },
  ) {
    super(detail, { cause: options.cause });
    this.isSent = options.isSent;
  }
}
