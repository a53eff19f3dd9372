/** The mail that carries a certificate, since somebody of the account had it sent. */
import { printable } from '../../printable.ts';
import { dayOf, type Mail, type MailLinks, shortList, stopLines } from './mail.ts';

export interface CertificateMailFacts extends MailLinks {
  readonly names: readonly string[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly serial: string;
  readonly account: string;
  readonly orderNumber: number;
  /** PEM: the certificate, then its chain. */
  readonly pems: readonly string[];
}

export function certificateMail(facts: CertificateMailFacts): Mail {
  const [first = ''] = facts.names;
  const text = [
    `The certificate for ${first}, followed by its chain up to the root. 证书及其证书链（直至根证书）如下。`,
    '',
    `  Names 域名      ${shortList(facts.names)}`,
    `  Valid 有效期    ${dayOf(facts.notBefore)} – ${dayOf(facts.notAfter)}`,
    `  Serial 序列号   ${facts.serial}`,
    `  Account 账户    ${printable(facts.account)}`,
    `  Order 订单      ${facts.orderNumber}`,
    `  Server 服务器   ${facts.publicUrl}`,
    '',
    'Somebody of this account had this mail sent. 本邮件应该账户用户的要求发送。',
    '',
    ...facts.pems,
    ...stopLines(facts.stopUrl),
  ].join('\n');
  return { subject: `The certificate for ${first} / ${first} 的证书`, text };
}
