/** Refusals about names, products, orders and money. */
import type { ValidationMethod } from '../validation-method.ts';
import type { Phrase } from './expectations.ts';
import { type CertificateFault, certificateFaultText } from './faults.ts';
import { type None, row, type Thing, thingEn, thingZh } from './row.ts';
import {
  type Condition,
  type Conditions,
  conditionsInChinese,
  listEn,
  methodInChinese,
  methodsInChinese,
} from './words.ts';

export const orderReasons = {
  nameEmpty: row<{ field: string }>(
    'badName',
    (p) => `${p.field} holds an empty name`,
    (p) => `${p.field} 中有空域名`,
  ),
  nameTooLong: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} is longer than the 253 characters that DNS allows`,
    (p) => `域名 ${p.name} 超过 DNS 允许的 253 个字符`,
  ),
  nameBadLabel: row<{ name: string; label: string }>(
    'badName',
    (p) => `the name ${p.name} has an invalid label ${p.label}`,
    (p) => `域名 ${p.name} 中的 ${p.label} 无效`,
  ),
  nameBadUnicode: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} is not a valid internationalized domain name (IDNA)`,
    (p) => `域名 ${p.name} 不是有效的国际化域名（IDNA）`,
  ),
  nameBadWildcard: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} may have a * only as its whole leftmost label, as in *.example.com`,
    (p) => `域名 ${p.name} 中的 * 只能单独作为最左侧一段，如 *.example.com`,
  ),
  nameSingleLabel: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} has no dot; use a full domain name such as www.example.com`,
    (p) => `域名 ${p.name} 不是完整域名，请使用完整域名，如 www.example.com`,
  ),
  tooManyPendingOrders: row<{ pending: number; limit: number }>(
    'rateLimited',
    (p) =>
      `${p.pending} orders of this account wait for proofs of their names, and at most ${p.limit} may; prove or cancel some first, or ask the operator to raise limits.pendingOrders`,
    (p) =>
      `该账户已有 ${p.pending} 个订单等待域名验证，上限为 ${p.limit} 个；请先完成验证或取消部分订单，或联系管理员调高 limits.pendingOrders`,
  ),
  tooManyUnprovedNames: row<{ added: number; pending: number; limit: number }>(
    'rateLimited',
    (p) =>
      `${p.pending} names of this account wait for proofs, and at most ${p.limit} may; this request has ${p.added} more: prove or cancel some first, or ask the operator to raise limits.unprovedNames`,
    (p) =>
      `该账户已有 ${p.pending} 个域名等待验证，上限为 ${p.limit} 个，本次请求又增加 ${p.added} 个；请先完成验证或取消部分订单，或联系管理员调高 limits.unprovedNames`,
  ),
  nameIsPublicSuffix: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is a public suffix, under which anyone can register names; order a name below it`,
    (p) => `${p.name} 是公共后缀，任何人都可在其下注册域名，请申请其下的具体域名`,
  ),
  nameUnknownSuffix: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} does not end in a known public suffix, as this product requires`,
    (p) => `${p.name} 的后缀不是已知的公共后缀，该产品仅支持公网域名`,
  ),
  nameDuplicate: row<{ name: string }>(
    'badName',
    (p) => `the name ${p.name} is listed twice; list it once`,
    (p) => `域名 ${p.name} 重复，请只保留一个`,
  ),
  nameIpNotAllowed: row<{ name: string; version: string }>(
    'refusedName',
    (p) => `${p.name} is an ${p.version} address, which this product does not cover`,
    (p) => `${p.name} 是 ${p.version} 地址，该产品不支持`,
  ),
  nameIpReserved: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is an address reserved for special use; this product covers public addresses only`,
    (p) => `${p.name} 是保留地址，该产品仅支持公网 IP 地址`,
  ),
  nameReverseZone: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is in a reverse-lookup zone (in-addr.arpa, ip6.arpa), for which no certificates are issued`,
    (p) => `${p.name} 属于反向解析区（in-addr.arpa、ip6.arpa），不能为其签发证书`,
  ),
  nameWildcardNotAllowed: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is a wildcard, which this product does not cover`,
    (p) => `${p.name} 是通配符域名，该产品不支持`,
  ),
  nameNotAllowedForAccount: row<{ name: string }>(
    'refusedName',
    (p) => `${p.name} is not among the names that this account may order; the operator can allow it`,
    (p) => `该账户不允许申请 ${p.name}，如有需要请联系管理员放行`,
  ),
  nameNotAllowedForKey: row<{ name: string }>(
    'refusedName',
    (p) =>
      `${p.name} is not among the names that the external account key of this client may order; an administrator of the account can allow it`,
    (p) => `该客户端的外部账户密钥不允许申请 ${p.name}，如有需要请联系账户管理员放行`,
  ),
  nameNotAllowedInContainer: row<{ name: string; container: string }>(
    'refusedName',
    (p) =>
      `${p.name} is not among the names that may be ordered in the container ${p.container}; allow it there or use another container`,
    (p) => `部门 ${p.container} 不允许申请 ${p.name}，请为该部门放行或改用其他部门`,
  ),
  tooManyNames: row<{ count: number; limit: number }>(
    'tooManyNames',
    (p) => `${p.count} names were requested; this product covers at most ${p.limit}`,
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
    (p) => `the profile ${p.profile} offers no method that can validate ${p.name}; choose another product`,
    (p) => `证书模板 ${p.profile} 没有可用于 ${p.name} 的验证方式，请更换产品`,
  ),
  insufficientBalance: row<{ needed: string; balance: string }>(
    'insufficientBalance',
    (p) => `this costs ${p.needed}, but the account's balance is ${p.balance}; the operator can add credit`,
    (p) => `余额不足：需要 ${p.needed}，当前余额 ${p.balance}`,
  ),
  currencyDiffers: row<{ account: string; product: string }>(
    'unknownProduct',
    (p) =>
      `the product is sold in ${p.product}, but the account is in ${p.account}; order a product that is sold in ${p.account}`,
    (p) => `该产品以 ${p.product} 计价，而账户货币为 ${p.account}，请订购以 ${p.account} 计价的产品`,
  ),
  refundOfOpenOrder: row<{ order: string }>(
    'wrongState',
    (p) => `order ${p.order} has no certificate yet; cancel it, and all that it cost is refunded`,
    (p) => `订单 ${p.order} 尚未签发证书，请取消该订单，费用将全额退回`,
  ),
  nothingToRefund: row<{ order: string }>(
    'wrongState',
    (p) => `nothing is left to refund of order ${p.order}: it cost nothing, or all of it was given back`,
    (p) => `订单 ${p.order} 没有可退金额：该订单未产生费用，或费用已全部退回`,
  ),
  refundTooLarge: row<{ order: string; amount: string; left: string }>(
    'invalidField',
    (p) => `${p.amount} is more than is left of what order ${p.order} was charged; at most ${p.left} can be refunded`,
    (p) => `退款金额 ${p.amount} 超过订单 ${p.order} 的可退余额，最多可退 ${p.left}`,
  ),
  organizationRequired: row<{ field: string; level: string }>(
    'invalidField',
    (p) => `${p.field} is required for an ${p.level} certificate`,
    (p) => `${p.level} 证书必须填写 ${p.field}`,
  ),
  organizationLacks: row<{ field: string; organization: string }>(
    'invalidField',
    (p) =>
      `an EV certificate says ${p.field} of organization ${p.organization}, which has none: add the organization with it, or ask the operator to verify it for EV with what its register says (certmux organization verify ${p.organization} --level ev)`,
    (p) =>
      `EV 证书须载明 ${p.field}，组织 ${p.organization} 尚未填写：请重新添加填有该项的组织，或由管理员按登记信息完成 EV 审核（certmux organization verify ${p.organization} --level ev）`,
  ),
  lastName: row<None>(
    'invalidField',
    () => 'an order must keep at least one name; to give up all of them, cancel the order',
    () => '订单至少须保留一个域名，如需全部放弃请取消订单',
  ),
  nothingToRemove: row<None>(
    'wrongState',
    () => 'every name of the order is validated; only names that are not can be removed',
    () => '订单的域名均已通过验证，只能移除未通过验证的域名',
  ),
  wrongState: row<{ what: Thing; value: string; state: Condition; needed: Conditions }>(
    'wrongState',
    (p) => `${thingEn(p.what)} ${p.value} is ${p.state}; this needs ${listEn(p.needed, ' or ')}`,
    (p) =>
      `${thingZh(p.what)} ${p.value} 当前状态为${conditionsInChinese(p.state)}，该操作要求${conditionsInChinese(p.needed)}`,
  ),
  checksTooOften: row<{ what: 'order' | 'managedDomain'; value: string; limit: number; retryAfterSeconds: number }>(
    'rateLimited',
    (p) =>
      `${thingEn(p.what)} ${p.value} was checked ${p.limit} times within a minute; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `${thingZh(p.what)} ${p.value} 一分钟内已检查 ${p.limit} 次，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  awaitingApproval: row<None>(
    'wrongState',
    () => 'the order is waiting for approval',
    () => '订单正在等待审批',
  ),
  awaitingOrganization: row<None>(
    'wrongState',
    () => 'the order is waiting for the operator to verify its organization',
    () => '订单正在等待管理员审核组织信息',
  ),
  approverIsRequester: row<{ value: string }>(
    'forbidden',
    (p) => `request ${p.value} was made by you; in this account somebody else must approve it`,
    (p) => `审批申请 ${p.value} 由您本人提交，按该账户规定须由他人批准`,
  ),
  approverOfFirstStep: row<{ value: string }>(
    'forbidden',
    (p) => `you approved the first step of request ${p.value}; somebody else must approve the second`,
    (p) => `审批申请 ${p.value} 的第一步由您批准，第二步须由他人批准`,
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
    (p) => `${p.host} is not a CNAME to ${p.target}; add that record, then apply for the certificate again`,
    (p) => `请先将 ${p.host} 的 CNAME 记录指向 ${p.target}，生效后再提交申请`,
  ),
  checkFailed: row<{ names: string }>(
    'validationFailed',
    (p) => `control of ${p.names} was not proved: the check that was requested failed; order again`,
    (p) => `未能证明对 ${p.names} 的控制权：所请求的检查未通过，请重新下单`,
  ),
  proofEnded: row<{ names: string }>(
    'validationFailed',
    (p) => `the authorization of ${p.names} ended while the order waited; order again`,
    (p) => `订单等待期间 ${p.names} 的域名授权已失效，请重新下单`,
  ),
  validationExpired: row<{ names: string; days: number }>(
    'validationFailed',
    (p) => `control of ${p.names} was not proved within ${p.days} days`,
    (p) => `${p.days} 天内未完成对 ${p.names} 的验证`,
  ),
  nameNotInOrder: row<{ name: string; order: string }>(
    'refusedName',
    (p) =>
      `${p.name} is not in the certificate of order ${p.order}; a duplicate can have only the names of that certificate, so reissue it to add others`,
    (p) => `订单 ${p.order} 的证书不含 ${p.name}，副本只能包含该证书已有的域名，如需增加域名请重签`,
  ),
  validityPassed: row<{ until: string }>(
    'wrongState',
    (p) =>
      `the requested end of validity, ${p.until}, passed before the certificate could be issued; request a later one`,
    (p) => `要求的证书到期时间 ${p.until} 在签发前已过，请以更晚的时间重新申请`,
  ),
  clockWentBack: row<{ now: string; newest: string }>(
    'unavailable',
    (p) =>
      `the server's clock shows ${p.now}, earlier than ${p.newest}, which it has shown before; nothing is signed until the operator corrects it`,
    (p) => `服务器时钟显示 ${p.now}，早于曾经显示的 ${p.newest}，在管理员校正时钟之前暂停签发`,
  ),
  authorityNotYetValid: row<{ from: string; now: string }>(
    'unavailable',
    (p) =>
      `the CA certificate is valid from ${p.from} on, but the server's clock shows ${p.now}; nothing is signed until the operator corrects it`,
    (p) => `CA 证书自 ${p.from} 起有效，而服务器时钟显示 ${p.now}，在管理员校正时钟之前暂停签发`,
  ),
  authorityEnded: row<{ until: string; now: string }>(
    'unavailable',
    (p) =>
      `the CA certificate expired on ${p.until}, and the server's clock shows ${p.now}; the operator must set up a new CA, or correct the clock`,
    (p) => `CA 证书已于 ${p.until} 到期，服务器时钟显示 ${p.now}，请管理员更换 CA 或校正时钟`,
  ),
  authorityEndsTooSoon: row<{ until: string; wanted: string }>(
    'unavailable',
    (p) =>
      `the CA certificate expires on ${p.until}, before the requested certificate would on ${p.wanted}; the operator must set up a new CA`,
    (p) => `CA 证书将于 ${p.until} 到期，早于所申请证书的到期时间 ${p.wanted}，请管理员更换 CA`,
  ),
  csrGiven: row<{ order: string }>(
    'wrongState',
    (p) => `order ${p.order} already has a CSR; to use another, reissue the certificate`,
    (p) => `订单 ${p.order} 已有 CSR，如需更换请重签证书`,
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
  caaForbids: row<{ issuer: string; detail: string }>(
    'refusedName',
    (p) => `the CAA records do not allow ${p.issuer} to issue this certificate: ${p.detail}`,
    (p) => `CAA 记录不允许 ${p.issuer} 签发此证书：${p.detail}`,
  ),
  caaProhibits: row<{ name: string; at: string; records: string } & CaaRemedy>(
    'refusedName',
    (p) => `the CAA records of ${p.at} do not allow a certificate for ${p.name}: ${p.records}; ${caaRemedy(p).en}`,
    (p) => `${p.at} 的 CAA 记录不允许为 ${p.name} 签发证书：${p.records}；${caaRemedy(p).zh}`,
  ),
  issuerUnavailable: row<{ issuer: string }>(
    'unavailable',
    (p) => `the issuer ${p.issuer} is not available; the operator can find out why`,
    (p) => `签发机构 ${p.issuer} 暂不可用，请联系管理员`,
  ),
  upstreamUnclear: row<{ issuer: string; detail: string }>(
    'unavailable',
    (p) => `it is not clear what became of the order at ${p.issuer}: ${p.detail}; the operator must look there`,
    (p) => `无法确定订单在 ${p.issuer} 的处理结果：${p.detail}，请管理员前往核实`,
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
  upstreamAway: row<{ issuer: string; until: string; fault: string }>(
    'unavailable',
    (p) => `${p.issuer} is away until ${p.until} at least: ${p.fault}`,
    (p) => `${p.issuer} 暂时不可用（${p.fault}），最早 ${p.until} 恢复`,
  ),
  upstreamLimit: row<{ issuer: string; until: string; detail: string }>(
    'unavailable',
    (p) => `${p.issuer} takes no such order before ${p.until}: ${p.detail}`,
    (p) => `${p.issuer} 在 ${p.until} 之前不再受理此类订单：${p.detail}`,
  ),
  upstreamCannotCheck: row<{ upstream: string }>(
    'unsupported',
    (p) =>
      `no issuer of ${p.upstream} can check it without an order; certmux upstream show says how the last calls went`,
    (p) => `${p.upstream} 的签发机构不支持在不下单的情况下检查，可用 certmux upstream show 查看最近的调用情况`,
  ),
  upstreamCannotChangeKey: row<{ upstream: string }>(
    'unsupported',
    (p) => `no issuer of ${p.upstream} signs with a key of ours that could be changed; issuers of kind acme do`,
    (p) => `${p.upstream} 的签发机构不使用我们的账户密钥，无法更换；只有 acme 类型的签发机构支持更换密钥`,
  ),
  poolHasNoRoom: row<{ pool: string; until: string }>(
    'unavailable',
    (p) =>
      `no issuer of the pool ${p.pool} takes the order before ${p.until}; the upstream order shows why each was passed over`,
    (p) => `签发机构池 ${p.pool} 中没有可用的签发机构，最早 ${p.until} 恢复；各签发机构被跳过的原因见上游订单`,
  ),
  wildcardByFile: row<{ name: string; issuer: string }>(
    'refusedName',
    (p) =>
      `${p.issuer} cannot validate ${p.name}: it validates by files, which prove no wildcard; leave the name out, or choose another product`,
    (p) => `${p.issuer} 无法验证 ${p.name}：该签发机构通过文件验证，不支持通配符域名；请去掉该域名或更换产品`,
  ),
  addressByDns: row<{ name: string; issuer: string }>(
    'refusedName',
    (p) =>
      `${p.issuer} cannot validate ${p.name}: it validates by DNS, which proves no address; leave the address out, or choose another product`,
    (p) => `${p.issuer} 无法验证 ${p.name}：该签发机构通过 DNS 验证，不支持 IP 地址；请去掉该地址或更换产品`,
  ),
  doorCannotRelay: row<{
    dialect: string;
    issuer: string;
    offered: readonly ValidationMethod[];
    shown: readonly ValidationMethod[];
  }>(
    'unknownProduct',
    (p) =>
      `this product cannot be ordered through ${p.dialect}: ${p.issuer} validates names itself, by ${listEn(p.offered, ', ')}, and ${p.dialect} ${
        p.shown.length === 0 ? 'cannot show any of its challenges' : `can show only ${listEn(p.shown, ', ')}`
      }; order it through another API, or choose another product`,
    (p) =>
      `该产品不能通过 ${p.dialect} 接口订购：域名由 ${p.issuer} 自行验证（${methodsInChinese(p.offered)}），而 ${p.dialect} 接口${
        p.shown.length === 0 ? '无法展示其验证信息' : `只能展示以下方式的验证信息：${methodsInChinese(p.shown)}`
      }；请改用其他接口或更换产品`,
  ),
  nothingToRelay: row<{ name: string; issuer: string; offered: readonly ValidationMethod[] }>(
    'refusedName',
    (p) =>
      `${p.issuer} offers no method that can validate ${p.name} through this API (it offers ${listEn(p.offered, ', ')}); choose another product`,
    (p) => `${p.issuer} 提供的验证方式（${methodsInChinese(p.offered)}）不能通过本接口验证 ${p.name}，请更换产品`,
  ),
  nothingToShow: row<{ dialect: string; name: string; issuer: string }>(
    'unavailable',
    (p) =>
      `${p.dialect} cannot show any of the challenges that ${p.issuer} has for ${p.name}; the operator can read them in the native API and hand them on, or cancel the order`,
    (p) =>
      `${p.dialect} 接口无法展示 ${p.issuer} 为 ${p.name} 提供的验证信息，请管理员通过原生接口查看并转交客户，或取消订单`,
  ),
  beingPrepared: row<{ issuer: string }>(
    'unavailable',
    (p) => `${p.issuer} is preparing the challenges of this order; look again in a moment`,
    (p) => `${p.issuer} 正在准备该订单的验证信息，请稍后再查询`,
  ),
  issuerRefusedMethod: row<{ issuer: string; name: string; method: ValidationMethod; detail: string }>(
    'validationFailed',
    (p) => `${p.issuer} will not validate ${p.name} by ${p.method}: ${p.detail}; choose another method`,
    (p) => `${p.issuer} 不接受用“${methodInChinese(p.method)}”方式验证 ${p.name}：${p.detail}，请更换验证方式`,
  ),
  issuerModeChanged: row<{ issuer: string }>(
    'unavailable',
    (p) =>
      `the issuer ${p.issuer} had names validated in another way when this order was placed; the operator must restore its configuration, or cancel the order`,
    (p) => `下单之后，签发机构 ${p.issuer} 的域名验证模式已更改，请管理员恢复原有配置或取消该订单`,
  ),
  issuerIsPool: row<{ issuer: string }>(
    'unavailable',
    (p) =>
      `${p.issuer} was an issuer when this order was placed, and is a pool now; the operator must give the pool another name, or cancel the order`,
    (p) => `下单时 ${p.issuer} 是签发机构，现在是签发机构池，请管理员为该池改用其他名称或取消该订单`,
  ),
  relayedNamesFixed: row<{ order: string; issuer: string }>(
    'wrongState',
    (p) =>
      `names can no longer be taken out of order ${p.order}: ${p.issuer} has the order, and its API has no call for that; cancel it and order again without those names`,
    (p) => `订单 ${p.order} 已提交至 ${p.issuer}，其接口不支持移除域名；请取消该订单，去掉这些域名后重新下单`,
  ),
  issuerKeptName: row<{ issuer: string; name: string; detail: string }>(
    'wrongState',
    (p) =>
      `${p.issuer} did not take ${p.name} out of the order: ${p.detail}; the name stays in it, so validate it, or cancel the order and order again without it`,
    (p) =>
      `${p.issuer} 未从订单中移除 ${p.name}：${p.detail}。该域名仍在订单中，请完成验证，或取消该订单后不含此域名重新下单`,
  ),
  relayedNamesProved: row<{ issuer: string; names: string }>(
    'wrongState',
    (p) =>
      `${p.names} can no longer be taken out: ${p.issuer} has validated every name of the order and issues the certificate for all of them`,
    (p) => `不能再移除 ${p.names}：${p.issuer} 已验证订单中的全部域名，将为这些域名签发证书`,
  ),
  checkedByIssuer: row<{ name: string; issuer: string }>(
    'unsupported',
    (p) =>
      `the authorization of ${p.name} belongs to ${p.issuer}, which validates the name itself; it serves no other order and cannot be deactivated here`,
    (p) => `${p.name} 由 ${p.issuer} 自行验证，该授权只用于本订单，不能在此停用`,
  ),
  certificateUnfit: row<{ issuer: string; detail: CertificateFault }>(
    'issuerRefused',
    (p) =>
      `the certificate from ${p.issuer} is not what was ordered: ${certificateFaultText(p.detail, 'en')}; it was refused and kept as evidence`,
    (p) => `${p.issuer} 返回的证书与订单不符（${certificateFaultText(p.detail, 'zh')}），已拒收并留存备查`,
  ),
  lintFound: row<{ rule: string; source: string }>(
    'internal',
    (p) =>
      `the CA's own check before signing found a fault in what was to be signed (rule ${p.rule}, ${p.source}); nothing was signed, nothing is charged, and the operator has been told`,
    (p) => `签发前的自动检查发现待签内容有误（规则 ${p.rule}，依据 ${p.source}），未签发也不收费，已通知管理员`,
  ),
  workFailed: row<{ what: Thing; attempts: number }>(
    'internal',
    (p) => `${thingEn(p.what)} failed ${p.attempts} times and was given up; the operator can find the cause in the log`,
    (p) => `${thingZh(p.what)}连续失败 ${p.attempts} 次，已停止，管理员可在日志中查找原因`,
  ),
} as const;

type CaaRemedy = {
  /** The name of the CA in such records; null: it has none. */
  readonly add: string | null;
  /** Of the record that would allow it; null: a critical tag that nobody knows forbids it. Absent in reasons that earlier versions kept. */
  readonly tag?: 'issue' | 'issuewild' | null;
};

function caaRemedy({ add, tag = 'issue' }: CaaRemedy): Phrase {
  if (tag === null) {
    return {
      en: 'this CA does not know that critical tag, so that only removing the record can allow it',
      zh: '本 CA 不认识该关键标签，只有删除该记录才能签发',
    };
  }
  if (add === null) {
    return {
      en: 'this CA has no name for CAA records, so that no record can allow it',
      zh: '本 CA 没有用于 CAA 记录的名称，因此任何记录都无法允许',
    };
  }
  return { en: `to allow it, add there: 0 ${tag} "${add}"`, zh: `如需允许，请在该处添加：0 ${tag} "${add}"` };
}
