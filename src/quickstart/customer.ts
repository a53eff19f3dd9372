/**
 * The customer's software, separate from everything around it: what it sends to certmux in the words of one API. The
 * quickstart does the rest, the same for every API: starts the service, makes the key, places the proofs, uses the
 * certificate. A further API is one more script and a line in `customers.ts`.
 */

/** One API, as its clients speak it. */
export type CustomerScript = LoginScript | KeyScript;

/** Its clients sign in as a user of the customer's account. */
export interface LoginScript extends Script {
  readonly entersBy: 'login';
  createCustomer(options: CustomerOptions, login: Login): Customer;
}

/** Its clients have a key from the operator: settings by the API's own names, or a key of ACME clients. */
export interface KeyScript extends Script {
  readonly entersBy: 'key' | 'acmeKey';
  createCustomer(options: CustomerOptions, key: Readonly<Record<string, string>>): Customer;
}

interface Script {
  /** The dialect's name. */
  readonly api: string;
  /** The API's name for people. */
  readonly title: string;
  /** Settings of its front door; its messages in English, for one. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What its products are sold in; CNY by default. */
  readonly currency?: string;
  /** Whether its certificates may be for wildcards. */
  readonly takesWildcards: boolean;
  /** Names are validated only by CNAME, as the API knows no files. */
  readonly provesByCnameOnly?: boolean;
  /** Wildcards are proved by TXT at `_acme-challenge`, where no record can stand beside a delegation. */
  readonly wildcardsNeedOwnTxt?: true;
  /** Its replies show the delegation that an upstream CA needs; otherwise the customer sets that beforehand. */
  readonly showsDelegations?: true;
  /** certmux makes the key and sends it with the certificate, so that there is no CSR. */
  readonly leavesKeyToServer?: boolean;
}

export interface CustomerOptions {
  readonly baseUrl: string;
  /** A vendor checks the names, so that what proves them is known only when the vendor has the order. */
  readonly isRelayed?: boolean;
  readonly fetch: (request: Request) => Promise<Response>;
}

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Every call takes a signal and throws what the server refused. Calls are made in the order of this list. */
export interface Customer {
  /** Before the order: sign-in, price list. Each is shown as a step and answers what came of it. */
  readonly preparations: readonly Call[];
  /** What proves these names whatever is ordered, placed before the order; absent where the order's reply says it. */
  standingOffers?(names: readonly string[]): readonly Offer[];
  /** How the step is called: `POST /cert/create`. */
  readonly orderCall: string;
  placeOrder(request: OrderRequest, signal: AbortSignal): Promise<PlacedOrder>;
  /** What proves each name where a vendor checks it; empty, or some of it, until the vendor has said so. */
  readOffers?(signal: AbortSignal): Promise<readonly Offer[]>;
  /** Asks for a look at the proofs now, where a vendor looks for them. */
  recheck?(signal: AbortSignal): Promise<void>;
  /** Once the proofs are placed, where the API has a call that says so. */
  readonly completion?: Call;
  readonly pollCall: string;
  readOrder(signal: AbortSignal): Promise<OrderState>;
}

/** Shown as a step, with what came of it. */
export interface Call {
  readonly call: string;
  run(signal: AbortSignal): Promise<string>;
}

export interface OrderRequest {
  /** Empty where certmux makes the key, or the vendor behind it does. */
  readonly csrPem: string;
  readonly names: readonly string[];
}

export interface PlacedOrder {
  readonly summary: string;
  /** What proves each name; any one of them does. */
  readonly offers: readonly Offer[];
}

export interface Offer {
  readonly name: string;
  readonly file?: FileProof;
  readonly cname?: CnameProof;
  readonly txt?: TxtProof;
}

export interface FileProof {
  readonly path: string;
  readonly content: string;
}

export interface CnameProof {
  readonly host: string;
  readonly target: string;
}

export interface TxtProof {
  readonly host: string;
  readonly value: string;
}

export interface OrderState {
  /** The API's own word: `issued_active`. */
  readonly status: string;
  readonly verifiedNames: readonly string[];
  /** Why there will be no certificate. */
  readonly failure?: string;
  /** Why a name is not verified yet. */
  readonly problem?: string;
  readonly certificate?: IssuedPem;
}

export interface IssuedPem {
  readonly certificate: string;
  /** The certificates between it and the root. */
  readonly intermediates: string;
  /** Of a key that certmux made. */
  readonly privateKey?: string;
}
