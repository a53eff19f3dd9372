/** Filters of the lists of orders and of certificates. Every condition must hold; within one, any of the values. */
import type { CertificateStanding } from '../certificate.ts';
import type { OrderStanding } from '../order.ts';
import type { Counting } from '../page.ts';
import type { OrderState } from '../states.ts';

/** Ranges include their first moment and exclude their last. */
interface Filter {
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** As `productCodeOf` writes it. */
  readonly productCode?: string;
  readonly issuerId?: string;
  readonly createdFrom?: Date;
  readonly createdBefore?: Date;
  /** The end of the certificate; of an order, that of the certificate that counts. */
  readonly endsFrom?: Date;
  readonly endsBefore?: Date;
  /** By default newest first; where the filter is about ends, soonest end first. */
  readonly sort?: ListSort;
}

/** By end: only what has one. */
export interface ListSort {
  readonly by: 'created' | 'ends';
  readonly descending: boolean;
}

/** In whose hands an order is where something is to be done. */
export type OrderTurn = 'approver' | 'customer' | 'operator' | 'server';

export interface OrderFilter extends Filter {
  readonly states?: readonly OrderState[];
  /** A name that the order ever requested, exactly. */
  readonly name?: string;
  /**
   * Part of a name of the certificate that counts, or of the newest issuance before there is one; of the issuance that fails, where those
   * are listed. So is the issuer.
   */
  readonly namePart?: string;
  /** Orders with an issuance whose last check could not prove a name. Each is shown with the newest such issuance. */
  readonly isFailing?: true;
  /** Of those only the ones whose check found this: the key of a reason. */
  readonly failingCode?: string;
  readonly standings?: readonly OrderStanding[];
  readonly turns?: readonly OrderTurn[];
  /** Part of a name as `namePart`, or of the customer's reference; or the number of the order. */
  readonly text?: string;
  /** The text may also be part of an e-mail address that belongs to an order. Of one account: without one, no addresses are looked at. */
  readonly inEmails?: true;
  /** Id or number. That of the root: also orders that are in none. */
  readonly container?: string;
  /** Id or number. */
  readonly organization?: string;
  /** The customer's reference, or one of several in it, exactly. Of one account. */
  readonly reference?: string;
  /** Of any of its certificates. */
  readonly serial?: string;
  /** An order renews it, or somebody has marked it as renewed. */
  readonly isRenewed?: boolean;
}

export interface CertificateFilter extends Filter {
  readonly standings?: readonly CertificateStanding[];
  /** Exactly. */
  readonly name?: string;
  readonly serial?: string;
  /** Part of a name. */
  readonly text?: string;
  /** The SHA-256 of its public key (SubjectPublicKeyInfo), lower-case hex. */
  readonly keyHash?: string;
  /** A later certificate of its order has taken its place, or the order was renewed. Duplicates take nothing's place. */
  readonly isReplaced?: boolean;
}

/** The place of an item in such a list: the cursor of the page behind it. */
export interface ListPlace {
  /** When it was created; in a list by end, when its certificate ends. */
  readonly at: Date;
  /** Of the order or the certificate; of the issuance in a list of failing validation. */
  readonly number: number;
}

/**
 * A page of such a list. `before` is the cursor.
 */
export interface FilteredPageQuery extends Counting {
  readonly limit: number;
  readonly before?: ListPlace;
}

type Sorted = Pick<OrderFilter, 'endsFrom' | 'endsBefore' | 'isFailing' | 'sort'>;

/** The sort of a list, which is that of its filter by default. */
export function sortOf({ endsFrom, endsBefore, isFailing, sort }: Sorted): ListSort {
  if (isFailing === true) return { by: 'created', descending: true };
  if (sort !== undefined) return sort;
  const isByEnd = endsFrom !== undefined || endsBefore !== undefined;
  return isByEnd ? { by: 'ends', descending: false } : { by: 'created', descending: true };
}

/** Reports whether the list is sorted by end. */
export function isByEnd(filter: Sorted): boolean {
  return sortOf(filter).by === 'ends';
}
