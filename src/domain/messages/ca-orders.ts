/** What an ACME CA made of an order, and what an order there waits for. */
import { row } from './row.ts';

export const caOrderReasons = {
  caTakesNoWildcard: row<{ issuer: string; name: string }>(
    'refusedName',
    (p) => `${p.issuer} issues no wildcards: leave ${p.name} out, or choose another product`,
    (p) => `${p.issuer} 不签发通配符证书，请去掉 ${p.name} 或更换产品`,
  ),
  caTakesNoAddress: row<{ issuer: string; name: string }>(
    'refusedName',
    (p) => `${p.issuer} issues no certificates for addresses: leave ${p.name} out, or choose another product`,
    (p) => `${p.issuer} 不为 IP 地址签发证书，请去掉 ${p.name} 或更换产品`,
  ),
  caTakesNoKey: row<{ issuer: string; key: string; taken: string }>(
    'badKey',
    (p) =>
      `${p.issuer} does not certify keys of type ${p.key}, only ${p.taken}: make another key, or choose another product`,
    (p) => `${p.issuer} 不支持 ${p.key} 密钥，仅支持 ${p.taken}；请更换密钥或产品`,
  ),
  caWantsNamesInCsr: row<{ issuer: string; missing: string; further: string }>(
    'badCsr',
    (p) =>
      `${p.issuer} issues only for exactly the names that the CSR asks for: ${
        p.missing === '' ? '' : `it lacks ${p.missing}`
      }${p.missing === '' || p.further === '' ? '' : ', and '}${
        p.further === '' ? '' : `asks for ${p.further} as well`
      }; make a CSR with all names of the order, or let the key be made here`,
    (p) =>
      `${p.issuer} 只为 CSR 中列出的名称签发证书：${p.missing === '' ? '' : `CSR 中缺少 ${p.missing}`}${
        p.missing === '' || p.further === '' ? '' : '，且'
      }${p.further === '' ? '' : `CSR 中多出 ${p.further}`}；请生成包含订单全部名称的 CSR，或由本系统生成密钥`,
  ),
  caRefused: row<{ issuer: string; detail: string }>(
    'refusedName',
    (p) => `${p.issuer} refused the order: ${p.detail}`,
    (p) => `${p.issuer} 拒绝了该订单：${p.detail}`,
  ),
  caCouldNotValidate: row<{ issuer: string; name: string; detail: string }>(
    'refusedName',
    (p) => `${p.issuer} could not validate ${p.name}: ${p.detail}`,
    (p) => `${p.issuer} 未能验证 ${p.name}：${p.detail}`,
  ),
  caOffersNoChallenge: row<{ issuer: string; name: string; wanted: string; offered: string }>(
    'refusedName',
    (p) => `${p.issuer} does not offer ${p.wanted} for ${p.name}, only ${p.offered}; choose another product`,
    (p) => `${p.issuer} 不为 ${p.name} 提供 ${p.wanted} 验证方式（仅提供 ${p.offered}），请更换产品`,
  ),
  caLostOrders: row<{ issuer: string; count: number }>(
    'unavailable',
    (p) => `${p.issuer} let ${p.count} orders for this certificate end before they were finalized`,
    (p) => `${p.issuer} 上为此证书提交的 ${p.count} 个订单均在完成前失效`,
  ),
  caLacksProfile: row<{ issuer: string; profile: string; offered: string }>(
    'unavailable',
    (p) =>
      `${p.issuer} no longer has the profile ${p.profile} (it has ${p.offered}); change profile in the configuration of the issuer, or set mandatory: false there`,
    (p) =>
      `${p.issuer} 已不再提供证书模板 ${p.profile}（现有：${p.offered}），请修改该签发机构配置中的 profile，或将 mandatory 设为 false`,
  ),
  caWantsAction: row<{ issuer: string; detail: string; instance: string }>(
    'unavailable',
    (p) => `${p.issuer} waits for the operator: ${p.detail}; see ${p.instance}`,
    (p) => `${p.issuer} 需要管理员处理：${p.detail}，详见 ${p.instance}`,
  ),
  caAccountGone: row<{ issuer: string; detail: string }>(
    'unavailable',
    (p) => `${p.issuer} does not know our account: ${p.detail}; see certmux upstream check`,
    (p) => `${p.issuer} 不认识我们的账户：${p.detail}，请运行 certmux upstream check 查看`,
  ),
  caAccountLost: row<{ issuer: string; order: string; account: string; detail: string }>(
    'unavailable',
    (p) =>
      `${p.issuer} has lost our account that placed the order ${p.order}, and does not show the order to the new account ${p.account}: ${p.detail}; the CSR had been sent, and a certificate issued for it cannot be fetched: order again`,
    (p) =>
      `${p.issuer} 丢失了我们提交订单 ${p.order} 时所用的账户，也不向新账户 ${p.account} 显示该订单：${p.detail}。CSR 已提交，即使已签发证书也无法取回，请重新下单`,
  ),
  caClockDiffers: row<{ issuer: string; from: string; until: string; now: string; theirs: string }>(
    'unavailable',
    (p) =>
      `the certificate of ${p.issuer} is valid from ${p.from} to ${p.until}; this server's clock shows ${p.now} where the CA's shows ${p.theirs}: set the clock right, and the certificate is fetched`,
    (p) =>
      `${p.issuer} 签发的证书有效期为 ${p.from} 至 ${p.until}；本机时钟显示 ${p.now}，而 CA 的时钟显示 ${p.theirs}：请校准时钟，随后会取回证书`,
  ),
  caGivenUp: row<{ issuer: string }>(
    'wrongState',
    (p) => `the order at ${p.issuer} is given up, and ends there by itself`,
    (p) => `已放弃在 ${p.issuer} 的订单，它将自行失效`,
  ),
  caOrderGone: row<{ issuer: string; order: string }>(
    'unavailable',
    (p) =>
      `${p.issuer} no longer knows the order ${p.order}, for which the CSR had been sent; it is looked for once more`,
    (p) => `${p.issuer} 上已查不到订单 ${p.order}（CSR 已提交），稍后将再次查询`,
  ),
  caHidesOrder: row<{ issuer: string; order: string; detail: string }>(
    'unavailable',
    (p) =>
      `${p.issuer} does not show the order ${p.order}, for which the CSR had been sent: ${p.detail}; it is looked at again`,
    (p) => `${p.issuer} 拒绝显示订单 ${p.order}（CSR 已提交）：${p.detail}，稍后将再次查询`,
  ),
  caSharesOrder: row<{ issuer: string; issuance: string }>(
    'unavailable',
    (p) =>
      `${p.issuer} gave the order of ${p.issuance}, for the same names, instead of a new one; another is placed when that has ended`,
    (p) => `${p.issuer} 没有新建订单，返回了 ${p.issuance} 的订单（域名相同），待其结束后将重新提交`,
  ),
  caElsewhere: row<{ issuer: string; directory: string; configured: string }>(
    'unavailable',
    (p) =>
      `the order was placed at ${p.directory}, and ${p.issuer} is now configured for ${p.configured}: configure the former directory until it has ended, or cancel the order`,
    (p) =>
      `订单提交到 ${p.directory}，而 ${p.issuer} 现在配置为 ${p.configured}：请在订单结束前恢复原目录，或取消该订单`,
  ),
} as const;
