/** One line that says where an order stands and whose turn it is. */
import type { Approval } from '../../domain/approval.ts';
import { renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import { hasCsr } from '../../domain/order-turn.ts';
import { isCertifiable } from '../../domain/organization.ts';
import type { OrderSummary, OrderView } from '../../domain/ports/orders.ts';
import type { IssuanceState, OrderState } from '../../domain/states.ts';

type Shown = OrderView | OrderSummary;
type Line = Readonly<Record<Language, (view: Shown, language: Language) => string>>;

const ofIssuance = {
  awaitingApproval: {
    en: () => 'waits for an approver',
    zh: () => '等待审批',
  },
  awaitingValidation: {
    en: (view, language) => {
      const resting = rest(view, language);
      if (resting !== undefined) return resting;
      if (isRelaying(view) && !hasCsr(view.issuance))
        return 'waits for a CSR, which its issuer wants before the names are proved';
      if (isBeingPrepared(view)) return 'waits for the challenges that the issuer makes';
      if (isOrganizationMissing(view)) return 'every name is proved; waits for the organization to be verified';
      const count = namesText(view.issuance.names.length);
      // Lists do not know which names are proved.
      const open = 'authorizations' in view ? `${unproved(view)} of ` : '';
      return `waits for the proof of control of ${open}${count}${refusedWish(view, language, '; ')}`;
    },
    zh: (view, language) => {
      const resting = rest(view, language);
      if (resting !== undefined) return resting;
      if (isRelaying(view) && !hasCsr(view.issuance)) return '等待提交 CSR：签发机构收到 CSR 后才会提供域名验证信息';
      if (isBeingPrepared(view)) return '等待签发机构提供验证信息';
      if (isOrganizationMissing(view)) return '域名已全部验证，等待组织信息审核';
      const count = view.issuance.names.length;
      if (!('authorizations' in view)) return `等待验证：共 ${count} 个域名`;
      return `等待验证：${count} 个域名中还有 ${unproved(view)} 个未通过${refusedWish(view, language, '；')}`;
    },
  },
  ready: {
    en: ({ issuance }) =>
      hasCsr(issuance) ? 'every name is proved; about to be issued' : 'every name is proved; waits for a CSR',
    zh: ({ issuance }) => (hasCsr(issuance) ? '域名已全部验证，即将签发' : '域名已全部验证，等待提交 CSR'),
  },
  issuing: {
    en: (view, language) => rest(view, language) ?? 'is being issued',
    zh: (view, language) => rest(view, language) ?? '正在签发',
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

function unproved({ authorizations }: OrderView): number {
  return authorizations.filter(({ state }) => state !== 'valid').length;
}

/** What the upstream would not change: the call that asked for it may have been answered before. */
function refusedWish({ refusedWish: reason }: Shown, language: Language, separator: string): string {
  return reason === undefined ? '' : separator + renderReason(reason, language);
}

/** The obstacle although every name is proved. The organization has words of its own. */
function rest(view: Shown, language: Language): string | undefined {
  const { issuance } = view;
  if (issuance.rest === null || issuance.rest.reason.key === 'awaitingOrganization') return undefined;
  const { turn, reason } = issuance.rest;
  const why = renderReason(reason, language);
  return mayBeUnproved(view) ? waitsBeforeProofs[turn][language](why) : waitsFor[turn][language](why);
}

const waitsFor = {
  customer: {
    en: (why: string) => `every name is proved; waits for the account: ${why}`,
    zh: (why: string) => `域名已全部验证，等待账户处理：${why}`,
  },
  operator: {
    en: (why: string) => `every name is proved; waits for the operator: ${why}`,
    zh: (why: string) => `域名已全部验证，等待管理员处理：${why}`,
  },
} as const;

/** Where an upstream checks the names, it may be waited for before they are proved. */
const waitsBeforeProofs = {
  customer: {
    en: (why: string) => `waits for the account: ${why}`,
    zh: (why: string) => `等待账户处理：${why}`,
  },
  operator: {
    en: (why: string) => `waits for the operator: ${why}`,
    zh: (why: string) => `等待管理员处理：${why}`,
  },
} as const;

/** Lists do not know whether an upstream checks the names, and say nothing that may be untrue. */
function mayBeUnproved(view: Shown): boolean {
  return isRelaying(view) || (!('authorizations' in view) && view.issuance.state === 'awaitingValidation');
}

/** True if an upstream checks the names, and has not accepted them all. Lists do not know. */
function isRelaying(view: Shown): boolean {
  return (
    'authorizations' in view &&
    view.authorizations.some(({ checkedBy, state }) => checkedBy !== null && state !== 'valid')
  );
}

function isBeingPrepared(view: Shown): boolean {
  if (!('authorizations' in view) || !isRelaying(view) || view.issuance.csr === null) return false;
  return view.authorizations.every(({ challenges }) => challenges.length === 0);
}

function isOrganizationMissing(view: Shown): boolean {
  if (!('authorizations' in view)) return view.issuance.rest?.reason.key === 'awaitingOrganization';
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
