/** What a vendor made of a purchase, and what an issuance there waits for. */
import { row } from './row.ts';
import { inLanguage, type Wording } from './words.ts';

export const vendorReasons = {
  vendorMakesKeys: row<{ issuer: string }>(
    'badCsr',
    (p) => `${p.issuer} makes the key itself: order without a CSR, or choose another product`,
    (p) => `${p.issuer} 自行生成密钥，请不要提交 CSR，或更换产品`,
  ),
  doorSendsCsr: row<{ dialect: string; issuer: string }>(
    'unknownProduct',
    (p) =>
      `this product cannot be ordered through ${p.dialect}: ${p.issuer} makes the key itself, and orders through ${p.dialect} always come with a CSR; order it through another API, or choose another product`,
    (p) =>
      `该产品不能通过 ${p.dialect} 接口订购：${p.issuer} 自行生成密钥，而 ${p.dialect} 接口的订单总是带有 CSR；请改用其他接口或更换产品`,
  ),
  vendorTakesFewerNames: row<{ issuer: string; most: number; count: number }>(
    'tooManyNames',
    (p) => `${p.issuer} takes at most ${p.most} names in one certificate, not ${p.count}`,
    (p) => `${p.issuer} 的每张证书最多 ${p.most} 个域名，本次为 ${p.count} 个`,
  ),
  vendorTakesWildcardsOnly: row<{ issuer: string; name: string }>(
    'refusedName',
    (p) => `${p.issuer} is for wildcards, and takes ${p.name} only beside one: choose another product`,
    (p) => `${p.issuer} 是通配符产品，${p.name} 只能与通配符域名一起订购，请更换产品`,
  ),
  madeKeyNotForUpstream: row<{ issuer: string }>(
    'forbidden',
    (p) =>
      `the certificate would come from ${p.issuer}, and keys that are made for this account may be certified only by this server's own CA: send a CSR, or ask the operator (certmux account change --made-keys anyIssuer)`,
    (p) =>
      `该证书由 ${p.issuer} 签发，而为该账户生成的密钥只能由本服务器自己的 CA 签发证书：请提交 CSR，或请管理员调整（certmux account change --made-keys anyIssuer）`,
  ),
  madeKeyNotPublic: row<{ profile: string }>(
    'forbidden',
    (p) =>
      `the profile ${p.profile} keeps the rules of public CAs, by which a CA certifies no key that it has made itself: send a CSR of a key of your own`,
    (p) => `证书模板 ${p.profile} 遵循公共 CA 的规则，CA 不得为自己生成的密钥签发证书：请提交由您自己的密钥生成的 CSR`,
  ),
  vendorTakesNoIpv6: row<{ issuer: string; name: string }>(
    'refusedName',
    (p) => `${p.issuer} certifies IPv4 addresses only: leave ${p.name} out, or choose another product`,
    (p) => `${p.issuer} 只为 IPv4 地址签发证书，请去掉 ${p.name} 或更换产品`,
  ),
  vendorLacksProduct: row<{ issuer: string; product: string }>(
    'unavailable',
    (p) =>
      `issuers.${p.issuer}.products does not say what to buy for the product ${p.product}; the operator must add it`,
    (p) => `issuers.${p.issuer}.products 中没有产品 ${p.product} 对应的上游产品，请管理员补充`,
  ),
  vendorLacksOrganization: row<{ issuer: string; organization: string }>(
    'unavailable',
    (p) =>
      `issuers.${p.issuer}.organizations does not name the organization ${p.organization} as the upstream knows it; the operator must add it`,
    (p) => `issuers.${p.issuer}.organizations 中没有组织 ${p.organization} 在上游的编号，请管理员补充`,
  ),
  vendorHolds: row<{ issuer: string; order: string; words: string }>(
    'unavailable',
    (p) => `the order ${p.order} at ${p.issuer} waits for somebody in its console: ${p.words}`,
    (p) => `${p.issuer} 的订单 ${p.order} 需要在其控制台人工处理：${p.words}`,
  ),
  vendorRefusesUs: row<{ issuer: string; words: string }>(
    'unavailable',
    (p) => `${p.issuer} does not take the credentials that are configured: ${p.words}`,
    (p) => `${p.issuer} 不接受所配置的凭证：${p.words}`,
  ),
  vendorBalanceEmpty: row<{ issuer: string; words: string }>(
    'unavailable',
    (p) => `our balance at ${p.issuer} does not cover the order: ${p.words}; it is placed once there is enough`,
    (p) => `在 ${p.issuer} 的余额不足：${p.words}；充值后自动下单`,
  ),
  vendorReplyLost: row<{ issuer: string; sentAt: string; issuance: string }>(
    'unavailable',
    (p) =>
      `the reply of ${p.issuer} to the order of ${p.sentAt} was lost, and it cannot be asked whether it has the order; look in its console, then: certmux upstream resolve ${p.issuance} --reference NUMBER, or --not-ordered`,
    (p) =>
      `${p.sentAt} 向 ${p.issuer} 下单后没有收到应答，且无法向其查询；请在其控制台核实后执行 certmux upstream resolve ${p.issuance} --reference 订单号，或 --not-ordered`,
  ),
  vendorNothingLost: row<{ issuance: string }>(
    'wrongState',
    (p) => `no reply to the order of ${p.issuance} was lost; certmux upstream order ${p.issuance} shows how it stands`,
    (p) => `${p.issuance} 的订单没有丢失应答；执行 certmux upstream order ${p.issuance} 查看其状态`,
  ),
  vendorReferenceUnknown: row<{ issuer: string; reference: string; words: string }>(
    'invalidField',
    (p) => `reference "${p.reference}": ${p.issuer} does not know such an order of ours: ${p.words}`,
    (p) => `reference "${p.reference}"：${p.issuer} 上查不到我们的该订单：${p.words}`,
  ),
  vendorReferenceTaken: row<{ issuer: string; reference: string; issuance: string }>(
    'invalidField',
    (p) =>
      `reference "${p.reference}": that order at ${p.issuer} was bought for ${p.issuance}; look for the one of these names`,
    (p) => `reference "${p.reference}"：${p.issuer} 的该订单属于 ${p.issuance}，请查找与本次域名对应的订单`,
  ),
  vendorNotAnswering: row<{ issuer: string; words: string }>(
    'unavailable',
    (p) => `${p.issuer} could not be asked for the order: ${p.words}; nothing has changed, try again later`,
    (p) => `无法向 ${p.issuer} 查询该订单：${p.words}；未做任何更改，请稍后再试`,
  ),
  vendorOrderUnderWay: row<{ issuance: string }>(
    'wrongState',
    (p) =>
      `a call for ${p.issuance} is under way at this moment, and its reply may still come; try again in a few minutes`,
    (p) => `${p.issuance} 正在调用上游，可能仍会收到应答，请几分钟后再试`,
  ),
  vendorCannotResolve: row<{ issuer: string }>(
    'unsupported',
    (p) => `${p.issuer} finds out by itself what became of its orders; certmux upstream orders shows what waits`,
    (p) => `${p.issuer} 会自行查清订单的结果，无需人工确认；执行 certmux upstream orders 查看等待中的订单`,
  ),
  vendorAccountChanged: row<{ issuer: string; account: string }>(
    'unavailable',
    (p) =>
      `the order was placed at our account ${p.account}, and ${p.issuer} is configured with another one; the operator must restore issuers.${p.issuer}.account, or cancel the order and close it at ${p.account}`,
    (p) =>
      `该订单是用上游账户 ${p.account} 下的，而 ${p.issuer} 现已配置为其他账户；请管理员恢复 issuers.${p.issuer}.account，或取消该订单并在 ${p.account} 中将其关闭`,
  ),
  vendorAddressChanged: row<{ issuer: string; from: string; to: string; url: string }>(
    'unavailable',
    (p) =>
      `the order was placed at ${p.from}, and issuers.${p.issuer} is now ${p.to}; where that is the same service under a new address, the operator adds ${p.url} to issuers.${p.issuer}.formerUrls; otherwise the operator restores kind and url, or cancels the order and closes it there`,
    (p) =>
      `该订单是在 ${p.from} 下的，而 issuers.${p.issuer} 现为 ${p.to}；如果是同一服务更换了地址，请管理员把 ${p.url} 加入 issuers.${p.issuer}.formerUrls；否则请恢复 kind 和 url，或取消该订单并在原处将其关闭`,
  ),
  vendorAddressUnknown: row<{ issuer: string; to: string; issuance: string; order: string | null }>(
    'unavailable',
    (p) =>
      `the order was placed before addresses were kept, and nobody knows whether at ${p.to}; where the operator finds it there: certmux upstream resolve ${p.issuance} --reference ${p.order ?? 'NUMBER, or --not-ordered'}; otherwise the operator restores kind and url of issuers.${p.issuer} first`,
    (p) =>
      `该订单早于地址的记录，无法确定是否在 ${p.to} 下的；请管理员核实后执行 certmux upstream resolve ${p.issuance} --reference ${p.order ?? '订单号，或 --not-ordered'}；否则请先恢复 issuers.${p.issuer} 的 kind 和 url`,
  ),
  vendorOrderGone: row<{ issuer: string; order: string; words: string }>(
    'unavailable',
    (p) => `${p.issuer} no longer knows the order ${p.order}: ${p.words}`,
    (p) => `${p.issuer} 上已查不到订单 ${p.order}：${p.words}`,
  ),
  vendorNotStanding: row<{ issuer: string; what: string; words: string }>(
    'unavailable',
    (p) => `${p.issuer} has not validated ${p.what} for us: ${p.words}; the operator has it validated there`,
    (p) => `${p.issuer} 尚未为我们验证 ${p.what}：${p.words}；请管理员在其平台完成验证`,
  ),
  vendorFileMissing: row<{ issuer: string; name: string; url: string; detail: Wording }>(
    'validationFailed',
    (p) =>
      `${p.issuer} looks for its own file at ${p.url}, which is not there as it should be: ${inLanguage(p.detail, 'en')}; certmux dns check ${p.name} shows what to place`,
    (p) =>
      `${p.issuer} 会读取 ${p.url}，但该文件尚未正确放置：${inLanguage(p.detail, 'zh')}；运行 certmux dns check ${p.name} 查看所需内容`,
  ),
} as const;
