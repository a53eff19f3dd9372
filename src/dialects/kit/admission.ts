/**
 * Who may go on with a request now: looked at once it is known who sends it, and before anything of it is checked. An owner is an account,
 * an operator, or the network of somebody who is not known.
 *
 * Whoever goes on asking after a limit has refused them is refused without a look at what they ask for: a client that heeds a refusal never
 * notices. Other refusals do not count, since some APIs have no other answer to a poll.
 */
import { networkOf } from '../../domain/address-range.ts';
import type { Caller } from '../../domain/caller.ts';
import { type CertError, refuse } from '../../domain/errors.ts';
import type { SharedAllowances } from '../../domain/ports/allowances.ts';
import type { Peer } from '../../domain/ports/dialect.ts';
import type { RequestTurns, Turn } from '../../domain/ports/request-turns.ts';

export interface Admission {
  /**
   * The owner's turn, which its request ends.
   * @throws {CertError} tooManyRefusals, tooManyWaiting
   */
  admit(owner: string, request: Request): Turn | Promise<Turn>;
  /** Counts what the owner was refused for. */
  noteRefusal(owner: string, error: CertError): void;
}

/** Far more than a client sends that reads its answers, even one with many connections. */
const refusalRate = { burst: 50, everyMs: 1000 };

/** Owners who are known here to have been refused: others need no look at the memory that all threads share. */
const maxKnown = 10_000;

export function createAdmission({
  turns,
  allowances,
}: {
  readonly turns: RequestTurns;
  readonly allowances: SharedAllowances;
}): Admission {
  const refusals = allowances.open('refusals', refusalRate);
  const known = new Set<string>();

  function requireFewRefusals(owner: string): void {
    if (!known.has(owner)) return;
    const waitMs = refusals.waitMs(owner);
    if (waitMs > 0) throw refuse('tooManyRefusals', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
  }

  return {
    admit(owner, request) {
      requireFewRefusals(owner);
      return turns.waitFor(owner, costOf(request));
    },
    noteRefusal(owner, { code, reason }) {
      // Refused for the others: it is not a further one.
      if (code !== 'rateLimited' || reason.key === 'tooManyRefusals') return;
      if (known.size >= maxKnown) known.clear();
      known.add(owner);
      refusals.take(owner);
    },
  };
}

/** An operator is their own owner also where they act for an account. */
export function ownerOf({ scope, isActingFor, actor }: Caller): string {
  return scope === 'all' || isActingFor ? actor : scope;
}

export const ownerUnknown = ({ address }: Peer): string => networkOf(address);

const costOfAny = 0.2;
/** For a body whose length nobody announced. */
const bytesOfUnknown = 8192;

/** What a request will use, as far as its size tells: names are what it is mostly made of, and what work there is with it. */
function costOf({ headers }: Request): number {
  const announced = headers.get('content-length');
  // RFC 9112 §6.3: a body without a length is chunked. The body itself is not touched, which would make it a stream.
  if (announced === null) return costOfAny + (headers.has('transfer-encoding') ? bytesOfUnknown / 1024 : 0);
  // The reader refuses what is no length, or too large a one.
  const bytes = Number(announced);
  return costOfAny + (bytes > 0 ? Math.min(bytes, 1 << 18) / 1024 : 0);
}
