/** Documentation of the native API besides its operations. */
import { type DialectDocs, refusalsOf } from '../kit/docs.ts';
import { errors, problemType } from './errors.ts';
import examples from './examples.json' with { type: 'json' };
import { problem } from './schema/shapes.ts';
import { secureCookie } from './session-cookie.ts';

export const docs: DialectDocs = {
  about: {
    en: [
      'Everything certmux can do, for its own console, command line and scripts. Every id stands for an object of the account',
      "that the token belongs to; an operator's token sees every account. Times are UTC, money is integer minor units.",
      '',
      'The console has no token but a session: `POST /api/v1/session` answers with a cookie. It counts only for requests of the console',
      'itself: `Sec-Fetch-Site: same-origin` (or our own `Origin`), and `X-Certmux-Console: 1` with everything but GET; over https, or on',
      'the machine of the server; never beside an `Authorization` header. A session that was confirmed more than ten minutes ago is',
      'refused with the code `confirmationNeeded` where it would revoke, move money, or give somebody a role, a key or a secret. The',
      'secret changes at each confirmation and when the roles change: a request that was under way meanwhile is refused with 401; repeat',
      'it once.',
      '',
      'Refusals are problem details (RFC 9457) with a stable `code`; `Accept-Language: zh` makes their text Chinese.',
    ].join('\n'),
    zh: [
      'certmux 的全部功能，供控制台、命令行和脚本使用。所有 id 均为令牌所属账户的对象；管理员的令牌可以看到全部账户。时间为 UTC，金额为最小货币单位的整数。',
      '',
      '控制台不使用令牌，而使用登录会话：`POST /api/v1/session` 的应答带有 Cookie。它只用于控制台自身的请求：须带有 `Sec-Fetch-Site: same-origin`（或本站的 `Origin`），除 GET 外还须带有 `X-Certmux-Console: 1`；须通过 https 或在服务器本机访问；不能与 `Authorization` 请求头同时使用。吊销、资金变动以及授予角色、凭证或密钥，要求十分钟内确认过身份，否则以 `confirmationNeeded` 拒绝。每次确认身份以及角色变更后，会话密钥随之更换：当时尚未完成的请求会返回 401，重试一次即可。',
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
    session: { en: 'Signing in', zh: '登录' },
    sessions: { en: 'Sessions', zh: '登录会话' },
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
    bulk: { en: 'Many at once', zh: '批量操作' },
    stream: { en: 'Changes as they happen', zh: '实时变更' },
    events: { en: 'Audit log', zh: '审计日志' },
    authorities: { en: 'Certificate authorities', zh: '证书颁发机构（CA）' },
    authorityImport: { en: 'Taking over a CA', zh: '接管已有的 CA' },
    jobs: { en: 'Background work', zh: '后台任务' },
    setup: { en: 'First steps', zh: '初始化' },
    alarms: { en: 'Alarms', zh: '告警' },
    keyEncryption: { en: 'Master key', zh: '主密钥' },
    openapi: { en: 'This description', zh: '接口描述' },
  },
  securitySchemes: {
    token: { type: 'http', scheme: 'bearer', description: '`cmx_<id>_<secret>`' },
    session: { type: 'apiKey', in: 'cookie', name: secureCookie, description: '`POST /api/v1/session`' },
  },
  error: { schema: problem, contentType: problemType },
  answerHeaders: {
    'Set-Cookie': {
      en: 'The secret of the session, where it is a new one or has changed.',
      zh: '登录会话的密钥，仅在新建或更换时返回。',
    },
  },
  refusalHeaders: (status) =>
    status === 401 ? { 'WWW-Authenticate': { en: 'How to authenticate.', zh: '认证方式。' } } : {},
  refusals: [
    ...refusalsOf(errors, ({ status }, code) => ({ status, shows: `\`code\` ${code}` })),
    {
      status: 403,
      shows: '`code` confirmationNeeded',
      meanings: [
        {
          en: 'in a session: the password must be typed again first (`POST /api/v1/session/confirm`)',
          zh: '登录会话中：须先再次输入密码（`POST /api/v1/session/confirm`）',
        },
      ],
    },
    {
      status: 412,
      shows: '`code` conflict',
      meanings: [
        {
          en: 'with `If-Match`: the object has changed since it was seen; nothing was done',
          zh: '带有 `If-Match`：对象在查看之后已发生变化，未执行任何操作',
        },
      ],
    },
  ],
  examples,
};
