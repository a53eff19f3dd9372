/** Port for front doors: what an order's own page shows beside the order: whose turn it is, and what may be done. */

import type { Container } from '../account.ts';
import type { Caller } from '../caller.ts';
import type { ApprovalEffect } from '../certificate-terms.ts';
import type { NamePlace } from '../dns-host.ts';
import type { Reason } from '../errors.ts';
import type { ApprovalId } from '../ids.ts';
import type { OrderTurn } from '../order-turn.ts';
import type { Page } from '../page.ts';
import type { TimelineEntry, TimelinePlace } from '../timeline.ts';
import type { OrderReference, OrderView } from './orders.ts';

/** What can be done with an order; each is a call of its own. */
export const orderActions = [
  'approve',
  'reject',
  'check',
  'chooseMethod',
  'removeNames',
  'provideCsr',
  'withdraw',
  'cancel',
  'reissue',
  'duplicate',
  'revoke',
  'refund',
  'change',
  'share',
] as const;
export type OrderAction = (typeof orderActions)[number];

export const approvalActions = ['approve', 'reject', 'withdraw'] as const;
export type ApprovalAction = (typeof approvalActions)[number];

export const certificateActions = ['revoke'] as const;
export type CertificateAction = (typeof certificateActions)[number];

/** By action: null where the caller may do it now, else what the call would refuse. */
export type Actions<Action extends string> = Readonly<Record<Action, Reason | null>>;

export interface ApprovalPage {
  readonly effect: ApprovalEffect;
  readonly actions: Actions<ApprovalAction>;
}

export interface CertificatePage {
  /** The newest list of revoked certificates, where it has this one; null: it is in none yet, or an upstream's list has it. */
  readonly crl: { readonly number: number; readonly since: Date } | null;
  /** The caller would have to wait for an approver to have it revoked. */
  readonly needsApproval: boolean;
  readonly actions: Actions<CertificateAction>;
}

export interface OrderPage {
  readonly view: OrderView;
  /** Null: nobody's, there is nothing to do. */
  readonly turn: OrderTurn | null;
  /** Null: it lies in none. */
  readonly container: Pick<Container, 'id' | 'number' | 'name'> | null;
  readonly actions: Actions<OrderAction>;
  /** Changes with whatever of it a person would act on. Opaque to clients. */
  readonly version: string;
  /** One per name: where its records are kept; null for an address. */
  readonly places: readonly (NamePlace | null)[];
}

export interface OrderPages {
  /** The order as `Orders.get` shows it, with all of the above. @throws {CertError} notFound */
  get(caller: Caller, reference: OrderReference): Promise<OrderPage>;
  /** What a request changes, and what may be done with it. @throws {CertError} notFound */
  approval(caller: Caller, id: ApprovalId): Promise<ApprovalPage>;
  /** The revocation of a certificate, by its id or number, and what may be done with it. @throws {CertError} notFound */
  certificate(caller: Caller, reference: string): Promise<CertificatePage>;
  /** What happened to it and what was looked for, newest first. @throws {CertError} notFound */
  timeline(
    caller: Caller,
    reference: OrderReference,
    query: { readonly limit: number; readonly after?: TimelinePlace | undefined },
  ): Promise<Page<TimelineEntry, TimelinePlace>>;
}
