/** Port for front doors: issuances inside an order, after its first certificate or beside it. */
import type { Caller } from '../caller.ts';
import type { Page, PageQuery } from '../page.ts';
import type { CsrSource, DryRun, IssuanceView, OrderReference, OrderView, Reissue } from './orders.ts';

export interface Issuances {
  /** The issuances of the order, duplicates too, newest first, each as the order was seen with it. The cursor is a number of one. */
  list(caller: Caller, reference: OrderReference, page: PageQuery): Promise<Page<IssuanceView>>;
  /** The CSR of an order that was placed without one. @throws {CertError} wrongState, badCsr, badKey */
  provideCsr(caller: Caller, reference: OrderReference, csr: CsrSource): Promise<OrderView>;
  reissue(caller: Caller, reference: OrderReference, request: Reissue): Promise<OrderView>;
  /** The same as `Orders.dryRun`, of a reissue. */
  dryRunReissue(caller: Caller, reference: OrderReference, request: Reissue): Promise<DryRun>;
  /** Gives up a reissue that is not being signed yet: the order stands as before it. @throws {CertError} wrongState */
  withdrawReissue(caller: Caller, reference: OrderReference): Promise<OrderView>;
  /**
   * One more certificate of an active order beside its newest one, which stays what it is. The same names, or fewer.
   * @returns the view of the duplicate
   */
  duplicate(caller: Caller, reference: OrderReference, request: Reissue): Promise<OrderView>;
  /**
   * The PKCS#8 of the key that was made for the newest issuance, once that is issued. Only for the account that owns the
   * order, no operator; every delivery is an event.
   * @throws {CertError} notFound when the key is not ours, wrongState before the certificate is there
   */
  privateKey(caller: Caller, reference: OrderReference): Promise<Uint8Array>;
}
