/** Users in replies, and the contacts of an order. */
import type { Account, Person } from '../../../domain/account.ts';
import { CertError, refuse } from '../../../domain/errors.ts';
import type { CredentialId, UserId } from '../../../domain/ids.ts';
import type { Organization, OrganizationContact } from '../../../domain/organization.ts';
import type { PlaceOrder } from '../../../domain/ports/orders.ts';
import { nonEmpty, withDefined } from '../../../domain/with-defined.ts';
import type { DialectData } from '../dialect-data.ts';
import type { ContactRequest } from '../orders/place-schema.ts';
import type { Client } from '../services.ts';
import type { WireActor, WirePerson } from './schema.ts';

/** The people behind orders, notes and requests; each is looked up once. */
export interface Actors {
  of(id: UserId | CredentialId | null, account: Account): Promise<WireActor>;
}

export function createActors({ services, caller }: Client): Actors {
  const known = new Map<string, Promise<WireActor>>();
  return {
    of(id, account) {
      const key = id ?? '';
      const found = known.get(key) ?? read(id, account);
      known.set(key, found);
      return found;
    },
  };

  async function read(id: UserId | CredentialId | null, account: Account): Promise<WireActor> {
    const actor = id === null ? undefined : await services.users.actor(caller, id);
    const { user, credential, number } = actor ?? {};
    const person = user?.person;
    return {
      // The platform itself, for one, when it renews an order.
      id: number ?? 0,
      // A key that nobody holds is a program, and called as its label says.
      first_name: person?.firstName || credential?.label || user?.username || 'certmux',
      last_name: person?.lastName ?? '',
      email: person?.email || account.contactEmail,
    };
  }
}

const roleOfType = {
  organization_contact: 'organization',
  technical_contact: 'technical',
  ev_approver: 'evApprover',
  verified_contact: 'verified',
} as const satisfies Record<ContactRequest['contact_type'], OrganizationContact['role']>;

/** A contact and its place in the request. */
export interface NamedContact {
  readonly contact: ContactRequest;
  readonly field: string;
}

export interface OrderContacts {
  readonly contacts: DialectData['contacts'];
  /** Users whose data changes with the request. */
  readonly persons: NonNullable<PlaceOrder['persons']>;
}

/**
 * The order's own contacts. One with a number is a user or a contact of the organization; further fields for a user
 * changes that user, of a contact it is kept with this order.
 * @throws {CertError} invalidField, notFound
 */
export async function contactsFromWire(
  contacts: readonly NamedContact[],
  organization: Organization | null,
  { services, caller }: Client,
): Promise<OrderContacts> {
  const found: DialectData['contacts'] = [];
  const persons: { readonly userNumber: number; readonly person: Person }[] = [];
  for (const { contact, field } of contacts) {
    const number = contact.user_id;
    if (number === undefined) checkNamed(contact, field);
    const known = organization?.contacts.find((candidate) => candidate.number === number);
    const isUser = known === undefined || known.userId !== null;
    const user = number === undefined || !isUser ? undefined : await userByNumber(number);
    const person = user ?? known;
    const changed = user && changedPerson(user, contact);
    if (number !== undefined && changed !== undefined) persons.push({ userNumber: number, person: changed });
    found.push({
      type: contact.contact_type,
      person: {
        ...withDefined({ id: number }),
        first_name: contact.first_name ?? person?.firstName ?? '',
        last_name: contact.last_name ?? person?.lastName ?? '',
        email: contact.email ?? person?.email ?? '',
        ...withDefined({
          job_title: nonEmpty(contact.job_title ?? person?.jobTitle),
          telephone: nonEmpty(contact.telephone ?? person?.phone),
        }),
      },
    });
  }
  return { contacts: found, persons };

  async function userByNumber(number: number) {
    // `/user/me` of a key that nobody holds answers the number of the key.
    const self = await services.users.actor(caller, caller.actor);
    if (self?.number === number && self.user === null) return undefined;
    try {
      return (await services.users.get(caller, String(number))).person;
    } catch (thrown) {
      // A caller who may not read users may still name one by number.
      if (thrown instanceof CertError && thrown.code === 'forbidden') return undefined;
      throw thrown;
    }
  }
}

/** Undefined where nothing changes: every key may send that. */
function changedPerson(person: Person, contact: ContactRequest): Person | undefined {
  const after: Person = {
    firstName: contact.first_name ?? person.firstName,
    lastName: contact.last_name ?? person.lastName,
    jobTitle: contact.job_title ?? person.jobTitle,
    phone: contact.telephone ?? person.phone,
    email: contact.email ?? person.email,
  };
  const fields = Object.keys(after) as (keyof Person)[];
  return fields.some((field) => after[field] !== person[field]) ? after : undefined;
}

function checkNamed(contact: ContactRequest, field: string): void {
  for (const part of ['first_name', 'last_name', 'email'] as const) {
    if (contact[part] === undefined) throw refuse('fieldMissing', { field: `${field}.${part}` });
  }
}

/** The order's own contact of that kind, else the organization's. */
export function contactOf(
  type: ContactRequest['contact_type'],
  { contacts }: DialectData,
  organization: Organization | null,
): WirePerson | undefined {
  const own = contacts.find((contact) => contact.type === type)?.person;
  if (own !== undefined) return own;
  const default_ = organization?.contacts.find(({ role }) => role === roleOfType[type]);
  return default_ && personToWire(default_);
}

export function personToWire(contact: OrganizationContact): WirePerson {
  return {
    id: contact.number,
    first_name: contact.firstName,
    last_name: contact.lastName,
    email: contact.email,
    ...withDefined({ job_title: nonEmpty(contact.jobTitle), telephone: nonEmpty(contact.phone) }),
  };
}
