import type { Texts } from '../texts.ts';

export const roleGrants: Texts['roleGrants'] = {
  title: '授权申请',
  count: (count) => `${count} 个授权申请`,
  columns: { subject: '授权对象', roles: '角色', by: '提交人', decided: '处理人', state: '状态', at: '提交时间' },
  states: { pending: '待确认', confirmed: '已确认', withdrawn: '已撤回' },
  empty: '暂无授权申请',
  emptyText: '账户启用职责分离后，审批人和账户管理员须由一名管理员提交、另一名管理员确认。',
  propose: '提交授权申请',
  proposeText: '须由另一名管理员确认，确认后替换该用户现有的角色。',
  user: '用户',
  userText: '用户名或编号。',
  confirm: '确认',
  confirmTitle: (name) => `确认 ${name} 的角色？`,
  confirmText: (roles) => `从下一个请求起拥有：${roles}。`,
  own: '由您提交，须由其他人确认。',
  withdraw: '撤回',
  withdrawTitle: (name) => `撤回 ${name} 的授权申请？`,
  withdrawText: '该用户保留现有的角色。',
};
