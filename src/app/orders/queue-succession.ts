/** Queues the successors of an issued certificate: the next certificate of its coverage, and the order that renews its own. */
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { reissueDue, renewalDue } from '../../domain/renewal.ts';
import type { AppContext } from '../context.ts';
import { suggestsRenewal } from '../issuing/renewal-info.ts';
import type { CoveragePeriod } from './coverage.ts';

/**
 * Queues what is to follow the certificate that was just issued. Says whether there is anything: not where the certificate
 * lasts as long as the coverage, which costs no query then.
 */
export async function queueSuccession(
  context: AppContext,
  tx: Stores,
  issued: {
    readonly order: Order;
    readonly issuance: Issuance;
    readonly certificate: { readonly notBefore: Date; readonly notAfter: Date };
    readonly coverage: CoveragePeriod;
  },
): Promise<boolean> {
  const { order, issuance, certificate, coverage } = issued;
  const { id: subject } = order;
  if (issuance.kind === 'duplicate') return false;
  const reissueAt = reissueDue(certificate, { coverageUntil: coverage.until, validity: issuance.validity });
  // Queued with the first certificate; from then on the job queues itself.
  const isFirst = order.coverageFrom === null;
  const renewAt = isFirst
    ? renewalDue({ ...order, coverageFrom: coverage.from, coverageUntil: coverage.until })
    : undefined;
  if (reissueAt !== undefined) {
    // An upstream that suggests when to renew is polled every day (RFC 9773 §4.2), and may want it sooner.
    const isPolled = suggestsRenewal(context, issuance.issuerId);
    const runAt = isPolled ? earlierOf(reissueAt, new Date(context.clock.now().getTime() + dayMs)) : reissueAt;
    await tx.jobs.enqueue({ kind: 'reissue', subject, runAt });
  }
  if (renewAt !== undefined) await tx.jobs.enqueue({ kind: 'renew', subject, runAt: renewAt });
  return reissueAt !== undefined || renewAt !== undefined;
}

export const dayMs = 86_400_000;

export function earlierOf(one: Date, other: Date): Date {
  return one < other ? one : other;
}
