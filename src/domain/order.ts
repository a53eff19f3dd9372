/** The commercial object: what was bought, for whom, for how long. */
import type { Certificate } from './certificate.ts';
import type { CustomValue } from './custom-field.ts';
import type {
  AccountId,
  ContainerId,
  CredentialId,
  IssuanceId,
  NoteId,
  OrderId,
  OrganizationId,
  ProductId,
  UserId,
} from './ids.ts';
import type { Issuance, IssuanceSummary, RequestedValidity } from './issuance.ts';
import type { OrganizationDetails } from './organization.ts';
import type { Coverage } from './product.ts';
import type { OrderState } from './states.ts';

export interface Note {
  readonly id: NoteId;
  /** int32-safe. */
  readonly number: number;
  readonly orderId: OrderId;
  readonly author: UserId | CredentialId;
  readonly text: string;
  readonly createdAt: Date;
  /** 1, and one more with each change. What it said before is kept (`NoteVersion`). */
  readonly version: number;
  /** Who changed or removed it last; null: nobody did. */
  readonly changedBy: UserId | CredentialId | null;
  readonly changedAt: Date | null;
  /** Null: it is shown. One that was removed is only in the history. */
  readonly removedAt: Date | null;
}

/** What a note said before it was changed. */
export interface NoteVersion extends Pick<Note, 'author' | 'text' | 'version'> {
  readonly noteNumber: number;
  readonly writtenAt: Date;
}

export interface Contact {
  readonly name?: string;
  readonly title?: string;
  readonly phone?: string;
  readonly email?: string;
}

/** Between the customer's numbers of an order that has several. */
export const referenceSeparator = ', ';

/** The most characters of `alternativeReference`, and of `reminders.message`. */
export const longestAlternativeReference = 255;
export const longestReminderMessage = 2000;
export const mostReminderAddresses = 50;

/** The reminders before the end of the coverage: by mail and by webhook. */
export interface ReminderSettings {
  readonly isOff: boolean;
  /** Recipients besides the account's own address. */
  readonly addresses: readonly string[];
  /** Text of the customer that the mail repeats. */
  readonly message: string;
}

export const defaultReminderSettings: ReminderSettings = { isOff: false, addresses: [], message: '' };

export interface Order {
  readonly id: OrderId;
  /** int32-safe, for the dialects that show integers. */
  readonly number: number;
  readonly accountId: AccountId;
  readonly credentialId: CredentialId | null;
  readonly dialect: string;
  readonly productId: ProductId;
  readonly state: OrderState;
  readonly coverage: Coverage;
  /** Null until the first certificate. */
  readonly coverageFrom: Date | null;
  readonly coverageUntil: Date | null;
  readonly totalMinor: number;
  /** What was charged for it and not given back: the negative sum of its lines in the ledger. */
  readonly paidMinor: number;
  readonly currency: string;
  readonly renewalOf: OrderId | null;
  /** The order that renews this one: of several the first that is issued, where this one was paid for; else the newest. */
  readonly renewedBy: OrderId | null;
  /** Renewal status set by hand; null: `renewedBy` decides. */
  readonly renewalMark: 'renewed' | 'notRenewed' | null;
  /** Renewed by the platform before its coverage ends. */
  readonly isAutoRenewed: boolean;
  readonly reminders: ReminderSettings;
  /** The details of `organizationId`, which never change. */
  readonly organization: OrganizationDetails | null;
  readonly organizationId: OrganizationId | null;
  readonly containerId: ContainerId | null;
  readonly customValues: readonly CustomValue[];
  /** The customer's own number of the order, where the front door takes one. Not unique. */
  readonly alternativeReference: string | null;
  readonly contact: Contact | null;
  /** The newest issuance: the order's status on the wire is derived from it. */
  readonly issuanceId: IssuanceId;
  /** URL that learns of every certificate of the order; null: none. */
  readonly notifyUrl: string | null;
  /** Data that only the order's dialect knows and must return. */
  readonly dialectData: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** The order's state at `now`: a coverage that is over counts even before the sweep marks it. */
export function stateAt({ state, coverageUntil }: Pick<Order, 'state' | 'coverageUntil'>, now: Date): OrderState {
  return state === 'active' && coverageUntil !== null && coverageUntil <= now ? 'ended' : state;
}

/** Standing of an order, as searches use it: derived from the order and its newest issuance, never stored. */
export type OrderStanding =
  | 'awaitingApproval'
  | 'awaitingCsr'
  | 'awaitingValidation'
  | 'issuing'
  | 'active'
  | 'reissuing'
  | 'ended'
  | 'revoked'
  | 'rejected'
  | 'cancelled'
  | 'failed';

/** Fields of an issuance, or of its summary, from which the standing is derived. */
export type StandingIssuance = Pick<Issuance, 'state' | 'csr'> | Pick<IssuanceSummary, 'state' | 'hasCsr'>;

export function standingOf(
  order: Pick<Order, 'state' | 'coverageUntil'>,
  newest: StandingIssuance,
  now: Date,
): OrderStanding {
  const state = stateAt(order, now);
  const isUnderWay = !['issued', 'failed', 'cancelled'].includes(newest.state);
  if (state === 'active') return isUnderWay ? 'reissuing' : 'active';
  if (state !== 'open') return state;
  if (newest.state === 'awaitingApproval') return 'awaitingApproval';
  const hasCsr = 'hasCsr' in newest ? newest.hasCsr : newest.csr !== null;
  if (!hasCsr) return 'awaitingCsr';
  return newest.state === 'awaitingValidation' ? 'awaitingValidation' : 'issuing';
}

const dayMs = 86_400_000;

/**
 * The time at which a period from `from` to `until` is to be followed by the next: when two thirds are over (half of less than
 * ten days, as the server of RFC 9773 suggests), or 30 days before its end where that is later: names that were proved for
 * long should not have to be proved earlier than needed.
 */
export function successionDue(from: Date, until: Date): Date {
  const lifeMs = until.getTime() - from.getTime();
  const part = lifeMs < 10 * dayMs ? 1 / 2 : 2 / 3;
  return new Date(Math.max(from.getTime() + lifeMs * part, until.getTime() - 30 * dayMs));
}

/**
 * The time of a certificate's automatic reissue; undefined where it lasts as long as the customer wanted. One more day of
 * coverage is no reason for another certificate: clocks, and the time an issuer takes, make a certificate end a little before
 * its coverage.
 */
export function reissueDue(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  { coverageUntil, validity }: { readonly coverageUntil: Date; readonly validity: RequestedValidity | null },
): Date | undefined {
  const wanted = validity !== null && 'until' in validity ? validity.until.getTime() : Number.POSITIVE_INFINITY;
  const isLast = Math.min(wanted, coverageUntil.getTime()) - notAfter.getTime() < dayMs;
  return isLast ? undefined : successionDue(notBefore, notAfter);
}

/** The time at which the order that renews this one is placed; undefined where the customer does that, or it is done. */
export function renewalDue({
  isAutoRenewed,
  renewedBy,
  renewalMark,
  coverageFrom,
  coverageUntil,
}: Pick<Order, 'isAutoRenewed' | 'renewedBy' | 'renewalMark' | 'coverageFrom' | 'coverageUntil'>): Date | undefined {
  if (!isAutoRenewed || renewedBy !== null || renewalMark === 'renewed') return undefined;
  return coverageFrom === null || coverageUntil === null ? undefined : successionDue(coverageFrom, coverageUntil);
}
