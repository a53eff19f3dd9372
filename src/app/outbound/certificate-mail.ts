/**
 * A certificate that somebody asks to have sent. Mails are rows of `reminders`, queued in the transaction that asked for
 * them, and sent by the same job as reminders before an end.
 */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { ExpiryReminder } from '../../domain/expiry-reminder.ts';
import { newId } from '../../domain/ids.ts';
import { requireMailbox } from '../../domain/mailbox.ts';
import type { OrderReference, OrderView } from '../../domain/ports/orders.ts';
import { printable } from '../../domain/printable.ts';
import { encodePem } from '../../pki/pem.ts';
import type { AppContext } from '../context.ts';
import { recordChange } from '../orders/order-event.ts';
import { findIssuance } from '../scope.ts';
import { type MailLinks, stopLines } from './mail-footer.ts';
import { requireAdmission } from './mailboxes.ts';

const dayMs = 86_400_000;
/** Whoever has a key could fill strangers' mailboxes otherwise. */
const mailsPerDay = 20;
const shownNames = 20;

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
      await tx.jobs.enqueue({ kind: 'sendReminder', subject: id, runAt: now });
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
    const expected = { en: `at most ${mailsPerDay} addresses`, zh: `至多 ${mailsPerDay} 个邮箱地址` };
    throw refuse('fieldInvalid', { field: 'addresses', value: String(wanted.size), expected });
  }
  return [...wanted];
}

/** What the mail says, in both languages. */
export function certificateText(
  { order, account, issuance, certificate, chain }: OrderView,
  { publicUrl, stopUrl }: MailLinks,
): { readonly subject: string; readonly text: string } {
  if (certificate === null) throw refuse('certificateNotIssued', { value: String(issuance.number) });
  const all = certificate.names;
  const [first = ''] = all;
  const more = all.length > shownNames ? ` … (+${all.length - shownNames})` : '';
  const day = (date: Date) => date.toISOString().slice(0, 10);
  const text = [
    `The certificate for ${first}, then those above it, up to the root. 证书及其上级证书如下，直至根证书。`,
    '',
    `  Names 域名      ${all.slice(0, shownNames).join(', ')}${more}`,
    `  Valid 有效期    ${day(certificate.notBefore)} – ${day(certificate.notAfter)}`,
    `  Serial 序列号   ${certificate.serial}`,
    `  Account 账户    ${printable(account.name)}`,
    `  Order 订单      ${order.number}`,
    `  Server 服务     ${publicUrl}`,
    '',
    'Somebody of this account asked for this mail. 本邮件应该账户人员的要求发送。',
    '',
    ...[certificate.der, ...chain].map((der) => encodePem('CERTIFICATE', der)),
    ...stopLines(stopUrl),
  ].join('\n');
  return { subject: `The certificate for ${first} / ${first} 的证书`, text };
}
