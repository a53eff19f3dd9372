import type { Texts } from '../texts.ts';

export const signIn: Texts['signIn'] = {
  title: '登录',
  username: '用户名',
  password: '密码',
  submit: '登录',
  firstStart: '首次使用？服务器首次启动时，终端会显示管理员的用户名和密码。',
  forgotten: '忘记密码？请联系账户的用户管理员，获取重置密码的链接。',
  missingName: '请输入用户名。',
  missingPassword: '请输入密码。',
  wait: (seconds) => `尝试次数过多，请在 ${seconds} 秒后重试。`,
  againTitle: '登录已失效',
  againText: '重新登录后可以继续操作，页面上的内容不会丢失。',
  other: '使用其他用户登录',
  showPassword: '显示密码',
};
