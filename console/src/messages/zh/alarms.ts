import type { Texts } from '../texts.ts';

export const alarms: Texts['alarms'] = {
  title: '告警',
  text: '应当成功却持续失败的事项，恢复正常后告警会自动解除。',
  count: (count) => `${count} 个告警`,
  all: '全部告警',
  none: '没有告警',
  noneText: '签发、验证、邮件、任务和备份均正常。',
  advice: '处理建议：',
  since: '开始于',
  seen: '最近出现于',
  node: (name) => `节点 ${name}`,
  runbook: '详见文档：',
};
