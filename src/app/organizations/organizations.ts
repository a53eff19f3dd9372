/** The organizations of an account, and the operator's word on whether they are what they say. */

import type { Caller, Reference } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import { type AccountId, newId } from '../../domain/ids.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import {
  isVerified,
  nextOrganizationValidationState,
  type Organization,
  type OrganizationContact,
  type OrganizationDetails,
  type OrganizationLevel,
  type OrganizationValidation,
  organizationReuseDays,
} from '../../domain/organization.ts';
import type { NewOrganization, NewOrganizationContact, Organizations } from '../../domain/ports/organizations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { OrganizationSearch } from '../../domain/ports/stores/organizations.ts';
import { noRegistration } from '../../domain/registration.ts';
import { type Actor, recordAccount } from '../accounts/account-event.ts';
import { conditionOfContainers, findOpenContainer } from '../accounts/containers.ts';
import type { AppContext } from '../context.ts';
import { wakeResting } from '../issuing/wake-resting.ts';
import { queueDeliveries } from '../outbound/deliveries.ts';
import { accountFilter, accountIdOf, findAccount, findOwned } from '../scope.ts';
import { newContact } from './organization-contacts.ts';
import { checkDetails } from './organization-details.ts';
import { checkFindings, earlierFindings, saysTheSame } from './organization-registration.ts';

const dayMs = 86_400_000;
const longestNote = 2000;

export function createOrganizations(context: AppContext): Organizations {
  const { database, clock, queue } = context;

  return {
    async add(caller, request) {
      const accountId = accountIdOf(caller);
      const details = checkDetails(request.details);
      return database.write(async (tx) => {
        const named = await tx.organizations.listByDetails(accountId, details);
        const same = named.some((one) => saysTheSame(one, details));
        if (same && request.allowDuplicate !== true) {
          throw refuse('alreadyExists', { what: 'organization', value: quoted(details.name) });
        }
        const container = request.container == null ? null : await findOpenContainer(tx, caller, request.container);
        return insertOrganization(context, tx, caller, {
          accountId,
          details,
          containerId: container?.id ?? null,
          contacts: request.contacts ?? [],
          levels: request.levels ?? [],
        });
      });
    },

    async get(caller, reference) {
      return findOrganization(database.read, caller, reference);
    },

    async list(caller, { containerNumbers, account, ...query }) {
      const { read } = database;
      const search: OrganizationSearch = {
        ...query,
        accountId: account === undefined ? accountFilter(caller) : (await findAccount(read, caller, account)).id,
        ...(containerNumbers === undefined ? {} : await conditionOfContainers(read, caller, containerNumbers)),
      };
      return database.read.organizations.list(search);
    },

    async setState(caller, reference, state) {
      const found = await findOrganization(database.read, caller, reference);
      const { id } = found;
      const organization = await database.write(async (tx) => {
        const from = state === 'active' ? 'inactive' : 'active';
        if (await tx.organizations.move(id, from, state)) {
          await record(context, tx, caller, 'organization.changed', await reread(tx, id), { state });
          // Orders that wait for it look again at once; what else they lack is seen by then.
          await wakeResting(context, tx, found.accountId);
        }
        return reread(tx, id);
      });
      queue.wake();
      return organization;
    },

    async askForVerification(caller, reference, { levels, contacts = [] }) {
      const { id } = await findOrganization(database.read, caller, reference);
      return database.write(async (tx) => {
        const organization = await reread(tx, id);
        requireActive(organization);
        for (const contact of contacts) {
          const { accountId } = organization;
          await tx.organizations.putContact(id, await newContact(tx, { accountId, organizationId: id }, contact));
        }
        await requestVerification(context, tx, caller, { organization, levels });
        return reread(tx, id);
      });
    },

    async verify(caller, reference, { level, verified, note, days, ...findings }) {
      const validDays = checkDays(days);
      checkNote(note);
      const { id } = await findOrganization(database.read, caller, reference);
      const organization = await database.write(async (tx) => {
        const before = await reread(tx, id);
        const registration = checkFindings({ ...findings, level, verified }, before);
        const now = clock.now();
        const earlier = before.validations.find((validation) => validation.level === level);
        const event = verified ? 'verify' : 'reject';
        const state = nextOrganizationValidationState(earlier?.state ?? 'pending', event);
        if (state === undefined) {
          const needed = ['pending', 'valid'] as const;
          const current = earlier?.state ?? 'pending';
          throw refuse('wrongState', { what: 'organization', value: String(before.number), state: current, needed });
        }
        const validUntil = verified ? new Date(now.getTime() + validDays * dayMs) : null;
        const decided = { level, state, note, validUntil, decidedAt: now, decidedBy: caller.actor, ...registration };
        await tx.organizations.putValidation(id, { askedAt: earlier?.askedAt ?? now, ...decided });
        const kind = verified ? 'organization.verified' : 'organization.rejected';
        await record(context, tx, caller, kind, before, {
          level,
          note,
          validUntil,
          ...(level === 'ev' && verified ? registration : {}),
        });
        if (verified) await queueDeliveries(context, tx, { event: 'organizationValidated', organization: before });
        if (verified) await wakeResting(context, tx, before.accountId);
        return reread(tx, id);
      });
      queue.wake();
      return organization;
    },

    async replaceContacts(caller, reference, contacts) {
      const { id } = await findOrganization(database.read, caller, reference);
      return database.write(async (tx) => {
        const before = await reread(tx, id);
        const roles = Object.keys(contacts) as (keyof typeof contacts)[];
        for (const role of roles) {
          const wanted = contacts[role];
          const contact = wanted && (await replacing(tx, before, { ...wanted, role }));
          await tx.organizations.removeContacts(id, role);
          if (contact) await tx.organizations.putContact(id, contact);
        }
        // Personal data is not written into the log.
        await record(context, tx, caller, 'organization.changed', before, { contacts: roles });
        return reread(tx, id);
      });
    },

    async remove(caller, reference) {
      const { id } = await findOrganization(database.read, caller, reference);
      await database.write(async (tx) => {
        const organization = await reread(tx, id);
        await requireUnused(tx, organization);
        await tx.organizations.remove(id);
        await record(context, tx, caller, 'organization.removed', organization, {});
      });
    },
  };
}

/** A new contact, or an existing one replaced: fields that are left out are cleared. */
async function replacing(
  tx: Stores,
  { id: organizationId, accountId, contacts }: Organization,
  wanted: NewOrganizationContact,
): Promise<OrganizationContact> {
  const contact = (person: NewOrganizationContact) => newContact(tx, { accountId, organizationId }, person);
  if (wanted.userNumber !== undefined) return contact(wanted);
  const same = contacts.find(
    ({ role, firstName, lastName, email }) =>
      role === wanted.role && firstName === wanted.firstName && lastName === wanted.lastName && email === wanted.email,
  );
  return same === undefined ? contact(wanted) : { ...same, ...wanted };
}

/** @throws {CertError} notFound */
export function findOrganization(stores: Stores, caller: Caller, reference: Reference): Promise<Organization> {
  return findOwned(stores.organizations, 'organization', caller, reference);
}

/** @throws {CertError} wrongState for one that no longer takes orders */
export function requireActive(organization: Organization): void {
  if (organization.state === 'active') return;
  throw refuse('wrongState', {
    what: 'organization',
    value: String(organization.number),
    state: organization.state,
    needed: 'active',
  });
}

/** @throws {CertError} wrongState for one that an order names */
export async function requireUnused(tx: Stores, { id, accountId, number }: Organization): Promise<void> {
  if (!(await tx.organizations.isUsed(id, accountId))) return;
  const value = String(number);
  throw refuse('wrongState', { what: 'organization', value, state: 'in use', needed: 'not in use' });
}

/** A new organization with its contacts, to be verified at these levels. `details` have been checked. */
export async function insertOrganization(
  context: AppContext,
  tx: Stores,
  by: Actor,
  input: {
    readonly accountId: AccountId;
    readonly details: OrganizationDetails;
    readonly containerId: Organization['containerId'];
    readonly contacts: NonNullable<NewOrganization['contacts']>;
    readonly levels: readonly OrganizationLevel[];
  },
): Promise<Organization> {
  const { accountId, details, containerId, levels } = input;
  const id = newId('organization', context);
  const contacts = [];
  for (const contact of input.contacts) contacts.push(await newContact(tx, { accountId, organizationId: id }, contact));
  const now = context.clock.now();
  const organization = await tx.organizations.insert({
    id,
    accountId,
    containerId,
    details,
    state: 'active',
    validations: [],
    contacts,
    createdAt: now,
  });
  await record(context, tx, by, 'organization.added', organization, { name: details.name });
  return requestVerification(context, tx, by, { organization, levels });
}

/**
 * Requests verification from the operator, unless it is verified for the level or requested already.
 * @returns the organization as it is afterwards
 */
export async function requestVerification(
  context: AppContext,
  tx: Stores,
  by: Actor,
  { organization, levels }: { readonly organization: Organization; readonly levels: readonly OrganizationLevel[] },
): Promise<Organization> {
  const now = context.clock.now();
  let count = 0;
  for (const level of new Set(levels)) {
    const earlier = organization.validations.find((validation) => validation.level === level);
    const isRequested = earlier !== undefined && nextOrganizationValidationState(earlier.state, 'ask') === undefined;
    if (isRequested || isVerified(organization, level, now)) continue;
    const unknown: Omit<OrganizationValidation, 'level'> = {
      state: 'pending',
      askedAt: now,
      decidedAt: null,
      decidedBy: null,
      note: '',
      validUntil: null,
      // What was found before serves until it is found otherwise.
      ...(level === 'ev' ? earlierFindings(organization) : noRegistration),
    };
    await tx.organizations.putValidation(organization.id, { ...unknown, level });
    await record(context, tx, by, 'organization.verificationAsked', organization, { level });
    count++;
  }
  return count === 0 ? organization : reread(tx, organization.id);
}

async function reread(tx: Stores, id: Organization['id']): Promise<Organization> {
  const organization = await tx.organizations.get(id);
  if (organization === undefined) throw refuse('notFound', { what: 'organization', value: quoted(id) });
  return organization;
}

function record(
  { clock }: AppContext,
  tx: Stores,
  by: Actor,
  kind: EventKind,
  { id, number, accountId }: Organization,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  return recordAccount(tx, by, kind, { accountId, subject: id, data: { number, ...data }, at: clock.now() });
}

function checkDays(days: number | undefined): number {
  if (days === undefined) return organizationReuseDays;
  if (Number.isSafeInteger(days) && days > 0) return Math.min(days, organizationReuseDays);
  throw refuse('fieldInvalid', {
    field: 'days',
    value: quoted(days),
    expected: expected.positiveInteger,
  });
}

function checkNote(note: string): void {
  if (note.length <= longestNote) return;
  throw refuse('fieldInvalid', {
    field: 'note',
    value: quoted(note),
    expected: expectedOf.charactersAtMost(longestNote),
  });
}
