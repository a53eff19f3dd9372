/** What is told of validation by e-mail. */
import { type None, row } from './row.ts';

/** The operator's mail server and what it said: only its code where the reader may not know more. */
type MailFault = { readonly address: string; readonly server?: string; readonly detail?: string };

const server = ({ server: name }: MailFault) => (name === undefined ? '' : ` ${name}`);
const serverZh = ({ server: name }: MailFault) => (name === undefined ? '' : ` ${name} `);
const through = ({ server: name }: MailFault) => (name === undefined ? '' : ` through ${name}`);
const throughZh = ({ server: name }: MailFault) => (name === undefined ? '' : `通过 ${name} `);
const detail = ({ detail: text }: MailFault) => (text === undefined ? '' : `: ${text}`);
const detailZh = ({ detail: text }: MailFault) => (text === undefined ? '' : `：${text}`);

export const mailReasons = {
  mailNotConfigured: row<None>(
    'unsupported',
    () => 'validation by e-mail is not offered: no mail server is configured',
    () => '未提供邮箱验证：服务器未配置邮件服务',
  ),
  mailNotSendable: row<None>(
    'unsupported',
    () => 'certificates are not sent by mail: no mail server is configured',
    () => '未提供证书邮件发送：服务器未配置邮件服务',
  ),
  certificateMailsUsedUp: row<{ mails: number; retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `a certificate is sent in at most ${p.mails} mails a day`,
    (p) => `每张证书每天最多通过 ${p.mails} 封邮件发送`,
  ),
  mailAddressMissing: row<{ name: string }>(
    'invalidField',
    (p) => `the address to which the mail for ${p.name} goes is required`,
    (p) => `缺少 ${p.name} 的验证邮箱地址`,
  ),
  mailAddressNotAllowed: row<{ address: string; name: string; allowed: string }>(
    'invalidField',
    (p) => `${p.address} cannot confirm ${p.name}; use one of ${p.allowed}`,
    (p) => `${p.address} 不能用于验证 ${p.name}，请使用以下邮箱之一：${p.allowed}`,
  ),
  mailTooSoon: row<{ address: string; retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `a mail to ${p.address} is under way; another can be sent in ${p.retryAfterSeconds} seconds`,
    (p) => `发往 ${p.address} 的邮件已提交，请在 ${p.retryAfterSeconds} 秒后再重新发送`,
  ),
  mailboxStopped: row<{ address: string }>(
    'validationFailed',
    (p) =>
      `whoever reads ${p.address} wants no mail from this server; use another address or method, or ask the operator, who can allow it again`,
    (p) => `${p.address} 的收件人已拒收本服务器的邮件，请更换邮箱或验证方式，或联系管理员解除`,
  ),
  mailboxFull: row<{ address: string; retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `${p.address} gets too much mail from this server; another can be sent in ${p.retryAfterSeconds} seconds`,
    (p) => `发往 ${p.address} 的邮件过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  mailNotSent: row<MailFault>(
    'validationFailed',
    (p) => `the mail to ${p.address} could not be sent${through(p)} and will be tried again${detail(p)}`,
    (p) => `发往 ${p.address} 的邮件未能${throughZh(p)}发出，将自动重试${detailZh(p)}`,
  ),
  mailRefused: row<MailFault>(
    'validationFailed',
    (p) => `the mail server${server(p)} does not take mail to ${p.address}${detail(p)}`,
    (p) => `邮件服务器${serverZh(p)}拒收发往 ${p.address} 的邮件${detailZh(p)}`,
  ),
  mailGivenUp: row<{ address: string; attempts: number }>(
    'validationFailed',
    (p) =>
      `the mail to ${p.address} could not be sent in ${p.attempts} tries; ask for it again, or choose another method`,
    (p) => `发往 ${p.address} 的邮件尝试 ${p.attempts} 次仍未发出，请重新发送或更换验证方式`,
  ),
  mailNotWanted: row<{ address: string }>(
    'validationFailed',
    (p) => `no mail was sent to ${p.address}, whose reader wants none from this server; choose another method`,
    (p) => `${p.address} 的收件人已拒收本服务器的邮件，邮件未发送，请更换验证方式`,
  ),
  mailUnanswered: row<{ address: string }>(
    'validationFailed',
    (p) => `a mail was sent to ${p.address}; nobody has confirmed it yet`,
    (p) => `邮件已发往 ${p.address}，尚未确认`,
  ),
  mailRejected: row<{ address: string; name: string }>(
    'validationFailed',
    (p) => `whoever reads the mail of ${p.address} rejected the certificate for ${p.name}`,
    (p) => `${p.address} 的收件人拒绝为 ${p.name} 签发证书`,
  ),
} as const;
