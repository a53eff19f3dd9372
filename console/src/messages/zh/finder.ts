import type { Texts } from '../texts.ts';

export const finder: Texts['finder'] = {
  open: '搜索',
  title: '全局搜索',
  placeholder: '域名、订单号、序列号、客户编号、邮箱或页面',
  results: '搜索结果',
  pages: '页面',
  orders: '订单',
  certificates: '证书',
  accounts: '账户',
  nothing: '没有找到',
  keys: '快捷键',
  keysOf: {
    find: ['Ctrl K', '全局搜索'],
    filter: ['/', '在列表中搜索'],
    move: ['j  k', '下一行、上一行'],
    open: ['Enter', '打开该行'],
    mark: ['x', '选择该行'],
    close: ['Esc', '关闭'],
    order: ['c', '新建订单'],
    home: ['g h', '首页'],
    orders: ['g o', '订单'],
    certificates: ['g c', '证书'],
    approvals: ['g a', '审批'],
    help: ['?', '显示快捷键'],
  },
};
