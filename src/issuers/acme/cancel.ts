/** Giving an order at an ACME CA up. ACME has no cancellation: an order that nobody finalizes ends by itself (RFC 8555 §7.1.3). */
import { AcmeFailure } from '../../dialects/acme/client/failure.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { AcmeIssuerContext } from './context.ts';
import { verdictOn } from './problem-kinds.ts';
import { isOf, isOfLostAccount } from './row.ts';

/** Once so long has passed an order that is shown as `ready` was not taken. */
const unsureMs = 600_000;

export async function cancelOrder(
  context: AcmeIssuerContext,
  issuanceId: IssuanceId,
  signal: AbortSignal,
): Promise<'cancelled' | 'tooLate'> {
  const { account, rows, clock } = context;
  const row = await rows.read.acmeUpstreamOrders.get(issuanceId);
  // A lost reply to newOrder leaves an order that nobody can finalize without its URL, and it ends by itself.
  const orderUrl = row?.orderUrl ?? null;
  if (row === undefined || row.step === 'order' || orderUrl === null) return 'cancelled';
  // It was placed by another account, or at another directory: nobody here can look at it.
  if (!isOf(context, row)) return row.finalizedAt === null ? end() : 'tooLate';
  const { client } = await account.open(signal);
  if (row.finalizedAt !== null) {
    const status = await client.order({ url: orderUrl }, signal).then(({ shown }) => shown.status, untoldOrThrow);
    if (status === 'invalid' || status === 'orderGone') return end();
    // `resume` registers the account again, and ends an order that no account of ours is shown any more.
    if (status === 'accountGone' || status === 'accountLost') return 'tooLate';
    // The CSR was sent: some CAs show an order as `ready` again while they work on it, and issue all the same.
    const isFresh = clock.now().getTime() - row.finalizedAt.getTime() < unsureMs;
    if (isFresh || status === 'processing' || status === 'valid') return 'tooLate';
  }
  // Those that are proved may serve other orders of ours, and an order without a CSR issues nothing.
  for (const url of row.authorizationUrls) {
    try {
      const { shown } = await client.authorization(url, signal);
      if (shown.status === 'pending') await client.deactivateAuthorization(url, signal);
    } catch (thrown) {
      // One that is over, or that the CA does not show: it does no harm.
      if (!(thrown instanceof AcmeFailure) || verdictOn(thrown.failed).isFault) throw thrown;
    }
  }
  return end();

  async function untoldOrThrow(thrown: unknown) {
    const kind = thrown instanceof AcmeFailure ? verdictOn(thrown.failed).kind : undefined;
    if (kind === 'orderGone' || kind === 'accountGone') return kind;
    if (kind === 'orderHidden' && row !== undefined && (await isOfLostAccount(context, row, signal)))
      return 'accountLost';
    throw thrown;
  }

  async function end(): Promise<'cancelled'> {
    await rows.write((tx) => tx.publishedProofs.removeOf(issuanceId));
    return 'cancelled';
  }
}
