/** Refusals of ACME requests and of their signatures (RFC 8555, RFC 7515). */
import type { OrderState } from '../states.ts';
import type { ValidationMethod } from '../validation-method.ts';
import { type JwsFault, jwsFaultText } from './faults.ts';
import { type None, row } from './row.ts';
import { conditionsInChinese, inLanguage, listEn, methodInChinese, type Wording } from './words.ts';

export const acmeReasons = {
  jwsMalformed: row<{ detail: JwsFault }>(
    'malformedRequest',
    (p) => `the request is not a JWS as RFC 8555 wants it: ${jwsFaultText(p.detail, 'en')}`,
    (p) => `请求不是符合 RFC 8555 的 JWS：${jwsFaultText(p.detail, 'zh')}`,
  ),
  jwsAlgorithm: row<{ algorithm: string; accepted: readonly string[] }>(
    'malformedRequest',
    (p) => `the signature algorithm ${p.algorithm} is not accepted; use ${listEn(p.accepted, ' or ')}`,
    // Their names are the same in every language.
    (p) => `不接受签名算法 ${p.algorithm}，请使用 ${listEn(p.accepted, ' 或 ')}`,
  ),
  jwkInvalid: row<{ member: string; expected: Wording }>(
    'badKey',
    (p) => `the member ${p.member} of the JWK must be ${inLanguage(p.expected, 'en')}`,
    (p) => `JWK 的成员 ${p.member} 应为${inLanguage(p.expected, 'zh')}`,
  ),
  nonceWrong: row<None>(
    'malformedRequest',
    // acme.sh knows by these very words that it may try again.
    () => 'JWS has an invalid anti-replay nonce',
    () => 'JWS 的防重放 nonce 无效',
  ),
  jwsContentType: row<{ found: string }>(
    'malformedRequest',
    (p) => `the content type is ${p.found}; it must be application/jose+json`,
    (p) => `内容类型为 ${p.found}，应为 application/jose+json`,
  ),
  jwsUrl: row<{ signed: string; requested: string }>(
    'malformedRequest',
    (p) => `the JWS is for the URL ${p.signed}, but it was sent to ${p.requested}`,
    (p) => `JWS 中的 url 为 ${p.signed}，与请求地址 ${p.requested} 不符`,
  ),
  jwsNeedsAccount: row<None>(
    'malformedRequest',
    () => 'this request must be signed by an account: its header needs kid, not jwk',
    () => '此请求须由账户签名，头部应使用 kid 而不是 jwk',
  ),
  jwsNeedsKey: row<None>(
    'malformedRequest',
    () => 'this request must carry its key: its header needs jwk, not kid',
    () => '此请求须自带公钥，头部应使用 jwk 而不是 kid',
  ),
  directoryUnknown: row<{ directory: string }>(
    'notFound',
    (p) => `there is no ACME directory ${p.directory}`,
    (p) => `ACME 目录 ${p.directory} 不存在`,
  ),
  acmeAccountUnknown: row<None>(
    'unauthenticated',
    () => 'there is no account for this key; register it with newAccount',
    () => '该密钥没有对应的账户，请先通过 newAccount 注册',
  ),
  ancestorWrong: row<{ ancestor: string; name: string }>(
    'malformedRequest',
    (p) =>
      `the ancestorDomain ${p.ancestor} of ${p.name} is not a domain above it, at or below the one that is registered`,
    (p) => `${p.name} 的 ancestorDomain ${p.ancestor} 应为其上级域名，且不高于注册域名`,
  ),
  bindingMissing: row<None>(
    'forbidden',
    () => 'an account here needs an external account binding: take a key and its HMAC key from the operator',
    () => '注册账户须绑定外部账户，请向管理员索取密钥及其 HMAC 密钥',
  ),
  bindingOtherKey: row<None>(
    'forbidden',
    () => 'the external account binding is for another key than the one that signs the request',
    () => '外部账户绑定中的密钥与签名请求的密钥不符',
  ),
  termsNotAgreed: row<{ url: string }>(
    'forbidden',
    (p) => `the terms of service must be agreed to: ${p.url}`,
    (p) => `须先同意服务条款：${p.url}`,
  ),
  termsChanged: row<{ url: string }>(
    'forbidden',
    (p) =>
      `the terms of service have changed: read ${p.url}, then send newAccount again with termsOfServiceAgreed true, by the same key`,
    (p) => `服务条款已变更：请阅读 ${p.url}，然后用同一密钥重新发送 newAccount，并将 termsOfServiceAgreed 设为 true`,
  ),
  contactScheme: row<{ contact: string }>(
    'invalidField',
    (p) => `the contact ${p.contact} is not a mailto URL; no other kind is used here`,
    (p) => `联系方式 ${p.contact} 不是 mailto 地址，不支持其他类型`,
  ),
  contactAddress: row<{ contact: string }>(
    'invalidField',
    (p) => `the contact ${p.contact} must be mailto: and one e-mail address, nothing more`,
    (p) => `联系方式 ${p.contact} 应为 mailto: 加一个邮箱地址`,
  ),
  identifierType: row<{ type: string }>(
    'unsupported',
    (p) => `identifiers of type ${p.type} are not supported; use dns or ip`,
    (p) => `不支持类型为 ${p.type} 的标识符，请使用 dns 或 ip`,
  ),
  identifierForm: row<{ type: string; value: string; canonical: string }>(
    'malformedRequest',
    (p) => `the ${p.type} identifier ${p.value} must be written as ${p.canonical}`,
    (p) => `${p.type} 标识符 ${p.value} 应写作 ${p.canonical}`,
  ),
  acmeRateLimited: row<{ limit: string; retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `too many requests of this kind (${p.limit}); try again in ${p.retryAfterSeconds} seconds`,
    (p) => `此类请求过多（${p.limit}），请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  acmeBusy: row<{ retryAfterSeconds: number }>(
    'rateLimited',
    (p) => `too many requests from this address; try again in ${p.retryAfterSeconds} seconds`,
    (p) => `来自该地址的请求过多，请在 ${p.retryAfterSeconds} 秒后重试`,
  ),
  acmeProductNotSold: row<{ product: string }>(
    'unknownProduct',
    (p) => `${p.product} is not sold to this account; ask the operator`,
    (p) => `该账户已不能订购 ${p.product}，如有需要请联系管理员`,
  ),
  productNotOfKey: row<{ product: string }>(
    'forbidden',
    (p) => `the external account key of this account does not order ${p.product}; ask for another profile, or for none`,
    (p) => `该账户的外部账户密钥不能订购 ${p.product}，请更换 profile 或不指定`,
  ),
  profileUnknown: row<{ profile: string; offered: string }>(
    'invalidField',
    (p) => `there is no profile ${p.profile} here${p.offered === '' ? '' : `; choose one of ${p.offered}`}`,
    (p) => `profile ${p.profile} 不存在${p.offered === '' ? '' : `，可选：${p.offered}`}`,
  ),
  preAuthorizedWildcard: row<{ name: string }>(
    'malformedRequest',
    (p) => `${p.name} is a wildcard, which only an order can ask to authorize`,
    (p) => `${p.name} 是通配符域名，只能通过订单申请授权`,
  ),
  validityTooLong: row<{ until: string; latest: string }>(
    'invalidField',
    (p) => `notAfter ${p.until} is later than a certificate may last here, which is ${p.latest}`,
    (p) => `notAfter ${p.until} 超过证书允许的最晚截止时间 ${p.latest}`,
  ),
  acmeOrderCancelled: row<None>(
    'wrongState',
    () => 'the order was cancelled',
    () => '订单已取消',
  ),
  acmeAccountDeactivated: row<None>(
    'wrongState',
    () => 'the ACME account of the order was deactivated',
    () => '该订单的 ACME 账户已停用',
  ),
  acmeOrderSuperseded: row<None>(
    'wrongState',
    () => 'a newer order for the same names has taken the place of this one, which waited for approval',
    () => '该订单在等待审批期间已被相同域名的新订单取代',
  ),
  approvalChanged: row<{ request: string; version: number }>(
    'conflict',
    (p) =>
      `what request ${p.request} asks for has changed: it is at version ${p.version} now; look at it again and decide that version`,
    (p) => `申请 ${p.request} 的内容已变更，当前版本为 ${p.version}，请重新查看后按该版本审批`,
  ),
  acmeOrderExpired: row<{ at: string }>(
    'wrongState',
    (p) => `the order expired at ${p.at}; make a new one`,
    (p) => `订单已于 ${p.at} 过期，请创建新订单`,
  ),
  acmeAuthorizationOver: row<{ name: string }>(
    'validationFailed',
    (p) => `the authorization of ${p.name} is over; make a new order`,
    (p) => `${p.name} 的域名授权已失效，请创建新订单`,
  ),
  replacedMalformed: row<{ value: string; expected: Wording }>(
    'invalidField',
    (p) => `the value of 'replaces' must be ${inLanguage(p.expected, 'en')}, not ${p.value}`,
    (p) => `“replaces”无效：${p.value}（应为${inLanguage(p.expected, 'zh')}）`,
  ),
  replacedUnknown: row<None>(
    'notFound',
    () => "the certificate that 'replaces' names was not issued here",
    () => '“replaces”所指的证书不是由本服务签发的',
  ),
  replacedOfOther: row<None>(
    'forbidden',
    () => "the certificate that 'replaces' names is of another account",
    () => '“replaces”所指的证书属于其他账户',
  ),
  replacedOtherNames: row<{ certified: string }>(
    'invalidField',
    (p) => `the certificate that 'replaces' names is for ${p.certified} and has no name in common with the order`,
    (p) => `“replaces”所指的证书对应 ${p.certified}，与订单没有相同的域名`,
  ),
  alreadyReplaced: row<None>(
    'conflict',
    () => "the certificate that 'replaces' names was replaced by another order already; order without it",
    () => '“replaces”所指的证书已被其他订单替换，请去掉该字段后重新下单',
  ),
  actionWithoutOrder: row<{ order: string }>(
    'invalidField',
    (p) => `orderId ${p.order} goes with action renew, reissue or duplicate, not with enroll: leave it out`,
    (p) => `orderId ${p.order} 只能与 action=renew、reissue 或 duplicate 一起使用，action=enroll 时请去掉`,
  ),
  namedOrderUnknown: row<{ order: string }>(
    'notFound',
    (p) => `orderId ${p.order}: this account has no such order`,
    (p) => `orderId ${p.order}：该账户没有此订单`,
  ),
  namedOrderOtherProduct: row<{ order: string; product: string; wanted: string }>(
    'conflict',
    (p) => `orderId ${p.order} is an order of ${p.product}, and this client orders ${p.wanted}`,
    (p) => `orderId ${p.order} 的产品为 ${p.product}，而该客户端订购的是 ${p.wanted}`,
  ),
  namedOrderOtherOrganization: row<{ order: string }>(
    'conflict',
    (p) => `orderId ${p.order} is an order for another organization than the one that this client orders for`,
    (p) => `orderId ${p.order} 所属的组织与该客户端订购时使用的组织不同`,
  ),
  namedOrderState: row<{ order: string; action: string; state: OrderState; needed: readonly OrderState[] }>(
    'conflict',
    (p) => `orderId ${p.order} is ${p.state}; action ${p.action} needs ${listEn(p.needed, ' or ')}`,
    (p) =>
      `orderId ${p.order} 当前状态为${conditionsInChinese(p.state)}，action=${p.action} 要求${conditionsInChinese(p.needed)}`,
  ),
  namedOrderOtherNames: row<{ order: string; certified: string }>(
    'conflict',
    (p) => `orderId ${p.order} is for ${p.certified} and has no name in common with this order`,
    (p) => `orderId ${p.order} 对应 ${p.certified}，与本订单没有相同的域名`,
  ),
  nameNotInNamedOrder: row<{ name: string; order: string }>(
    'refusedName',
    (p) => `${p.name} is not a name of order ${p.order}, which orderId names; use action=enroll to order others`,
    (p) => `orderId 所指的订单 ${p.order} 不含 ${p.name}，如需其他域名请使用 action=enroll`,
  ),
  presentedUnknown: row<None>(
    'notFound',
    () => 'this certificate was not issued here',
    () => '该证书不是由本服务签发的',
  ),
  presentedExpired: row<{ at: string }>(
    'forbidden',
    (p) => `the certificate expired at ${p.at}; there is nothing left to revoke`,
    (p) => `证书已于 ${p.at} 过期，无需吊销`,
  ),
  notOwnCertificate: row<None>(
    'forbidden',
    () => 'this certificate is of another account, which must revoke it; or prove control of all of its names first',
    () => '该证书属于其他账户，应由该账户吊销，或先证明对其全部域名的控制权',
  ),
  alreadyRevoked: row<{ certificate: string }>(
    'wrongState',
    (p) => `certificate ${p.certificate} is revoked already`,
    (p) => `证书 ${p.certificate} 已被吊销`,
  ),
  revocationReasonWrong: row<{ value: string }>(
    'invalidField',
    (p) => `reason must be 0, 1, 3, 4 or 5, not ${p.value}`,
    (p) => `reason 应为 0、1、3、4 或 5，而不是 ${p.value}`,
  ),
  revocationWaits: row<{ request: string }>(
    'forbidden',
    (p) => `revocation request ${p.request} waits for approval`,
    (p) => `吊销申请 ${p.request} 正在等待审批`,
  ),
  csrLacksNames: row<{ names: string }>(
    'badCsr',
    (p) => `the CSR lacks names of the order: ${p.names}`,
    (p) => `CSR 缺少订单中的域名：${p.names}`,
  ),
  csrHasOtherNames: row<{ names: string }>(
    'badCsr',
    (p) => `the CSR has names that are not in the order: ${p.names}`,
    (p) => `CSR 含有订单以外的域名：${p.names}`,
  ),
  csrHasAccountKey: row<None>(
    'badCsr',
    () => 'the key of the CSR is that of an ACME account; a certificate needs a key of its own',
    () => 'CSR 的密钥与 ACME 账户密钥相同，证书须使用单独的密钥',
  ),
  bindingKeyExpired: row<{ keyId: string; until: string }>(
    'forbidden',
    (p) => `the external account key ${p.keyId} had to be used before ${p.until}, and was not; ask for another one`,
    (p) => `外部账户密钥 ${p.keyId} 应在 ${p.until} 之前首次使用，现已失效，请申请新的密钥`,
  ),
  methodsOfKeyProveNothing: row<{ name: string; methods: string }>(
    'refusedName',
    (p) =>
      `${p.name} cannot be proved by a method that the external account key of this client allows (${p.methods}); an administrator of the account can allow another one`,
    (p) => `外部账户密钥允许的验证方式（${p.methods}）无法验证 ${p.name}，如有需要请联系账户管理员调整`,
  ),
  methodNotOfKey: row<{ name: string; method: ValidationMethod; methods: string }>(
    'forbidden',
    (p) =>
      `${p.name} cannot be proved by ${p.method}: the external account key of this client allows ${p.methods}; make a new order`,
    (p) => `不能用“${methodInChinese(p.method)}”方式验证 ${p.name}：外部账户密钥仅允许 ${p.methods}，请重新下单`,
  ),
  proofNotOfKey: row<{ name: string }>(
    'forbidden',
    (p) =>
      `the clients of this external account key prove ${p.name} by themselves, and another client's proof does not count; make a new order`,
    (p) => `使用该外部账户密钥的客户端须自行验证 ${p.name}，不能沿用其他客户端的验证结果，请重新下单`,
  ),
  issuerNotOfKey: row<{ issuer: string }>(
    'forbidden',
    (p) => `the external account key of this client no longer orders from the issuer ${p.issuer}; make a new order`,
    (p) => `该客户端的外部账户密钥已不再使用签发机构 ${p.issuer}，请重新下单`,
  ),
  profileChanged: row<{ profile: string }>(
    'invalidField',
    (p) => `the profile ${p.profile} stands for another product by now; make a new order`,
    (p) => `profile ${p.profile} 对应的产品已变更，请重新下单`,
  ),
  profileNotOfKey: row<{ profile: string; allowed: string }>(
    'forbidden',
    (p) =>
      `the external account key of this client does not order the profile ${p.profile}${p.allowed === '' ? '; name none' : `; choose one of ${p.allowed}`}`,
    (p) =>
      `该客户端的外部账户密钥不能使用 profile ${p.profile}${p.allowed === '' ? '，请不要指定' : `，可选：${p.allowed}`}`,
  ),
  issuerOfKeyIsOperators: row<{ field: string }>(
    'forbidden',
    (p) => `${p.field} can be set by the operator only; leave it out`,
    (p) => `参数 ${p.field} 仅限管理员设置，请勿填写`,
  ),
  automaticNotForOne: row<{ field: string }>(
    'forbidden',
    (p) =>
      `${p.field} cannot be automatic: in this account nobody decides alone; only the operator can make such a key, or change it`,
    (p) => `参数 ${p.field} 不能为 automatic：该账户的审批不能由一人决定，此类密钥只能由管理员创建或修改`,
  ),
  keyBringsOwn: row<{ field: string; dialect: string }>(
    'invalidField',
    (p) =>
      `${p.field} cannot be ${p.dialect}: its clients bring keys of their own; make an external account key for them (certmux acme key create, acmeKeys.create: POST /api/v1/acme-keys)`,
    (p) =>
      `参数 ${p.field} 不能为 ${p.dialect}：其客户端使用自己的密钥，请为其创建外部账户密钥（certmux acme key create，或 acmeKeys.create：POST /api/v1/acme-keys）`,
  ),
  bindingKeyRevoked: row<{ keyId: string }>(
    'forbidden',
    (p) => `the external account key ${p.keyId} was revoked; register again with another one`,
    (p) => `外部账户密钥 ${p.keyId} 已被吊销，请使用其他密钥重新注册`,
  ),
} as const;
