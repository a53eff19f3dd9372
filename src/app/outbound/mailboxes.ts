/**
 * Limits on mail to a mailbox, and the link by which its reader stops the mail. Every mail goes through here:
 * confirmations, certificates, expiry reminders, invitations.
 */

import { createHmac, hash } from 'node:crypto';
import { refuse } from '../../domain/errors.ts';
import { base32 } from '../../domain/ids.ts';
import type { MailLimits } from '../../domain/outgoing-mail.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** 160 bits. */
const tokenBytes = 20;

export interface MailToSend {
  /** One mail counts once, however often it is tried. */
  readonly id: string;
  readonly address: string;
}

export type Admission =
  | { readonly kind: 'counted' }
  | { readonly kind: 'stopped' }
  /** It may be sent then, not sooner. */
  | { readonly kind: 'later'; readonly at: Date };

/** Counts the mail, unless the mailbox wants none or has had its share. One that was counted before is not counted again. */
export async function admitMail(context: AppContext, tx: Stores, mail: MailToSend): Promise<Admission> {
  const address = mail.address.toLowerCase();
  const now = context.clock.now();
  const mailbox = await tx.mailboxes.get(address);
  if (mailbox?.stopped != null) return { kind: 'stopped' };
  if (await tx.outgoingMails.isCounted(mail.id)) return { kind: 'counted' };
  const domain = domainOf(context, address);
  const at = await earliest(context, tx, { address, domain, now });
  if (at > now) return { kind: 'later', at };
  await tx.outgoingMails.insert({ id: mail.id, address, domain, at: now });
  await tx.mailboxes.put({ address, tokenHash: stopHash(context, address), createdAt: now });
  return { kind: 'counted' };
}

/**
 * Like `admitMail`, for a mail that somebody requests.
 * @throws {CertError} validationFailed for a mailbox that wants none; rateLimited, naming when to try again
 */
export async function requireAdmission(context: AppContext, tx: Stores, mail: MailToSend): Promise<void> {
  const admission = await admitMail(context, tx, mail);
  const { address } = mail;
  if (admission.kind === 'stopped') throw refuse('mailboxStopped', { address });
  if (admission.kind === 'counted') return;
  const retryAfterSeconds = Math.ceil((admission.at.getTime() - context.clock.now().getTime()) / 1000);
  throw refuse('mailboxFull', { address, retryAfterSeconds });
}

/** The time of the next mail to it: once the oldest of as many as are allowed has left each window. */
async function earliest(
  { mailLimits }: AppContext,
  tx: Stores,
  { address, domain, now }: { readonly address: string; readonly domain: string; readonly now: Date },
): Promise<Date> {
  let at = now;
  for (const { to, limit, windowMs } of windowsOf(mailLimits, { address, domain })) {
    const oldest = await tx.outgoingMails.nthNewest(to, limit);
    const free = oldest === undefined ? at : new Date(oldest.getTime() + windowMs);
    if (free > at) at = free;
  }
  return at;
}

function windowsOf(limits: MailLimits, { address, domain }: { readonly address: string; readonly domain: string }) {
  return [
    { to: { address }, limit: limits.perMailboxPerHour, windowMs: hourMs },
    { to: { address }, limit: limits.perMailboxPerDay, windowMs: dayMs },
    { to: { domain }, limit: limits.perDomainPerHour, windowMs: hourMs },
    { to: { domain }, limit: limits.perDomainPerDay, windowMs: dayMs },
  ] as const;
}

/** The registrable domain: `a.example.com` and `b.example.com` mostly have one mail server. */
function domainOf({ publicSuffixes }: AppContext, address: string): string {
  const host = address.slice(address.lastIndexOf('@') + 1);
  return publicSuffixes.registrableDomain(host) ?? host;
}

/** Mails that no window counts any more may be forgotten. */
export function countedSince(now: Date): Date {
  return new Date(now.getTime() - dayMs);
}

/** The link with which the reader of a mailbox stops the mail. */
export function stopUrl(context: AppContext, address: string): string {
  return `${context.publicUrl}/mail/stop/${stopToken(context, address.toLowerCase())}`;
}

/** The same in every mail to a mailbox, and known to nobody else. */
function stopToken({ mailStopSecret }: AppContext, address: string): string {
  const mac = createHmac('sha256', mailStopSecret).update(address).digest();
  return base32(mac.subarray(0, tokenBytes));
}

export function stopHash(context: AppContext, address: string): Uint8Array {
  return hashOfStop(stopToken(context, address));
}

export function hashOfStop(token: string): Uint8Array {
  return hash('sha256', token, 'buffer');
}
