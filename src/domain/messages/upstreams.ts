/** Texts for the operator about an upstream: what a check and a rehearsal found, and what to do next. Findings that are refusals of an order are in `orders.ts`. */
import type { Phrase } from './expectations.ts';

const setTheClock: Phrase = {
  en: 'have it set by a time service (systemd-timesyncd, chrony; timedatectl shows whether one runs)',
  zh: '请启用时间同步服务（systemd-timesyncd 或 chrony，可用 timedatectl 查看）',
};

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

  clocksAgree: (): Phrase => ({ en: 'its clock and ours agree', zh: '对方时钟与本机时钟一致' }),
  clocksDiffer: (p: { seconds: number; isAhead: boolean; now: string }): Phrase => ({
    en: `this server's clock shows ${p.now} and is ${p.seconds} s ${p.isAhead ? 'ahead of' : 'behind'} the CA's; ${setTheClock.en}`,
    zh: `本机时钟显示 ${p.now}，比 CA ${p.isAhead ? '快' : '慢'} ${p.seconds} 秒；${setTheClock.zh}`,
  }),
  clockMayBeWrong: (p: { now: string; fault: string }): Phrase => ({
    en: `this server's clock shows ${p.now}, and by that the CA ${p.fault}: where the time is wrong, ${setTheClock.en}; where it is right, the CA must renew its own certificate`,
    zh: `本机时钟显示 ${p.now}，据此判断 CA 自身的证书已过期或尚未生效：如时间不对，${setTheClock.zh}；如时间正确，则须由 CA 更换其证书`,
  }),

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
