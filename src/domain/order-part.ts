/** What of an order may change while somebody looks at it, in the order of its version. */
import type { Language } from './language.ts';

export const orderParts = ['order', 'attempt', 'names', 'approval', 'certificate'] as const;
export type OrderPart = (typeof orderParts)[number];

export const orderPartTexts = {
  order: { en: 'the order itself', zh: '订单信息' },
  attempt: { en: 'its issuance', zh: '签发状态' },
  names: { en: 'its names or their proofs', zh: '域名或验证状态' },
  approval: { en: 'its approval', zh: '审批' },
  certificate: { en: 'its certificate', zh: '证书' },
} as const satisfies Record<OrderPart, Readonly<Record<Language, string>>>;
