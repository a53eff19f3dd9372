/** Organizations: requests and replies. */

import { z } from 'zod';
import { countryOf } from '../../../domain/country.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { businessCategories } from '../../../domain/registration.ts';
import { expecting } from '../../kit/schema-errors.ts';
import {
  flag,
  idOf,
  listRequest,
  optionalIdOf,
  optionalList,
  optionalMailbox,
  optionalReference,
  optionalText,
  optionalTextUpTo,
  orNone,
  page,
  personText,
  someText,
  someTextUpTo,
} from '../wire/shapes.ts';

/** Somebody of an organization: a user of the account by id, or the person in the other fields. */
export const personRequest = z.looseObject({
  contact_type: optionalText,
  id: optionalIdOf('contact'),
  user_id: optionalIdOf('contact'),
  first_name: personText,
  last_name: personText,
  job_title: personText,
  telephone: personText,
  telephone_extension: personText,
  email: optionalMailbox,
});

export type PersonRequest = z.output<typeof personRequest>;

const optionalPerson = z.preprocess(orNone, personRequest.optional());
const persons = optionalList(personRequest);

const validationRequests = optionalList(z.looseObject({ type: someText, verified_users: persons }));

const country = z
  .string({ error: expecting(expected.country) })
  .refine((text) => countryOf(text) !== undefined, expecting(expected.country))
  .transform((text) => countryOf(text) ?? text);

/** Ours: what an EV certificate must say of its subject. The vendor's people look it up themselves. */
export const registrationFields = {
  registration_number: optionalTextUpTo(64),
  business_category: z.preprocess(orNone, z.enum(businessCategories).optional()),
  jurisdiction_country: z.preprocess(orNone, country.optional()),
  jurisdiction_state: optionalTextUpTo(128),
  jurisdiction_city: optionalTextUpTo(128),
  organization_identifier: optionalTextUpTo(256),
};

/** Fields that make an organization; also in an order, which may make one. */
export const organizationFields = {
  name: someTextUpTo(64),
  assumed_name: optionalTextUpTo(255),
  address: someTextUpTo(128),
  address2: optionalTextUpTo(128),
  city: someTextUpTo(128),
  state: someTextUpTo(128),
  zip: optionalTextUpTo(40),
  country,
  telephone: optionalTextUpTo(64),
  ...registrationFields,
};

export const newOrganizationRequest = z.object({
  ...organizationFields,
  container: optionalReference('container'),
  organization_contact: optionalPerson,
  technical_contact: optionalPerson,
  contacts: persons,
  ev_approvers: persons,
  validations: validationRequests,
  skip_duplicate_org_check: flag,
});

export type NewOrganizationRequest = z.output<typeof newOrganizationRequest>;

export const organizationRequest = z.object({ id: idOf('organization') });

export const organizationListRequest = listRequest.extend({ include_validation: flag });

export const organizationValidationRequest = z.object({
  id: idOf('organization'),
  validations: validationRequests,
  // Elsewhere than in the validation by older documents.
  verified_users: persons,
});

export const contactsRequest = z.object({ id: idOf('organization'), contacts: z.array(personRequest).min(1).max(10) });

const contact = z.object({
  id: z.int(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  job_title: z.string(),
  telephone: z.string(),
});

export const organizationValidation = z.object({
  type: z.string(),
  name: z.string(),
  description: z.string(),
  date_created: z.string().optional(),
  validated_until: z.string().optional(),
  status: z.string(),
  verified_users: z.array(z.object({ id: z.int(), first_name: z.string(), last_name: z.string() })).optional(),
});

export type WireOrganizationValidation = z.output<typeof organizationValidation>;

const organizationShape = {
  id: z.int(),
  status: z.string(),
  name: z.string(),
  assumed_name: z.string().optional(),
  display_name: z.string(),
  is_active: z.boolean(),
  address: z.string(),
  address2: z.string().optional(),
  zip: z.string(),
  city: z.string(),
  state: z.string(),
  country: z.string(),
  telephone: z.string().optional(),
  container: z.object({ id: z.int(), parent_id: z.int(), name: z.string(), is_active: z.boolean() }).optional(),
  validations: z.array(organizationValidation).optional(),
};

export const organization = z.object(organizationShape);

export type WireOrganization = z.output<typeof organization>;

export const organizationInfo = z.object({
  ...organizationShape,
  organization_contact: contact.optional(),
  technical_contact: contact.optional(),
  verified_contacts: z.array(contact),
  ev_approvers: z.array(contact).optional(),
});

export type WireOrganizationInfo = z.output<typeof organizationInfo>;

export const organizationList = z.object({ organizations: z.array(organization), page });

/** `status` beside the list: digi-harbinger looks for it even where no validation was ever requested. */
export const organizationValidations = z.object({ validations: z.array(organizationValidation), status: z.string() });
