/** What a vendor made of a call, where it did not do what was asked: what its client half throws (`ports/upstream.ts`). */

/**
 * - refused: it will not do this, now or later; it has done nothing.
 * - absent: it knows no such order or certificate.
 * - wrongState: the order is in a state in which this cannot be done; it has done nothing.
 * - limited: it has had more calls from us than it takes in a time; it has done nothing.
 * - credentials: it does not take our credentials, or not for this, or not from this address; it has done nothing.
 * - balance: our balance there does not cover it; it has done nothing.
 * - away: no answer, or none that can be understood; whether it has done something is not known, unless `isSent` is false.
 */
export type UpstreamFailureKind = 'refused' | 'absent' | 'wrongState' | 'limited' | 'credentials' | 'balance' | 'away';

export class UpstreamFailure extends Error {
  override readonly name = 'UpstreamFailure';
  readonly kind: UpstreamFailureKind;
  /** Not before, where it said so. */
  readonly retryAt: Date | null;
  /** False: the request surely did not arrive. */
  readonly isSent: boolean;

  /** @param words the vendor's own words, or what is wrong with its answer; never a secret */
  constructor(
    kind: UpstreamFailureKind,
    words: string,
    options: { readonly cause?: unknown; readonly retryAt?: Date; readonly isSent?: boolean } = {},
  ) {
    super(words, options.cause === undefined ? {} : { cause: options.cause });
    this.kind = kind;
    this.retryAt = options.retryAt ?? null;
    this.isSent = options.isSent ?? true;
  }
}
