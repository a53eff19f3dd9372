/** Organizations. */
import { nobody } from '../../../domain/account.ts';
import type { Organization } from '../../../domain/organization.ts';
import type { Page } from '../../../domain/page.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { countedPage, countedQueryOf, pageToWire, type WirePage } from '../paging.ts';
import { organizationDetails, organizationsApi } from '../schema/organizations.ts';
import type { WireOrganization } from '../schema.ts';
import { actingFor, type Client, handled } from '../services.ts';
import { optionalTimeToWire, personToWire, referenceFromWire, timeToWire } from '../values.ts';
import { type NamedActors, namedActors } from './actors.ts';
import { withPage } from './object-page.ts';

interface Beside {
  readonly actors: NamedActors;
  readonly ordersWaiting: number;
}

function organizationToWire(organization: Organization, { actors, ordersWaiting }: Beside): WireOrganization {
  return {
    id: organization.id,
    number: organization.number,
    accountId: organization.accountId,
    containerId: organization.containerId,
    // Fields in the order of the schema, whatever their order in the request.
    details: organizationDetails.parse(organization.details),
    state: organization.state,
    validations: organization.validations.map((validation) => ({
      level: validation.level,
      state: validation.state,
      askedAt: timeToWire(validation.askedAt),
      decidedAt: optionalTimeToWire(validation.decidedAt),
      decidedBy: actors.ofOptional(validation.decidedBy),
      note: validation.note,
      validUntil: optionalTimeToWire(validation.validUntil),
      registrationNumber: validation.registrationNumber,
      incorporatedOn: validation.incorporatedOn,
      businessCategory: validation.businessCategory,
      jurisdictionCountry: validation.jurisdictionCountry,
      jurisdictionState: validation.jurisdictionState,
      jurisdictionLocality: validation.jurisdictionLocality,
      organizationIdentifier: validation.organizationIdentifier,
    })),
    contacts: organization.contacts.map(({ number, role, userId, ...someone }) => ({
      number,
      role,
      userId,
      ...personToWire(someone),
    })),
    ordersWaiting,
    createdAt: timeToWire(organization.createdAt),
  };
}

/** One look-up of names for the whole page, and a count for each that has something to be decided. */
async function organizationPageToWire(session: Client, page: Page<Organization>): Promise<WirePage<WireOrganization>> {
  const ids = page.items.flatMap(({ validations }) => validations.map(({ decidedBy }) => decidedBy));
  const counts = await Promise.all(page.items.map((one) => ordersWaitingFor(session, one)));
  const actors = await namedActors(session, ids);
  const waiting = new Map(page.items.map(({ id }, index) => [id, counts[index] ?? 0]));
  return pageToWire(page, (one) => organizationToWire(one, { actors, ordersWaiting: waiting.get(one.id) ?? 0 }));
}

async function oneToWire(session: Client, organization: Organization): Promise<WireOrganization> {
  const ids = organization.validations.map(({ decidedBy }) => decidedBy);
  const [ordersWaiting, actors] = await Promise.all([
    ordersWaitingFor(session, organization),
    namedActors(session, ids),
  ]);
  return organizationToWire(organization, { actors, ordersWaiting });
}

/** The total of the list of orders that `ordersWaiting` is described by. Nothing waits for one that is decided. */
async function ordersWaitingFor({ caller, services }: Client, { id, validations }: Organization): Promise<number> {
  if (validations.every(({ state }) => state === 'valid')) return 0;
  const query = { organization: id, turns: ['operator'], limit: 1, withTotal: true } as const;
  return (await services.orders.list(caller, query)).total?.count ?? 0;
}

export const organizationOperations = [
  handled(organizationsApi.list, async (input, session) => {
    const { caller, services } = session;
    const { state, name, waiting, account, level, validUntilBefore } = input;
    const query = {
      ...countedQueryOf(input),
      ...withDefined({
        state,
        account,
        level,
        validUntilBefore: validUntilBefore === undefined ? undefined : new Date(validUntilBefore),
      }),
      ...(name === undefined ? {} : { text: { value: name, isExact: false } }),
      ...(waiting === undefined ? {} : { isAwaitingVerification: waiting === 'true' }),
    };
    const found = await services.organizations.list(caller, query);
    return organizationPageToWire(
      session,
      countedPage(found, input, ({ number }) => number),
    );
  }),

  handled(organizationsApi.add, async (input, session) => {
    const { details, container, levels, contacts, allowDuplicate } = input;
    const caller = await actingFor(session, input.account);
    const request = {
      details,
      levels,
      contacts: contacts.map((contact) => ({ ...nobody, ...contact })),
      allowDuplicate,
      ...(container === undefined ? {} : { container: referenceFromWire(container) }),
    };
    return oneToWire(session, await session.services.organizations.add(caller, request));
  }),

  handled(organizationsApi.show, ({ organization }, session) =>
    withPage(session, { noun: 'organization', reference: organization }, async () =>
      oneToWire(session, await session.services.organizations.get(session.caller, referenceFromWire(organization))),
    ),
  ),

  handled(organizationsApi.ask, async ({ organization, levels }, session) =>
    oneToWire(
      session,
      await session.services.organizations.askForVerification(session.caller, referenceFromWire(organization), {
        levels,
      }),
    ),
  ),

  handled(organizationsApi.verify, async ({ organization, ...decision }, session) => {
    const { caller, services } = session;
    const verified = { ...decision, verified: true };
    return oneToWire(session, await services.organizations.verify(caller, referenceFromWire(organization), verified));
  }),

  handled(organizationsApi.reject, async ({ organization, ...decision }, session) => {
    const { caller, services } = session;
    const rejected = { ...decision, verified: false };
    return oneToWire(session, await services.organizations.verify(caller, referenceFromWire(organization), rejected));
  }),

  handled(organizationsApi.activate, async ({ organization }, session) =>
    oneToWire(
      session,
      await session.services.organizations.setState(session.caller, referenceFromWire(organization), 'active'),
    ),
  ),

  handled(organizationsApi.deactivate, async ({ organization }, session) =>
    oneToWire(
      session,
      await session.services.organizations.setState(session.caller, referenceFromWire(organization), 'inactive'),
    ),
  ),

  handled(organizationsApi.remove, async ({ organization }, { caller, services }) => {
    await services.organizations.remove(caller, referenceFromWire(organization));
    return { removed: true as const };
  }),
];
