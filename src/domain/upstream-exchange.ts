/** An exchange with an upstream that went wrong: what was asked and what was answered, without secrets, for the operator. */
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
}

/** The newest of each account that are kept. */
export const keptExchanges = 50;
