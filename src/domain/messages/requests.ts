/** Refusals about the request itself and about who sends it. */
import type { ErrorCode } from '../error-codes.ts';
import type { Language } from '../language.ts';
import { type OrderPart, orderPartTexts } from '../order-part.ts';
import type { Role } from '../role.ts';
import { type None, row, type Thing, thingEn, thingZh } from './row.ts';
import {
  afterChinese,
  connectionFaultInChinese,
  inLanguage,
  type JsonFault,
  jsonFaultInChinese,
  type KeyFlaw,
  keyFlawInChinese,
  listEn,
  type Roles,
  rolesInChinese,
  type Wording,
} from './words.ts';

const upstream = (code: ErrorCode) =>
  row<{ upstream: string; detail: string }>(
    code,
    (p) => `${p.upstream} answered: ${p.detail}`,
    (p) => `${p.upstream} 返回：${p.detail}`,
  );

/** The holder of a JSON text: the whole body, or one field of it. */
const holderEn = (field: string) => (field === 'body' ? 'the request body' : field);
const holderZh = (field: string) => (field === 'body' ? '请求内容' : `参数 ${field} `);

export const requestReasons = {
  internal: row<None>(
    'internal',
    () => 'internal error; the operator can find the cause in the log by the request id',
    () => '服务器内部错误，管理员可凭请求编号在日志中查找原因',
  ),
  malformedJson: row<{ detail: JsonFault }>(
    'malformedRequest',
    (p) => `the request body is not valid JSON: ${p.detail}`,
    (p) => `请求内容不是有效的 JSON：${jsonFaultInChinese(p.detail)}`,
  ),
  bodyNotObject: row<None>(
    'malformedRequest',
    () => 'the request body must be a JSON object',
    () => '请求内容必须是 JSON 对象',
  ),
  malformedForm: row<None>(
    'malformedRequest',
    () => 'the request body is not a valid form',
    () => '请求内容不是有效的表单',
  ),
  tooManyFields: row<{ limit: number }>(
    'tooLarge',
    (p) => `the request has more than ${p.limit} fields`,
    (p) => `请求的参数超过 ${p.limit} 个`,
  ),
  jsonTooManyValues: row<{ field: string; limit: number }>(
    'tooLarge',
    (p) => `${holderEn(p.field)} holds more than ${p.limit} JSON values`,
    (p) => `${holderZh(p.field)}中的 JSON 值超过 ${p.limit} 个`,
  ),
  jsonTooDeep: row<{ field: string; limit: number }>(
    'malformedRequest',
    (p) => `${holderEn(p.field)} is nested deeper than ${p.limit} levels`,
    (p) => `${holderZh(p.field)}的嵌套超过 ${p.limit} 层`,
  ),
  tooManyValues: row<{ field: string; limit: number }>(
    'invalidField',
    (p) => `${p.field} may have ${p.limit === 1 ? 'only one value' : `at most ${p.limit} values`}`,
    (p) => (p.limit === 1 ? `参数 ${p.field} 只能有一个值` : `参数 ${p.field} 最多只能有 ${p.limit} 个值`),
  ),
  nginxTooLarge: row<{ limit: number; what: Wording }>(
    'tooLarge',
    (p) => `the nginx configuration has more than ${p.limit} ${inLanguage(p.what, 'en')}`,
    (p) => `nginx 配置过大：超过 ${p.limit} ${inLanguage(p.what, 'zh')}`,
  ),
  nginxNoServer: row<None>(
    'invalidField',
    () => 'the configuration that was sent has no server block; send what nginx -T prints (httpsok.sh 1.8 or later)',
    () => '上传的 nginx 配置中没有 server 块，请上传 nginx -T 的输出（httpsok.sh 1.8 及以上版本）',
  ),
  nginxLineByLine: row<None>(
    'invalidField',
    () =>
      'the configuration was sent as single lines without its blocks, as httpsok.sh before 1.8 does; install httpsok.sh 1.8 or later',
    () => '上传的 nginx 配置只有零散的行，没有块结构（httpsok.sh 1.8 以前的版本如此），请升级到 1.8 及以上版本',
  ),
  nginxNoCertificate: row<{ servers: number }>(
    'invalidField',
    (p) =>
      `none of the ${p.servers} servers in the nginx configuration has both ssl_certificate and ssl_certificate_key; add both, with the paths where the certificate is to be stored`,
    (p) =>
      `nginx 配置中的 ${p.servers} 个 server 均未同时设置 ssl_certificate 和 ssl_certificate_key，请补上证书和私钥的存放路径`,
  ),
  nginxPathUnusable: row<{ directive: string; path: string }>(
    'invalidField',
    (p) =>
      `${p.directive} ${p.path} cannot be used: it must be the path of a file, without variables, blanks, commas or quotation marks`,
    (p) => `${p.directive} ${p.path} 无法使用：须为文件路径，且不含变量、空格、逗号和引号`,
  ),
  nginxNoName: row<{ path: string }>(
    'invalidField',
    (p) =>
      `no server that uses ${p.path} has a server_name that a certificate can carry; write full domain names (no addresses, no regular expressions)`,
    (p) => `使用 ${p.path} 的 server 没有可用于证书的 server_name，请填写完整域名（不能是 IP 地址或正则表达式）`,
  ),
  nginxHalfCertificate: row<{ server: string; present: string; missing: string }>(
    'invalidField',
    (p) =>
      `the server ${p.server} has ${p.present} but no ${p.missing}; add it, with the path where it is to be stored`,
    (p) => `server ${p.server} 设置了 ${p.present}，但未设置 ${p.missing}，请补上其存放路径`,
  ),
  nginxOtherCertificate: row<{ path: string; replaced: string }>(
    'invalidField',
    (p) =>
      `ssl_certificate ${p.path} is left as it is: its server has several certificates, of which only the last one, ${p.replaced}, is replaced`,
    (p) => `ssl_certificate ${p.path} 不会更新：该 server 设置了多个证书，仅更新最后一个 ${p.replaced}`,
  ),
  nginxNamesLeftOut: row<{ path: string; limit: number; name: string }>(
    'invalidField',
    (p) =>
      `${p.path} would have more than ${p.limit} names: ${p.name} and the names after it are left out; give their servers another ssl_certificate`,
    (p) => `${p.path} 的域名超过 ${p.limit} 个，${p.name} 及其后的域名未包含在内，请为这些 server 另设 ssl_certificate`,
  ),
  agentRunUnknown: row<None>(
    'notFound',
    () =>
      'no nginx configuration is known for this run; run httpsok.sh again, so that it sends its configuration first',
    () => '未找到本次运行上传的 nginx 配置，请重新运行 httpsok.sh（脚本会先上传配置）',
  ),
  bodyBrokeOff: row<None>(
    'malformedRequest',
    () => 'the request body ended before it was complete; send the request again',
    () => '请求内容未传输完整，请重新发送',
  ),
  bodyTooLarge: row<{ limitBytes: number }>(
    'tooLarge',
    (p) => `the request body is larger than ${p.limitBytes} bytes`,
    (p) => `请求内容超过 ${p.limitBytes} 字节`,
  ),
  fieldMissing: row<{ field: string }>(
    'invalidField',
    (p) => `${p.field} is required`,
    (p) => `缺少参数 ${p.field}`,
  ),
  fieldInvalid: row<{ field: string; value: string; expected: Wording }>(
    'invalidField',
    (p) => `${p.field} must be ${inLanguage(p.expected, 'en')}, not ${p.value}`,
    (p) => `参数 ${p.field} 无效：${p.value}（应为${afterChinese(inLanguage(p.expected, 'zh'))}）`,
  ),
  customValueMissing: row<{ field: string }>(
    'invalidField',
    (p) => `the custom field ${p.field} needs a value`,
    (p) => `自定义字段 ${p.field} 必须填写`,
  ),
  customValueNotCarried: row<{ label: string; number: number }>(
    'invalidField',
    (p) =>
      `every order of the account must fill the custom field ${p.label}, and this API has no such field: an administrator of the account sets a default for it (certmux custom-field change ${p.number} --default <value>)`,
    (p) =>
      `该账户的订单必须填写自定义字段 ${p.label}，而此接口没有该字段：请账户管理员为其设置默认值（certmux custom-field change ${p.number} --default <值>）`,
  ),
  orderLacksCustomValue: row<{ label: string; order: string; number: number }>(
    'invalidField',
    (p) =>
      `order ${p.order} lacks the required custom field ${p.label}: fill it (certmux order change ${p.order} --field ${p.number}=<value>), or set a default (certmux custom-field change ${p.number} --default <value>)`,
    (p) =>
      `订单 ${p.order} 未填写必填的自定义字段 ${p.label}：请补填（certmux order change ${p.order} --field ${p.number}=<值>），或设置默认值（certmux custom-field change ${p.number} --default <值>）`,
  ),
  customValueInvalid: row<{ field: string; value: string; expected: Wording }>(
    'invalidField',
    (p) => `the custom field ${p.field} must be ${inLanguage(p.expected, 'en')}, not ${p.value}`,
    (p) => `自定义字段 ${p.field} 无效：${p.value}（应为${afterChinese(inLanguage(p.expected, 'zh'))}）`,
  ),
  loginFailed: row<None>(
    'unauthenticated',
    () => 'wrong user name or password',
    () => '账户或密码错误',
  ),
  registrationCodeWrong: row<{ field: string }>(
    'forbidden',
    (p) => `${p.field} is wrong; ask the operator of this server for the registration code`,
    (p) => `${p.field} 错误，请向本服务器管理员索取注册码`,
  ),
  credentialsMissing: row<{ field: string }>(
    'unauthenticated',
    (p) => `credentials are missing: send ${p.field}`,
    (p) => `缺少认证信息：请提供 ${p.field}`,
  ),
  credentialsWrong: row<{ field: string }>(
    'unauthenticated',
    (p) => `${p.field} is wrong or was revoked`,
    (p) => `${p.field} 错误或已被吊销`,
  ),
  credentialExpired: row<{ field: string; until: string }>(
    'unauthenticated',
    (p) => `${p.field} expired on ${p.until}; create a new one`,
    (p) => `${p.field} 已于 ${p.until} 过期，请重新创建`,
  ),
  keyDeactivated: row<None>(
    'forbidden',
    () => 'this account key was deactivated; register a new one',
    () => '该账户密钥已停用，请注册新的密钥',
  ),
  accountKeyInUse: row<{ account: string }>(
    'conflict',
    (p) => `account ${p.account} uses this key already; choose a new one`,
    (p) => `该密钥已被账户 ${p.account} 使用，请换用新的密钥`,
  ),
  accountKeyBlocked: row<{ key: string; flaw: KeyFlaw }>(
    'badKey',
    (p) => `the key whose SHA-256 begins with ${p.key} cannot be an account key: ${p.flaw}; make a new key`,
    (p) => `SHA-256 以 ${p.key} 开头的密钥不能用作账户密钥：${keyFlawInChinese(p.flaw)}；请生成新密钥`,
  ),
  bindingWrong: row<{ keyId: string }>(
    'forbidden',
    (p) => `the external account key ${p.keyId} is unknown or was revoked, or its MAC key is wrong; copy both again`,
    (p) => `外部账户密钥 ${p.keyId} 不存在或已被吊销，或 MAC 密钥错误，请重新复制两者`,
  ),
  sessionOver: row<None>(
    'unauthenticated',
    () => 'this session is over; sign in again',
    () => '登录已失效，请重新登录',
  ),
  passwordWrong: row<{ field: string }>(
    'invalidField',
    (p) => `${p.field} is wrong; type the password with which you sign in`,
    (p) => `${p.field} 错误，请输入您的登录密码`,
  ),
  sessionNeeded: row<None>(
    'forbidden',
    () => 'only somebody who is signed in can do this: the request came with a token, which has no session',
    () => '该操作只能在登录会话中进行，本次请求使用的是令牌',
  ),
  sessionNeedsHttps: row<None>(
    'forbidden',
    () =>
      'nobody signs in over plain http but on the machine of the server: use https; where a proxy takes the https connections, the operator lists its address in trustedProxies and has it send X-Forwarded-Proto',
    () =>
      '除在服务器本机访问外，不能通过明文 http 登录，请使用 https；如果由反向代理接收 https 连接，请管理员把代理的地址加入 trustedProxies，并让代理发送 X-Forwarded-Proto',
  ),
  sessionOutside: row<{ header: string }>(
    'forbidden',
    (p) =>
      `a session counts only for requests of the console on this server, which send ${p.header}; programs use a token`,
    (p) => `登录会话仅用于本服务器控制台发出的请求，此类请求须带有 ${p.header}；程序请使用令牌`,
  ),
  twoCredentials: row<None>(
    'malformedRequest',
    () => 'the request has both an Authorization header and a session cookie: send only one of them',
    () => '请求同时带有 Authorization 请求头和登录会话 Cookie，请只使用其中一种',
  ),
  confirmationNeeded: row<{ minutes: number }>(
    'forbidden',
    (p) =>
      `type your password again (POST /api/v1/session/confirm), then repeat this request: it needs a confirmation within ${p.minutes} minutes`,
    (p) => `该操作需要在 ${p.minutes} 分钟内确认过身份：请重新输入密码（POST /api/v1/session/confirm），然后再次提交`,
  ),
  addressNotAllowed: row<{ address: string }>(
    'forbidden',
    (p) => `this credential may not be used from ${p.address}, which is not on its allow-list`,
    (p) => `该凭证不允许从 ${p.address} 使用（不在其 IP 白名单中）`,
  ),
  accountSuspended: row<None>(
    'forbidden',
    () => 'this account is suspended; ask the operator of this server',
    () => '该账户已停用，请联系管理员',
  ),
  roleMissing: row<{ role: Roles }>(
    'forbidden',
    (p) => `this needs the role ${listEn(p.role, ' / ')}`,
    (p) => `该操作需要角色：${rolesInChinese(p.role)}`,
  ),
  roleNotHeld: row<{ role: Roles; givable: readonly Role[] }>(
    'forbidden',
    (p) =>
      `you cannot give or change the role ${listEn(p.role, ' and ')}, which you do not hold; you may give ${p.givable.length === 0 ? 'none' : listEn(p.givable, ', ')}`,
    (p) =>
      `您不具有角色：${rolesInChinese(p.role, '、')}，不能授予或变更；您可授予的角色：${p.givable.length === 0 ? '无' : rolesInChinese(p.givable, '、')}`,
  ),
  secondAdministratorNeeded: row<{ role: Roles }>(
    'forbidden',
    (p) =>
      `where duties are separate, as in this account, the role ${listEn(p.role, ' and ')} takes two administrators: make the change without it, then propose it (certmux grant propose, POST /api/v1/role-grants) for another administrator to confirm`,
    (p) =>
      `该账户实行职责分离，角色${rolesInChinese(p.role, '、')}须由两名管理员共同授予：请先不带该角色完成操作，再提交授权申请（certmux grant propose 或 POST /api/v1/role-grants），由另一名管理员确认`,
  ),
  grantNeedsAnother: row<{ value: string }>(
    'forbidden',
    (p) => `role grant ${p.value} was proposed by you or is for you; another administrator must confirm it`,
    (p) => `授权申请 ${p.value} 由您提交或授予对象是您本人，须由另一名管理员确认`,
  ),
  grantOutdated: row<{ value: string }>(
    'forbidden',
    (p) => `the proposer of role grant ${p.value} no longer holds its roles; withdraw it and propose it again`,
    (p) => `授权申请 ${p.value} 的提交人已不具有相应角色，请撤回后重新提交`,
  ),
  personNeeded: row<None>(
    'forbidden',
    () =>
      'this account separates duties: a key that belongs to no user cannot decide on requests; use a key of your own user (certmux credential create --user)',
    () =>
      '该账户实行职责分离：不属于任何用户的凭证不能审批，请使用您本人用户的凭证（certmux credential create --user）',
  ),
  loginRateLimited: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `too many failed sign-ins; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `登录失败次数过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  registrationRateLimited: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `too many accounts were registered in the last hour; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `最近一小时内注册的账户过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  passwordsBusy: row<{ retryAfterSeconds: number }>(
    'unavailable',
    (p) => `too many people are signing in at the moment; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `当前登录请求过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  accountNeeded: row<None>(
    'forbidden',
    () =>
      'this operation is done for an account: name it (the field account, the header Certmux-Account, or --account), or use a credential of that account',
    () => '该操作针对某个账户：请指定账户（字段 account、请求头 Certmux-Account 或选项 --account），或使用该账户的凭证',
  ),
  notForActingOperator: row<{ account: string }>(
    'forbidden',
    (p) => `only account ${p.account} itself may do this, not an operator who acts for it`,
    (p) => `该操作只能由账户 ${p.account} 自行完成，代其操作的管理员不得执行`,
  ),
  notFound: row<{ what: Thing; value: string }>(
    'notFound',
    (p) =>
      isOfAccounts(p.what)
        ? `no ${thingEn(p.what)} ${p.value} in this account`
        : `there is no ${thingEn(p.what)} ${p.value}`,
    (p) =>
      isOfAccounts(p.what) ? `该账户下不存在${thingZh(p.what)} ${p.value}` : `${thingZh(p.what)} ${p.value} 不存在`,
  ),
  pathUnknown: row<{ method: string; path: string }>(
    'notFound',
    (p) => `there is no ${p.method} ${p.path}`,
    (p) => `接口 ${p.method} ${p.path} 不存在`,
  ),
  methodUnknown: row<{ method: string; path: string; allowed: string }>(
    'notFound',
    (p) => `there is no ${p.method} ${p.path}; it takes ${p.allowed}`,
    (p) => `接口 ${p.path} 不支持 ${p.method}，只支持 ${p.allowed}`,
  ),
  ownUser: row<{ username: string }>(
    'forbidden',
    (p) => `${p.username} is the user of the key in use; another administrator must disable it`,
    (p) => `当前凭证属于用户 ${p.username}，须由其他管理员停用`,
  ),
  rootContainer: row<{ value: string }>(
    'wrongState',
    (p) => `container ${p.value} is the whole account and stays in use; deactivate one below it`,
    (p) => `部门 ${p.value} 是账户的根部门，不能停用，请停用其下级部门`,
  ),
  userHasPassword: row<{ username: string }>(
    'wrongState',
    (p) =>
      `user ${p.username} has a password already and needs no invitation; if it was forgotten, use certmux user reset-password ${p.username}`,
    (p) => `用户 ${p.username} 已设置密码，无需邀请；如忘记密码，请使用 certmux user reset-password ${p.username}`,
  ),
  userIsProgram: row<{ username: string }>(
    'wrongState',
    (p) => `user ${p.username} is a program, which never signs in and so is not invited; make a key for it`,
    (p) => `用户 ${p.username} 是服务用户，不能登录，无需邀请，请为其创建密钥`,
  ),
  alreadyExists: row<{ what: Thing; value: string }>(
    'conflict',
    (p) => `${thingEn(p.what)} ${p.value} already exists`,
    (p) => `${thingZh(p.what)} ${p.value} 已存在`,
  ),
  orderChanged: row<{ order: string; changed: OrderPart | readonly OrderPart[] }>(
    'conflict',
    (p) => `order ${p.order} has changed since you looked: ${partsOf(p.changed, 'en').join(', ')}; look at it again`,
    (p) => `订单 ${p.order} 已发生变化：${partsOf(p.changed, 'zh').join('、')}，请刷新后重试`,
  ),
  objectChanged: row<{ what: Thing; value: string }>(
    'conflict',
    (p) => `${thingEn(p.what)} ${p.value} has changed since you looked; look at it again`,
    (p) => `${thingZh(p.what)} ${p.value} 已发生变化，请刷新后重试`,
  ),
  shareLimit: row<{ order: string; limit: number }>(
    'conflict',
    (p) =>
      `order ${p.order} has ${p.limit} links already; remove those that nobody needs: certmux order share ${p.order} --remove`,
    (p) =>
      `订单 ${p.order} 的分享链接已达 ${p.limit} 个上限，请先删除不再需要的链接：certmux order share ${p.order} --remove`,
  ),
  shareUnknown: row<None>(
    'notFound',
    () => 'this link is not valid, or its time is over; get a new one from whoever sent it',
    () => '该链接无效或已失效，请联系发送者重新获取',
  ),
  sharedRateLimited: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `links were opened too often from this network; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `该网络打开分享链接过于频繁，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  strangersRateLimited: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `too many calls without valid credentials came from this network; check the key or sign in, and try again in ${p.retryAfterSeconds} seconds`,
    (p) => `该网络的未认证请求过多，请检查凭证或重新登录，并在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  webhookLimit: row<{ limit: number }>(
    'conflict',
    (p) => `an account has at most ${p.limit} webhooks; remove one first`,
    (p) => `每个账户最多 ${p.limit} 个 Webhook，请先删除其中一个`,
  ),
  tooManyOfKind: row<{ what: Thing; limit: number }>(
    'conflict',
    (p) => `another ${thingEn(p.what)} cannot be added: the limit of ${p.limit} is reached`,
    (p) => `${thingZh(p.what)}数量已达上限（${p.limit} 个），无法继续添加`,
  ),
  idempotencyKeyReused: row<{ key: string }>(
    'conflict',
    (p) => `idempotency key ${p.key} was already used for a different request; use a new one`,
    (p) => `幂等键 ${p.key} 已用于其他请求，请更换`,
  ),
  bulkOutOfTime: row<None>(
    'unavailable',
    () => 'nothing was done to this one: the others took too long; send the rest again with a new idempotency key',
    () => '其他对象耗时过长，尚未处理此对象；请换用新的幂等键，重新提交剩余部分',
  ),
  bulkOfSeveralProducts: row<None>(
    'invalidField',
    () => 'these requests for approval are of several products; decide those of one product at a time',
    () => '所选审批申请属于不同产品，请按产品分批审批',
  ),
  idempotencyKeyUnderWay: row<{ key: string }>(
    'conflict',
    (p) => `the first request with idempotency key ${p.key} is still under way; repeat this one in a few seconds`,
    (p) => `使用幂等键 ${p.key} 的首个请求仍在处理中，请几秒后重试`,
  ),
  idempotencyKeyInterrupted: row<{ key: string; requestId: string }>(
    'conflict',
    (p) =>
      `request ${p.requestId} with idempotency key ${p.key} took effect, but the server stopped before its answer was kept; the audit log names what it did, so look there before you try with a new key`,
    (p) =>
      `使用幂等键 ${p.key} 的请求 ${p.requestId} 已经生效，但服务器在保存应答前中断；请先在审计日志中查看其结果，再决定是否换用新的幂等键重试`,
  ),
  operationClosed: row<{ operation: string; hint: string }>(
    'unsupported',
    (p) => `${p.operation} is not offered by this server: ${p.hint}`,
    (p) => `本服务器未开放 ${p.operation}：${p.hint}`,
  ),
  shuttingDown: row<None>(
    'unavailable',
    () => 'the server is shutting down; try again in a moment',
    () => '服务器正在关闭，请稍后重试',
  ),
  serverUnreachable: row<{ url: string; detail: string }>(
    'unavailable',
    (p) => `the server at ${p.url} cannot be reached: ${p.detail}`,
    (p) => `无法连接服务器 ${p.url}：${p.detail}`,
  ),
  replyUnreadable: row<{ url: string; detail: string }>(
    'internal',
    (p) => `the reply from ${p.url} is not one of certmux: ${p.detail}`,
    (p) => `${p.url} 返回的不是 certmux 的应答：${p.detail}`,
  ),
  caaUnavailable: row<{ name: string; detail: Wording }>(
    'unavailable',
    (p) => `the CAA records of ${p.name} could not be looked up: ${inLanguage(p.detail, 'en')}`,
    (p) => `无法查询 ${p.name} 的 CAA 记录：${inLanguage(p.detail, 'zh')}`,
  ),
  upstreamNoAnswer: row<{ upstream: string; detail: string }>(
    'unavailable',
    (p) => `no answer came from ${p.upstream}: it ${p.detail}`,
    (p) => `${p.upstream} 没有应答：对方${connectionFaultInChinese(p.detail)}`,
  ),
  // Answers of another server to us, one row for each kind of refusal, so that its code is passed on.
  upstreamMalformedRequest: upstream('malformedRequest'),
  upstreamInvalidField: upstream('invalidField'),
  upstreamUnauthenticated: upstream('unauthenticated'),
  upstreamForbidden: upstream('forbidden'),
  upstreamNotFound: upstream('notFound'),
  upstreamUnknownProduct: upstream('unknownProduct'),
  upstreamBadCsr: upstream('badCsr'),
  upstreamBadKey: upstream('badKey'),
  upstreamBadName: upstream('badName'),
  upstreamRefusedName: upstream('refusedName'),
  upstreamTooManyNames: upstream('tooManyNames'),
  upstreamWrongState: upstream('wrongState'),
  upstreamInsufficientBalance: upstream('insufficientBalance'),
  upstreamConflict: upstream('conflict'),
  upstreamTooLarge: upstream('tooLarge'),
  upstreamRateLimited: upstream('rateLimited'),
  upstreamValidationFailed: upstream('validationFailed'),
  upstreamIssuerRefused: upstream('issuerRefused'),
  upstreamUnavailable: upstream('unavailable'),
  upstreamUnsupported: upstream('unsupported'),
  upstreamInternal: upstream('internal'),
} as const;

/** What belongs to the installation is looked for by operators, in no account. */
function isOfAccounts(what: Thing): boolean {
  return what !== 'account' && what !== 'authorityRequest' && what !== 'upstream' && what !== 'upstreamOrder';
}

/** A part that has no text reads as it is: sentences are recognized by their own words (`dialects/kit/sentences.ts`). */
function partsOf(changed: OrderPart | readonly OrderPart[], language: Language): readonly string[] {
  return [changed].flat().map((part) => orderPartTexts[part]?.[language] ?? part);
}
