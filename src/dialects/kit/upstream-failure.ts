/** What a client half throws, as the core reads it of a vendor. */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { CertError } from '../../domain/errors.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { UpstreamFailure, type UpstreamFailureKind } from '../../domain/upstream-failure.ts';
import { UpstreamFault } from '../../domain/upstream-fault.ts';

/** A vendor that says `internal` may have done what was asked before it failed. */
const kinds = {
  malformedRequest: 'refused',
  invalidField: 'refused',
  unauthenticated: 'credentials',
  forbidden: 'credentials',
  notFound: 'absent',
  unknownProduct: 'refused',
  badCsr: 'refused',
  badKey: 'refused',
  badName: 'refused',
  refusedName: 'refused',
  tooManyNames: 'refused',
  wrongState: 'wrongState',
  insufficientBalance: 'balance',
  conflict: 'wrongState',
  tooLarge: 'refused',
  rateLimited: 'limited',
  validationFailed: 'refused',
  issuerRefused: 'refused',
  unavailable: 'away',
  unsupported: 'refused',
  internal: 'away',
} as const satisfies Record<ErrorCode, UpstreamFailureKind>;

/** What a vendor means by a code, where that is another kind than usual. */
export type OtherKinds = Partial<Record<ErrorCode, UpstreamFailureKind>>;

/**
 * Runs calls of a client half.
 * @throws {UpstreamFailure} whatever they throw, but for the signal's reason
 */
export async function asUpstream<T>(
  signal: AbortSignal,
  work: () => Promise<T>,
  otherKinds: OtherKinds = {},
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    throw failureOf(thrown, otherKinds);
  }
}

/**
 * The same network, in which a vendor that takes no more calls is a failure with its time: it, or a proxy before it, answers so whatever
 * the API's own errors are (RFC 6585 §4, RFC 9110 §10.2.3).
 */
export function withLimits(
  fetch: (request: Request) => Promise<Response>,
  clock: Pick<Clock, 'now'>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const reply = await fetch(request);
    if (reply.status !== 429) return reply;
    await reply.body?.cancel();
    const retryAt = retryAfter(reply.headers.get('retry-after'), clock.now());
    throw new UpstreamFailure('limited', 'HTTP status 429', retryAt === undefined ? {} : { retryAt });
  };
}

/** Seconds, or a date. More than a day is a slip, of its clock or of ours. `Date.parse` reads `1.5` and `try 5` as days of long ago. */
function retryAfter(header: string | null, now: Date): Date | undefined {
  const text = header?.trim() ?? '';
  const at = /^\d{1,9}$/.test(text)
    ? now.getTime() + Number(text) * 1000
    : dateForm.test(text)
      ? Date.parse(text)
      : Number.NaN;
  if (Number.isNaN(at)) return undefined;
  return new Date(Math.min(Math.max(at, now.getTime()), now.getTime() + longestLimitMs));
}

const longestLimitMs = 86_400_000;
/** RFC 9110 §5.6.7, in the form that all have to send. */
const dateForm = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** @returns the fault itself where it is none of the vendor's */
export function failureOf(thrown: unknown, otherKinds: OtherKinds = {}): unknown {
  if (thrown instanceof UpstreamFailure) return thrown;
  if (thrown instanceof UpstreamFault) return awayBy(thrown, thrown.message);
  if (!(thrown instanceof CertError)) return thrown;
  const { code, message, cause } = thrown;
  // What was thrown in place of a reply.
  if (cause instanceof UpstreamFailure) return cause;
  const kind = otherKinds[code] ?? kinds[code];
  if (kind === 'away' && cause instanceof UpstreamFault) return awayBy(cause, cause.message);
  return new UpstreamFailure(kind, wordsOf(thrown) ?? message, { cause: thrown });
}

function awayBy({ isSent }: UpstreamFault, words: string): UpstreamFailure {
  return new UpstreamFailure('away', words, { isSent });
}

/** The vendor's own words, which a reason made by `upstreamError` has as its detail. */
function wordsOf({ reason: { params } }: CertError): string | undefined {
  return 'detail' in params && typeof params.detail === 'string' ? params.detail : undefined;
}
