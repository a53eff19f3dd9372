/** What each dialog of an order is given: the order as it was when the dialog opened, on which alone it acts. */
import type { CallOptions } from '../../api/call.ts';
import { Problem } from '../../api/problem.ts';
import type { ActOptions } from '../../shared/confirm/use-act.ts';
import type { Order } from '../order-query.ts';

export interface ActDialogProps {
  readonly order: Order;
  readonly onClose: () => void;
  /** With the words that say what was done. */
  readonly onDone: (words: string) => void;
  readonly onRefused: (problem: Problem) => void;
}

/** Acts on just what was seen: where the order has changed since, nothing is done. */
export function seen({ version }: Order, { idempotencyKey }: ActOptions): CallOptions {
  return { idempotencyKey, ifMatch: version };
}

export function isStale(error: unknown): boolean {
  return error instanceof Problem && (error.status === 409 || error.status === 412);
}
