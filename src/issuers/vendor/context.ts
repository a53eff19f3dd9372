/** What the parts of an issuer that buys from a vendor share. */
import type { Money } from '../../domain/money.ts';
import type { Preparations } from '../../domain/ports/preparations.ts';
import type { CertificateStore } from '../../domain/ports/stores/certificates.ts';
import type { IssuanceStore } from '../../domain/ports/stores/issuances.ts';
import type { UpstreamOrderStore } from '../../domain/ports/stores/upstreams.ts';
import type { VendorOrderStore, VendorStores } from '../../domain/ports/stores/vendors.ts';
import type { Clock, Log } from '../../domain/ports/system.ts';
import type { PurchaseContact, Upstream, VendorMode } from '../../domain/ports/upstream.ts';
import type { Coverage } from '../../domain/product.ts';
import type { UpstreamTerms } from '../../domain/upstream-account.ts';

/** What is bought there for a product of ours. */
export interface BoughtProduct {
  /** The vendor's code. */
  readonly code: string;
  /** The coverage that is bought; null: that of the order. */
  readonly coverage: Coverage | null;
}

/** How the vendor names what we name otherwise. */
export interface VendorMapping {
  /** By the code of our product, as operators write it. */
  readonly products: ReadonlyMap<string, BoughtProduct>;
  /** For products that have no line of their own; null: those cannot be bought. */
  readonly otherProducts: BoughtProduct | null;
  /** The vendor's id of an organization, by our number. */
  readonly organizations: ReadonlyMap<number, string>;
  /** For orders without a person, or without some of their fields. */
  readonly contact: PurchaseContact;
  /** The vendor's id of the container; null: the key's own. */
  readonly container: string | null;
}

export interface VendorIssuerContext {
  readonly id: string;
  readonly terms: UpstreamTerms;
  readonly mode: VendorMode;
  /** The API that is spoken there, such as `racent`. */
  readonly dialect: string;
  readonly baseUrl: string;
  /** Where the same service was before: orders that were placed there are asked for at `baseUrl`. */
  readonly formerUrls: readonly string[];
  readonly upstream: Upstream;
  readonly mapping: VendorMapping;
  /** Below it the operator is warned; null: never. */
  readonly balanceWarning: Money | null;
  /** `write` may run its work several times. */
  readonly rows: {
    readonly read: {
      readonly vendorOrders: Pick<VendorOrderStore, 'get' | 'listByNumber' | 'listSentSince'>;
      readonly upstreamOrders: Pick<UpstreamOrderStore, 'get'>;
      readonly certificates: Pick<CertificateStore, 'get'>;
      readonly issuances: Pick<IssuanceStore, 'get'>;
    };
    write<T>(work: (tx: VendorStores) => Promise<T>): Promise<T>;
  };
  readonly preparations: Preparations;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
}
