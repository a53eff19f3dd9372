/** One line that says where an order stands and whose turn it is. */
import type { Approval } from '../../domain/approval.ts';
import { type Language, renderReason } from '../../domain/errors.ts';
import type { IssuanceState } from '../../domain/issuance.ts';
import type { OrderState } from '../../domain/order.ts';
import { isCertifiable } from '../../domain/organization.ts';
import type { OrderSummary, OrderView } from '../../domain/platform.ts';

type Shown = OrderView | OrderSummary;
type Line = Readonly<Record<Language, (view: Shown, language: Language) => string>>;

/** In whose hands the order is; nobody's once there is nothing to do. */
export type Turn = 'approver' | 'customer' | 'server' | 'nobody';

const ofIssuance = {
  awaitingApproval: {
    en: () => 'waits for an approver',
    zh: () => '等待审批',
  },
  awaitingValidation: {
    en: (view) => {
      const count = namesText(view.issuance.names.length);
      // Lists do not know which names are proved.
      if (!('authorizations' in view)) return `waits for the proof of control of ${count}`;
      return isOrganizationMissing(view)
        ? 'every name is proved; waits for the organization to be verified'
        : `waits for the proof of control of ${unproved(view)} of ${count}`;
    },
    zh: (view) => {
      const count = view.issuance.names.length;
      if (!('authorizations' in view)) return `等待验证：共 ${count} 个域名`;
      return isOrganizationMissing(view)
        ? '域名已全部验证，等待单位信息审核'
        : `等待验证：${count} 个域名中还有 ${unproved(view)} 个未通过`;
    },
  },
  ready: {
    en: (view) => (hasCsr(view) ? 'every name is proved; about to be issued' : 'every name is proved; waits for a CSR'),
    zh: (view) => (hasCsr(view) ? '域名已全部验证，即将签发' : '域名已全部验证，等待提交 CSR'),
  },
  issuing: {
    en: () => 'is being issued',
    zh: () => '正在签发',
  },
  issued: {
    en: ({ certificate }) => `issued; the certificate ends on ${day(certificate?.notAfter)}`,
    zh: ({ certificate }) => `已签发，证书有效期至 ${day(certificate?.notAfter)}`,
  },
  failed: {
    en: (view, language) => `failed: ${failure(view, language)}`,
    zh: (view, language) => `失败：${failure(view, language)}`,
  },
  cancelled: {
    en: () => 'cancelled',
    zh: () => '已取消',
  },
} as const satisfies Record<IssuanceState, Line>;

/** States of the order that say more than those of its newest issuance. */
const ofOrder: Readonly<Partial<Record<OrderState, Line>>> = {
  ended: {
    en: ({ order }) => `ended; it was served until ${day(order.coverageUntil)}`,
    zh: ({ order }) => `已到期，服务期至 ${day(order.coverageUntil)}`,
  },
  revoked: {
    en: ({ certificate }) => `revoked on ${day(certificate?.revokedAt)}`,
    zh: ({ certificate }) => `已于 ${day(certificate?.revokedAt)} 吊销`,
  },
  rejected: {
    en: ({ approval }) => `rejected${noteOf(approval) === '' ? '' : `: ${noteOf(approval)}`}`,
    zh: ({ approval }) => `已拒绝${noteOf(approval) === '' ? '' : `：${noteOf(approval)}`}`,
  },
  cancelled: ofIssuance.cancelled,
};

export function summaryOf(view: Shown, language: Language): string {
  const line: Line = ofOrder[view.order.state] ?? ofIssuance[view.issuance.state];
  return line[language](view, language);
}

export function turnOf(view: Shown): Turn {
  const { order, issuance } = view;
  if (order.state !== 'open' && order.state !== 'active') return 'nobody';
  if (issuance.state === 'ready') return hasCsr(view) ? 'server' : 'customer';
  return turns[issuance.state];
}

const turns = {
  awaitingApproval: 'approver',
  awaitingValidation: 'customer',
  issuing: 'server',
  issued: 'nobody',
  failed: 'nobody',
  cancelled: 'nobody',
} as const satisfies Record<Exclude<IssuanceState, 'ready'>, Turn>;

function hasCsr({ issuance }: Shown): boolean {
  return 'hasCsr' in issuance ? issuance.hasCsr : issuance.csr !== null;
}

function unproved({ authorizations }: OrderView): number {
  return authorizations.filter(({ state }) => state !== 'valid').length;
}

function isOrganizationMissing(view: OrderView): boolean {
  return unproved(view) === 0 && !isCertifiable(view.organization, view.product.level, view.now);
}

function namesText(count: number): string {
  return count === 1 ? '1 name' : `${count} names`;
}

function failure({ issuance }: Shown, language: Language): string {
  return issuance.failure === null ? '' : renderReason(issuance.failure, language);
}

function day(date: Date | null | undefined): string {
  return date?.toISOString().slice(0, 10) ?? '–';
}

function noteOf(approval: Approval | null): string {
  return approval?.decisions.at(-1)?.note ?? '';
}
