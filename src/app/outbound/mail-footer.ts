/** The last lines of every mail: where its reader says that they want none. In both languages, like the mails. */

/** What mails lead to. */
export interface MailLinks {
  readonly publicUrl: string;
  readonly stopUrl: string;
}

export function stopLines(stopUrl: string): readonly string[] {
  return [
    '----------------------------------------------------------------------',
    '',
    'This is not for you? Stop all mail from this server to this address:',
    '与您无关？可在此停止本服务器发往该邮箱的所有邮件：',
    '',
    `  ${stopUrl}`,
    '',
  ];
}
