/** Failure of an issuance that cannot become a certificate. */
import { type Reason, reason } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { JobKind } from '../../domain/job.ts';
import type { Thing } from '../../domain/messages/row.ts';
import type { JobGivenUp } from '../../domain/ports/jobs.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { issuanceTransitions, orderTransitions, statesAccepting } from '../../domain/states.ts';
import { onInvitationGivenUp } from '../accounts/invitation-mail.ts';
import type { AppContext } from '../context.ts';
import { refund } from '../orders/charging.ts';
import { releaseRenewed } from '../orders/coverage.ts';
import { recordChange } from '../orders/order-event.ts';
import { giveUpDelivery } from '../outbound/deliveries.ts';
import { onReminderGivenUp } from '../outbound/expiry-reminders.ts';
import { onUserMailGivenUp } from '../outbound/user-mails.ts';
import { giveUpAttempt } from '../proving/attempt.ts';
import { onMailGivenUp } from '../proving/confirmation-mail.ts';
import { mayBeUpstreams, releaseUpstream } from './upstream-end.ts';

/**
 * The issuance failed for good: its cost is refunded. An order without a certificate fails with it; an active one keeps
 * its certificate.
 */
export async function failIssuance(
  context: AppContext,
  tx: Stores,
  issuance: Issuance,
  failure: Reason,
): Promise<void> {
  const from = statesAccepting(issuanceTransitions, 'fail');
  if (!(await tx.issuances.move(issuance.id, from, 'failed', { failure }))) return;
  if (mayBeUpstreams(context, issuance)) await releaseUpstream(context, tx, issuance);
  const order = await tx.orders.getForUpdate(issuance.orderId);
  if (order === undefined) return;
  const now = context.clock.now();
  await refund(context, tx, { order, issuance, note: `issuance ${issuance.number} failed` });
  await recordChange(tx, null, 'issuance.failed', order, { now, issuance: issuance.id, reason: failure });
  if (await tx.orders.move(order.id, statesAccepting(orderTransitions, 'fail'), 'failed')) {
    await releaseRenewed(tx, order);
    await recordChange(tx, null, 'order.failed', order, { now, reason: failure });
  }
}

/** The jobs that orders wait for, and the state in which they do. The others work for nobody's order. */
const workOf: { readonly [K in JobKind]?: { readonly what: Thing; readonly state: Issuance['state'] } } = {
  validate: { what: 'validation', state: 'awaitingValidation' },
  issue: { what: 'issuance', state: 'issuing' },
  checkCaa: { what: 'issuance', state: 'ready' },
};

/** An issuance whose job has failed for good would wait for ever: it fails instead. A mail that failed is recorded. */
export function createJobGivenUp(context: AppContext): JobGivenUp {
  return async (tx, { kind, subject }, attempts) => {
    if (kind === 'sendMail') return onMailGivenUp(tx, subject, { attempts, now: context.clock.now() });
    if (kind === 'sendReminder') return onReminderGivenUp(tx, subject, { attempts, now: context.clock.now() });
    if (kind === 'sendUserMail') return onUserMailGivenUp(context, tx, subject, attempts);
    if (kind === 'sendInvitation') return onInvitationGivenUp(context, tx, subject, attempts);
    if (kind === 'deliver' && isId('delivery', subject)) {
      await giveUpDelivery(context, tx, subject, attempts);
    }
    if (kind === 'checkOnRequest') return giveUpAttempt(context, tx, subject, attempts);
    const work = workOf[kind];
    const issuance = isId('issuance', subject) ? await tx.issuances.get(subject) : undefined;
    if (work === undefined || issuance === undefined) return;
    // A relayed one is driven by its upstream's job before it is `issuing`.
    const isRelayed = kind === 'issue' && issuance.state === 'awaitingValidation';
    if (issuance.state !== work.state && !isRelayed) return;
    await failIssuance(context, tx, issuance, reason('workFailed', { what: work.what, attempts }));
  };
}
