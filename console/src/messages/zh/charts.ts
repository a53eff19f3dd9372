import type { Texts } from '../texts.ts';

export const charts: Texts['charts'] = {
  summary: (label, most, at) => `${label}：最高 ${most}（${at}）`,
  most: (value) => `最高 ${value}`,
  asTable: '查看表格',
};
