/** Texts for the operator about an upstream: what a check and a rehearsal found, and what to do next. Findings that are refusals of an order are in `orders.ts`. */
import type { Phrase } from './expectations.ts';

export const upstreamTexts = {
  // Advice
  isWell: (): Phrase => ({ en: 'nothing has to be done', zh: '无需处理' }),
  breakerOpen: (p: { account: string; until: string; fault: string }): Phrase => ({
    en: `it does not answer (${p.fault}) and is tried again at ${p.until}; find out what is wrong by certmux upstream check ${p.account}, and when it is well: certmux upstream resume ${p.account}`,
    zh: `上游没有应答（${p.fault}），${p.until} 再次尝试；请用 certmux upstream check ${p.account} 查明原因，恢复后执行 certmux upstream resume ${p.account}`,
  }),
  budgetSpent: (p: { budget: string; subject: string; until: string }): Phrase => ({
    en: `the budget "${p.budget}" is spent${p.subject === '' ? '' : ` for ${p.subject}`}; orders wait until ${p.until}, or go to another issuer of their pool; where the CA has granted more, raise it in issuers.<id>.budgets`,
    zh: `限额“${p.budget}”${p.subject === '' ? '' : `（${p.subject}）`}已用完；订单等待至 ${p.until}，或由池中其他签发机构处理；如 CA 已提高限额，请修改 issuers.<id>.budgets`,
  }),
  nobodyUsesIt: (p: { account: string; orders: number }): Phrase => ({
    en: `no issuer of the configuration uses ${p.account} any more${p.orders === 0 ? '' : `, but ${p.orders} orders are under way there; configure its issuer again until they have ended`}`,
    zh: `配置中已没有签发机构使用 ${p.account}${p.orders === 0 ? '' : `，但仍有 ${p.orders} 个订单在处理；请恢复其签发机构的配置，直到这些订单结束`}`,
  }),
  ordersWait: (p: { orders: number }): Phrase => ({
    en: `${p.orders} orders need you: certmux upstream orders shows why`,
    zh: `${p.orders} 个订单需要您处理：执行 certmux upstream orders 查看原因`,
  }),
  someFaults: (p: { account: string; faults: number; fault: string }): Phrase => ({
    en: `its last ${p.faults} calls were not answered (${p.fault}); after five in a row nothing is sent there for a while. Look into it by certmux upstream check ${p.account}`,
    zh: `最近连续 ${p.faults} 次调用没有应答（${p.fault}）；连续五次后将暂停调用。可用 certmux upstream check ${p.account} 检查`,
  }),

  // Findings of a check
  doesNotAnswer: (p: { fault: string }): Phrase => ({ en: `no answer: ${p.fault}`, zh: `没有应答：${p.fault}` }),

  // Steps of a rehearsal
  suits: (p: { issuer: string; name: string }): Phrase => ({
    en: `${p.issuer} certifies names such as ${p.name}`,
    zh: `${p.issuer} 可为 ${p.name} 这类域名签发证书`,
  }),
  namesTaken: (): Phrase => ({ en: 'the kind of name fits the mode', zh: '域名类型与模式相符' }),
  caaAllows: (p: { at: string | null }): Phrase =>
    p.at === null
      ? { en: 'there are no CAA records', zh: '没有 CAA 记录' }
      : { en: `the CAA records of ${p.at} allow it`, zh: `${p.at} 的 CAA 记录允许签发` },
  caaForbids: (p: { at: string; records: string; domains: string }): Phrase => ({
    en: `the CAA records of ${p.at} do not allow it: ${p.records}; the customer adds: 0 issue "${p.domains}"`,
    zh: `${p.at} 的 CAA 记录不允许签发：${p.records}；请客户添加：0 issue "${p.domains}"`,
  }),
  caaOfAddress: (): Phrase => ({ en: 'addresses have no CAA records', zh: 'IP 地址没有 CAA 记录' }),
  caaUnnamed: (): Phrase => ({
    en: 'it is not known by which name its CAA records allow it; the upstream looks itself',
    zh: '不清楚其在 CAA 记录中的名称，由上游自行检查',
  }),
  breakerClosed: (): Phrase => ({ en: 'it is called as usual', zh: '正常调用' }),
  budgetLeft: (): Phrase => ({ en: 'every budget has room for it', zh: '各项限额均有剩余' }),
  standsReady: (): Phrase => ({ en: 'what the CA looks for can be placed', zh: 'CA 所需的验证内容可以发布' }),
  nothingToPrepare: (): Phrase => ({ en: 'the customer prepares nothing for it', zh: '无需客户准备' }),
} as const;
