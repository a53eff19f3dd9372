/** The tables as Kysely sees them. `…_at` and other dates are milliseconds since 1970, `…_json` columns JSON text. */

import type { Generated } from 'kysely';
import type { Account, Container, Credential, LedgerEntry, User } from '../domain/account.ts';
import type { Approval, ApprovalState } from '../domain/approval.ts';
import type { Authority } from '../domain/authority.ts';
import type { AuthorizationState } from '../domain/authorization.ts';
import type { BlockSource } from '../domain/blocked-key.ts';
import type { CertificateState, RevocationReason } from '../domain/certificate.ts';
import type { Binding, ValidationMethod } from '../domain/challenge.ts';
import type { ConfirmationState } from '../domain/confirmation.ts';
import type { CustomField } from '../domain/custom-field.ts';
import type { DeliveryState } from '../domain/delivery.ts';
import type { EventKind } from '../domain/event.ts';
import type { ExpiryReminder } from '../domain/expiry-reminder.ts';
import type { IdentifierKind } from '../domain/identifier.ts';
import type {
  AccountId,
  ApprovalId,
  AuthorityId,
  AuthorizationId,
  CertificateId,
  ConfirmationId,
  ContainerId,
  CredentialId,
  CustomFieldId,
  DeliveryId,
  ExpiryReminderId,
  ExternalAccountKeyId,
  IssuanceId,
  JobId,
  LedgerEntryId,
  ManagedDomainId,
  NoteId,
  OrderId,
  OrganizationId,
  ProductId,
  RoleGrantId,
  UserId,
  WebhookId,
} from '../domain/ids.ts';
import type { Issuance, IssuanceState } from '../domain/issuance.ts';
import type { ManagedDomain } from '../domain/managed-domain.ts';
import type { Organization, OrganizationContact, OrganizationValidation } from '../domain/organization.ts';
import type { JobKind, JobState } from '../domain/ports/jobs.ts';
import type { Coverage } from '../domain/product.ts';
import type { ValidationLevel } from '../domain/profile.ts';
import type { RoleGrantState } from '../domain/role-grant.ts';
import type { Webhook, WebhookEvent } from '../domain/webhook.ts';
import type { TableOf } from './codec.ts';
import type { Flag } from './columns.ts';
import type { orders } from './rows/orders.ts';

export interface AccountRow {
  number: number;
  id: AccountId;
  name: string;
  state: Account['state'];
  currency: string;
  balance_minor: number;
  approval: Account['approval'];
  separates_duties: Flag;
  product_codes_json: string | null;
  allowed_names_json: string | null;
  contact_email: string;
  created_at: number;
}

/** What a number of the sequence that users and credentials share stands for. */
export interface ActorNumberRow {
  number: number;
  id: string;
}

export interface UserRow {
  id: UserId;
  number: number;
  account_id: AccountId | null;
  kind: User['kind'];
  username: string;
  password_hash: string | null;
  person_json: string;
  container_id: ContainerId | null;
  last_sign_in_at: number | null;
  roles_json: string;
  state: User['state'];
  created_by: UserId | CredentialId | null;
  created_at: number;
}

export interface UserNetworkRow {
  user_id: UserId;
  network: string;
  last_at: number;
}

export interface CredentialRow {
  id: CredentialId;
  number: number;
  account_id: AccountId | null;
  user_id: UserId | null;
  dialect: Credential['dialect'];
  public_id: string;
  secret_hash: Uint8Array;
  label: string;
  roles_json: string;
  allowed_addresses_json: string | null;
  created_by: UserId | CredentialId | null;
  created_at: number;
  last_used_at: number | null;
  revoked_at: number | null;
}

export interface RoleGrantRow {
  number: number;
  id: RoleGrantId;
  account_id: AccountId;
  subject: UserId | CredentialId;
  roles_json: string;
  state: RoleGrantState;
  proposed_by: UserId | CredentialId;
  decided_by: UserId | CredentialId | null;
  created_at: number;
  decided_at: number | null;
}

export interface ContainerRow {
  number: number;
  id: ContainerId;
  account_id: AccountId;
  parent_id: ContainerId | null;
  name: string;
  description: string;
  state: Container['state'];
  allowed_names_json: string | null;
  created_at: number;
}

export interface OrganizationRow {
  number: number;
  id: OrganizationId;
  account_id: AccountId;
  container_id: ContainerId | null;
  name: string;
  details_json: string;
  details_key: string;
  state: Organization['state'];
  created_at: number;
}

export interface OrganizationValidationRow {
  organization_id: OrganizationId;
  level: OrganizationValidation['level'];
  state: OrganizationValidation['state'];
  asked_at: number;
  decided_at: number | null;
  decided_by: UserId | CredentialId | null;
  note: string;
  valid_until: number | null;
  registration_number: string | null;
  incorporated_on: string | null;
}

export interface OrganizationContactRow {
  number: number;
  organization_id: OrganizationId;
  role: OrganizationContact['role'];
  user_id: UserId | null;
  person_json: string;
}

export interface CustomFieldRow {
  number: number;
  id: CustomFieldId;
  account_id: AccountId;
  label: string;
  description: string;
  is_required: Flag;
  is_active: Flag;
  kind: CustomField['kind'];
  created_at: number;
}

export interface ProductRow {
  id: ProductId;
  dialect: string;
  code: string;
  name: string;
  level: ValidationLevel;
  profile_id: string;
  issuer_id: string;
  coverage_unit: Coverage['unit'];
  coverage_count: number;
  max_periods: number;
  csr_may_follow: Flag;
  currency: string;
  prices_json: string;
  list_prices_json: string;
  max_names: number;
  allows_wildcard: Flag;
  allows_ipv4: Flag;
  allows_ipv6: Flag;
  is_for_sale: Flag;
  display_json: string;
}

export interface LedgerRow {
  id: LedgerEntryId;
  account_id: AccountId;
  kind: LedgerEntry['kind'];
  amount_minor: number;
  balance_after_minor: number;
  currency: string;
  order_id: OrderId | null;
  note: string;
  at: number;
}

/** Every name an issuance of the order ever asked for. */
export interface OrderNameRow {
  name: string;
  order_number: number;
}

export interface ExternalAccountKeyRow {
  number: number;
  id: ExternalAccountKeyId;
  account_id: AccountId;
  dialect: string;
  key_id: string;
  sealed_hmac_key: Uint8Array;
  name: string;
  product_id: ProductId;
  organization_id: OrganizationId | null;
  coverage_unit: Coverage['unit'];
  coverage_count: number;
  settings_json: string;
  created_at: number;
  revoked_at: number | null;
}

export interface ManagedDomainRow {
  number: number;
  id: ManagedDomainId;
  account_id: AccountId;
  name: string;
  organization_id: OrganizationId | null;
  container_id: ContainerId | null;
  state: ManagedDomain['state'];
  proof_reference: string;
  authorization_id: AuthorizationId;
  requested_levels_json: string;
  created_at: number;
}

export interface NoteRow {
  number: number;
  id: NoteId;
  order_id: OrderId;
  author: UserId | CredentialId;
  text: string;
  created_at: number;
}

export interface ApprovalRow {
  number: number;
  id: ApprovalId;
  account_id: AccountId;
  order_id: OrderId;
  issuance_id: IssuanceId;
  asks: Approval['asks'];
  revocation_json: string | null;
  state: ApprovalState;
  requested_by: UserId | CredentialId | null;
  comments: string;
  decisions_json: string;
  created_at: number;
}

export interface IssuanceRow {
  number: number;
  id: IssuanceId;
  order_id: OrderId;
  account_id: AccountId;
  kind: Issuance['kind'];
  state: IssuanceState;
  names_json: string;
  /** The names between blanks, for searches: ` www.example.com example.com `. */
  names_text: string;
  csr: Uint8Array | null;
  proof_reference: string;
  sealed_key: Uint8Array | null;
  profile_id: string;
  issuer_id: string;
  validity_json: string | null;
  plan_json: string | null;
  charged_minor: number;
  validating_since: number | null;
  certificate_id: CertificateId | null;
  failure_json: string | null;
  rest_json: string | null;
  created_at: number;
}

export interface AuthorizationRow {
  id: AuthorizationId;
  account_id: AccountId;
  issuance_id: IssuanceId | null;
  identifier_kind: IdentifierKind;
  identifier: string;
  state: AuthorizationState;
  challenges_json: string;
  preferred_method: ValidationMethod;
  checks_json: string;
  proved_by: ValidationMethod | null;
  proved_at: number | null;
  valid_until: number | null;
  created_at: number;
  binding: Binding | null;
  /** The one key that it holds for, or empty: any key. Null: none. */
  serves_key: string | null;
}

export interface ConfirmationRow {
  id: ConfirmationId;
  account_id: AccountId;
  order_id: OrderId | null;
  issuance_id: IssuanceId | null;
  authorization_id: AuthorizationId;
  address: string;
  token_hash: Uint8Array | null;
  state: ConfirmationState;
  requested_by: string;
  requested_from: string;
  requested_at: number;
  sent_at: number | null;
  expires_at: number;
  decided_from: string | null;
  decided_at: number | null;
  mail_id: ConfirmationId;
}

export interface MailboxRow {
  address: string;
  token_hash: Uint8Array;
  created_at: number;
  stopped_at: number | null;
  stopped_by: string | null;
  stopped_from: string | null;
}

export interface OutgoingMailRow {
  id: string;
  address: string;
  domain: string;
  at: number;
}

export interface CertificateRow {
  number: number;
  id: CertificateId;
  account_id: AccountId;
  order_id: OrderId;
  issuance_id: IssuanceId;
  issuer_id: string;
  authority_id: AuthorityId | null;
  serial: string;
  names_json: string;
  der: Uint8Array;
  upstream_chain_json: string | null;
  sha256: string;
  /** Null in a row of before migration 0010 whose key was not read yet, or cannot be. */
  key_hash: Uint8Array | null;
  not_before: number;
  not_after: number;
  state: CertificateState;
  revoked_at: number | null;
  revocation_reason: RevocationReason | null;
  created_at: number;
}

export interface BlockedKeyRow {
  number: number;
  fingerprint: string;
  modulus_hash: string | null;
  /** Empty: everywhere. */
  scope: AccountId | '';
  source: BlockSource;
  actor: string;
  note: string;
  certificate_id: CertificateId | null;
  created_at: number;
}

export interface MadeKeyRow {
  key_hash: Uint8Array;
  issuance_id: IssuanceId;
}

export interface AuthorityRow {
  id: AuthorityId;
  issuer_id: string;
  role: Authority['role'];
  key_kind: Authority['keyKind'];
  parent_id: AuthorityId | null;
  subject: string;
  certificate: Uint8Array;
  not_after: number;
  created_at: number;
}

export interface CrlRow {
  authority_id: AuthorityId;
  number: number;
  der: Uint8Array;
  this_update: number;
  next_update: number;
}

export interface EventRow {
  kind: EventKind;
  account_id: AccountId | null;
  actor: string;
  subject: string;
  data_json: string;
  request_id: string | null;
  at: number;
}

export interface DeliveryRow {
  id: DeliveryId;
  account_id: AccountId;
  event: WebhookEvent;
  order_id: OrderId | null;
  issuance_id: IssuanceId | null;
  domain_id: ManagedDomainId | null;
  organization_id: OrganizationId | null;
  webhook_id: WebhookId | null;
  dialect: string;
  url: string;
  state: DeliveryState;
  content_type: string | null;
  sealed_body: Uint8Array | null;
  attempts: number;
  last_answer: string | null;
  created_at: number;
  ended_at: number | null;
}

export interface ExpiryReminderRow {
  id: ExpiryReminderId;
  account_id: AccountId;
  order_id: OrderId;
  issuance_id: IssuanceId;
  event: ExpiryReminder['event'];
  ends_at: number;
  address: string;
  state: ExpiryReminder['state'];
  last_answer: string | null;
  created_at: number;
  ended_at: number | null;
}

export interface WebhookRow {
  number: number;
  id: WebhookId;
  account_id: AccountId;
  dialect: string;
  url: string;
  events_json: string;
  sealed_secret: Uint8Array | null;
  state: Webhook['state'];
  settings_json: string;
  created_at: number;
  removed_at: number | null;
}

export interface JobRow {
  kind: JobKind;
  subject: string;
  id: JobId;
  state: JobState;
  run_at: number;
  /** Asked for again while it runs: when. */
  again_at: number | null;
  lease_until: number | null;
  attempts: number;
  last_error: string | null;
  created_at: number;
}

export interface ExternalIdRow {
  kind: string;
  value: string;
  object_id: string;
}

export interface IdempotencyRow {
  account_id: AccountId;
  key: string;
  fingerprint: string;
  object_id: string;
  expires_at: number;
}

export interface SettingRow {
  key: string;
  value_json: string;
}

export interface ServerSecretRow {
  id: string;
  sealed_value: Uint8Array;
  created_at: number;
}

export interface MasterKeyRow {
  id: string;
  first_used_at: number;
  retired_at: number | null;
}

export interface KeyRotationRow {
  number: number;
  to_key: string;
  started_at: number;
  ended_at: number | null;
  resealed: number;
  examined: number;
  unreadable: number;
  found: number;
  kind: string;
  after: string;
}

export interface MigrationRow {
  name: string;
  applied_at: number;
}

export interface Tables {
  accounts: AccountRow;
  actor_numbers: ActorNumberRow;
  users: UserRow;
  user_networks: UserNetworkRow;
  credentials: CredentialRow;
  role_grants: RoleGrantRow;
  containers: ContainerRow;
  organizations: OrganizationRow;
  organization_validations: OrganizationValidationRow;
  organization_contacts: OrganizationContactRow;
  custom_fields: CustomFieldRow;
  products: ProductRow;
  ledger: LedgerRow & { sequence: Generated<number> };
  orders: TableOf<typeof orders>;
  order_names: OrderNameRow;
  notes: NoteRow;
  managed_domains: ManagedDomainRow;
  external_account_keys: ExternalAccountKeyRow;
  approvals: ApprovalRow;
  issuances: IssuanceRow;
  authorizations: AuthorizationRow;
  confirmations: ConfirmationRow;
  mailboxes: MailboxRow;
  outgoing_mails: OutgoingMailRow;
  certificates: CertificateRow;
  blocked_keys: BlockedKeyRow;
  made_keys: MadeKeyRow;
  authorities: AuthorityRow;
  crls: CrlRow;
  events: EventRow & { sequence: Generated<number> };
  jobs: JobRow;
  deliveries: DeliveryRow;
  webhooks: WebhookRow;
  expiry_reminders: ExpiryReminderRow;
  external_ids: ExternalIdRow;
  idempotency: IdempotencyRow;
  settings: SettingRow;
  server_secrets: ServerSecretRow;
  master_keys: MasterKeyRow;
  key_rotations: KeyRotationRow;
  migrations: MigrationRow;
}
