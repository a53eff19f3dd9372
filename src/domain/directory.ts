/**
 * What an account keeps beside its orders, and who may change it: organizations, containers, custom fields, domains, keys for
 * ACME clients, webhooks. Every object is looked up within the caller's account; an operator sees every account's.
 * Reading is open to every role.
 */
import type { Credential, User } from './account.ts';
import type { Challenge, MethodChoice, ValidationMethod } from './challenge.ts';
import type { Container } from './container.ts';
import type { CustomField, CustomFieldKind } from './custom-field.ts';
import type { ExternalAccountKey } from './external-account-key.ts';
import type { Identifier } from './identifier.ts';
import type { AccountId, CredentialId, UserId } from './ids.ts';
import type { ManagedDomainView } from './managed-domain.ts';
import type { Notification, NotificationMessage } from './notification.ts';
import type {
  Organization,
  OrganizationContact,
  OrganizationDetails,
  OrganizationLevel,
  RegistrationFindings,
} from './organization.ts';
import type { Caller, CountedPage, NewUser, OffsetQuery, Page, Reference } from './platform.ts';
import type { Coverage } from './product.ts';
import type { Webhook, WebhookEvent } from './webhook.ts';

export interface NewOrganization {
  readonly details: OrganizationDetails;
  readonly container?: Reference | null;
  readonly contacts?: readonly NewOrganizationContact[];
  /** Asked for verification at once. */
  readonly levels?: readonly OrganizationLevel[];
  /** Only for an operator, who says for whom. */
  readonly accountId?: AccountId;
  /** Another one with the same details may stand beside it; else that is a conflict. */
  readonly allowDuplicate?: boolean;
}

/** `userNumber`: a user or a contact of the account; what is said of the person replaces what is known of a user. */
export type NewOrganizationContact = Omit<OrganizationContact, 'number' | 'userId'> & { readonly userNumber?: number };

export interface OrganizationQuery extends OffsetQuery {
  readonly state?: Organization['state'];
  readonly containerNumber?: number;
  /** Part of the name; `isExact`: all of it. */
  readonly text?: { readonly value: string; readonly isExact: boolean };
  /** Only those with a validation that waits for the operator. */
  readonly isAwaitingVerification?: boolean;
  readonly sort?: { readonly by: 'number' | 'name'; readonly descending: boolean };
}

export interface NewContainer {
  /** The account's root unless told. */
  readonly parent?: Reference;
  readonly name: string;
  readonly description?: string;
  readonly allowedNames?: readonly string[] | null;
  /** Somebody who is to belong to it; neither is made without the other. */
  readonly user?: Omit<NewUser, 'accountId' | 'container'>;
}

export interface NewCustomField {
  readonly label: string;
  readonly description?: string;
  readonly isRequired: boolean;
  readonly isActive: boolean;
  readonly kind: CustomFieldKind;
}

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

export interface NewExternalAccountKey {
  readonly name: string;
  readonly productCode: string;
  readonly organization: Reference | null;
  readonly coverage: Coverage;
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface NewWebhook {
  /** An http or https URL that a message can be delivered to. */
  readonly url: string;
  /** The request's own word for the URL, for messages; `url` unless given. */
  readonly urlField?: string;
  /** Null: all. */
  readonly events: readonly WebhookEvent[] | null;
  readonly secret: string | null;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `active` unless told. */
  readonly state?: Webhook['state'];
  /** Only for an operator, who says for whom. */
  readonly accountId?: AccountId;
}

/** One message to a receiver, now. */
export interface WebhookProbe {
  /** A webhook of the account, which has a URL and perhaps a secret; or what a new one would have. */
  readonly to: Reference | { readonly url: string; readonly urlField?: string; readonly secret: string | null };
  /** The words of the front door; `secret` is what the receiver chose to be recognized by. */
  readonly message: (secret: string | null) => NotificationMessage;
}

/** Who stands behind an actor of the audit log. A key that nobody holds is a program of the account's. */
export interface ActorView {
  readonly number: number;
  readonly user: User | null;
  readonly credential: Credential | null;
}

export interface Directory {
  /** Needs `registrar` or `administrator`, as everything that changes organizations and domains. @throws {CertError} invalidField, conflict */
  addOrganization(caller: Caller, request: NewOrganization): Promise<Organization>;
  organization(caller: Caller, reference: Reference): Promise<Organization>;
  organizations(caller: Caller, query: OrganizationQuery): Promise<CountedPage<Organization>>;
  setOrganizationState(caller: Caller, reference: Reference, state: Organization['state']): Promise<Organization>;
  /** Asks the operator to verify it, again where that ran out. */
  askForVerification(
    caller: Caller,
    reference: Reference,
    request: { readonly levels: readonly OrganizationLevel[]; readonly contacts?: readonly NewOrganizationContact[] },
  ): Promise<Organization>;
  /**
   * Only an operator, who answers for what certificates say (BR §3.2.2.1). What was verified serves for
   * `organizationReuseDays`, or `days` if fewer; orders that wait for it go on. A rejection leaves them waiting.
   * For EV the registration number is needed (EV guidelines §9.2), here or in the details; what is said here counts.
   * @throws {CertError} invalidField
   */
  verifyOrganization(
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
  /** Of no order or domain yet; otherwise `wrongState`. */
  removeOrganization(caller: Caller, reference: Reference): Promise<void>;

  /** Needs `administrator`. @throws {CertError} invalidField, notFound for the parent */
  addContainer(caller: Caller, request: NewContainer): Promise<Container>;
  container(caller: Caller, reference: Reference): Promise<Container>;
  /** All of the account, the root first. */
  containers(caller: Caller): Promise<readonly Container[]>;

  /** Needs `administrator`. */
  addCustomFields(caller: Caller, requests: readonly NewCustomField[]): Promise<readonly CustomField[]>;
  changeCustomField(caller: Caller, reference: Reference, change: Partial<NewCustomField>): Promise<CustomField>;
  customFields(caller: Caller): Promise<readonly CustomField[]>;

  /** The account's domain of that name; made with these proofs where there is none. For orders whose front door shows domains: for whoever may order. */
  ensureDomain(caller: Caller, request: NewManagedDomain): Promise<ManagedDomainView>;
  /** @throws {CertError} conflict when the account has it */
  addDomain(caller: Caller, request: NewManagedDomain): Promise<ManagedDomainView>;
  domain(caller: Caller, reference: Reference): Promise<ManagedDomainView>;
  domains(caller: Caller, query: ManagedDomainQuery): Promise<CountedPage<ManagedDomainView>>;
  setDomainState(caller: Caller, reference: Reference, state: 'active' | 'inactive'): Promise<ManagedDomainView>;
  removeDomain(caller: Caller, reference: Reference): Promise<void>;
  /** New proofs, for another method or because the old ones ran out. A valid proof stays valid meanwhile. */
  renewDomainProofs(
    caller: Caller,
    reference: Reference,
    proofs: DomainProofs & { readonly requestedLevels?: readonly string[] },
  ): Promise<ManagedDomainView>;
  /** As `Platform.chooseMethod`; for e-mail the mail is sent. */
  chooseDomainMethod(caller: Caller, reference: Reference, choice: MethodChoice): Promise<ManagedDomainView>;
  /** Looks for the proof now and answers what it found. Orders that wait for the domain go on when it is there. */
  checkDomain(caller: Caller, reference: Reference): Promise<ManagedDomainView>;

  /** The secret is in the answer and nowhere else. Needs `administrator`. */
  addExternalAccountKey(
    caller: Caller,
    request: NewExternalAccountKey,
  ): Promise<{ readonly key: ExternalAccountKey; readonly hmacKey: Uint8Array }>;
  externalAccountKeys(caller: Caller): Promise<readonly ExternalAccountKey[]>;
  revokeExternalAccountKey(caller: Caller, reference: Reference): Promise<ExternalAccountKey>;

  /** Needs `administrator`. @throws {CertError} invalidField for a URL that is none */
  addWebhook(caller: Caller, request: NewWebhook): Promise<Webhook>;
  webhook(caller: Caller, reference: Reference): Promise<Webhook>;
  webhooks(caller: Caller): Promise<readonly Webhook[]>;
  changeWebhook(
    caller: Caller,
    reference: Reference,
    change: Partial<Pick<NewWebhook, 'url' | 'urlField' | 'events' | 'secret' | 'settings'>> & {
      readonly state?: Webhook['state'];
    },
  ): Promise<Webhook>;
  removeWebhook(caller: Caller, reference: Reference): Promise<void>;
  /**
   * Sends one message to a receiver now, guarded and signed as webhooks are, and answers whether it took it: for front doors
   * whose receivers are tried, or prove themselves, first. Nothing is stored or repeated. Needs `administrator`.
   * @throws {CertError} invalidField for a URL that is none
   */
  probeWebhook(caller: Caller, probe: WebhookProbe): Promise<{ readonly isTaken: boolean; readonly answer: string }>;
  /** What was told and is being told, newest first. */
  deliveries(
    caller: Caller,
    query: { readonly limit: number; readonly state?: Notification['state'] },
  ): Promise<Page<Notification>>;
  /** Tells it once more, written anew; needs `administrator`. @throws {CertError} wrongState while it is still being tried */
  replayDelivery(caller: Caller, id: string): Promise<Notification>;

  /** Who an order, a note or a request is of. Undefined for the platform itself and for what is not of the caller's account. */
  actor(caller: Caller, id: UserId | CredentialId | null): Promise<ActorView | undefined>;
}
