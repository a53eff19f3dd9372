/** The mail by which a user chooses another password. */
import { printable } from '../../printable.ts';
import type { InvitationFacts } from './invitation.ts';
import { divider, type Mail, stopLines } from './mail.ts';

export function passwordResetMail({ username, account, url, expiresAt, publicUrl, stopUrl }: InvitationFacts): Mail {
  const iso = expiresAt.toISOString();
  const until = `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  const name = account === null ? null : printable(account);
  const text = [
    'Whoever manages the users of your account has started a new password for you. Open this page and choose it:',
    '',
    `  ${url}`,
    '',
    `  User name  ${printable(username)}`,
    `  Account    ${name ?? 'operators of the server'}`,
    `  Server     ${publicUrl}`,
    '',
    `The link is good once, until ${until}. Until you use it your present password works; then all sign-ins end.`,
    'If you did not ask for this, tell whoever manages your account. Do not forward this mail: whoever has the',
    'link can choose the password.',
    '',
    divider,
    '',
    '账户的用户管理员为您发起了密码重置，请打开以下页面设置新密码：',
    '',
    `  ${url}`,
    '',
    `  用户名  ${printable(username)}`,
    `  账户    ${name ?? '系统管理员'}`,
    `  服务器  ${publicUrl}`,
    '',
    `链接仅可使用一次，有效期至 ${until}。设置新密码前，原密码仍可使用；设置后，所有登录会话将退出。`,
    '如您未要求重置密码，请告知用户管理员。请勿转发本邮件：持有链接者即可设置密码。',
    '',
    ...stopLines(stopUrl),
  ].join('\n');
  return {
    subject: `Reset your password for ${name ?? 'certmux'} / 请重置 ${name ?? 'certmux'} 的登录密码`,
    text,
  };
}
