/** Port for front doors: validation of names. */
import type { CaaAnswer } from '../caa.ts';
import type { Caller } from '../caller.ts';
import type { CheckedChallenge, CheckResult, NameChoice } from '../challenge.ts';
import type { Identifier } from '../identifier.ts';
import type { OrderReference, OrderView } from './orders.ts';

export interface Proving {
  /** Starts a check now, if none runs; answers at once. @throws {CertError} notFound, wrongState */
  recheck(caller: Caller, reference: OrderReference): Promise<OrderView>;
  /**
   * Says how names will be proved, all or none; any offered method is still accepted. Choosing e-mail sends one mail to each
   * address for all its names; choosing the same address again sends another, not sooner than some minutes after the last.
   * @throws {CertError} notFound, wrongState, validationFailed (not offered, or a mailbox that wants no mail), unsupported
   * (no mail server), rateLimited
   */
  chooseMethods(caller: Caller, reference: OrderReference, choices: readonly NameChoice[]): Promise<OrderView>;
  /**
   * Looks for each proof over the network now, without an order: for dialects whose clients place proofs first. Answers in
   * the order of the requests, one for each; stores nothing and proves nothing by itself.
   */
  checkChallenges(
    caller: Caller,
    requests: readonly { readonly identifier: Identifier; readonly challenge: CheckedChallenge }[],
  ): Promise<readonly CheckResult[]>;
  /** The CAA records that govern the name, looked up now (RFC 8659 §3). @throws {CertError} unavailable */
  caa(caller: Caller, name: Identifier): Promise<CaaAnswer>;
}
