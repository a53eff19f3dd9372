/** Organizations as lists, information and validation show them. */
import type { Organization, OrganizationContact, OrganizationValidation } from '../../../domain/organization.ts';
import { nonEmpty, withDefined } from '../../../domain/with-defined.ts';
import { type Containers, containerRefToWire, displayName } from '../containers/container-to-wire.ts';
import { timestamp } from '../wire/wire-time.ts';
import type { WireOrganization, WireOrganizationInfo, WireOrganizationValidation } from './schema.ts';
import { validationTypes } from './validation-types.ts';

export interface OrganizationContext {
  readonly containers: Containers;
  readonly withValidations: boolean;
  readonly now: Date;
}

export function organizationToWire(organization: Organization, context: OrganizationContext): WireOrganization {
  const { number, state, details, containerId } = organization;
  const container = containerRefToWire(context.containers, containerId);
  return {
    id: number,
    status: state,
    name: details.name,
    ...withDefined({ assumed_name: nonEmpty(details.assumedName) }),
    display_name: displayName(details),
    is_active: state === 'active',
    address: details.street ?? '',
    ...withDefined({ address2: nonEmpty(details.street2) }),
    zip: details.postalCode ?? '',
    city: details.city,
    state: details.state,
    country: details.country.toLowerCase(),
    ...withDefined({ telephone: nonEmpty(details.phone), container }),
    ...(context.withValidations ? { validations: validationsToWire(organization, context.now) } : {}),
  };
}

export function organizationInfoToWire(
  organization: Organization,
  context: Pick<OrganizationContext, 'containers' | 'now'>,
): WireOrganizationInfo {
  const contacts = (role: OrganizationContact['role']) =>
    organization.contacts.filter((contact) => contact.role === role).map(contactToWire);
  const [forOrganization] = contacts('organization');
  const [technical] = contacts('technical');
  const approvers = contacts('evApprover');
  return {
    ...organizationToWire(organization, { ...context, withValidations: false }),
    ...withDefined({ organization_contact: forOrganization, technical_contact: technical }),
    verified_contacts: contacts('verified'),
    ...(approvers.length === 0 ? {} : { ev_approvers: approvers }),
  };
}

export function validationsToWire(organization: Organization, now: Date): WireOrganizationValidation[] {
  return organization.validations.map((validation) => {
    const verified = organization.contacts.filter(({ role }) => role === 'verified');
    return {
      type: validation.level,
      ...validationTypes[validation.level],
      ...(validation.decidedAt === null || validation.state !== 'valid'
        ? {}
        : { date_created: timestamp(validation.decidedAt) }),
      ...(validation.validUntil === null ? {} : { validated_until: timestamp(validation.validUntil) }),
      status: statusOf(validation, now),
      ...(verified.length === 0
        ? {}
        : {
            verified_users: verified.map(({ number, firstName, lastName }) => ({
              id: number,
              first_name: firstName,
              last_name: lastName,
            })),
          }),
    };
  });
}

function statusOf({ state, validUntil }: OrganizationValidation, now: Date): string {
  if (state !== 'valid') return state;
  return validUntil !== null && validUntil > now ? 'active' : 'expired';
}

function contactToWire({ number, firstName, lastName, email, jobTitle, phone }: OrganizationContact) {
  return {
    id: number,
    first_name: firstName,
    last_name: lastName,
    email,
    job_title: jobTitle,
    telephone: phone,
  };
}
