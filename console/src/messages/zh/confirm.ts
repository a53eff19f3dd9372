import type { Texts } from '../texts.ts';

export const confirm: Texts['confirm'] = {
  back: '返回',
  type: (text) => `此操作无法撤销。请输入 ${text} 以继续。`,
  password: '您的密码',
  passwordText: '此操作需要再次验证密码，验证后十分钟内有效。',
};
