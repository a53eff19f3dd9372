import type { Texts } from '../texts.ts';

export const home: Texts['home'] = {
  title: '首页',
  hello: (name) => `${name}，您好`,
  blocks: {
    failing: { title: '验证失败', none: '没有验证失败的订单。' },
    open: { title: '处理中', none: '没有处理中的订单。' },
    ending: { title: '30 天内到期', none: '30 天内没有到期的证书。' },
  },
  all: '查看全部',
  allOf: (title) => `查看全部：${title}`,
  noOrders: '您的角色无权查看订单',
  noOrdersText: '请联系账户的用户管理员授予相应角色。',
};
