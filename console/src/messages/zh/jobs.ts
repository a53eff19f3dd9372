import type { Texts } from '../texts.ts';

export const jobs: Texts['jobs'] = {
  title: '任务',
  count: (count) => `${count} 个任务`,
  views: { failed: '已放弃', waiting: '等待中', running: '执行中', all: '全部' },
  columns: { kind: '类型', subject: '处理对象', state: '状态', error: '最近错误', next: '下次执行', attempts: '次数' },
  states: { waiting: '等待中', running: '执行中', failed: '已放弃' },
  empty: '暂无任务',
  emptyText: '系统稍后自动执行的工作会显示在这里：检查、邮件、推送、续期等。',
  retry: '重试',
  discard: '放弃',
  discardTitle: (kind) => `放弃该任务（${kind}）？`,
  discardText: '任务不会再执行，等待它的订单将失败。',
  notFailed: '该任务没有失败。',
};
