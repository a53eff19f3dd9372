/** What a rule would refuse, without acting: the same function that the operation calls, and the reason that it throws. */
import { CertError, type Reason } from '../domain/errors.ts';

/** Null: it would pass. Faults of ours are thrown on. */
export async function refusalOf(rule: () => void | Promise<void>): Promise<Reason | null> {
  try {
    await rule();
    return null;
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code !== 'internal') return thrown.reason;
    throw thrown;
  }
}
