/** Port for front doors: organizations. */
import type { Caller, Reference } from '../caller.ts';
import type { Organization, OrganizationContact, OrganizationDetails, OrganizationLevel } from '../organization.ts';
import type { CountedPage, OffsetQuery } from '../page.ts';
import type { RegistrationFindings } from '../registration.ts';

export interface NewOrganization {
  readonly details: OrganizationDetails;
  readonly container?: Reference | null;
  readonly contacts?: readonly NewOrganizationContact[];
  /** Asked for verification at once. */
  readonly levels?: readonly OrganizationLevel[];
  /** Another one with the same details may stand beside it; else that is a conflict. */
  readonly allowDuplicate?: boolean;
}

/** `userNumber`: a user or a contact of the account; what is said of the person replaces what is known of a user. */
export type NewOrganizationContact = Omit<OrganizationContact, 'number' | 'userId'> & { readonly userNumber?: number };

export interface OrganizationQuery extends OffsetQuery {
  /** A cursor, instead of an offset: only those with a lower number, where the list is sorted by that. `total` counts all. */
  readonly before?: number;
  readonly state?: Organization['state'];
  /** Those of the root are in it, or in none. */
  readonly containerNumbers?: readonly number[];
  /** Part of the name; `isExact`: all of it. `orNumber`: all of the number will do as well. */
  readonly text?: { readonly value: string; readonly isExact: boolean; readonly orNumber?: boolean };
  /** Only those with a validation that waits for the operator. */
  readonly isAwaitingVerification?: boolean;
  /** Id or number. An operator's lists are of every account by default, anybody else's of their own. */
  readonly account?: string;
  /** Verified on this level. */
  readonly level?: OrganizationLevel;
  /** A verification, on `level` where there is one, ends before then. */
  readonly validUntilBefore?: Date;
  readonly sort?: readonly { readonly by: 'number' | 'name' | 'state'; readonly descending: boolean }[];
}

export interface Organizations {
  /** Needs `registrar` or `administrator`, as everything that changes organizations and domains. @throws {CertError} invalidField, conflict */
  add(caller: Caller, request: NewOrganization): Promise<Organization>;
  get(caller: Caller, reference: Reference): Promise<Organization>;
  list(caller: Caller, query: OrganizationQuery): Promise<CountedPage<Organization>>;
  setState(caller: Caller, reference: Reference, state: Organization['state']): Promise<Organization>;
  /** Asks the operator to verify it, again where that ran out. */
  askForVerification(
    caller: Caller,
    reference: Reference,
    request: { readonly levels: readonly OrganizationLevel[]; readonly contacts?: readonly NewOrganizationContact[] },
  ): Promise<Organization>;
  /**
   * Only an operator, who answers for what certificates say (BR §3.2.2.1). What was verified serves for
   * `organizationReuseDays`, or `days` if fewer; orders that wait for it continue. A rejection leaves them waiting.
   * For EV the business category, the country of the register and the number in it are needed (EV guidelines §7.1.4.2): what is
   * found now takes precedence over what was found before, and that over the details.
   * @throws {CertError} invalidField
   */
  verify(
    caller: Caller,
    reference: Reference,
    decision: {
      readonly level: OrganizationLevel;
      readonly verified: boolean;
      readonly note: string;
      readonly days?: number;
    } & RegistrationFindings,
  ): Promise<Organization>;
  /**
   * Puts somebody else into these roles of the organization; null: nobody. The same person, by name and address, keeps their
   * number. What orders say of their own contacts stays.
   */
  replaceContacts(
    caller: Caller,
    reference: Reference,
    contacts: Readonly<Partial<Record<OrganizationContact['role'], NewOrganizationContact | null>>>,
  ): Promise<Organization>;
  /** Only while no order or domain uses it; otherwise `wrongState`. */
  remove(caller: Caller, reference: Reference): Promise<void>;
}
