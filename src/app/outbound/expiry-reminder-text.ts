/**
 * The words of a reminder before an end: in both languages, since nothing tells which one its reader speaks. Plain text. What
 * the customer wants repeated stands in a paragraph of its own.
 */
import type { EndingReminder } from '../../domain/expiry-reminder.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { printable } from '../../domain/printable.ts';
import { type MailLinks, stopLines } from './mail-footer.ts';

/** Names shown; the order lists all. */
const shownNames = 20;
const dayMs = 86_400_000;

export function reminderText(
  { event, endsAt }: { readonly event: EndingReminder; readonly endsAt: Date },
  { order, product, account, issuance, now }: OrderView,
  { publicUrl, stopUrl }: MailLinks,
): { readonly subject: string; readonly text: string } {
  const all = issuance.names.map(({ identifier }) => identifier.value);
  const more = all.length > shownNames ? ` … (+${all.length - shownNames})` : '';
  const names = all.slice(0, shownNames).join(', ') + more;
  const [first = ''] = all;
  const day = endsAt.toISOString().slice(0, 10);
  const days = Math.max(1, Math.ceil((endsAt.getTime() - now.getTime()) / dayMs));
  const daysEn = days === 1 ? '1 day' : `${days} days`;
  const words = wordsOf[event];
  const message = order.reminders.message
    .split(/\r?\n/)
    .map((line) => printable(line))
    .join('\n')
    .trim();
  const text = [
    ...(message === '' ? [] : [message, '']),
    `${words.en} for ${first} ends in ${daysEn}, on ${day}.`,
    words.adviceEn,
    '',
    `  Names    ${names}`,
    `  Product  ${printable(product.name)}`,
    `  Account  ${printable(account.name)}`,
    `  Order    ${order.number}`,
    `  Server   ${publicUrl}`,
    '',
    'Whoever places orders for this account can turn these reminders off for the order.',
    '',
    '----------------------------------------------------------------------',
    '',
    `${first} 的${words.zh}将在 ${days} 天后（${day}）到期。${words.adviceZh}`,
    '',
    `  域名  ${names}`,
    `  产品  ${printable(product.name)}`,
    `  账户  ${printable(account.name)}`,
    `  订单  ${order.number}`,
    `  服务  ${publicUrl}`,
    '',
    '如不需要此类提醒，可由该账户的申请人为该订单关闭。',
    '',
    ...stopLines(stopUrl),
  ].join('\n');
  return { subject: `${words.en} for ${first} ends in ${daysEn} / ${first} 的${words.zh}将在 ${days} 天后到期`, text };
}

const wordsOf = {
  orderExpiring: {
    en: 'The certificate order',
    adviceEn: 'Renew it in time; after that day it is not served any more.',
    zh: '证书订单',
    adviceZh: '请及时续期，到期后将不再提供服务。',
  },
  certificateExpiring: {
    en: 'The certificate',
    adviceEn: 'The order goes on: have it reissued and install the new certificate before that day.',
    zh: '证书',
    adviceZh: '订单仍在服务期内，请在到期前重新签发并部署新证书。',
  },
} as const satisfies Record<EndingReminder, object>;
