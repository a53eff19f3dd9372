/** The mail by which an operator tries the mail server. */
import { type Mail, type MailLinks, stopLines } from './mail.ts';

export function testMail({ publicUrl, stopUrl }: MailLinks): Mail {
  const text = [
    `The mail server of ${publicUrl} works: this mail was sent to try it. Nothing needs to be done.`,
    '',
    `${publicUrl} 的邮件服务工作正常，本邮件仅用于测试，无需处理。`,
    '',
    ...stopLines(stopUrl),
  ].join('\n');
  return { subject: '[certmux] Test mail / 测试邮件', text };
}
