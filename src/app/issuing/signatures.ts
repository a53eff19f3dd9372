/** Signatures that are under way when an order comes to its end. */
import type { Order } from '../../domain/order.ts';
import type { AppContext } from '../context.ts';

/** Long enough for a signature of our own, short for a caller. */
const signatureWaitMs = 2_000;

/**
 * Waits a little for everything of the order that is being signed, duplicates too, so that what is made is revoked with the
 * rest. Without this it would only be found to be too late.
 */
export async function afterSignatures({ database, queue }: AppContext, { id }: Order): Promise<void> {
  const signing = (await database.read.issuances.listOfOrder(id)).filter(({ state }) => state === 'issuing');
  await Promise.all(signing.map((issuance) => queue.settled('issue', issuance.id, signatureWaitMs)));
}
