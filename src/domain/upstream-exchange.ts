/**
 * An exchange with an upstream that acted, such as a purchase, or that went wrong: what was asked and what was answered, without secrets, for
 * the operator.
 */
import type { IssuanceId, UpstreamExchangeId } from './ids.ts';

export interface UpstreamExchange {
  readonly id: UpstreamExchangeId;
  /** Our account at the upstream. */
  readonly account: string;
  /** Null: it was about no order. */
  readonly issuanceId: IssuanceId | null;
  readonly at: Date;
  readonly method: string;
  readonly url: string;
  /** What was sent, without signature, nonce and secrets; empty where nothing was. */
  readonly asked: string;
  /** Null: there was no answer. */
  readonly status: number | null;
  /** The body, cut to a readable length; or why there was none. */
  readonly answer: string;
  /** It could buy, change, cancel or revoke something. */
  readonly isActing: boolean;
}

/** The newest of each account that are kept of those that did not act. */
export const keptExchanges = 50;

/** Those that acted are kept so long, however many there are: longer than any dispute over what was bought. */
export const actingExchangesKeepDays = 400;
