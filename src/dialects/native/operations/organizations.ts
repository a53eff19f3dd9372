/** Organizations. */
import { nobody } from '../../../domain/account.ts';
import type { Organization } from '../../../domain/organization.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { countedPage, countedQueryOf, pageToWire } from '../paging.ts';
import { organizationDetails, organizationsApi } from '../schema/organizations.ts';
import type { WireOrganization } from '../schema.ts';
import { actingFor, handled } from '../services.ts';
import { optionalTimeToWire, personToWire, referenceFromWire, timeToWire } from '../values.ts';

function organizationToWire(organization: Organization): WireOrganization {
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
      note: validation.note,
      validUntil: optionalTimeToWire(validation.validUntil),
      registrationNumber: validation.registrationNumber,
      incorporatedOn: validation.incorporatedOn,
    })),
    contacts: organization.contacts.map(({ number, role, userId, ...someone }) => ({
      number,
      role,
      userId,
      ...personToWire(someone),
    })),
    createdAt: timeToWire(organization.createdAt),
  };
}

export const organizationOperations = [
  handled(organizationsApi.list, async (input, { caller, services }) => {
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
    return pageToWire(
      countedPage(found, input, ({ number }) => number),
      organizationToWire,
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
    return organizationToWire(await session.services.organizations.add(caller, request));
  }),

  handled(organizationsApi.show, async ({ organization }, { caller, services }) =>
    organizationToWire(await services.organizations.get(caller, referenceFromWire(organization))),
  ),

  handled(organizationsApi.ask, async ({ organization, levels }, { caller, services }) =>
    organizationToWire(
      await services.organizations.askForVerification(caller, referenceFromWire(organization), { levels }),
    ),
  ),

  handled(organizationsApi.verify, async ({ organization, ...decision }, { caller, services }) => {
    const verified = { ...decision, verified: true };
    return organizationToWire(await services.organizations.verify(caller, referenceFromWire(organization), verified));
  }),

  handled(organizationsApi.reject, async ({ organization, ...decision }, { caller, services }) => {
    const rejected = { ...decision, verified: false };
    return organizationToWire(await services.organizations.verify(caller, referenceFromWire(organization), rejected));
  }),

  handled(organizationsApi.activate, async ({ organization }, { caller, services }) =>
    organizationToWire(await services.organizations.setState(caller, referenceFromWire(organization), 'active')),
  ),

  handled(organizationsApi.deactivate, async ({ organization }, { caller, services }) =>
    organizationToWire(await services.organizations.setState(caller, referenceFromWire(organization), 'inactive')),
  ),

  handled(organizationsApi.remove, async ({ organization }, { caller, services }) => {
    await services.organizations.remove(caller, referenceFromWire(organization));
    return { removed: true as const };
  }),
];
