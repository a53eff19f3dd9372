/**
 * Mails with a certificate that somebody requested. They are rows of `reminders`, queued in the transaction of the request
 * and sent by the same job as expiry reminders.
 */

import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { ExpiryReminder } from '../../domain/expiry-reminder.ts';
import { newId } from '../../domain/ids.ts';
import { requireMailbox } from '../../domain/mailbox.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import { certificateMail } from '../../domain/messages/mails/certificate.ts';
import type { Mail, MailLinks } from '../../domain/messages/mails/mail.ts';
import type { OrderReference, OrderView } from '../../domain/ports/orders.ts';
import { encodePem } from '../../pki/pem.ts';
import type { AppContext } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';
import { findIssuance } from '../scope.ts';
import { requireAdmission } from './mailboxes.ts';

const dayMs = 86_400_000;
/** Without a limit anybody with a key could fill strangers' mailboxes. */
const mailsPerDay = 20;

export async function sendCertificate(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  addresses: readonly string[],
): Promise<void> {
  const { database, clock } = context;
  const { order, issuanceId } = await findIssuance(database.read, caller, reference);
  const issuance = await database.read.issuances.get(issuanceId);
  const certificate = issuance?.certificateId
    ? await database.read.certificates.get(issuance.certificateId)
    : undefined;
  if (issuance === undefined || certificate === undefined) {
    throw refuse('certificateNotIssued', { value: String(issuance?.number ?? order.number) });
  }
  const wanted = mailboxes(addresses);
  if (context.mailer === null) throw refuse('mailNotSendable', {});
  const now = clock.now();
  await database.write(async (tx) => {
    const event: ExpiryReminder['event'] = 'certificateSent';
    const since = new Date(now.getTime() - dayMs);
    const sent = await tx.expiryReminders.countSince(issuanceId, event, since);
    if (sent + wanted.length > mailsPerDay) {
      throw refuse('certificateMailsUsedUp', { mails: mailsPerDay, retryAfterSeconds: dayMs / 1000 });
    }
    for (const address of wanted) {
      const id = newId('expiryReminder', context);
      await requireAdmission(context, tx, { id, address });
      const rest = { state: 'waiting', lastAnswer: null, createdAt: now, endedAt: null } as const;
      const { id: orderId, accountId } = order;
      await tx.expiryReminders.insert({
        id,
        accountId,
        orderId,
        issuanceId,
        event,
        endsAt: certificate.notAfter,
        address,
        ...rest,
      });
      await tx.jobs.enqueue({ kind: 'sendReminder', subject: id, runAt: now, owner: accountId });
    }
    await recordChange(tx, caller, 'certificate.sendingAsked', order, {
      now,
      certificate: certificate.id,
      addresses: wanted,
    });
  });
  context.queue.wake();
}

/** Each mailbox once. @throws {CertError} invalidField */
function mailboxes(addresses: readonly string[]): readonly string[] {
  if (addresses.length === 0) throw refuse('fieldMissing', { field: 'addresses' });
  const wanted = new Set(addresses.map((text) => requireMailbox(text, 'addresses')));
  if (wanted.size > mailsPerDay) {
    throw refuse('fieldInvalid', {
      field: 'addresses',
      value: String(wanted.size),
      expected: expectedOf.addressesAtMost(mailsPerDay),
    });
  }
  return [...wanted];
}

/** Text of the mail. */
export function certificateText({ order, account, issuance, certificate, chain }: OrderView, links: MailLinks): Mail {
  if (certificate === null) throw refuse('certificateNotIssued', { value: String(issuance.number) });
  const { names, notBefore, notAfter, serial, der } = certificate;
  const pems = [der, ...chain].map((one) => encodePem('CERTIFICATE', one));
  return certificateMail({
    ...links,
    names,
    notBefore,
    notAfter,
    serial,
    account: account.name,
    orderNumber: order.number,
    pems,
  });
}
