/**
 * What an account keeps beside its orders, and who may change it: organizations, containers, custom fields, domains, keys for
 * ACME clients, webhooks. Every object is looked up within the caller's account; an operator sees every account's.
 * Reading is open to every role.
 */
import type { Container } from '../account.ts';
import type { Caller, Reference } from '../caller.ts';
import type { MethodChoice } from '../challenge.ts';
import type { CustomField } from '../custom-field.ts';
import type { Delivery } from '../delivery.ts';
import type { ExternalAccountKey } from '../external-account-key.ts';
import type { CredentialId, UserId } from '../ids.ts';
import type { ManagedDomainView } from '../managed-domain.ts';
import type { Organization, OrganizationContact, OrganizationLevel, RegistrationFindings } from '../organization.ts';
import type { CountedPage, Page } from '../page.ts';
import type { Webhook } from '../webhook.ts';
import type { NewContainer } from './containers.ts';
import type { NewCustomField } from './custom-fields.ts';
import type { NewExternalAccountKey } from './external-account-keys.ts';
import type { DomainProofs, ManagedDomainQuery, NewManagedDomain } from './managed-domains.ts';
import type { NewOrganization, NewOrganizationContact, OrganizationQuery } from './organizations.ts';
import type { ActorView } from './users.ts';
import type { NewWebhook, WebhookProbe } from './webhooks.ts';

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
    change: Partial<Pick<NewWebhook, 'url' | 'events' | 'secret' | 'settings'>> & {
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
    query: { readonly limit: number; readonly state?: Delivery['state'] },
  ): Promise<Page<Delivery>>;
  /** Tells it once more, written anew; needs `administrator`. @throws {CertError} wrongState while it is still being tried */
  replayDelivery(caller: Caller, id: string): Promise<Delivery>;

  /** Who an order, a note or a request is of. Undefined for the platform itself and for what is not of the caller's account. */
  actor(caller: Caller, id: UserId | CredentialId | null): Promise<ActorView | undefined>;
}
