/** The mail that invites a user to choose a password. */
import { printable } from '../../printable.ts';
import { dayOf, divider, type Mail, type MailLinks, stopLines } from './mail.ts';

export interface InvitationFacts extends MailLinks {
  readonly username: string;
  /** Null: an operator of the server. */
  readonly account: string | null;
  /** The secret link. */
  readonly url: string;
  readonly expiresAt: Date;
}

export function invitationMail({ username, account, url, expiresAt, publicUrl, stopUrl }: InvitationFacts): Mail {
  const until = dayOf(expiresAt);
  const name = account === null ? null : printable(account);
  const text = [
    'A user was made for you on a server that issues certificates. Open this page and choose your password:',
    '',
    `  ${url}`,
    '',
    `  User name  ${printable(username)}`,
    `  Account    ${name ?? 'operators of the server'}`,
    `  Server     ${publicUrl}`,
    '',
    `The link is good once, until ${until}. Opening the page changes nothing. If you did not expect this`,
    'mail, ignore it. Do not forward it: whoever has the link can choose the password.',
    '',
    divider,
    '',
    '证书服务已为您创建用户，请打开以下页面设置登录密码：',
    '',
    `  ${url}`,
    '',
    `  用户名  ${printable(username)}`,
    `  账户    ${name ?? '系统管理员'}`,
    `  服务器  ${publicUrl}`,
    '',
    `链接仅可使用一次，有效期至 ${until}；仅打开页面不会有任何更改。如与您无关，请忽略本邮件。`,
    '请勿转发本邮件：持有链接者即可设置密码。',
    '',
    ...stopLines(stopUrl),
  ].join('\n');
  return {
    subject: `Choose your password for ${name ?? 'certmux'} / 请设置 ${name ?? 'certmux'} 的登录密码`,
    text,
  };
}
