/**
 * The words of a confirmation mail: in both languages, since nothing tells which one its reader speaks. Plain text, so that
 * nothing in it can look like something else, and one link.
 */
import type { Account } from '../../domain/account.ts';
import type { Confirmation } from '../../domain/confirmation.ts';
import { printable } from '../../domain/printable.ts';
import type { Product } from '../../domain/product.ts';
import { stopLines } from '../outbound/mail-footer.ts';
import type { ProofPurpose } from './proof-event.ts';

export interface ConfirmationFacts {
  /** The one that stands for the mail. */
  readonly confirmation: Confirmation;
  readonly purpose: ProofPurpose;
  /** What it asks about. */
  readonly names: readonly string[];
  readonly account: Account;
  /** Null: a domain, before any order. */
  readonly product: Product | null;
  /** The secret link. */
  readonly url: string;
  /** Where the reader stops the mail. */
  readonly stopUrl: string;
}

/** Names shown; the page shows all. */
const shownNames = 20;

export function confirmationText(facts: ConfirmationFacts): { readonly subject: string; readonly text: string } {
  const { confirmation, purpose, names: asked, url } = facts;
  if ('domain' in purpose) return domainText(facts);
  const { order, issuance } = purpose;
  const [first = ''] = asked;
  const others = asked.length - 1;
  const name = others === 0 ? first : `${first} and ${others} more ${others === 1 ? 'name' : 'names'}`;
  const nameZh = others === 0 ? first : `${first} 等 ${asked.length} 个域名`;
  const names = listed(issuance.names.map(({ identifier }) => identifier.value));
  const confirmed = listed(asked);
  const account = printable(facts.account.name);
  const product = printable(facts.product?.name ?? '');
  const at = `${confirmation.requestedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const until = confirmation.expiresAt.toISOString().slice(0, 10);
  const { requestedFrom } = confirmation;
  const text = [
    `A certificate for ${name} was ordered. If your organization wants it, open this`,
    'page, compare the order and confirm it:',
    '',
    `  ${url}`,
    '',
    ...(others === 0 ? [] : [`  To confirm ${confirmed}`]),
    `  Names      ${names}`,
    `  Product    ${product}`,
    `  Ordered by ${account}`,
    `  Order      ${order.number}`,
    `  Requested  ${at} from ${requestedFrom}`,
    '',
    'Opening the page confirms nothing. If you do not know this order, reject it there, or',
    `do nothing: without a confirmation by ${until} nothing is issued by way of this mail.`,
    'Do not forward it: whoever has the link can confirm.',
    '',
    '----------------------------------------------------------------------',
    '',
    `有人为 ${nameZh} 申请了证书。如确系贵单位所需，请打开以下页面核对订单并确认：`,
    '',
    `  ${url}`,
    '',
    ...(others === 0 ? [] : [`  待确认  ${confirmed}`]),
    `  域名    ${names}`,
    `  产品    ${product}`,
    `  申请账户 ${account}`,
    `  订单    ${order.number}`,
    `  申请时间 ${at}，来自 ${requestedFrom}`,
    '',
    `仅打开页面不会确认。如不了解此订单，请在页面上拒绝，或忽略本邮件：${until} 前未确认则不会凭本邮件签发。`,
    '请勿转发本邮件：持有链接者即可确认。',
    '',
    ...stopLines(facts.stopUrl),
  ].join('\n');
  return { subject: `Confirm the certificate for ${name} / 确认 ${nameZh} 的证书申请`, text };
}

function listed(names: readonly string[]): string {
  const more = names.length > shownNames ? ` … (+${names.length - shownNames})` : '';
  return names.slice(0, shownNames).join(', ') + more;
}

/** The same for a domain that is proved before any order: confirming it lets the account order for all names below. */
function domainText({ confirmation, names: [name = ''], account, url, stopUrl }: ConfirmationFacts) {
  const who = printable(account.name);
  const at = `${confirmation.requestedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const until = confirmation.expiresAt.toISOString().slice(0, 10);
  const { requestedFrom } = confirmation;
  const text = [
    `${who} asks to be allowed to order certificates for ${name} and for names`,
    'below it. If your organization wants that, open this page and confirm it:',
    '',
    `  ${url}`,
    '',
    `  Domain     ${name}`,
    `  Asked by   ${who}`,
    `  Requested  ${at} from ${requestedFrom}`,
    '',
    'Opening the page confirms nothing. If you do not know this request, reject it there, or',
    `do nothing: without a confirmation by ${until} nothing is allowed by way of this mail.`,
    'Do not forward it: whoever has the link can confirm.',
    '',
    '----------------------------------------------------------------------',
    '',
    `${who} 请求获准为 ${name} 及其子域名申请证书。如确系贵单位所需，请打开以下页面确认：`,
    '',
    `  ${url}`,
    '',
    `  域名    ${name}`,
    `  申请账户 ${who}`,
    `  申请时间 ${at}，来自 ${requestedFrom}`,
    '',
    `仅打开页面不会确认。如不了解此请求，请在页面上拒绝，或忽略本邮件：${until} 前未确认则不会凭本邮件放行。`,
    '请勿转发本邮件：持有链接者即可确认。',
    '',
    ...stopLines(stopUrl),
  ].join('\n');
  return { subject: `Confirm control of ${name} / 确认对 ${name} 的控制权`, text };
}
