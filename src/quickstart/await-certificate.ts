/** Polls an order as clients do, until it has its certificate. */
import type { Clock } from '../domain/ports/system.ts';
import type { Customer, IssuedPem, OrderState } from './customer.ts';

export interface Waiting {
  readonly customer: Pick<Customer, 'readOrder'>;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told after each poll which names are still waited for. */
  readonly note: (text: string) => void;
}

const pollMs = 250;
/** Shorter than the limit of a step, so that the message can say what is missing. */
const patienceMs = 20_000;

/** @throws {Error} when the order fails, or takes longer than this wants to wait; it says which names are missing */
export async function awaitCertificate(
  waiting: Waiting,
): Promise<IssuedPem & { readonly status: string; readonly polls: number }> {
  const { customer, names, clock, signal, note } = waiting;
  const deadline = clock.monotonicMs() + patienceMs;
  for (let polls = 1; ; polls++) {
    const state = await customer.readOrder(signal);
    const { status, certificate, failure } = state;
    if (certificate !== undefined) return { ...certificate, status, polls };
    if (failure !== undefined) throw new Error(`the order is ${status}: ${failure}`);
    const summary = summaryOf(state, names);
    if (clock.monotonicMs() > deadline) {
      throw new Error(
        `${status} after ${patienceMs / 1000} s, ${summary}; ${state.problem ?? 'no problem was reported'}`,
      );
    }
    note(summary);
    await clock.sleep(pollMs, signal);
  }
}

function summaryOf({ verifiedNames }: OrderState, names: readonly string[]): string {
  const missing = names.filter((name) => !verifiedNames.includes(name));
  const counted = `${names.length - missing.length} of ${names.length} names verified`;
  return missing.length === 0 ? `${counted}, being issued` : `${counted}, checking ${missing.join(', ')}`;
}
