/** The mail about an account whose balance is below its threshold. */
import type { Language } from '../../language.ts';
import { printable } from '../../printable.ts';
import { inBoth, type Mail, type MailLinks, stopLines } from './mail.ts';

export interface LowBalanceFacts extends MailLinks {
  readonly account: string;
  /** With their currency: `12.00 CNY`. */
  readonly balance: string;
  readonly threshold: string;
  /** The account's page of the console. */
  readonly url: string;
  /** That of the reader, which comes first; null: not known. */
  readonly language: Language | null;
}

export function lowBalanceMail({
  account,
  balance,
  threshold,
  url,
  language,
  publicUrl,
  stopUrl,
}: LowBalanceFacts): Mail {
  const name = printable(account);
  const { subject, lines } = inBoth(language, {
    en: {
      subject: `The balance of ${name} is low: ${balance}`,
      lines: [
        `The balance of the account ${name} is ${balance}, which is less than ${threshold}.`,
        'Orders that cost more than is left are refused, and certificates are not renewed. Ask whoever runs',
        'the server to add to it.',
        '',
        `  Account  ${name}`,
        `  Ledger   ${url}`,
        `  Server   ${publicUrl}`,
        '',
        'This is sent once, and again only after the balance was restored. You can turn it off in the console,',
        'under Settings.',
      ],
    },
    zh: {
      subject: `${name} 余额不足：${balance}`,
      lines: [
        `账户 ${name} 的余额为 ${balance}，已低于提醒线 ${threshold}。`,
        '余额不足时，新订单会被拒绝，证书也无法续订。请联系服务管理员充值。',
        '',
        `  账户    ${name}`,
        `  流水    ${url}`,
        `  服务器  ${publicUrl}`,
        '',
        '余额恢复之前不会重复发送。如不需要此类邮件，可在控制台的“设置”中关闭。',
      ],
    },
  });
  return { subject, text: [...lines, '', ...stopLines(stopUrl)].join('\n') };
}
