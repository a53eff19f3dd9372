/** The mail that reminds of the end of an order or of a certificate that nothing will follow. */
import { printable } from '../../printable.ts';
import { dayOf, divider, type Mail, type MailLinks, shortList, stopLines } from './mail.ts';

export interface ExpiryReminderFacts extends MailLinks {
  readonly ending: 'orderExpiring' | 'certificateExpiring';
  readonly endsAt: Date;
  readonly now: Date;
  readonly names: readonly string[];
  readonly product: string;
  readonly account: string;
  readonly orderNumber: number;
  /** Text that the customer wants first in these mails; empty for none. */
  readonly ownMessage: string;
}

const words = {
  orderExpiring: {
    en: 'The certificate order',
    adviceEn: 'Renew it before that day: after it, the order gets no more certificates.',
    zh: '证书订单',
    adviceZh: '请及时续订，到期后该订单将不再签发证书。',
  },
  certificateExpiring: {
    en: 'The certificate',
    adviceEn: 'The order goes on: reissue the certificate and install the new one before that day.',
    zh: '证书',
    adviceZh: '订单仍在服务期内，请在到期前重签并部署新证书。',
  },
} as const;

const dayMs = 86_400_000;

export function expiryReminderMail(facts: ExpiryReminderFacts): Mail {
  const { en, adviceEn, zh, adviceZh } = words[facts.ending];
  const [first = ''] = facts.names;
  const names = shortList(facts.names);
  const day = dayOf(facts.endsAt);
  const days = Math.max(1, Math.ceil((facts.endsAt.getTime() - facts.now.getTime()) / dayMs));
  const daysEn = days === 1 ? '1 day' : `${days} days`;
  const ownMessage = facts.ownMessage
    .split(/\r?\n/)
    .map((line) => printable(line))
    .join('\n')
    .trim();
  const text = [
    ...(ownMessage === '' ? [] : [ownMessage, '']),
    `${en} for ${first} ends in ${daysEn}, on ${day}.`,
    adviceEn,
    '',
    `  Names    ${names}`,
    `  Product  ${printable(facts.product)}`,
    `  Account  ${printable(facts.account)}`,
    `  Order    ${facts.orderNumber}`,
    `  Server   ${facts.publicUrl}`,
    '',
    'Anyone who may place orders for this account can turn off these reminders for the order.',
    '',
    divider,
    '',
    `${first} 的${zh}将在 ${days} 天后（${day}）到期。${adviceZh}`,
    '',
    `  域名    ${names}`,
    `  产品    ${printable(facts.product)}`,
    `  账户    ${printable(facts.account)}`,
    `  订单    ${facts.orderNumber}`,
    `  服务器  ${facts.publicUrl}`,
    '',
    '如不需要此类提醒，可由该账户的申请人为该订单关闭。',
    '',
    ...stopLines(facts.stopUrl),
  ].join('\n');
  return { subject: `${en} for ${first} ends in ${daysEn} / ${first} 的${zh}将在 ${days} 天后到期`, text };
}
