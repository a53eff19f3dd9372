/** What a front door asks of domains that are proved before any order. */
import type { Reference } from '../caller.ts';
import type { Challenge, MethodChoice, ValidationMethod } from '../challenge.ts';
import type { Identifier } from '../identifier.ts';
import type { OffsetQuery } from '../page.ts';

/** How control of a domain can be proved: made by the front door, in its vendor's format. */
export interface DomainProofs {
  readonly proofReference: string;
  readonly challenges: readonly Challenge[];
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
