/** Documentation of the native API besides its operations. */
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors, problemType } from './errors.ts';
import examples from './examples.json' with { type: 'json' };
import { problem } from './schema/shapes.ts';

export const docs: DialectDocs = {
  about: {
    en: [
      'Everything certmux can do, for its own console, command line and scripts. Every id stands for an object of the account',
      "that the token belongs to; an operator's token sees every account. Times are UTC, money is integer minor units.",
      '',
      'Refusals are problem details (RFC 9457) with a stable `code`; `Accept-Language: zh` makes their text Chinese.',
    ].join('\n'),
    zh: [
      'certmux 的全部功能，供控制台、命令行和脚本使用。所有 id 均为令牌所属账户的对象；管理员的令牌可以看到全部账户。时间为 UTC，金额为最小货币单位的整数。',
      '',
      '错误以 RFC 9457 格式返回，其中 `code` 固定不变；请求头 `Accept-Language: zh` 使错误说明为中文。',
    ].join('\n'),
  },
  groups: {
    orders: { en: 'Orders', zh: '订单' },
    notes: { en: 'Notes', zh: '备注' },
    checks: { en: 'History of checks', zh: '验证检查记录' },
    search: { en: 'Search', zh: '查找' },
    domains: { en: 'Domains', zh: '域名' },
    delegations: { en: 'Delegations', zh: '域名委托' },
    approvals: { en: 'Approvals', zh: '审批' },
    authorizations: { en: 'Authorizations', zh: '域名授权' },
    webhooks: { en: 'Webhooks', zh: '回调通知（Webhook）' },
    certificates: { en: 'Certificates', zh: '证书' },
    keys: { en: 'Blocked keys', zh: '被禁用的密钥' },
    prices: { en: 'Prices of an account', zh: '账户专属价格' },
    products: { en: 'Products', zh: '产品' },
    refunds: { en: 'Refunds', zh: '退款' },
    reports: { en: 'Reports', zh: '报表' },
    statistics: { en: 'Statistics', zh: '统计' },
    profiles: { en: 'Profiles', zh: '证书模板' },
    issuers: { en: 'Issuers', zh: '签发机构' },
    server: { en: 'The server', zh: '服务器' },
    me: { en: 'The caller', zh: '当前身份' },
    credentials: { en: 'Credentials', zh: '凭证' },
    acmeKeys: { en: 'Keys of ACME clients', zh: 'ACME 密钥' },
    roleGrants: { en: 'Role grants', zh: '授权申请' },
    accounts: { en: 'Accounts', zh: '账户' },
    users: { en: 'Users', zh: '用户' },
    passwords: { en: 'Passwords', zh: '密码' },
    organizations: { en: 'Organizations', zh: '组织' },
    containers: { en: 'Containers', zh: '部门' },
    customFields: { en: 'Custom fields', zh: '自定义字段' },
    mail: { en: 'Mailboxes that want no mail', zh: '停止接收邮件的邮箱' },
    upstreams: { en: 'Upstreams', zh: '上游' },
    events: { en: 'Audit log', zh: '审计日志' },
    authorities: { en: 'Certificate authorities', zh: '证书颁发机构（CA）' },
    jobs: { en: 'Background work', zh: '后台任务' },
    alarms: { en: 'Alarms', zh: '告警' },
    keyEncryption: { en: 'Master key', zh: '主密钥' },
    openapi: { en: 'This description', zh: '接口描述' },
  },
  securitySchemes: { token: { type: 'http', scheme: 'bearer', description: '`cmx_<id>_<secret>`' } },
  error: { schema: problem, contentType: problemType },
  refusalHeaders: (status) =>
    status === 401 ? { 'WWW-Authenticate': { en: 'How to authenticate.', zh: '认证方式。' } } : {},
  refusals: refusalsOf(errors, ({ status }, code) => ({ status, shows: `\`code\` ${code}` })),
  examples,
};
