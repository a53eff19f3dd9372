/** Asks for the check of an order that the server may just be checking, or have issued, by itself. */
import type { NativeClient } from '../../src/dialects/native/client.ts';
import { CertError } from '../../src/domain/errors.ts';

/** Passes over the one refusal that says that the order no longer waits; every other is thrown. */
export async function checkNow(client: NativeClient, order: string): Promise<void> {
  try {
    await client.orders.check({ order });
  } catch (thrown) {
    if (!(thrown instanceof CertError && thrown.code === 'wrongState')) throw thrown;
    const { state } = await client.orders.show({ order });
    if (state !== 'active') throw thrown;
  }
}
