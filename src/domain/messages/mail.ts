/** Refusals and findings about mail. */
import { type None, row } from './row.ts';

/** The operator's mail server and its answer: only the answer's code where the reader may not know more. */
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
    () =>
      'validation by e-mail is not available: no mail server is configured; choose another method, or have the operator set mail.host',
    () => '无法使用邮箱验证：未配置邮件服务器，请更换验证方式，或由管理员设置 mail.host',
  ),
  mailNotSendable: row<None>(
    'unsupported',
    () => 'certificates are not sent by mail: no mail server is configured',
    () => '无法通过邮件发送证书：未配置邮件服务器，请由管理员设置 mail.host',
  ),
  testMailNotSendable: row<None>(
    'unsupported',
    () => 'there is no mail server to try: none is configured; set mail.host and start the server again',
    () => '没有可测试的邮件服务器：请设置 mail.host 后重启服务器',
  ),
  invitationNotSendable: row<{ username: string }>(
    'unsupported',
    (p) =>
      `user ${p.username} cannot be invited by mail: no mail server is configured; have the operator set mail.host, or hand over a link (certmux user invite ${p.username} --print-link)`,
    (p) =>
      `无法通过邮件邀请用户 ${p.username}：未配置邮件服务器，请由管理员设置 mail.host，或生成链接后自行转交（certmux user invite ${p.username} --print-link）`,
  ),
  invitationAddressMissing: row<{ username: string }>(
    'wrongState',
    (p) =>
      `user ${p.username} cannot be invited by mail: no e-mail address of theirs is known; set one first, or hand over a link (certmux user invite ${p.username} --print-link)`,
    (p) =>
      `无法通过邮件邀请用户 ${p.username}：该用户没有邮箱地址，请先设置邮箱，或生成链接后自行转交（certmux user invite ${p.username} --print-link）`,
  ),
  invitationsUsedUp: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `too many users of this account were invited by mail; the next can be invited in ${p.retryAfterSeconds} seconds`,
    (p) => `该账户发送的邀请邮件过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  linksRateLimited: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `too many links that are not valid were opened from your network; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `您所在的网络打开了过多无效链接，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  certificateMailsUsedUp: row<{ mails: number; retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `a certificate is sent in at most ${p.mails} mails a day; try again tomorrow`,
    (p) => `每张证书每天最多发送 ${p.mails} 封邮件，请明天再试`,
  ),
  mailAddressMissing: row<{ name: string }>(
    'invalidField',
    (p) => `the address for the validation mail of ${p.name} is required`,
    (p) => `缺少 ${p.name} 的验证邮箱地址`,
  ),
  mailAddressNotAllowed: row<{ address: string; name: string; allowed: string }>(
    'invalidField',
    (p) => `${p.address} cannot confirm ${p.name}; use one of these: ${p.allowed}`,
    (p) => `${p.address} 不能用于验证 ${p.name}，请使用以下邮箱之一：${p.allowed}`,
  ),
  mailTooSoon: row<{ address: string; retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `a mail to ${p.address} is under way; another can be sent in ${p.retryAfterSeconds} seconds`,
    (p) => `发往 ${p.address} 的邮件正在发送，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  mailboxStopped: row<{ address: string }>(
    'validationFailed',
    (p) =>
      `the reader of ${p.address} has stopped mail from this server; use another address or method, or ask the operator to allow it again`,
    (p) => `${p.address} 的收件人已拒收本服务器的邮件，请更换邮箱或验证方式，或联系管理员恢复发送`,
  ),
  mailboxFull: row<{ address: string; retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `too many mails were sent to ${p.address}; another can be sent in ${p.retryAfterSeconds} seconds`,
    (p) => `发往 ${p.address} 的邮件过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  mailNotSent: row<MailFault>(
    'validationFailed',
    (p) => `the mail to ${p.address} could not be sent${through(p)} and will be tried again${detail(p)}`,
    (p) => `发往 ${p.address} 的邮件未能${throughZh(p)}发出，将自动重试${detailZh(p)}`,
  ),
  mailRefused: row<MailFault>(
    'validationFailed',
    (p) => `the mail server${server(p)} refused the mail to ${p.address}${detail(p)}`,
    (p) => `邮件服务器${serverZh(p)}拒收发往 ${p.address} 的邮件${detailZh(p)}`,
  ),
  mailGivenUp: row<{ address: string; attempts: number }>(
    'validationFailed',
    (p) =>
      `the mail to ${p.address} could not be sent after ${p.attempts} attempts; request it again or choose another method`,
    (p) => `发往 ${p.address} 的邮件尝试 ${p.attempts} 次仍未发出，请重新发送或更换验证方式`,
  ),
  mailNotWanted: row<{ address: string }>(
    'validationFailed',
    (p) =>
      `no mail was sent to ${p.address}, since its reader has stopped mail from this server; choose another method`,
    (p) => `${p.address} 的收件人已拒收本服务器的邮件，邮件未发送，请更换验证方式`,
  ),
  mailUnanswered: row<{ address: string }>(
    'validationFailed',
    (p) => `a mail was sent to ${p.address}; nobody has confirmed it yet`,
    (p) => `邮件已发往 ${p.address}，等待收件人确认`,
  ),
  mailRejected: row<{ address: string; name: string }>(
    'validationFailed',
    (p) => `the reader of ${p.address} rejected the certificate for ${p.name}`,
    (p) => `${p.address} 的收件人拒绝为 ${p.name} 签发证书`,
  ),
} as const;
