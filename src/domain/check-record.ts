/** The history of checks: every look for a proof, and what it found. Failures that repeat are one record with their number. */
import type { CheckResult } from './challenge.ts';
import type { AuthorizationId } from './ids.ts';

export interface CheckRecord {
  readonly authorizationId: AuthorizationId;
  /** Position of the challenge in the authorization. */
  readonly challenge: number;
  /** Looks that found the same are counted in one record . */
  readonly fingerprint: string;
  /** The newest of those that are counted. */
  readonly check: CheckResult;
  /** The process that made it. */
  readonly node: string;
  readonly count: number;
  readonly firstAt: Date;
  /** Of a check that proved its name, how long orders may rely on it; null: it proved nothing. */
  readonly usableUntil: Date | null;
}

/** Two years, as CAs keep the records of their validations (BR §5.5.2). */
export const defaultChecksKeepDays = 730;

/** Different findings of one challenge that are told apart; those after them are by their kind alone. */
export const mostFindings = 20;

/** What a server answers is cut before it is kept: whoever is asked decides how long it is. */
const longestAnswer = 1_000;
const longestAsked = 2_000;
const mostServers = 10;

/** As it is kept. */
export function boundedCheck(check: CheckResult): CheckResult {
  return {
    ...check,
    asked: check.asked.slice(0, longestAsked),
    answer: check.answer.slice(0, longestAnswer),
    answeredBy: check.answeredBy.slice(0, mostServers),
  };
}
