/** Filters of the lists of orders and of certificates. Every condition must hold; within one, any of the values. */
import type { CertificateStanding } from '../certificate.ts';
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
}

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
}

export interface CertificateFilter extends Filter {
  readonly standings?: readonly CertificateStanding[];
  /** Exactly. */
  readonly name?: string;
  readonly serial?: string;
}

/** The place of an item in such a list: the cursor of the page behind it. */
export interface ListPlace {
  /** When it was created; in a list by end, when its certificate ends. */
  readonly at: Date;
  /** Of the order or the certificate; of the issuance in a list of failing validation. */
  readonly number: number;
}

/**
 * A page of such a list: soonest end first where the filter is about ends, otherwise newest first. `before` is the cursor.
 */
export interface FilteredPageQuery {
  readonly limit: number;
  readonly before?: ListPlace;
}

/** Reports whether the list is sorted by end, soonest first. */
export function isByEnd({
  endsFrom,
  endsBefore,
  isFailing,
}: Pick<OrderFilter, 'endsFrom' | 'endsBefore' | 'isFailing'>) {
  return isFailing !== true && (endsFrom !== undefined || endsBefore !== undefined);
}
