/** The page on which the reader of a mailbox stops all mail from this server. */
import type { Language } from '../../language.ts';

export const mailStopTexts = {
  en: {
    lang: 'en',
    title: (address: string) => `Mail to ${address}`,
    ask: 'This server sends mail to this address: requests to confirm certificates, reminders before they expire, certificates that somebody had sent, and invitations of users. Do you want to stop it?',
    consequence:
      'After that, no certificate can be confirmed through this mailbox, and it gets no reminders. A name can still be validated in other ways. The operator of this server can allow the mail again.',
    stop: 'Stop all mail to this address',
    stopped: 'No more mail is sent to this address. The operator of this server can allow it again.',
    unknownTitle: 'This link is not valid',
    unknown: 'Part of it may be missing.',
  },
  zh: {
    lang: 'zh-CN',
    title: (address: string) => `发往 ${address} 的邮件`,
    ask: '本服务器会向该邮箱发送邮件：证书确认请求、到期提醒、他人要求发送的证书，以及用户邀请。是否停止接收？',
    consequence:
      '停止后，无法再通过该邮箱确认证书，也不会收到提醒；域名仍可用其他方式验证。本服务器的管理员可以恢复发送。',
    stop: '停止向该邮箱发送邮件',
    stopped: '已停止向该邮箱发送邮件，本服务器的管理员可以恢复。',
    unknownTitle: '链接无效',
    unknown: '链接可能复制不完整。',
  },
} as const satisfies Record<Language, object>;
