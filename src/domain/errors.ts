/**
 * The one error type of the core. A front door turns it into its vendor's words with one table per dialect; anything
 * that is not a CertError is shown to nobody and becomes `internal`.
 */
import type { ErrorCode } from './error-codes.ts';
import type { Language } from './language.ts';
import { type ReasonKey, type ReasonParams, type Reasons, reasons } from './messages/index.ts';
import { printable } from './printable.ts';

/** A row of the message catalogue with its parameters, renderable in every language. */
export type PlainReason = { [K in ReasonKey]: { readonly key: K; readonly params: ReasonParams<K> } }[ReasonKey];

/** Why one name of several is refused, or failed. */
export interface ReasonOfName {
  /** Canonical, as `Identifier.value`. */
  readonly name: string;
  readonly reason: PlainReason;
}

/** Reason that the subscriber may read. */
export type Reason = PlainReason & {
  /** Where several names are the cause: each with its own reason (RFC 8555 §6.7.1). Absent for one name and for none. */
  readonly parts?: readonly ReasonOfName[];
};

/** The reason with one part for each name, where there are several. */
export function withParts(whole: Reason, parts: readonly ReasonOfName[]): Reason {
  // As one expression it would be a union of all reasons twice, which is more than TypeScript compares.
  if (parts.length < 2) return whole;
  return { ...whole, parts };
}

export class CertError extends Error {
  override readonly name = 'CertError';
  readonly code: ErrorCode;
  readonly reason: Reason;

  constructor(reason: Reason, options: { readonly cause?: unknown } = {}) {
    super(renderReason(reason, 'en'), options);
    this.code = reasons[reason.key].code;
    this.reason = reason;
  }
}

/**
 * Runs a check for each of several names. What it refuses becomes one refusal: that of the first name, with a part for each.
 * @throws {CertError}
 */
export function forEachName<T, R>(
  items: readonly T[],
  nameOf: (item: T) => string,
  check: (item: T, index: number) => R,
): readonly R[] {
  const passed: R[] = [];
  const refused: { readonly error: CertError; readonly part: ReasonOfName }[] = [];
  for (const [index, item] of items.entries()) {
    try {
      passed.push(check(item, index));
    } catch (thrown) {
      // A fault of ours is not one of the name.
      if (!(thrown instanceof CertError) || thrown.code === 'internal') throw thrown;
      refused.push({ error: thrown, part: { name: nameOf(item), reason: thrown.reason } });
    }
  }
  const [first] = refused;
  if (first === undefined) return passed;
  const whole = withParts(
    first.error.reason,
    refused.map(({ part }) => part),
  );
  throw new CertError(whole, { cause: first.error.cause });
}

/** Builds the error for one row of the catalogue: `throw refuse('fieldMissing', { field: 'pid' })`. */
export function refuse<K extends ReasonKey>(
  key: K,
  params: ReasonParams<K>,
  options: { readonly cause?: unknown } = {},
): CertError {
  return new CertError(reason(key, params), options);
}

/** A reason to keep or to show, without throwing it. */
export function reason<K extends ReasonKey>(key: K, params: ReasonParams<K>): Reason {
  return { key, params } as Reason;
}

/** The error code that a reason stands for. One whose row is gone is nobody's fault but ours. */
export function codeOf({ key }: PlainReason): ErrorCode {
  return codeOfKey(key);
}

export function codeOfKey(key: ReasonKey): ErrorCode {
  return Object.hasOwn(reasons, key) ? reasons[key].code : 'internal';
}

/** The reason in the reader's language. A stored reason whose row is gone shows as its key rather than failing. */
export function renderReason(reason: Reason, language: Language): string {
  const row = (Object.hasOwn(reasons, reason.key) ? reasons[reason.key] : undefined) as Reasons[ReasonKey] | undefined;
  if (row === undefined) return String(reason.key);
  return (row[language] as (params: unknown) => string)(reason.params);
}

/**
 * Anything thrown, as a CertError: what is not one already becomes `internal`, its detail kept for the log only; or `unavailable`
 * where the disk is full, whoever wrote to it.
 */
export function toCertError(thrown: unknown): CertError {
  if (thrown instanceof CertError) return thrown;
  return isDiskFull(thrown) ? refuse('diskFull', {}, { cause: thrown }) : refuse('internal', {}, { cause: thrown });
}

/** ENOSPC and EDQUOT of the operating system, SQLITE_FULL and SQLITE_IOERR_SHMSIZE of SQLite, also as the cause of another error. */
export function isDiskFull(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  if (thrown instanceof CertError) {
    if (thrown.reason.key === 'diskFull') return true;
    // Not, where even the bytes that were taken did not reach the disk: that does not pass when there is space.
    return thrown.reason.key !== 'diskFailed' && isDiskFull(thrown.cause);
  }
  if ('code' in thrown && (thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT')) return true;
  if ('errcode' in thrown && typeof thrown.errcode === 'number') {
    if ((thrown.errcode & 0xff) === sqliteFull || thrown.errcode === sqliteSharedMemorySize) return true;
  }
  return isDiskFull(thrown.cause);
}

const sqliteFull = 13;
const sqliteSharedMemorySize = 4874;

/** A value quoted for a message: printable, and cut so that a hostile megabyte cannot become a megabyte of log. */
export function quoted(value: unknown, maxLength = 80): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `"${printable(text.slice(0, maxLength))}${text.length <= maxLength ? '' : '…'}"`;
}
