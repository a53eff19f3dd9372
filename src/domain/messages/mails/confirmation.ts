/** The mails that ask for control of names to be confirmed (BR §3.2.2.4.4). Each has one link that decides something. */
import { printable } from '../../printable.ts';
import { dayOf, divider, type Mail, shortList, stopLines } from './mail.ts';

interface ConfirmationFacts {
  /** The requester. */
  readonly account: string;
  readonly requestedAt: Date;
  readonly requestedFrom: string;
  readonly expiresAt: Date;
  /** The secret link. */
  readonly url: string;
  readonly stopUrl: string;
}

export interface OrderConfirmationFacts extends ConfirmationFacts {
  /** The names that this mail confirms: at least one of `names`. */
  readonly confirms: readonly string[];
  /** All names of the certificate. */
  readonly names: readonly string[];
  readonly product: string;
  readonly orderNumber: number;
}

export interface DomainConfirmationFacts extends ConfirmationFacts {
  readonly domain: string;
}

export function orderConfirmationMail(facts: OrderConfirmationFacts): Mail {
  const { confirms, url, orderNumber } = facts;
  const [first = ''] = confirms;
  const others = confirms.length - 1;
  const name = others === 0 ? first : `${first} and ${others} more ${others === 1 ? 'name' : 'names'}`;
  const nameZh = others === 0 ? first : `${first} 等 ${confirms.length} 个域名`;
  const names = shortList(facts.names);
  const confirmed = shortList(confirms);
  const account = printable(facts.account);
  const product = printable(facts.product);
  const at = minuteOf(facts.requestedAt);
  const until = dayOf(facts.expiresAt);
  const text = [
    `A certificate for ${name} was ordered. If your organization wants it, open this`,
    'page, check the order and confirm it:',
    '',
    `  ${url}`,
    '',
    ...(others === 0 ? [] : [`  To confirm ${confirmed}`]),
    `  Names      ${names}`,
    `  Product    ${product}`,
    `  Ordered by ${account}`,
    `  Order      ${orderNumber}`,
    `  Requested  ${at} from ${facts.requestedFrom}`,
    '',
    'Opening the page confirms nothing. If you do not know this order, reject it on the page or',
    `ignore this mail: unless somebody confirms by ${until}, this mail leads to no certificate.`,
    'Do not forward it: whoever has the link can confirm.',
    '',
    divider,
    '',
    `有人为 ${nameZh} 申请了证书。如确系贵单位所需，请打开以下页面核对订单并确认：`,
    '',
    `  ${url}`,
    '',
    ...(others === 0 ? [] : [`  待确认  ${confirmed}`]),
    `  域名    ${names}`,
    `  产品    ${product}`,
    `  申请账户 ${account}`,
    `  订单    ${orderNumber}`,
    `  申请时间 ${at}，来自 ${facts.requestedFrom}`,
    '',
    `仅打开页面不会确认。如不了解此订单，请在页面上拒绝，或忽略本邮件：${until} 前未确认，本邮件即失效，不会据此签发证书。`,
    '请勿转发本邮件：持有链接者即可确认。',
    '',
    ...stopLines(facts.stopUrl),
  ].join('\n');
  return { subject: `Confirm the certificate for ${name} / 确认 ${nameZh} 的证书申请`, text };
}

/** The same for a domain that is validated before any order: confirming it lets the account order for all names below. */
export function domainConfirmationMail(facts: DomainConfirmationFacts): Mail {
  const { domain, url } = facts;
  const account = printable(facts.account);
  const at = minuteOf(facts.requestedAt);
  const until = dayOf(facts.expiresAt);
  const text = [
    `${account} asks to be allowed to order certificates for ${domain} and for names`,
    'below it. If your organization wants that, open this page and confirm it:',
    '',
    `  ${url}`,
    '',
    `  Domain       ${domain}`,
    `  Requested by ${account}`,
    `  Requested    ${at} from ${facts.requestedFrom}`,
    '',
    'Opening the page confirms nothing. If you do not know this request, reject it on the page or',
    `ignore this mail: unless somebody confirms by ${until}, this mail allows nothing.`,
    'Do not forward it: whoever has the link can confirm.',
    '',
    divider,
    '',
    `${account} 请求获准为 ${domain} 及其子域名申请证书。如确系贵单位所需，请打开以下页面确认：`,
    '',
    `  ${url}`,
    '',
    `  域名    ${domain}`,
    `  申请账户 ${account}`,
    `  申请时间 ${at}，来自 ${facts.requestedFrom}`,
    '',
    `仅打开页面不会确认。如不了解此请求，请在页面上拒绝，或忽略本邮件：${until} 前未确认，本邮件即失效，不会据此授权。`,
    '请勿转发本邮件：持有链接者即可确认。',
    '',
    ...stopLines(facts.stopUrl),
  ].join('\n');
  return { subject: `Confirm control of ${domain} / 确认对 ${domain} 的控制权`, text };
}

function minuteOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
