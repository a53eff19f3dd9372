/** Refusals that name what the caller named. */
import { CertError, type Reason } from '../../domain/errors.ts';
import type { Thing } from '../../domain/messages/row.ts';

/**
 * Runs a call on a thing that the core knows by another number or id than this API; whatever it refuses about that thing names it
 * as the caller did.
 */
export async function naming<T>(what: Thing, value: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (thrown) {
    if (!(thrown instanceof CertError)) throw thrown;
    const { reason } = thrown;
    if (!('what' in reason.params) || reason.params.what !== what || !('value' in reason.params)) throw thrown;
    throw new CertError({ key: reason.key, params: { ...reason.params, value } } as Reason, { cause: thrown.cause });
  }
}
