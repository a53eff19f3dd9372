/**
 * Something that turns an issuance into a certificate. A local issuer signs at once, by a plan that is committed. An upstream
 * (an ACME CA, a vendor) takes seconds to weeks and bills: the core commits an `UpstreamOrder` before the first call and asks
 * until there is an answer.
 */

import type { Period } from '../authority.ts';
import type { AuthorityOutlook } from '../authority-outlook.ts';
import type { CaaIdentity } from '../caa.ts';
import type { Certificate, RevocationReason } from '../certificate.ts';
import type { Challenge, NameChoice } from '../challenge.ts';
import type { Reason } from '../errors.ts';
import type { Identifier } from '../identifier.ts';
import type { AccountId, AuthorityId, IssuanceId, OrderId, ProductId } from '../ids.ts';
import type { Issuance, IssuancePlan, RequestedValidity, Turn } from '../issuance.ts';
import type { Objection } from '../may-be-issued.ts';
import type { Money } from '../money.ts';
import type { Contact } from '../order.ts';
import type { OrganizationDetails } from '../organization.ts';
import type { Coverage } from '../product.ts';
import type { LimitedProduct } from '../product-limits.ts';
import type { Profile } from '../profile.ts';
import type { IssuerOfPair, UpstreamMode } from '../relay.ts';
import type { UpstreamTerms } from '../upstream-account.ts';
import type { UpstreamCheck } from '../upstream-check.ts';
import type { ComparedOrders } from '../upstream-watch.ts';
import type { ValidationMethod } from '../validation-method.ts';
import type { ImportedSerialStore } from './stores/imported-serials.ts';
import type { VendorStores } from './stores/vendors.ts';

export type Issuer = LocalIssuer | UpstreamIssuer | IssuerPool;

export interface IssueRequest {
  /** Also the idempotency key: the same id never buys or signs for release twice. */
  readonly issuanceId: IssuanceId;
  readonly profile: Profile;
  /** PKCS#10 DER, its signature already verified. */
  readonly csr: Uint8Array;
  readonly names: readonly Identifier[];
  readonly organization: OrganizationDetails | null;
}

export interface SignRequest extends IssueRequest {
  readonly plan: IssuancePlan;
}

/** What decides whether an upstream could ever issue it. */
export interface Suited extends Pick<UpstreamRequest, 'names' | 'profile'> {
  /** Null: it comes later. */
  readonly csr: Uint8Array | null;
  readonly ordered: Pick<OrderedTerms, 'isKeyOurs'>;
}

/** An order to an upstream. It chooses serial number and validity itself. */
export interface UpstreamRequest extends IssueRequest {
  /** Whose order it is: delegations name the account. */
  readonly accountId: AccountId;
  readonly validity: RequestedValidity | null;
  /** The end of what the customer paid for. */
  readonly coverageUntil: Date;
  /** The method for each name, where the upstream checks the names (`RelayingIssuer`); empty where we do. */
  readonly choices: readonly NameChoice[];
  /** The commercial side, which vendors ask for. */
  readonly ordered: OrderedTerms;
  /** The certificate that this one follows, where the same issuer issued it: the last of the order, or of the order that it renews. */
  readonly predecessor: Pick<Certificate, 'der'> | null;
  /** Nobody wants it any more: nothing further is sent for it, and what was issued all the same is fetched. Only in `resume`. */
  readonly isGivenUp?: true;
}

/** What was ordered here, as a vendor is told of it. */
export interface OrderedTerms {
  readonly orderId: OrderId;
  readonly productId: ProductId;
  /** As operators write it (`product-code.ts`). */
  readonly productCode: string;
  readonly kind: Issuance['kind'];
  readonly coverage: Coverage;
  readonly contact: Contact | null;
  readonly organizationNumber: number | null;
  /** Earlier issuances of the order that have their certificate, the newest first. */
  readonly earlier: readonly IssuanceId[];
  /** Those of the order that this one renews. */
  readonly renewed: readonly IssuanceId[];
  readonly keyType: 'rsa' | 'ec';
  /** The key was made here, and nobody holds it yet. */
  readonly isKeyOurs: boolean;
}

export interface IssuedCertificate {
  readonly kind: 'issued';
  readonly der: Uint8Array;
  /** The chain as the upstream sent it, nearest first; null: the chain of `plan.authorityId`. */
  readonly chain: readonly Uint8Array[] | null;
}

/** It will not issue this, now or later. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: Reason;
  /** It refused before anything was sent that it could have issued: another issuer of the pool may be tried. */
  readonly isBeforeFinalize?: true;
  /** It took no order at all, so that its budget of orders has not been used. */
  readonly isUntaken?: true;
  /** Names that the upstream looked at and could not validate, which its budgets count. */
  readonly failedValidations?: readonly string[];
}

/** What an issuance waits for at an upstream, as customer and operator are shown it. */
export interface UpstreamWait {
  readonly turn: Turn;
  readonly reason: Reason;
  /** The end of a limit, as the upstream names it: the deadline of the order does not run until then. */
  readonly limitedUntil?: Date;
}

export type SignOutcome = IssuedCertificate | Refused;

/**
 * Outcome of an order at the upstream. `pending`: ask again, not before `retryAt`; `waits` is what for, where somebody can do something
 * about it. `notTaken`: it has taken no order, and would not before `retryAt`; another issuer of the pool may be tried. `refused`: it issues
 * nothing, and owes nothing. `unclear`: its answer does not say whether it has the order, or what became of it; the operator is shown
 * `detail`, and it is polled again at `retryAt`.
 */
export type UpstreamOutcome =
  | (IssuedCertificate & {
      readonly reference: string;
      readonly chain: readonly Uint8Array[];
      /** PKCS#8 DER of the key that the upstream made (`UpstreamIssuer.makesKeys`). */
      readonly privateKey?: Uint8Array;
    })
  | {
      readonly kind: 'pending';
      readonly reference: string | null;
      readonly retryAt: Date;
      readonly waits?: UpstreamWait;
    }
  | {
      readonly kind: 'notTaken';
      readonly reason: Reason;
      readonly retryAt: Date;
      /** It takes too much from us, as it says: several such answers in a row open the breaker. */
      readonly isLimit?: true;
    }
  | Refused
  | {
      readonly kind: 'unclear';
      readonly detail: string;
      readonly reference: string | null;
      readonly retryAt: Date;
    };

/** Those that an authority had used before it came here. */
export interface UsedSerials {
  readonly importedSerials: Pick<ImportedSerialStore, 'has'>;
}

/** What is asked of a local issuer before anything is charged, and again before it signs. */
export interface WantedOfLocal extends Pick<IssueRequest, 'names' | 'profile' | 'organization'> {
  /** Null: it comes later. */
  readonly csr: Uint8Array | null;
  /** Of the plan that is committed; null: it is chosen now. */
  readonly authorityId: string | null;
}

/** What a certificate asks of the authority that is to sign it. */
export interface WantedOfAuthority {
  readonly names?: readonly Identifier[];
  /** Its last moment. */
  readonly until?: Date;
}

/**
 * Our own authorities. `sign` is called only after the plan is committed, and again after a crash: it must then sign
 * for the same serial and validity. What it returns is built from the plan, and is not read again.
 */
export interface LocalIssuer {
  readonly id: string;
  /** The domains by which CAA records name it. None: no record can allow it. */
  readonly caaDomains: readonly string[];
  /**
   * The authority that will sign for this key and these names under this profile: of those that last until `until`, the one that began to
   * sign last; undefined: none does now. In memory, cheap.
   */
  chooseAuthority(csr: Uint8Array, profile: Profile, wanted?: WantedOfAuthority): AuthorityId | undefined;
  /** Whether a plan that was made for the authority may still be signed: also after others have followed it. */
  keepsPlan(authorityId: string | null): boolean;
  /** What stands against a certificate, whoever its names belong to: no authority signs yet, or none may sign for these names. In memory, cheap. */
  objectionTo?(wanted: WantedOfLocal): Objection | undefined;
  /** The period in which the authority's whole chain is valid: no certificate of it may begin before or end after. */
  validityOf(authorityId: string | null): Period;
  /** A serial number that no certificate of the authority has, nor had before the authority came here. */
  newSerial(stores: UsedSerials, authorityId: string | null): Promise<string>;
  /** Throws for faults that may pass (it is tried again); returns `refused` for those that will not. */
  sign(request: SignRequest, signal: AbortSignal): Promise<SignOutcome>;
}

/**
 * Contract: `begin` is called once for an issuance, after its `UpstreamOrder` (the intent) is committed. From then on only
 * `resume` is, with the reference of the last answer, or null where no answer ever came: then it finds out by `issuanceId`,
 * which `begin` handed to the upstream, whether the order exists. It may send the order again only where the upstream is
 * known to take it once for that id; where it cannot tell, it answers `unclear`. Both throw for faults that may pass.
 * They may be cut off at any moment, by the signal or by a crash, and two of them never run at once for one issuance.
 */
export interface UpstreamIssuer {
  readonly id: string;
  readonly upstream: UpstreamTerms;
  /** Who proves what to whom (design §5); `own` where it is absent. */
  readonly mode?: UpstreamMode;
  /** The CA behind it, as people know it, and the address at which it is called. */
  readonly ca?: { readonly title: string; readonly url: string };
  /**
   * The reason why it can never issue this: a kind of name or key, or a profile, that it does not have. Cheap, and without calls: it is
   * checked before an order is placed, and where a pool chooses.
   */
  objectionTo?(request: Suited): Reason | undefined;
  /** It makes the keys itself, and takes no CSR: a key that was made here gives way to the one that comes with the certificate. */
  readonly makesKeys?: true;
  begin(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamOutcome>;
  resume(request: UpstreamRequest, reference: string | null, signal: AbortSignal): Promise<UpstreamOutcome>;
  /**
   * Whether nothing was sent for the issuance that it could issue: where it is away, a pool may then give the order to another one.
   * Without calls; where it is absent nobody can tell, and the order stays.
   */
  isUncommitted?(issuanceId: IssuanceId): Promise<boolean>;
}

export function isUpstream(issuer: Issuer): issuer is UpstreamIssuer {
  return 'upstream' in issuer;
}

export function isLocal(issuer: Issuer): issuer is LocalIssuer {
  return 'sign' in issuer;
}

/**
 * Optional capability: looks, before the first call, at what must stand at the customer's for the upstream to be able to validate the
 * names (a delegation, a responder, a record). Undefined: all of it does. Nothing is sent to the upstream.
 */
export interface PreparedIssuer extends UpstreamIssuer {
  missingPreparation(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamWait | undefined>;
}

export function needsPreparation(issuer: Issuer): issuer is PreparedIssuer {
  return 'missingPreparation' in issuer;
}

/** Optional capability, of every issuer with mode `signfile`: what must be served at each name. Without calls. */
export interface SignfileIssuer extends UpstreamIssuer {
  readonly signfile: { readonly path: string; readonly content: string };
}

export function hasSignfile(issuer: Issuer): issuer is SignfileIssuer {
  return 'signfile' in issuer;
}

/** What the operator found out of an order whose reply was lost: how the upstream names it, or that it has none. */
export type FoundOut = { readonly reference: string } | 'notOrdered';

/**
 * Keeps what the operator found out, in the transaction of the caller, which may run more than once.
 * @throws {CertError} wrongState where nothing is lost any more; invalidField for a reference that another issuance has
 */
export type KeepFound = (tx: VendorStores) => Promise<void>;

/**
 * Optional capability: takes the operator's word for what became of an order whose reply was lost. It looks there first, and changes nothing
 * before its answer is called. Not while a job works on the issuance, whose reply may still come.
 * @throws {CertError} wrongState where nothing is lost; invalidField for a reference that the upstream does not know; unavailable
 */
export interface ResolvableIssuer extends UpstreamIssuer {
  resolve(request: UpstreamRequest, found: FoundOut, signal: AbortSignal): Promise<KeepFound>;
}

export function canResolve(issuer: Issuer): issuer is ResolvableIssuer {
  return 'resolve' in issuer;
}

/** What the record of mode `persist` must name. `accountUrl` null: we have no account there yet. */
export interface PersistentNames {
  /** Names of the CA, any of them. Empty: not known now. */
  readonly issuers: readonly string[];
  readonly accountUrl: string | null;
}

/** Optional capability, of every issuer with mode `persist`: says what customers' records must name. Asks the upstream at most for its names, and throws nothing. */
export interface PersistentIssuer extends UpstreamIssuer {
  persistentNames(signal: AbortSignal): Promise<PersistentNames>;
}

export function knowsPersistentNames(issuer: Issuer): issuer is PersistentIssuer {
  return 'persistentNames' in issuer;
}

/**
 * Optional capability: asks the upstream now whether our account there is in order, without ordering anything. It says what it finds, also
 * that there is no answer, and does not throw.
 */
export interface CheckingIssuer extends UpstreamIssuer {
  check(signal: AbortSignal): Promise<readonly UpstreamCheck[]>;
}

export function canCheck(issuer: Issuer): issuer is CheckingIssuer {
  return 'check' in issuer;
}

/** The account with its new key, as the upstream knows both. */
export interface ChangedKey {
  readonly accountUrl: string;
  /** RFC 7638, of the public key. */
  readonly thumbprint: string;
}

/**
 * Optional capability: gives our account at the upstream another key. Cut off at any moment, the account works: either key may be in use
 * then, and the next call finds out which. Issuers with the same account at the same `ca.url` share the key.
 * @throws {CertError} wrongState before the account is registered; unsupported; what the upstream refused, and the former key stays
 */
export interface KeyChangingIssuer extends UpstreamIssuer {
  changeKey(signal: AbortSignal): Promise<ChangedKey>;
}

export function canChangeKey(issuer: Issuer): issuer is KeyChangingIssuer {
  return 'changeKey' in issuer;
}

/** Optional capability: what is left of what we paid beforehand. Throws `UpstreamFailure`, and for faults that may pass. */
export interface PrepaidIssuer extends UpstreamIssuer {
  /** Below it the operator is warned; null: never. */
  readonly balanceWarning: Money | null;
  balance(signal: AbortSignal): Promise<Money>;
}

export function isPrepaid(issuer: Issuer): issuer is PrepaidIssuer {
  return 'balanceWarning' in issuer;
}

/** Optional capability: the upstream's products take different names, and it lists which. Throws `UpstreamFailure`, and for faults that may pass. */
export interface ListingIssuer extends UpstreamIssuer {
  /** The upstream's code of what is bought for a product of ours; undefined: nothing. */
  boughtFor(productCode: string): string | undefined;
  products(signal: AbortSignal): Promise<readonly LimitedProduct[]>;
}

export function listsProducts(issuer: Issuer): issuer is ListingIssuer {
  return 'boughtFor' in issuer;
}

/** Optional capability: compares the upstream's orders with ours, and changes nothing. Throws `UpstreamFailure`, and for faults that may pass. */
export interface ComparingIssuer extends UpstreamIssuer {
  /** It compares by a list of all orders of our account; otherwise by asking for each of `open`. */
  readonly comparesByList: boolean;
  /** @param open orders of this issuer that have been under way for more than a day, up to a hundred */
  compare(open: readonly UpstreamRequest[], signal: AbortSignal): Promise<ComparedOrders>;
}

export function canCompare(issuer: Issuer): issuer is ComparingIssuer {
  return 'comparesByList' in issuer;
}

/** Optional capability: by what a CAA record names it. Throws for faults that may pass. */
export interface CaaNamedIssuer extends UpstreamIssuer {
  caaIdentity(signal: AbortSignal): Promise<CaaIdentity>;
}

export function isNamedByCaa(issuer: Issuer): issuer is CaaNamedIssuer {
  return 'caaIdentity' in issuer;
}

/** Several upstream issuers of one mode, in the order in which they are tried (design §5). */
export interface IssuerPool {
  readonly id: string;
  readonly members: readonly [UpstreamIssuer, ...UpstreamIssuer[]];
}

export function isPool(issuer: Issuer): issuer is IssuerPool {
  return 'members' in issuer;
}

/** One order as its upstream knows it; `reference` null: no answer to `begin` ever came. */
export interface UpstreamReference {
  readonly issuanceId: IssuanceId;
  readonly reference: string | null;
}

/**
 * Optional capability: cancels an order at the upstream. `cancelled` also where it surely never existed; `tooLate` where
 * a certificate may come all the same. May be called again. Throws for faults that may pass.
 */
export interface CancellingIssuer extends UpstreamIssuer {
  cancel(order: UpstreamReference, signal: AbortSignal): Promise<'cancelled' | 'tooLate'>;
}

export function canCancel(issuer: Issuer): issuer is CancellingIssuer {
  return 'cancel' in issuer;
}

/**
 * Optional capability: revokes at the upstream. The row is revoked already when it is called, by a job that tries again
 * when it throws; one that the upstream has revoked already is no fault.
 */
export interface RevokingIssuer extends UpstreamIssuer {
  revoke(certificate: Certificate, reason: RevocationReason, signal: AbortSignal): Promise<void>;
}

export function canRevoke(issuer: Issuer): issuer is RevokingIssuer {
  return 'revoke' in issuer;
}

/** The time at which the upstream wants a certificate to be followed by the next (RFC 9773 §4.2). */
export interface RenewalWindow {
  readonly from: Date;
  readonly until: Date;
  /** The time of the next query. */
  readonly retryAt: Date;
}

/** Optional capability: says when to renew. Null: it knows nothing of this certificate. */
export interface RenewalInformingIssuer extends UpstreamIssuer {
  renewalInfo(certificate: Certificate, signal: AbortSignal): Promise<RenewalWindow | null>;
}

export function informsOfRenewal(issuer: Issuer): issuer is RenewalInformingIssuer {
  return 'renewalInfo' in issuer;
}

/** The upstream's challenges for one name, all that prove it. `isProved`: it has accepted this one already. */
export interface WantedProof {
  readonly name: string;
  readonly challenges: readonly Challenge[];
  readonly isProved?: true;
}

/** The customer's turn: the front door shows these instead of its own challenges. */
export interface WantedProofs {
  readonly kind: 'proofs';
  /** Null: the upstream looks for them before it takes an order. */
  readonly reference: string | null;
  readonly names: readonly WantedProof[];
  /** After this they prove nothing, and the upstream has new ones. */
  readonly expiresAt: Date;
  readonly retryAt: Date;
}

/** All names are proved to the upstream. It is its turn, and `resume` is called from now on. */
export interface ProofsAccepted {
  readonly kind: 'accepted';
  readonly reference: string;
  readonly retryAt: Date;
}

/** The name stays with the method that it had. */
export interface MethodRefused {
  readonly kind: 'methodRefused';
  readonly reference: string;
  readonly reason: Reason;
}

/** The name is out of the upstream's order, now or since an earlier call whose reply was lost. */
export interface NameRemoved {
  readonly kind: 'nameRemoved';
  readonly reference: string | null;
}

/** The upstream's order keeps the name. */
export interface NameKept {
  readonly kind: 'nameKept';
  readonly reference: string | null;
  readonly reason: Reason;
}

/** Nothing was done: the upstream takes no calls before `retryAt`, and the same is passed on again then. */
export interface NotPassedOn {
  readonly kind: 'notPassedOn';
  readonly reference: string | null;
  readonly retryAt: Date;
}

/** `pending`: it has no challenges yet, or is busy with them. */
export type RelayOutcome = WantedProofs | ProofsAccepted | UpstreamOutcome;

/**
 * Optional capability: the upstream checks the names itself (design §5, `relay`). Its order is placed by `begin` before any name
 * is proved. From then on `proofsWanted` takes the place of `resume`, under the same contract, until the proofs are accepted: with
 * the reference of the last answer, or null where no answer ever came. It drives the order one step, and says what is to be
 * placed where, every time that it is called.
 *
 * `checkProofs` asks the upstream to look now; `changeMethod` has it prove one name otherwise, and answers the challenges as they
 * are then. Both are called only while there are challenges, and again with the same arguments after a crash or a fault: the
 * second time they change nothing. `resume` and `cancel` may be called at any time, since an order may be given up at any time.
 */
export interface RelayingIssuer extends UpstreamIssuer {
  /** Those that it can offer for some name, the usual one first. */
  readonly relayedMethods: readonly ValidationMethod[];
  /** It takes no mail address with the order: the customer's is passed on by `changeMethod`, once there are challenges. */
  readonly choosesMailLater?: true;
  proofsWanted(request: UpstreamRequest, reference: string | null, signal: AbortSignal): Promise<RelayOutcome>;
  checkProofs(
    request: UpstreamRequest,
    reference: string | null,
    signal: AbortSignal,
  ): Promise<RelayOutcome | NotPassedOn>;
  changeMethod(
    request: UpstreamRequest,
    change: NameChoice & { readonly reference: string | null },
    signal: AbortSignal,
  ): Promise<RelayOutcome | MethodRefused | NotPassedOn>;
}

/**
 * Optional capability: takes a name that is not proved out of an order that waits for proofs. Called like `changeMethod`, and again after a
 * crash or a fault: it then finds out whether the name is out already.
 */
export interface NameRemovingIssuer extends RelayingIssuer {
  removeName(
    request: UpstreamRequest,
    removal: { readonly name: Identifier; readonly reference: string | null },
    signal: AbortSignal,
  ): Promise<NameRemoved | NameKept | NotPassedOn | UpstreamOutcome>;
}

export function removesNames(issuer: Issuer): issuer is NameRemovingIssuer {
  return 'removeName' in issuer;
}

export function wantsProofs(issuer: Issuer): issuer is RelayingIssuer {
  return 'proofsWanted' in issuer;
}

/** The issuer as the rules for pairs see it (`relay.ts`). */
export function sideOfPair(issuer: Issuer): IssuerOfPair {
  const { id } = issuer;
  if (wantsProofs(issuer)) {
    return {
      id,
      mode: 'relay',
      relayed: issuer.relayedMethods,
      ...(issuer.makesKeys === true ? { makesKeys: true } : {}),
    };
  }
  return { id, mode: modeOf(issuer) };
}

/** Who proves what to whom, where the upstream's challenges are not shown. The members of a pool have one mode, and none relays. */
export function modeOf(issuer: Issuer): UpstreamMode {
  const one = isPool(issuer) ? issuer.members[0] : issuer;
  return isUpstream(one) ? (one.mode ?? 'own') : 'own';
}

/** The upstreams that may serve what is ordered from it. */
export function upstreamsOf(issuer: Issuer): readonly UpstreamIssuer[] {
  if (isPool(issuer)) return issuer.members;
  return isUpstream(issuer) ? [issuer] : [];
}

/** Optional capability: publishes lists of revoked certificates. */
export interface CrlIssuer extends LocalIssuer {
  /** Those whose lists it makes at this moment. */
  authorityIds(): readonly AuthorityId[];
  /** How often a list of it is made where nothing is revoked. */
  listEveryMs(authorityId: AuthorityId): number;
  /** Makes, stores and publishes a new list of the authority. */
  publishCrl(authorityId: AuthorityId, signal: AbortSignal): Promise<PublishedCrl>;
}

export interface PublishedCrl {
  readonly entries: number;
  /** When the next one is due; null: it was the last one. */
  readonly nextAt: Date | null;
}

/** Optional capability: its authorities follow one another. */
export interface RollingIssuer extends CrlIssuer {
  /**
   * Makes the successors that are due, and retires whom a successor has followed. Safe to repeat after a crash at any point.
   * @param longestDays of any profile
   * @throws {CertError} authorityNotMade, noRootForSuccessor
   */
  rollOver(longestDays: number): Promise<void>;
  /**
   * Makes a successor of the authority now. It signs after `publishDays`; by default, of the configuration.
   * @throws {CertError} notFound, authorityNotMade, noRootForSuccessor, authorityNotFollowed
   */
  succeed(authorityId: string, request: SuccessionRequest): Promise<AuthorityId>;
  /** Has the list of the root name an intermediate, which signs no more. @throws {CertError} notFound, authorityNotRevocable */
  revokeAuthority(authorityId: string, request: AuthorityRevocation): Promise<void>;
  /** What becomes of each authority, and of those that are to come. */
  outlook(longestDays: number): Promise<readonly AuthorityOutlook[]>;
}

export interface SuccessionRequest {
  readonly publishDays?: number;
  readonly by: EventAuthor;
}

/** BR §7.2.2: an entry of a CA has one. */
export const authorityRevocationReasons = [
  'keyCompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
] as const satisfies readonly RevocationReason[];
export type AuthorityRevocationReason = (typeof authorityRevocationReasons)[number];

export interface AuthorityRevocation {
  readonly reason: AuthorityRevocationReason;
  readonly by: EventAuthor;
}

/** Who has something done, as events name them. */
export interface EventAuthor {
  readonly actor: string;
  readonly requestId: string | null;
}

export function rollsOver(issuer: Issuer): issuer is RollingIssuer {
  return 'rollOver' in issuer;
}

/** Whether a CA outside is to certify it, and has not yet: no certificate of it is installed. */
export function isWithoutCa(issuer: Issuer): boolean {
  return publishesCrl(issuer) && issuer.authorityIds().length === 0;
}

export function publishesCrl(issuer: Issuer): issuer is CrlIssuer {
  return 'publishCrl' in issuer;
}
