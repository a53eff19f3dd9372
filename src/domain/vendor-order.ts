/**
 * An issuance at a vendor, step by step. Each step is stored before the request that could buy anything, so that what became of a lost
 * reply is found out, and nothing is bought twice (design §5).
 */
import type { IssuanceId } from './ids.ts';
import type { Money } from './money.ts';

/** How a vendor names what it sold. */
export interface VendorReference {
  /** The order: `id`, `trustocean_id`, `certId`, `handle_id`. */
  readonly order: string;
  /** The certificate, where the vendor numbers those as well: an order of DigiCert has several. */
  readonly certificate: string | null;
}

/** `renewal`: an order that follows another one at the vendor. `reissue`, `duplicate`: another certificate of an order that is there. */
export const purchaseKinds = ['new', 'renewal', 'reissue', 'duplicate'] as const;
export type PurchaseKind = (typeof purchaseKinds)[number];

/**
 * `waiting`: nothing was sent that could buy anything. `sent`: it was, and what became of it is not known. `bought`: the vendor has named
 * the order. `over`: it issues nothing for it, and owes nothing.
 */
export const vendorSteps = ['waiting', 'sent', 'bought', 'over'] as const;
export type VendorStep = (typeof vendorSteps)[number];

export interface VendorOrder {
  readonly issuanceId: IssuanceId;
  readonly issuerId: string;
  /** Our account at the vendor. */
  readonly account: string;
  /** The API that is spoken there, such as `racent`, and its address. Null: the row is older than the column, and nobody knows. */
  readonly vendor: string | null;
  readonly baseUrl: string | null;
  readonly step: VendorStep;
  readonly kind: PurchaseKind;
  /** The vendor's code of the product. */
  readonly product: string;
  /** For other kinds than `new`: what it renews, or is part of. */
  readonly of: VendorReference | null;
  readonly reference: VendorReference | null;
  /** When it was sent last; null: it never was. */
  readonly sentAt: Date | null;
  /** The state as the vendor called it last. */
  readonly words: string | null;
  /** As the vendor said it; null: it has not. */
  readonly price: Money | null;
  /** The end of what was bought there; null: not known yet. */
  readonly coverageUntil: Date | null;
}
