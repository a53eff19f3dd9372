/** The mail to an approver for whom a request waits. */
import type { Approval } from '../../approval.ts';
import type { Language } from '../../language.ts';
import { printable } from '../../printable.ts';
import { inBoth, type Mail, type MailLinks, shortList, stopLines } from './mail.ts';

export interface ApprovalMailFacts extends MailLinks {
  readonly asks: Approval['asks'];
  readonly names: readonly string[];
  readonly account: string;
  readonly orderNumber: number;
  readonly requestedAt: Date;
  /** Of the requester; empty for none. */
  readonly comments: string;
  /** The request's page of the console. */
  readonly url: string;
  /** That of the reader, which comes first; null: not known. */
  readonly language: Language | null;
}

const words = {
  new: { en: 'a new order', zh: '新订单' },
  reissue: { en: 'a reissue', zh: '重签' },
  duplicate: { en: 'a duplicate', zh: '副本证书' },
  revoke: { en: 'a revocation', zh: '吊销' },
} as const satisfies Record<Approval['asks'], { readonly en: string; readonly zh: string }>;

export function approvalMail(facts: ApprovalMailFacts): Mail {
  const { asks, account, orderNumber, url, language, publicUrl, stopUrl } = facts;
  const [first = ''] = facts.names;
  const names = shortList(facts.names);
  const at = `${facts.requestedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const comments = printable(facts.comments.replaceAll(/\s+/g, ' ').trim());
  const { en, zh } = words[asks];
  const { subject, lines } = inBoth(language, {
    en: {
      subject: `Your approval is needed: ${en} for ${first}`,
      lines: [
        `A request for ${en} waits for your approval. Decide it here:`,
        '',
        `  ${url}`,
        '',
        `  Names      ${names}`,
        `  Account    ${printable(account)}`,
        `  Order      ${orderNumber}`,
        `  Requested  ${at}`,
        ...(comments === '' ? [] : [`  Comment    ${comments}`]),
        `  Server     ${publicUrl}`,
        '',
        'Opening the page decides nothing. You can turn these mails off in the console, under Settings.',
      ],
    },
    zh: {
      subject: `待您审批：${first} 的${zh}申请`,
      lines: [
        `有一项${zh}申请等待您审批，请打开以下页面处理：`,
        '',
        `  ${url}`,
        '',
        `  域名      ${names}`,
        `  账户      ${printable(account)}`,
        `  订单      ${orderNumber}`,
        `  申请时间  ${at}`,
        ...(comments === '' ? [] : [`  备注      ${comments}`]),
        `  服务器    ${publicUrl}`,
        '',
        '仅打开页面不会作出任何决定。如不需要此类邮件，可在控制台的“设置”中关闭。',
      ],
    },
  });
  return { subject, text: [...lines, '', ...stopLines(stopUrl)].join('\n') };
}
