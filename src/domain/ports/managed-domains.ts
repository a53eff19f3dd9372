/** Port for front doors: domains that are proved before any order. */
import type { Caller, Reference } from '../caller.ts';
import type { MethodChoice } from '../challenge.ts';
import type { Identifier } from '../identifier.ts';
import type { ManagedDomainView } from '../managed-domain.ts';
import type { CountedPage, OffsetQuery } from '../page.ts';
import type { ValidationMethod } from '../validation-method.ts';

/** Choice of method for a domain. The front door's `ProofMaker` says which challenges it offers. */
export interface DomainProofs {
  /** Seeds the challenges. */
  readonly proofReference: string;
  readonly preferredMethod: ValidationMethod;
}

export interface NewManagedDomain extends DomainProofs {
  /** Identifier of kind `dns`. */
  readonly name: Identifier;
  readonly organization: Reference | null;
  readonly container: Reference | null;
  readonly requestedLevels: readonly string[];
  /** Said while the domain is made by `ensureDomain`, as `chooseDomainMethod` later: for e-mail the mail is sent. */
  readonly choice?: MethodChoice;
}

export interface ManagedDomainQuery extends OffsetQuery {
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** A cursor, instead of an offset: only those with a lower number, where the list is sorted by that. `total` counts all. */
  readonly before?: number;
  readonly state?: 'active' | 'inactive';
  /** Those of the root are in it, or in none. */
  readonly containerNumbers?: readonly number[];
  /** Part of the name; `isExact`: all of it. */
  readonly text?: { readonly value: string; readonly isExact: boolean };
  readonly sort?: readonly { readonly by: 'number' | 'name' | 'state'; readonly descending: boolean }[];
}

export interface ManagedDomains {
  /** The account's domain of that name; made with these proofs where there is none. For orders whose front door shows domains: for whoever may order. */
  ensure(caller: Caller, request: NewManagedDomain): Promise<ManagedDomainView>;
  /** @throws {CertError} conflict when the account has it */
  add(caller: Caller, request: NewManagedDomain): Promise<ManagedDomainView>;
  get(caller: Caller, reference: Reference): Promise<ManagedDomainView>;
  list(caller: Caller, query: ManagedDomainQuery): Promise<CountedPage<ManagedDomainView>>;
  setState(caller: Caller, reference: Reference, state: 'active' | 'inactive'): Promise<ManagedDomainView>;
  remove(caller: Caller, reference: Reference): Promise<void>;
  /** New proofs, for another method or because the old ones ran out. A valid proof stays valid meanwhile. */
  renewProofs(
    caller: Caller,
    reference: Reference,
    proofs: DomainProofs & { readonly requestedLevels?: readonly string[] },
  ): Promise<ManagedDomainView>;
  /** Works like `Proving.chooseMethods`, for one name; for e-mail the mail is sent. */
  chooseMethod(caller: Caller, reference: Reference, choice: MethodChoice): Promise<ManagedDomainView>;
  /** Checks the challenges now and returns the result. Orders that wait for the domain continue when it is proved. */
  check(caller: Caller, reference: Reference): Promise<ManagedDomainView>;
}
