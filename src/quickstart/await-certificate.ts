/** Polls an order as clients do, until it has its certificate. */
import type { Clock } from '../domain/ports/system.ts';
import type { Customer, IssuedPem, OrderState } from './customer.ts';

export interface Waiting {
  readonly customer: Pick<Customer, 'readOrder' | 'recheck'>;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told after each poll which names are still waited for. */
  readonly note: (text: string) => void;
  readonly patienceMs: number;
}

const pollMs = 250;
/** Between two calls that ask for a look at the proofs, as an impatient customer makes them; the server takes no more. */
const recheckMs = 10_000;

/** @throws {Error} when the order fails, or takes longer than this wants to wait; it says which names are missing */
export async function awaitCertificate(
  waiting: Waiting,
): Promise<IssuedPem & { readonly status: string; readonly polls: number }> {
  const { customer, names, clock, signal, note, patienceMs } = waiting;
  const deadline = clock.monotonicMs() + patienceMs;
  let checkedAtMs = clock.monotonicMs();
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
    if (customer.recheck !== undefined && clock.monotonicMs() >= checkedAtMs + recheckMs) {
      await customer.recheck(signal);
      checkedAtMs = clock.monotonicMs();
    }
    await clock.sleep(pollMs, signal);
  }
}

function summaryOf({ verifiedNames }: OrderState, names: readonly string[]): string {
  const missing = names.filter((name) => !verifiedNames.includes(name));
  const counted = `${names.length - missing.length} of ${names.length} names verified`;
  return missing.length === 0 ? `${counted}, being issued` : `${counted}, checking ${missing.join(', ')}`;
}
