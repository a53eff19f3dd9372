import type { Texts } from '../texts.ts';

export const containers: Texts['containers'] = {
  title: '部门',
  text: '账户下的部门。部门内的订单只能使用该部门及其上级部门允许的域名。',
  states: { active: '使用中', inactive: '已停用' },
  names: '允许的域名',
  anyName: '不限',
  name: '名称',
  description: '用途',
  namesText: '包括其下级域名，每行一个；留空表示不限。',
  add: '添加下级部门',
  addTitle: (parent) => `在 ${parent} 下添加部门`,
  addText: '订单、组织和用户可归入该部门。',
  change: '修改',
  changeTitle: (name) => `修改 ${name}`,
  changeText: '允许的域名对之后的订单生效。',
  stop: '停用',
  stopTitle: (name) => `停用 ${name}？`,
  stopText: '该部门及其所有下级部门不能再下单或重签，已有订单不受影响。',
  resume: '恢复使用',
};
