/** What front doors ask of the core: a port for each noun. A front door is handed those it uses. */
import type { Accounts } from './accounts.ts';
import type { Approvals } from './approvals.ts';
import type { Catalogue } from './catalogue.ts';
import type { Certificates } from './certificates.ts';
import type { Confirmations } from './confirmations.ts';
import type { Containers } from './containers.ts';
import type { Credentials } from './credentials.ts';
import type { CustomFields } from './custom-fields.ts';
import type { Events } from './events.ts';
import type { ExternalAccountKeys } from './external-account-keys.ts';
import type { Issuances } from './issuances.ts';
import type { KeyRegister } from './key-register.ts';
import type { MailStops } from './mail-stops.ts';
import type { Mailboxes } from './mailboxes.ts';
import type { ManagedDomains } from './managed-domains.ts';
import type { Notes } from './notes.ts';
import type { Operation } from './operation.ts';
import type { Orders } from './orders.ts';
import type { Organizations } from './organizations.ts';
import type { Proving } from './proving.ts';
import type { Revocations } from './revocations.ts';
import type { RoleGrants } from './role-grants.ts';
import type { SignIn } from './sign-in.ts';
import type { Users } from './users.ts';
import type { Webhooks } from './webhooks.ts';

export interface Ports {
  readonly accounts: Accounts;
  readonly approvals: Approvals;
  readonly catalogue: Catalogue;
  readonly certificates: Certificates;
  readonly confirmations: Confirmations;
  readonly containers: Containers;
  readonly credentials: Credentials;
  readonly customFields: CustomFields;
  readonly events: Events;
  readonly externalAccountKeys: ExternalAccountKeys;
  readonly issuances: Issuances;
  readonly keyRegister: KeyRegister;
  readonly mailStops: MailStops;
  readonly mailboxes: Mailboxes;
  readonly managedDomains: ManagedDomains;
  readonly notes: Notes;
  readonly operation: Operation;
  readonly orders: Orders;
  readonly organizations: Organizations;
  readonly proving: Proving;
  readonly revocations: Revocations;
  readonly roleGrants: RoleGrants;
  readonly signIn: SignIn;
  readonly users: Users;
  readonly webhooks: Webhooks;
}

export type PortName = keyof Ports;
