/** Rows of the projection of orders and of requests for approval (`migrations/`). They are no noun's: only lists, totals and searches read them. */
import type { Generated } from 'kysely';
import type { Approval } from '../../domain/approval.ts';
import type { ApprovalState, OrderState } from '../../domain/states.ts';

export interface OrderListingRow {
  readonly number: number;
  readonly shelf: number;
  readonly state: number;
  readonly product: number;
  readonly years: number;
  readonly credential: number | null;
  readonly common_name: string;
  readonly names: string;
  readonly reference: string | null;
  readonly emails: string | null;
  readonly certificate_until: number | null;
  readonly coverage_until: number | null;
  readonly created_at: number;
  readonly changed_at: number;
  readonly changed_sequence: number;
  /** The term of the account; null of no row that this version has put. */
  readonly account: number | null;
  readonly issuer: string | null;
}

export interface CertificateListingRow {
  readonly number: number;
  readonly account: number;
  readonly order_number: number;
  readonly product: number;
  readonly issuer: string;
  readonly is_revoked: 0 | 1;
  readonly is_withheld: 0 | 1;
  readonly not_after: number;
  readonly created_at: number;
}

export interface ListingMonthRow {
  readonly account: number;
  readonly month: number;
  readonly orders: number;
  readonly certificates: number;
}

export interface ApprovalListingRow {
  readonly number: number;
  readonly shelf: number;
  readonly state: number;
  readonly asks: number;
  readonly order_number: number;
  readonly common_name: string;
}

export interface ListingTables {
  listing_terms: { readonly number: Generated<number>; readonly value: Uint8Array };
  order_listings: OrderListingRow;
  order_counts: {
    readonly shelf: number;
    readonly state: number;
    readonly product: number;
    readonly years: number;
    readonly orders: number;
  };
  certificate_end_counts: { readonly day: number; readonly orders: number };
  account_end_counts: { readonly account: number; readonly day: number; readonly orders: number };
  approval_listings: ApprovalListingRow;
  approval_counts: {
    readonly shelf: number;
    readonly state: number;
    readonly asks: number;
    readonly approvals: number;
  };
  certificate_thumbprints: { readonly prefix: number; readonly certificate_number: number };
  certificate_listings: CertificateListingRow;
  listing_months: ListingMonthRow;
  listing_progress: { readonly name: 'orders'; readonly sequence: number; readonly at: number };
}

/** What is in them is made again from the audit log. */
export const listingTables = [
  'listing_terms',
  'order_listings',
  'order_counts',
  'certificate_end_counts',
  'account_end_counts',
  'certificate_thumbprints',
  'certificate_listings',
  'listing_months',
  'approval_listings',
  'approval_counts',
  'listing_progress',
] as const satisfies readonly (keyof ListingTables)[];

/** A state is stored as its place in here: only ever add at the end. */
const listedStates = [
  'open',
  'active',
  'ended',
  'revoked',
  'rejected',
  'cancelled',
  'failed',
] as const satisfies readonly OrderState[];

export function stateNumber(state: OrderState): number {
  return listedStates.indexOf(state);
}

export function stateOf(number: number): OrderState | undefined {
  return listedStates[number];
}

/** The same for those of requests, and for what they ask for. */
export const listedApprovalStates = [
  'submitted',
  'pending',
  'approved',
  'rejected',
] as const satisfies readonly ApprovalState[];
export const listedAsks = ['new', 'reissue', 'duplicate', 'revoke'] as const satisfies readonly Approval['asks'][];

export function approvalStateNumber(state: ApprovalState): number {
  return listedApprovalStates.indexOf(state);
}

export function asksNumber(asks: Approval['asks']): number {
  return listedAsks.indexOf(asks);
}
