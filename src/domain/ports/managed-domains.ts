/** What a front door asks of domains that are proved before any order. */
import type { Reference } from '../caller.ts';
import type { MethodChoice, ValidationMethod } from '../challenge.ts';
import type { Identifier } from '../identifier.ts';
import type { OffsetQuery } from '../page.ts';

/** How control of a domain will be proved. What may be placed says the `ProofMaker` of the front door. */
export interface DomainProofs {
  /** Seeds the challenges. */
  readonly proofReference: string;
  readonly preferredMethod: ValidationMethod;
}

export interface NewManagedDomain extends DomainProofs {
  /** Of kind `dns`. */
  readonly name: Identifier;
  readonly organization: Reference | null;
  readonly container: Reference | null;
  readonly requestedLevels: readonly string[];
  /** Said while the domain is made by `ensureDomain`, as `chooseDomainMethod` later: for e-mail the mail is sent. */
  readonly choice?: MethodChoice;
}

export interface ManagedDomainQuery extends OffsetQuery {
  readonly state?: 'active' | 'inactive';
  readonly containerNumber?: number;
  /** Part of the name; `isExact`: all of it. */
  readonly text?: { readonly value: string; readonly isExact: boolean };
  readonly sort?: { readonly by: 'number' | 'name'; readonly descending: boolean };
}
