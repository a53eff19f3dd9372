/** Port for front doors: placing orders, following them and finding them. */

import type { Account, Person } from '../account.ts';
import type { Approval, ApprovalWish } from '../approval.ts';
import type { Authorization } from '../authorization.ts';
import type { Caller, Reference } from '../caller.ts';
import type { Certificate } from '../certificate.ts';
import type { NameChoice } from '../challenge.ts';
import type { CustomValue } from '../custom-field.ts';
import type { CnameChallenge } from '../delegation.ts';
import type { Reason } from '../errors.ts';
import type { Identifier } from '../identifier.ts';
import type { Issuance, IssuanceSummary, RequestedValidity } from '../issuance.ts';
import type { MergePatch } from '../merge-patch.ts';
import type { Money } from '../money.ts';
import type { Contact, Order, OrderStanding, ReminderSettings } from '../order.ts';
import type { Organization, OrganizationDetails } from '../organization.ts';
import type { CountedPage, OffsetQuery, Page, PageQuery } from '../page.ts';
import type { Product } from '../product.ts';
import type { KeyKind } from '../profile.ts';
import type { ValidationMethod } from '../validation-method.ts';
import type { FilteredPageQuery, ListPlace, OrderFilter } from './list-filters.ts';
import type { NewOrganizationContact } from './organizations.ts';

/**
 * An order by the number its dialect shows, or by id; or by one of its issuances: by the number of that, or by the proof
 * reference, which a dialect may show as its own id; each account has its own, and an operator none. Then the view is of that
 * issuance instead of the newest.
 */
export type OrderReference =
  | { readonly number: number }
  | { readonly id: string }
  | { readonly issuanceNumber: number }
  | { readonly proofReference: string };

/** An organization of the account, or the details of one: then one with the same details is taken, or made. */
export type OrganizationChoice = Reference | OrganizationDetails;

export interface PlaceOrder extends Proofs, Awaited {
  readonly productCode: string;
  readonly names: readonly Identifier[];
  /** Null, where the product allows it: it comes later (`provideCsr`), and validation continues meanwhile. */
  readonly csr: CsrSource | null;
  /** Whole periods of the product's coverage; one by default. The price is multiplied. */
  readonly periods?: number;
  /** Certificates that are shorter than the profile would have them. */
  readonly validity?: RequestedValidity | null;
  /** The configured issuer that is to serve the order instead of the product's. */
  readonly issuerId?: string;
  /** The http or https URL to which the certificate is delivered, in the dialect's words (`WebhookWriter`). */
  readonly notifyUrl?: string;
  readonly renewalOf: OrderReference | null;
  /** Orders of OV and EV products need one, and wait until it is verified. */
  readonly organization: OrganizationChoice | null;
  /** The organization's contacts, where the order creates it; an existing organization keeps its own. */
  readonly organizationContacts?: readonly NewOrganizationContact[];
  /** Changes of users that are made together with the order. Only of users that the caller may change. */
  readonly persons?: readonly { readonly userNumber: number; readonly person: Person }[];
  readonly contact: Contact | null;
  readonly container?: Reference | null;
  /**
   * Absent where the front door has no such fields: then what is required must have a default. What is left out has its default too.
   */
  readonly customValues?: readonly Pick<CustomValue, 'fieldNumber' | 'value'>[];
  readonly alternativeReference?: string | null;
  readonly isAutoRenewed?: boolean;
  readonly reminders?: ReminderSettings;
  readonly approval?: ApprovalWish;
  readonly dialectData: Readonly<Record<string, unknown>>;
  /**
   * The same key with the same fingerprint inside `windowSeconds` answers the first order and charges nothing, unless that
   * order ended without a certificate.
   */
  readonly idempotency: Idempotency | null;
}

export interface Idempotency {
  readonly key: string;
  /** Hash of the request's content; the same key with another fingerprint is a `conflict`. */
  readonly fingerprint: string;
  readonly windowSeconds: number;
}

/** PKCS#10 DER; or the wish that certmux makes the key and the CSR. The key is then sealed, and `privateKey` returns it. */
export type CsrSource = Uint8Array | { readonly make: KeyKind };

/** For APIs that answer with the certificate. */
interface Awaited {
  /**
   * Where the names are proved and our own authority signs, the answer is as it is after the signature, or after so many
   * milliseconds. Not at all by default.
   */
  readonly signedWithinMs?: number;
}

/** Choice of methods for the names of a new issuance. The dialect's `ProofMaker` says which challenges each offers. */
export interface Proofs {
  /** Never used before in the dialect by this account; seeds the challenges. */
  readonly proofReference: string;
  readonly preferredMethod: ValidationMethod;
  /** True: the customer asked for that method by name; by default it is the front door's usual one, and another may be offered instead. */
  readonly isMethodRequested?: boolean;
  /** Names that will be proved otherwise. A mail is sent to a chosen address as soon as the order is approved. */
  readonly choices?: readonly NameChoice[];
  /** True: see `Issuance.isCheckedOnRequest`. */
  readonly isCheckedOnRequest?: boolean;
}

export interface Reissue extends Proofs, Awaited {
  readonly names: readonly Identifier[];
  /**
   * `same`: the CSR of the newest issued one again; of a key that we made, a new key of the same kind. `sameKey`: that CSR also where
   * we made its key, which the new issuance then has too: for the same names.
   */
  readonly csr: CsrSource | 'same' | 'sameKey';
  readonly validity?: RequestedValidity | null;
  readonly approval?: ApprovalWish;
  /** Changes of the order's own data from now on; its proof maker sees the result. */
  readonly dialectData?: MergePatch;
  readonly idempotency?: Idempotency | null;
}

/** Everything a dialect projects its replies from. */
export interface OrderView {
  readonly order: Order;
  readonly product: Product;
  readonly account: Account;
  /** The newest issuance, duplicates aside; or the requested one (`OrderReference`). */
  readonly issuance: Issuance;
  /** One per name of that issuance, in its order. */
  readonly authorizations: readonly Authorization[];
  /** The end of the challenges, where an upstream makes them and has made them. */
  readonly proofsUntil?: Date;
  /** Why such an upstream refused the newest change that was wished for a name, while its names are to be proved. */
  readonly refusedWish?: Reason;
  /** Certificate of that issuance; null until it is issued. */
  readonly certificate: Certificate | null;
  /** Issuing certificates of `certificate`, nearest first: of our own authorities up to the root, of an upstream as it sent them; empty until issued. */
  readonly chain: readonly Uint8Array[];
  /** The newest request of the order, of any kind; null where no approval was requested. */
  readonly approval: Approval | null;
  /** Organization that an OV or EV order waits for. */
  readonly organization: Organization | null;
  /** The moment the view was read, so that what depends on the date is the same everywhere. */
  readonly now: Date;
}

/** One issuance among those of its order: with its certificate, without the proofs of its names. */
export type IssuanceView = Omit<OrderView, 'authorizations'>;

/** An order as lists show it. The proofs of a page of orders with many names are megabytes, so that no list reads them. */
export interface OrderSummary extends Omit<OrderView, 'issuance' | 'authorizations' | 'chain'> {
  readonly issuance: IssuanceSummary;
}

/** An order as feeds of changes show it: how it stands, and no more. They are long. */
export interface ChangedOrder {
  readonly order: Pick<Order, 'id' | 'number' | 'state' | 'coverageUntil'>;
  /** The newest. */
  readonly issuance: Pick<IssuanceSummary, 'number' | 'state' | 'hasCsr' | 'validatingSince'>;
  readonly now: Date;
}

export const orderSortKeys = [
  'number',
  'createdAt',
  'coverageYears',
  'coverageUntil',
  'certificateUntil',
  'commonName',
  'productName',
] as const;

/** `standing`: by the place in `order`; those of one group are equal. */
export type OrderSort = { readonly descending: boolean } & (
  | { readonly by: (typeof orderSortKeys)[number] }
  | { readonly by: 'standing'; readonly order: readonly (readonly OrderStanding[])[] }
);

/**
 * Every condition must hold; within one, any of the values. Ranges include both ends. Names and the end of the certificate are those
 * of the certificate that counts: the newest, duplicates aside; of the newest issuance before there is one.
 */
export interface OrderSearch extends OffsetQuery {
  readonly standings?: readonly OrderStanding[];
  readonly productCodes?: readonly string[];
  readonly numbers?: readonly number[];
  /** The first name, exactly. */
  readonly commonNames?: readonly string[];
  /** Any name, exactly. */
  readonly names?: readonly string[];
  /** Part of a name, or of the alternative reference, or the number of the order. `isExact`: all of it. */
  readonly text?: {
    readonly value: string;
    readonly isExact: boolean;
    /** Part of an e-mail address of the order (`emails`) counts as well. */
    readonly inEmails?: boolean;
  };
  /** Of any of its certificates. */
  readonly serials?: readonly string[];
  /** Of any of its issuances. */
  readonly issuanceNumbers?: readonly number[];
  readonly organizationNumbers?: readonly number[];
  /** Those of the root are in it, or in none. */
  readonly containerNumbers?: readonly number[];
  readonly alternativeReference?: string;
  /** It is the order's alternative reference, or one of several in it. */
  readonly anyReference?: string;
  /** A custom field that has a value. */
  readonly customFieldNumbers?: readonly number[];
  /** Placed by this user, with any of their keys; or with this key, which nobody holds. */
  readonly userNumbers?: readonly number[];
  /**
   * An e-mail address of the order, in any case of letters: of whoever placed it (the account's, where they have none), of a contact
   * of the order or of its organization, or of a further recipient of its reminders.
   */
  readonly emails?: readonly string[];
  /** It renews an order. */
  readonly isRenewal?: boolean;
  /** It is renewed by an order. */
  readonly isRenewed?: boolean;
  readonly hasRemindersOff?: boolean;
  readonly createdFrom?: Date;
  readonly createdUntil?: Date;
  /** Bounds on the end of the newest certificate. */
  readonly expiresFrom?: Date;
  readonly expiresUntil?: Date;
  readonly sort?: readonly OrderSort[];
}

/** Changes of an order that need nobody's approval. */
export interface OrderChange {
  readonly customValues?: readonly Pick<CustomValue, 'fieldNumber' | 'value'>[];
  readonly reminders?: ReminderSettings;
  readonly renewalMark?: Order['renewalMark'];
  readonly isAutoRenewed?: boolean;
  readonly alternativeReference?: string | null;
  readonly dialectData?: MergePatch;
}

/** An order's id, for the messages that name it. */
export function referenceText(reference: OrderReference): string {
  if ('number' in reference) return String(reference.number);
  if ('id' in reference) return reference.id;
  return 'issuanceNumber' in reference ? String(reference.issuanceNumber) : reference.proofReference;
}

/** Who would check the names of an order, and by what, as far as that is known before it is placed. */
export interface CheckedOrder {
  /** An upstream would: its challenges are known only when it has the order. Otherwise we would. */
  readonly isRelayed: boolean;
  /** Names that would be proved by their delegation, and not by the front door's own challenges. */
  readonly delegations: readonly { readonly name: string; readonly challenge: CnameChallenge }[];
}

/** What placing would do now: its price, and what is left to be proved. */
export interface DryRun {
  readonly price: Money;
  readonly balanceAfterMinor: number;
  readonly needsApproval: boolean;
  readonly names: readonly {
    readonly identifier: Identifier;
    readonly isProved: boolean;
    /** Null: it is not proved. */
    readonly validUntil: Date | null;
  }[];
}

export interface Orders {
  /** @throws {CertError} unknownProduct, badName, refusedName, tooManyNames, badCsr, badKey, insufficientBalance, … */
  place(caller: Caller, request: PlaceOrder): Promise<OrderView>;
  /**
   * Refuses what `placeOrder` would refuse before it stores anything, the balance apart; for APIs with a dry run. Makes no key.
   */
  check(caller: Caller, request: PlaceOrder): Promise<CheckedOrder>;
  /** Refuses whatever `place` would refuse now, the balance included, and changes nothing. A key that is to be made is made in vain. */
  dryRun(caller: Caller, request: PlaceOrder): Promise<DryRun>;
  /** Waits briefly if work on the order is under way at this moment, so that a poll sees its result. */
  get(caller: Caller, reference: OrderReference): Promise<OrderView>;
  /**
   * For APIs that return a certificate in one call: the order once the checks and the signing that are under
   * way or due have ended, or after `withinMs`. It never waits for a person, nor for a later look.
   */
  settle(caller: Caller, reference: OrderReference, withinMs: number): Promise<OrderView>;
  /**
   * A list by end shows each order with the certificate that counts, one of failing validation with the issuance that fails, any other
   * with the newest issuance.
   * @throws {CertError} notFound for another account's, unknownProduct, invalidField
   */
  list(caller: Caller, query: OrderFilter & FilteredPageQuery): Promise<Page<OrderSummary, ListPlace>>;
  /**
   * Takes names out of an order whose newest issuance is not being signed yet, and refunds what they cost. At least one
   * stays. `unproved`: all that are not proved now. Where an upstream has the order, it takes them out first, one by one; a name that it
   * has not answered for when the wait is over leaves the order later.
   * @throws {CertError} notFound, wrongState, invalidField
   */
  removeNames(caller: Caller, reference: OrderReference, names: readonly Identifier[] | 'unproved'): Promise<OrderView>;
  /** Page with offset and total, for dialects whose lists count; `orders` is cheaper. */
  search(caller: Caller, search: OrderSearch): Promise<CountedPage<OrderSummary>>;
  /**
   * Orders to which something happened between the two moments, the latest first, each once. The cursor is the number of an
   * event, so that what happens meanwhile moves nothing; a page may have fewer items than `limit`, or none, before the last.
   */
  listChanged(
    caller: Caller,
    query: PageQuery & { readonly from: Date; readonly until: Date },
  ): Promise<Page<ChangedOrder>>;
  change(caller: Caller, reference: OrderReference, change: OrderChange): Promise<OrderView>;
  /**
   * Gives up an order that has no certificate yet and refunds it. `issuedWithinDays`: one whose first certificate is no older
   * as well; its certificates are revoked (cessationOfOperation).
   */
  cancel(
    caller: Caller,
    reference: OrderReference,
    options?: { readonly issuedWithinDays?: number; readonly note?: string },
  ): Promise<OrderView>;
}
