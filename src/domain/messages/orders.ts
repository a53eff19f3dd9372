/** Refusals about names, products, orders and money. */
import { type None, row, type Thing, thingZh } from './row.ts';
import { type Condition, type Conditions, conditionsInChinese, listEn } from './words.ts';

export const orderReasons = {
  nameEmpty: row<{ field: string }>(
    'badName',
    (p) => `${p.field} holds an empty name`,
    (p) => `${p.field} 中有空域名`,
  ),
  nameTooLong: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} is longer than 253 characters`,
    (p) => `域名 ${p.name} 超过 253 个字符`,
  ),
  nameBadLabel: row<{ name: string; label: string }>(
    'badName',
    (p) => `the name ${p.name} has an invalid label ${p.label}`,
    (p) => `域名 ${p.name} 中的 ${p.label} 无效`,
  ),
  nameBadUnicode: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} cannot be written as an internationalized domain name`,
    (p) => `域名 ${p.name} 无法转换为国际化域名`,
  ),
  nameBadWildcard: row<{ name: string }>(
    'badName',
    (p) => `in ${p.name} the * is not the whole leftmost label`,
    (p) => `域名 ${p.name} 中的 * 必须是最左侧的完整标签`,
  ),
  nameSingleLabel: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} has no dot: a full domain name is needed`,
    (p) => `域名 ${p.name} 不是完整域名`,
  ),
  nameIsPublicSuffix: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is a public suffix, under which anyone can register names`,
    (p) => `${p.name} 是公共后缀，不能签发证书`,
  ),
  nameUnknownSuffix: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} does not end in a known public suffix`,
    (p) => `${p.name} 的后缀不是已知的公共后缀`,
  ),
  nameDuplicate: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} is listed twice`,
    (p) => `域名 ${p.name} 重复`,
  ),
  nameIpNotAllowed: row<{ name: string; version: string }>(
    'refusedName',
    (p) => `${p.name} is an ${p.version} address, which this product does not cover`,
    (p) => `${p.name} 是 ${p.version} 地址，该产品不支持`,
  ),
  nameIpReserved: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is an address reserved for special use`,
    (p) => `${p.name} 是保留地址`,
  ),
  nameReverseZone: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} lies in a reverse-lookup zone`,
    (p) => `${p.name} 属于反向解析区`,
  ),
  nameWildcardNotAllowed: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is a wildcard, which this product does not cover`,
    (p) => `${p.name} 是通配符域名，该产品不支持`,
  ),
  nameNotAllowedForAccount: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is not among the names this account may order`,
    (p) => `该账户不允许申请 ${p.name}`,
  ),
  nameNotAllowedInContainer: row<{ name: string; container: string }>(
    'refusedName',
    (p) => `${p.name} is not among the names for which orders may be placed in the container ${p.container}`,
    (p) => `部门 ${p.container} 不允许申请 ${p.name}`,
  ),
  tooManyNames: row<{ count: number; limit: number }>(
    'tooManyNames',
    (p) => `${p.count} names were asked for; this product covers at most ${p.limit}`,
    (p) => `申请了 ${p.count} 个域名，该产品最多支持 ${p.limit} 个`,
  ),
  unknownProduct: row<{ field: string; value: string }>(
    'unknownProduct',
    (p) => `${p.field} ${p.value} is not a product of this account`,
    (p) => `${p.field} ${p.value} 不是该账户可订购的产品`,
  ),
  proofReferenceUsed: row<{ value: string }>(
    'conflict',
    (p) => `the unique value ${p.value} was used before; every order and reissue needs a new one`,
    (p) => `唯一值 ${p.value} 已被使用，每次申请或重签都需要新的唯一值`,
  ),
  nothingToProve: row<{ name: string; profile: string }>(
    'refusedName',
    (p) => `no offered method can prove ${p.name} under the profile ${p.profile}`,
    (p) => `证书模板 ${p.profile} 下没有可用于验证 ${p.name} 的方式`,
  ),
  insufficientBalance: row<{ needed: string; balance: string }>(
    'insufficientBalance',
    (p) => `this costs ${p.needed}, but the account's balance is ${p.balance}`,
    (p) => `余额不足：需要 ${p.needed}，当前余额 ${p.balance}`,
  ),
  currencyDiffers: row<{ account: string; product: string }>(
    'unknownProduct',
    (p) => `the product is sold in ${p.product}, but the account is kept in ${p.account}`,
    (p) => `该产品以 ${p.product} 计价，而账户货币为 ${p.account}`,
  ),
  organizationRequired: row<{ field: string; level: string }>(
    'invalidField',
    (p) => `${p.field} is required for an ${p.level} certificate`,
    (p) => `${p.level} 证书必须填写 ${p.field}`,
  ),
  lastName: row<None>(
    'invalidField',
    () => 'an order keeps at least one name; cancel it to give up all',
    () => '订单至少须保留一个域名，如需全部放弃请取消订单',
  ),
  nothingToRemove: row<None>(
    'wrongState',
    () => 'every name of the order is proved: there is none to remove',
    () => '订单的域名均已通过验证，没有可移除的域名',
  ),
  wrongState: row<{ what: Thing; value: string; state: Condition; needed: Conditions }>(
    'wrongState',
    (p) => `${p.what} ${p.value} is ${p.state}; this needs ${listEn(p.needed, ' or ')}`,
    (p) =>
      `${thingZh(p.what)} ${p.value} 当前状态为${conditionsInChinese(p.state)}，该操作要求${conditionsInChinese(p.needed)}`,
  ),
  awaitingApproval: row<None>(
    'wrongState',
    () => 'the order waits for an approver',
    () => '订单正在等待审批',
  ),
  awaitingOrganization: row<None>(
    'wrongState',
    () => 'the order waits until the operator has verified its organization',
    () => '订单正在等待单位信息审核',
  ),
  approverIsRequester: row<{ value: string }>(
    'forbidden',
    (p) => `request ${p.value} was made by you; in this account somebody else must approve it`,
    (p) => `审批 ${p.value} 由您本人提交，按该账户规定须由他人批准`,
  ),
  approverOfFirstStep: row<{ value: string }>(
    'forbidden',
    (p) => `you took the first step of request ${p.value}; somebody else must take the second`,
    (p) => `审批 ${p.value} 的第一步由您批准，第二步须由他人批准`,
  ),
  approvalRejected: row<{ note: string }>(
    'forbidden',
    (p) => `the request was rejected by an approver${p.note === '' ? '' : `: ${p.note}`}`,
    (p) => `申请已被审批人拒绝${p.note === '' ? '' : `：${p.note}`}`,
  ),
  nameNotProved: row<{ name: string }>(
    'validationFailed',
    (p) => `control of ${p.name} was not proved`,
    (p) => `未通过对 ${p.name} 的控制权验证`,
  ),
  delegationMissing: row<{ host: string; target: string }>(
    'validationFailed',
    (p) => `${p.host} must be a CNAME to ${p.target} before the certificate is applied for`,
    (p) => `请先将 ${p.host} 的 CNAME 解析到 ${p.target}，验证通过后再提交申请`,
  ),
  validationExpired: row<{ names: string; days: number }>(
    'validationFailed',
    (p) => `control of ${p.names} was not proved within ${p.days} days`,
    (p) => `${p.days} 天内未完成对 ${p.names} 的验证`,
  ),
  nameNotInOrder: row<{ name: string; order: string }>(
    'refusedName',
    (p) => `${p.name} is not in the certificate of order ${p.order}: a duplicate holds its names or fewer`,
    (p) => `订单 ${p.order} 的证书不含 ${p.name}，副本只能包含相同或更少的域名`,
  ),
  validityPassed: row<{ until: string }>(
    'wrongState',
    (p) => `the certificate was wanted until ${p.until}, which passed before it could be issued`,
    (p) => `要求的证书截止时间 ${p.until} 在签发前已过`,
  ),
  clockWentBack: row<{ now: string; newest: string }>(
    'unavailable',
    (p) =>
      `the server's clock shows ${p.now}, but it has shown ${p.newest} before: nothing is signed until it is right again`,
    (p) => `服务器时钟显示 ${p.now}，早于曾经显示的 ${p.newest}，时钟校正之前暂停签发`,
  ),
  authorityNotYetValid: row<{ from: string; now: string }>(
    'unavailable',
    (p) =>
      `the CA is valid from ${p.from} on, but the server's clock shows ${p.now}: nothing is signed until it is right`,
    (p) => `签发机构自 ${p.from} 起有效，而服务器时钟显示 ${p.now}，时钟校正之前暂停签发`,
  ),
  authorityEnded: row<{ until: string; now: string }>(
    'unavailable',
    (p) =>
      `the CA ended on ${p.until}, and the server's clock shows ${p.now}: a new CA is needed, or the clock must be set right`,
    (p) => `签发机构已于 ${p.until} 到期，服务器时钟显示 ${p.now}，请更换签发机构或校正时钟`,
  ),
  authorityEndsTooSoon: row<{ until: string; wanted: string }>(
    'unavailable',
    (p) => `the CA ends on ${p.until}, before the certificate would on ${p.wanted}: a new CA is needed`,
    (p) => `签发机构将于 ${p.until} 到期，早于证书的截止时间 ${p.wanted}，需要更换签发机构`,
  ),
  csrGiven: row<{ order: string }>(
    'wrongState',
    (p) => `order ${p.order} has its CSR already; a reissue takes another`,
    (p) => `订单 ${p.order} 已有 CSR，如需更换请重签`,
  ),
  orderCancelled: row<None>(
    'wrongState',
    () => 'the order was cancelled',
    () => '订单已取消',
  ),
  issuerRefused: row<{ issuer: string; detail: string }>(
    'issuerRefused',
    (p) => `the issuer ${p.issuer} refused: ${p.detail}`,
    (p) => `签发机构 ${p.issuer} 拒绝签发：${p.detail}`,
  ),
  issuerUnavailable: row<{ issuer: string }>(
    'unavailable',
    (p) => `the issuer ${p.issuer} cannot be used now`,
    (p) => `签发机构 ${p.issuer} 暂不可用`,
  ),
  upstreamUnclear: row<{ issuer: string; detail: string }>(
    'unavailable',
    (p) => `it is not clear what became of the order at ${p.issuer}: ${p.detail}; the operator must look there`,
    (p) => `无法确定订单在 ${p.issuer} 的处理结果：${p.detail}，请管理员到该机构核实`,
  ),
  upstreamOverdue: row<{ issuer: string; hours: number }>(
    'unavailable',
    (p) => `${p.issuer} issued nothing within ${p.hours} hours`,
    (p) => `${p.issuer} 未在 ${p.hours} 小时内签发证书`,
  ),
  upstreamBudgetSpent: row<{ issuer: string; until: string }>(
    'unavailable',
    (p) => `the budget of orders at ${p.issuer} is spent until ${p.until}`,
    (p) => `在 ${p.issuer} 的下单额度已用完，${p.until} 之后恢复`,
  ),
  certificateUnfit: row<{ issuer: string; fault: string }>(
    'issuerRefused',
    (p) => `the certificate from ${p.issuer} is not what was ordered: ${p.fault}; it was refused and kept as evidence`,
    (p) => `${p.issuer} 返回的证书与订单不符（${p.fault}），已拒收并留存备查`,
  ),
  workFailed: row<{ what: Thing; attempts: number }>(
    'internal',
    (p) => `${p.what} failed ${p.attempts} times and was given up; the operator finds the cause in the log`,
    (p) => `${thingZh(p.what)}连续失败 ${p.attempts} 次，已停止，管理员可在日志中查找原因`,
  ),
} as const;
