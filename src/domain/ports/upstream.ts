/**
 * A vendor as its customer sees it: the client half of a dialect, in the words of the core (design §5). It is made for what vendors really
 * do: they take hours, refuse with HTTP 200, write texts instead of codes, and leave fields out.
 */
import type { RevocationReason } from '../certificate.ts';
import type { NameChoice } from '../challenge.ts';
import type { Identifier } from '../identifier.ts';
import type { Phrase } from '../messages/expectations.ts';
import type { Money } from '../money.ts';
import type { Contact } from '../order.ts';
import type { OrganizationDetails } from '../organization.ts';
import type { Coverage } from '../product.ts';
import type { ProductLimits } from '../product-limits.ts';
import type { ValidationMethod } from '../validation-method.ts';
import type { PurchaseKind, VendorReference } from '../vendor-order.ts';
import type { WantedProof } from './issuer.ts';
import type { Clock, PublicSuffixes } from './system.ts';

/** Who proves what to whom at a vendor (design §5). */
export const vendorModes = ['relay', 'standing', 'signfile'] as const;
export type VendorMode = (typeof vendorModes)[number];

/**
 * How a purchase whose reply was lost is found again. `search`: `find` says for sure whether the vendor has it, once `settlesSeconds` have
 * passed. `never`: nobody can tell, nothing is sent again, and the operator decides.
 */
export type LostPurchases = 'search' | 'never';

/** A vendor's peculiarities, each with its evidence in `source`. */
export interface UpstreamManners {
  /** As people know it: `DigiCert CertCentral`. */
  readonly title: string;
  /** The usual one first. */
  readonly modes: readonly [VendorMode, ...VendorMode[]];
  /** In mode `relay`: the methods by which it checks names, the usual one first. */
  readonly relayed: readonly ValidationMethod[];
  readonly lostPurchases: LostPurchases;
  /** The field in which our reference is sent; null: there is none. */
  readonly referenceField: string | null;
  /** After this time a search knows all that was taken. */
  readonly settlesSeconds: number;
  /** False: it makes the keys itself, and serves only orders without a CSR. */
  readonly takesCsr: boolean;
  /** A mail address is not taken with the purchase: it is chosen by `changeMethod` once there are challenges. */
  readonly takesNoMail?: true;
  readonly takesWildcards: boolean;
  /** Kinds of addresses that it certifies. */
  readonly takesAddresses: readonly ('ipv4' | 'ipv6')[];
  readonly mostNames: number;
  /** Whether another certificate of a bought order may be had, and for which names; null: it is bought anew. */
  readonly reissues: 'sameNames' | 'anyNames' | null;
  readonly duplicates: 'sameNames' | null;
  /** It looks for the proofs before it takes an order (`proofs`), and not after. */
  readonly provesFirst: boolean;
  /** The wait between two looks at an order: at first, and at most. */
  readonly pollSeconds: { readonly first: number; readonly longest: number };
  /** Until when after the purchase an order may be cancelled, and is paid back; null: not said. */
  readonly cancelDays: number | null;
  /** Its list of products says which names each takes (`VendorProduct.limits`). */
  readonly listsLimits?: true;
  /** It is prepaid, and says what is left (`balance`). */
  readonly showsBalance?: true;
  /** Sections of the vendor's documents, or what else the row rests on. */
  readonly source: string;
}

/** What is bought. Names are canonical, in the order of the issuance. */
export interface Purchase {
  readonly kind: PurchaseKind;
  /** For other kinds than `new`: what it renews, or is part of. */
  readonly of: VendorReference | null;
  /** Ours, the same each time that this purchase is sent: `iss_` and 26 lower-case letters and digits. */
  readonly clientReference: string;
  /** The vendor's code of the product. */
  readonly product: string;
  readonly coverage: Coverage;
  readonly names: readonly [Identifier, ...Identifier[]];
  /** How each name is to be proved; empty where the vendor does not check the names for us. */
  readonly choices: readonly NameChoice[];
  /** PKCS#10 DER; null where the vendor makes the key. */
  readonly csr: Uint8Array | null;
  /** Where the vendor makes the key. */
  readonly keyType: 'rsa' | 'ec';
  readonly organization: PurchaseOrganization | null;
  readonly contact: PurchaseContact;
  /** The vendor's id of the container in which it is kept; null: the key's own. */
  readonly container: string | null;
}

/** `id`: the vendor's own, where the configuration names it. */
export interface PurchaseOrganization {
  readonly id: string | null;
  readonly details: OrganizationDetails;
}

/** The person that the vendor is told of: the order's, with what the configuration says where the order has nothing. */
export type PurchaseContact = Contact & {
  readonly address?: string;
  readonly city?: string;
  readonly state?: string;
  readonly country?: string;
  readonly postalCode?: string;
  readonly organization?: string;
};

/** A purchase whose reply was lost, with the time at which it was first sent. */
export interface LostPurchase extends Purchase {
  readonly sentAt: Date;
}

/**
 * - preparing: it has the order, and no challenges yet.
 * - proving: it waits for the proofs of the names.
 * - held: it waits for a person with us: an approval in its console, a document.
 * - processing: it works, and nobody has to do anything.
 * - issued, refused, cancelled: it is done. A certificate that was revoked there since is `issued`.
 * - unknown: a state that is in no document.
 */
export type VendorState =
  | 'preparing'
  | 'proving'
  | 'held'
  | 'processing'
  | 'issued'
  | 'refused'
  | 'cancelled'
  | 'unknown';

/** An order as the vendor shows it. */
export interface VendorAnswer {
  readonly reference: VendorReference;
  readonly state: VendorState;
  /** The state in its own words, with its reason where it gives one. */
  readonly words: string;
  /** What is to be placed; those of `proving` alone count. */
  readonly proofs: readonly WantedProof[];
  /** The end of the challenges, where it says so. */
  readonly proofsUntil: Date | null;
  /** Only where it is `issued`. `chain` nearest first, without the leaf. `privateKey`: PKCS#8 DER, where it made the key. */
  readonly certificate: {
    readonly der: Uint8Array;
    readonly chain: readonly Uint8Array[];
    readonly privateKey?: Uint8Array;
  } | null;
  /** What it cost; null: it does not say. */
  readonly price: Money | null;
  /** The end of what was bought; null: it does not say. */
  readonly coverageUntil: Date | null;
}

/** A product that our account there may buy. */
export interface VendorProduct {
  readonly code: string;
  readonly title: string;
  /** What one name costs, for the product's own period; absent: its list does not say. */
  readonly prices?: { readonly name: Money; readonly wildcard: Money };
  /** The names that it takes; absent: its list does not say. */
  readonly limits?: ProductLimits;
}

/** An order in its list, for the comparison with ours. */
export interface ListedPurchase {
  readonly reference: VendorReference;
  /** As we sent it, where it shows that. */
  readonly clientReference: string | null;
  readonly state: VendorState;
  readonly words: string;
  readonly names: readonly string[];
  readonly placedAt: Date | null;
  readonly price: Money | null;
}

/** What the vendor must have validated already, in mode `standing`. */
export interface StandingQuestion {
  /** The vendor's code of the product, whose level of validation it takes. */
  readonly product: string;
  readonly names: readonly Identifier[];
  readonly organization: PurchaseOrganization | null;
  readonly container: string | null;
}

/** `missing`: names that it would not certify at once, or the organization, each with its own words. */
export interface StandingAnswer {
  readonly missing: readonly { readonly what: string; readonly words: string }[];
}

/**
 * Each method makes one call or a few. Any may be cut off at any moment, by the signal or by a crash, and may be made again. All throw
 * `UpstreamFailure`, and nothing else but the signal's reason. Optional ones are left out where the vendor has no such call.
 */
export interface Upstream {
  readonly manners: UpstreamManners;
  /** Buys. Sent once; again only where `find` has not found it. */
  place(purchase: Purchase, signal: AbortSignal): Promise<VendorAnswer>;
  /** With `lostPurchases: 'search'`. `absent`: it has no such order, by what it says now. */
  find?(lost: LostPurchase, signal: AbortSignal): Promise<VendorAnswer | 'absent'>;
  /** @param purchase what was sent, by which the certificate is known among several of an order */
  state(reference: VendorReference, purchase: Purchase, signal: AbortSignal): Promise<VendorAnswer>;
  /**
   * With `reissues` or `duplicates`, asked where another certificate of a bought order was not to be had: whether it can be had at all. False
   * for an order that was revoked, cancelled, refunded or refused there, or whose time is over.
   */
  serves?(reference: VendorReference, signal: AbortSignal): Promise<boolean>;
  /** With `provesFirst`: what must stand for each name, and whether it does. */
  proofs?(names: readonly Identifier[], signal: AbortSignal): Promise<readonly WantedProof[]>;
  /** Asks it to look for the proofs now. What it found is for `state` to say. */
  check?(reference: VendorReference, signal: AbortSignal): Promise<void>;
  /** @throws {UpstreamFailure} refused: the name stays as it was */
  changeMethod?(reference: VendorReference, change: NameChoice, signal: AbortSignal): Promise<void>;
  /** Takes a name that is not proved out of an order that is not issued. One that is out already is no fault. */
  removeName?(reference: VendorReference, name: Identifier, signal: AbortSignal): Promise<void>;
  /** `cancelled` also where it was before, `tooLate` where a certificate may come all the same. */
  cancel?(reference: VendorReference, kind: PurchaseKind, signal: AbortSignal): Promise<'cancelled' | 'tooLate'>;
  /** One that is revoked already is no fault. */
  revoke?(
    sold: { readonly reference: VendorReference; readonly serial: string },
    reason: RevocationReason,
    signal: AbortSignal,
  ): Promise<void>;
  /** Prepaid, what is left. */
  balance?(signal: AbortSignal): Promise<Money>;
  /** Also the cheapest call that shows whether the credentials are taken. */
  products(signal: AbortSignal): Promise<readonly VendorProduct[]>;
  /** Orders placed since then, the latest first, up to a few thousand. */
  orders?(since: Date, signal: AbortSignal): Promise<readonly ListedPurchase[]>;
  /** With the mode `standing`. */
  standing?(question: StandingQuestion, signal: AbortSignal): Promise<StandingAnswer>;
  /** With the mode `signfile`: what must be served at each name. */
  readonly signfile?: { readonly path: string; readonly content: string };
}

/** One of the values by which the vendor knows us, in its own name. */
export interface UpstreamCredential {
  readonly name: string;
  /** Kept out of evidence, and read from a file where the configuration names one. */
  readonly isSecret: boolean;
}

export interface UpstreamOptions {
  /** Without a trailing slash, and without `callsPath`. */
  readonly baseUrl: string;
  /** Carries proxies, trust and time-outs. @throws {UpstreamFault} without a whole reply */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly credentials: Readonly<Record<string, string>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly publicSuffixes: PublicSuffixes;
  /** Of our account there, for a vendor whose prices are bare numbers (ISO 4217). Absent: those are not read. */
  readonly currency?: string;
}

/** What the configuration names in the vendor's words. */
export type VendorWordKind = 'product' | 'organization' | 'container';

/** A dialect's client half as a way out. */
export interface UpstreamMaker {
  readonly manners: UpstreamManners;
  readonly credentials: readonly UpstreamCredential[];
  /** The vendor's own address; null: there is none any more. */
  readonly usualUrl: string | null;
  /** The path that all its calls begin with, and that its documents may count to its address: `/ssl`. Empty where there is none. */
  readonly callsPath: string;
  /** Why a word of the configuration can be none of the vendor's, where that shows without a call; undefined where it can. */
  objectionTo?(what: VendorWordKind, word: string): Phrase | undefined;
  create(options: UpstreamOptions): Upstream;
}
