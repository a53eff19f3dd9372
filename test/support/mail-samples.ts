/** One of each mail that certmux sends, for docs/messages.md. */
import { adviceOf, renderAlarm } from '../../src/domain/alarm.ts';
import { alarmMail } from '../../src/domain/messages/mails/alarm.ts';
import { approvalMail } from '../../src/domain/messages/mails/approval.ts';
import { certificateMail } from '../../src/domain/messages/mails/certificate.ts';
import { domainConfirmationMail, orderConfirmationMail } from '../../src/domain/messages/mails/confirmation.ts';
import { expiryReminderMail } from '../../src/domain/messages/mails/expiry-reminder.ts';
import { invitationMail } from '../../src/domain/messages/mails/invitation.ts';
import { lowBalanceMail } from '../../src/domain/messages/mails/low-balance.ts';
import type { Mail } from '../../src/domain/messages/mails/mail.ts';
import { alarmSamples } from './alarm-samples.ts';

const publicUrl = 'https://certs.example.net';
const stopUrl = `${publicUrl}/mail/stop/n4x2`;
const order = { product: 'DV Basic', account: 'Example Ltd', orderNumber: 10_023 };
const asked = {
  account: 'Example Ltd',
  requestedAt: new Date('2026-06-01T08:30:00Z'),
  requestedFrom: '203.0.113.7',
  expiresAt: new Date('2026-07-01T08:30:00Z'),
  url: `${publicUrl}/confirm/k7q3`,
  stopUrl,
};
const names = ['www.example.com', 'example.com'];
const reminder = { ...order, publicUrl, stopUrl, names, now: new Date('2026-06-01T00:00:00Z') };

export const mailSamples: Readonly<Record<string, Mail>> = {
  'Confirmation of an order': orderConfirmationMail({ ...asked, ...order, confirms: ['www.example.com'], names }),
  'Confirmation of several names': orderConfirmationMail({ ...asked, ...order, confirms: names, names }),
  'Confirmation of a domain': domainConfirmationMail({ ...asked, domain: 'example.com' }),
  'Reminder before an order ends': expiryReminderMail({
    ...reminder,
    ending: 'orderExpiring',
    endsAt: new Date('2026-07-01T00:00:00Z'),
    ownMessage: 'Ask the web team to renew this one.',
  }),
  'Reminder before a certificate ends': expiryReminderMail({
    ...reminder,
    ending: 'certificateExpiring',
    endsAt: new Date('2026-06-08T00:00:00Z'),
    ownMessage: '',
  }),
  'Invitation of a user': invitationMail({
    username: 'jill@example.com',
    account: order.account,
    url: `${publicUrl}/invitation/x9d4`,
    expiresAt: new Date('2026-06-08T08:30:00Z'),
    publicUrl,
    stopUrl,
  }),
  'A request waits for approval': approvalMail({
    publicUrl,
    stopUrl,
    names,
    asks: 'reissue',
    account: order.account,
    orderNumber: order.orderNumber,
    requestedAt: new Date('2026-06-01T08:30:00Z'),
    comments: 'ticket 4711',
    url: `${publicUrl}/console/approvals/17`,
    language: null,
  }),
  'A low balance': lowBalanceMail({
    publicUrl,
    stopUrl,
    account: order.account,
    balance: '12.00 CNY',
    threshold: '50.00 CNY',
    url: `${publicUrl}/console/accounts/100001`,
    language: null,
  }),
  'An alarm': alarmMail({
    state: 'raised',
    alarm: 'mailsNotSent',
    en: renderAlarm(alarmSamples.mailsNotSent, 'en'),
    zh: renderAlarm(alarmSamples.mailsNotSent, 'zh'),
    since: new Date('2026-06-01T08:30:00Z'),
    node: null,
    advice: { en: adviceOf('mailsNotSent', 'en'), zh: adviceOf('mailsNotSent', 'zh') },
    runbook: 'docs/operations.md#mailsnotsent',
    publicUrl,
    stopUrl,
  }),
  'A certificate': certificateMail({
    publicUrl,
    stopUrl,
    names,
    notBefore: new Date('2026-06-01T00:00:00Z'),
    notAfter: new Date('2026-12-17T00:00:00Z'),
    serial: '0A1B2C3D4E5F60718293A4B5C6D7E8F9',
    account: order.account,
    orderNumber: order.orderNumber,
    pems: ['-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n'],
  }),
};
