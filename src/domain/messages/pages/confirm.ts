/** The page behind the link of a confirmation mail. */
import type { Language } from '../../language.ts';

export const confirmPageTexts = {
  en: {
    lang: 'en',
    title: (name: string, more: number) => `Certificate for ${name}${more === 0 ? '' : ` and ${more} more`}`,
    domainTitle: (name: string) => `Certificates for ${name}`,
    askDomain:
      'Somebody asks to be allowed to order certificates for this domain and for every name below it, without asking you again. If your organization wants that, confirm it. Whoever holds such a certificate can run sites under its names.',
    ask: 'Somebody ordered a certificate for this name. If your organization wants it, check the order and confirm it. Whoever holds the certificate can run sites under this name.',
    askMany:
      'Somebody ordered a certificate for these names. If your organization wants it, check the order and confirm it: this confirms every name in bold at once. Whoever holds the certificate can run sites under these names.',
    changed: 'The names have changed since this page was opened. Nothing was confirmed: please check them again.',
    names: 'Names',
    product: 'Product',
    account: 'Ordered by',
    order: 'Order',
    requested: 'Requested',
    requestedValue: (at: string, from: string) => `${at}, from ${from}`,
    address: 'Mail sent to',
    confirm: 'Confirm the certificate',
    reject: 'Reject the order',
    confirmDomain: 'Confirm the request',
    rejectDomain: 'Reject the request',
    untilDomain: (day: string) => `Nothing happens until you choose. This page can be used until ${day}.`,
    until: (day: string) =>
      `Nothing happens until you choose. This page can be used until ${day}. Rejecting ends the whole order.`,
    states: {
      confirmed: ['Confirmed', 'Control of the names in bold is confirmed. You need do nothing more.'],
      rejected: ['Rejected', 'The order has ended. No certificate will be issued for it.'],
      expired: ['Link expired', 'Whoever ordered the certificate can have a new mail sent.'],
      over: [
        'Nothing left to confirm',
        'The name was validated in another way, the order has ended, or a newer mail has replaced this one.',
      ],
    },
    unknownTitle: 'This link is not valid',
    unknown: 'Part of it may be missing, or a newer mail may have replaced the one it came from.',
  },
  zh: {
    lang: 'zh-CN',
    title: (name: string, more: number) => `${name}${more === 0 ? '' : ` 等 ${more + 1} 个域名`} 的证书申请`,
    domainTitle: (name: string) => `${name} 的证书授权`,
    askDomain:
      '有人请求获准为该域名及其所有子域名申请证书，之后不再逐次确认。如确系贵单位所需，请确认。持有证书者可以用相应域名运行网站。',
    ask: '有人为该域名申请了证书。如确系贵单位所需，请核对订单后确认。持有证书者可以用该域名运行网站。',
    askMany:
      '有人为以下域名申请了证书。如确系贵单位所需，请核对订单后确认：粗体显示的域名将一并确认。持有证书者可以用这些域名运行网站。',
    changed: '打开本页面后域名有变化，尚未确认任何域名，请重新核对。',
    names: '域名',
    product: '产品',
    account: '申请账户',
    order: '订单',
    requested: '申请时间',
    requestedValue: (at: string, from: string) => `${at}，来自 ${from}`,
    address: '收件邮箱',
    confirm: '确认签发证书',
    reject: '拒绝该订单',
    confirmDomain: '确认该请求',
    rejectDomain: '拒绝该请求',
    untilDomain: (day: string) => `在您选择之前不会有任何操作；本页面有效期至 ${day}。`,
    until: (day: string) => `在您选择之前不会有任何操作；本页面有效期至 ${day}。拒绝将终止整个订单。`,
    states: {
      confirmed: ['已确认', '粗体域名的控制权已确认，无需其他操作。'],
      rejected: ['已拒绝', '订单已终止，不会签发证书。'],
      expired: ['链接已过期', '申请人可以重新发送确认邮件。'],
      over: ['无需确认', '该域名已通过其他方式验证，或订单已结束，或本邮件已被新邮件取代。'],
    },
    unknownTitle: '链接无效',
    unknown: '链接可能复制不完整，或对应的邮件已被新邮件取代。',
  },
} as const satisfies Record<Language, object>;
