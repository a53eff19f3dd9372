import type { Texts } from '../texts.ts';

export const mail: Texts['mail'] = {
  title: '停止的邮箱',
  count: (count) => `${count} 个邮箱`,
  columns: { address: '邮箱', by: '操作人', from: '来源地址', at: '停止时间' },
  reader: '收件人',
  empty: '所有邮箱均可接收邮件',
  emptyText: '收件人可通过邮件中的链接停止接收全部邮件，已停止的邮箱会列在此处。',
  stop: '停止向邮箱发送',
  stopText: '此后不再向该邮箱发送任何邮件，包括验证确认、到期提醒和证书，且对所有账户生效。',
  lift: '恢复发送',
  liftTitle: (address) => `恢复向 ${address} 发送邮件？`,
  liftText: '请先征得收件人同意：此前是收件人或管理员要求停止的。',
};
