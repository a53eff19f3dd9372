/** Organizations, and what the operator verified of them. */

import { z } from 'zod';
import { countryOf } from '../../../domain/country.ts';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import { longestOrganizationTexts } from '../../../domain/organization.ts';
import { lengthOf } from '../../../domain/organization-text.ts';
import { businessCategories } from '../../../domain/registration.ts';
import { objectActions } from '../../../domain/seen-object.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { actionsOf } from './actions.ts';
import { actor } from './actors.ts';
import {
  accountChoice,
  actsOn,
  countedPageRequest,
  endpoint,
  moment,
  pageOf,
  person,
  personPart,
  reference,
  time,
  version,
  versioned,
} from './shapes.ts';

export const organizationDetails = z
  .object({
    name: z.string(),
    assumedName: z.string().exactOptional().meta({ description: 'The name it trades under. Not in certificates.' }),
    unit: z.string().exactOptional(),
    street: z.string().exactOptional(),
    street2: z.string().exactOptional().meta({ description: 'Second line of the address. Not in certificates.' }),
    city: z.string(),
    state: z.string(),
    country: z.string(),
    postalCode: z.string().exactOptional(),
    phone: z.string().exactOptional(),
    registrationNumber: z
      .string()
      .exactOptional()
      .meta({ description: 'For EV; found while it is verified if it is left out.' }),
    incorporatedOn: z.string().exactOptional(),
    businessCategory: z
      .string()
      .exactOptional()
      .meta({ description: 'What it is. EV needs it, here or from a verification.' }),
    jurisdictionCountry: z
      .string()
      .exactOptional()
      .meta({ description: 'The country of its register (ISO 3166-1). EV needs it, here or from a verification.' }),
    jurisdictionState: z
      .string()
      .exactOptional()
      .meta({ description: 'Of a register of a state or province, or of a place in it.' }),
    jurisdictionLocality: z.string().exactOptional().meta({ description: 'Of a register of a place only.' }),
    organizationIdentifier: z
      .string()
      .exactOptional()
      .meta({ description: 'In a register, such as `NTRDE-HRB86891`; EV certificates repeat it.' }),
  })
  .meta({ id: 'OrganizationDetails' });

const country = z
  .string()
  .refine((text) => countryOf(text) === text, expecting(expected.country))
  .meta({ pattern: '^[A-Z]{2}$' });

/** Characters are counted, not the halves of a pair that some of them are (RFC 5280 Appendix A.1). */
const upTo = (field: keyof typeof longestOrganizationTexts) => {
  const most = longestOrganizationTexts[field];
  return z
    .string()
    .refine((text) => lengthOf(text) <= most, expecting(expectedOf.charactersAtMost(most)))
    .meta({ maxLength: most });
};

const describedAs = (field: keyof typeof organizationDetails.shape) => ({
  description: organizationDetails.shape[field].description ?? '',
});

/** What an EV certificate says of the registration beside its number. */
const registration = {
  businessCategory: z.enum(businessCategories).exactOptional().meta(describedAs('businessCategory')),
  jurisdictionCountry: country.exactOptional().meta(describedAs('jurisdictionCountry')),
  jurisdictionState: upTo('jurisdictionState').exactOptional().meta(describedAs('jurisdictionState')),
  jurisdictionLocality: upTo('jurisdictionLocality').exactOptional().meta(describedAs('jurisdictionLocality')),
  organizationIdentifier: upTo('organizationIdentifier').exactOptional().meta(describedAs('organizationIdentifier')),
};

export const newOrganizationDetails = z
  .strictObject({
    name: upTo('name').min(1),
    assumedName: upTo('assumedName')
      .exactOptional()
      .meta({ description: organizationDetails.shape.assumedName.description }),
    unit: upTo('unit').exactOptional(),
    street: upTo('street').exactOptional(),
    street2: upTo('street2').exactOptional().meta({ description: organizationDetails.shape.street2.description }),
    city: upTo('city').min(1),
    state: upTo('state').min(1),
    country,
    postalCode: upTo('postalCode').exactOptional(),
    phone: upTo('phone').exactOptional(),
    registrationNumber: upTo('registrationNumber')
      .exactOptional()
      .meta({ description: organizationDetails.shape.registrationNumber.description }),
    incorporatedOn: upTo('incorporatedOn').exactOptional(),
    ...registration,
  })
  .meta({ id: 'NewOrganization' });

const level = z.enum(['ov', 'ev']);
const contactRoles = z.enum(['organization', 'technical', 'evApprover', 'verified']);

export const organization = z
  .object({
    id: z.string(),
    number: z.int(),
    accountId: z.string(),
    containerId: z.string().nullable(),
    details: organizationDetails,
    state: z.enum(['active', 'inactive']).meta({ description: 'An inactive one takes no new orders.' }),
    validations: z.array(
      z
        .object({
          level,
          state: z.enum(['pending', 'valid', 'rejected']),
          askedAt: time,
          decidedAt: time.nullable(),
          decidedBy: actor.nullable().meta({ description: 'Null: nobody yet.' }),
          note: z.string(),
          validUntil: time.nullable().meta({ description: 'Orders wait again after this day.' }),
          registrationNumber: z.string().nullable().meta({ description: 'Of EV: what certificates say.' }),
          incorporatedOn: z.string().nullable(),
          businessCategory: z.string().nullable(),
          jurisdictionCountry: z.string().nullable(),
          jurisdictionState: z.string().nullable(),
          jurisdictionLocality: z.string().nullable(),
          organizationIdentifier: z.string().nullable(),
        })
        .meta({ id: 'OrganizationValidation' }),
    ),
    contacts: z.array(
      z
        .object({ number: z.int(), role: contactRoles, userId: z.string().nullable(), ...person.shape })
        .meta({ id: 'OrganizationContact' }),
    ),
    ordersWaiting: z.int().meta({
      description:
        'Its orders that the operator has to do something about, at most 10,000: `/api/v1/orders?organization=…&turn=operator`. 0 where it is verified.',
    }),
    createdAt: time,
  })
  .meta({ id: 'Organization' });

export const organizationPage = organization
  .extend({ version, actions: actionsOf(objectActions.organization) })
  .meta({ id: 'OrganizationPage' });

const path = '/api/v1/organizations/:organization';
const one = z.strictObject({ organization: reference('organization') });
const onlyEv = 'Only for EV: what was found in its register.';
const note = z.string().max(2000).default('');

export const organizationsApi = {
  list: endpoint({
    id: 'organizations.list',
    method: 'GET',
    path: '/api/v1/organizations',
    summary: { en: 'List organizations, newest first', zh: '组织列表（新的在前）' },
    request: z.strictObject({
      ...countedPageRequest.shape,
      state: organization.shape.state.optional(),
      name: z.string().min(1).optional().meta({ description: 'Part of the name.' }),
      waiting: z
        .enum(['true', 'false'])
        .optional()
        .meta({ description: '`true`: only those that wait for the operator to verify them.' }),
      account: reference('account').optional(),
      level: level.optional().meta({ description: 'Verified on this level.' }),
      validUntilBefore: moment.optional().meta({
        description: 'A verification, on `level` where that is set, ends before this time (UTC).',
      }),
    }),
    response: pageOf(organization),
  }),
  add: endpoint({
    id: 'organizations.add',
    fieldNames: { organization: 'details', contact: 'contacts' },
    method: 'POST',
    path: '/api/v1/organizations',
    summary: { en: 'Add an organization', zh: '添加组织' },
    status: 201,
    request: z.strictObject({
      account: accountChoice,
      details: newOrganizationDetails,
      container: reference('container').optional(),
      levels: z.array(level).max(2).default([]).meta({ description: 'What the operator is asked to verify it for.' }),
      contacts: z
        .array(
          z.strictObject({
            role: contactRoles,
            userNumber: z.int().exactOptional().meta({ description: 'A user or contact of the account.' }),
            ...personPart.shape,
          }),
        )
        .max(20)
        .default([]),
      allowDuplicate: z
        .boolean()
        .default(false)
        .meta({ description: 'Another one with the same details may stand beside it.' }),
    }),
    response: organization,
  }),
  show: endpoint({
    id: 'organizations.show',
    ...versioned,
    method: 'GET',
    path,
    summary: { en: 'Show an organization', zh: '组织详情' },
    request: one,
    response: organizationPage,
  }),
  ask: endpoint({
    id: 'organizations.ask',
    ...actsOn('organization', ['organization']),
    method: 'POST',
    path: `${path}/ask`,
    summary: { en: 'Ask the operator to verify it', zh: '申请审核组织信息' },
    request: z.strictObject({ ...one.shape, levels: z.array(level).min(1).max(2) }),
    response: organization,
  }),
  verify: endpoint({
    id: 'organizations.verify',
    ...actsOn('organization', ['organization']),
    method: 'POST',
    path: `${path}/verify`,
    summary: {
      en: 'Say that it is what it says; orders that wait for it go on',
      zh: '确认组织信息属实，等待中的订单继续处理',
    },
    request: z.strictObject({
      ...one.shape,
      level,
      note: note.meta({ description: 'What was looked at. Shown to the account.' }),
      days: z
        .int()
        .min(1)
        .max(398)
        .exactOptional()
        .meta({ description: 'Days for which the verification can be used; 398 by default.' }),
      registrationNumber: z
        .string()
        .min(1)
        .max(64)
        .exactOptional()
        .meta({ description: 'In its register. EV needs it unless the details have it; this one counts.' }),
      incorporatedOn: z.string().min(1).max(64).exactOptional().meta({ description: 'Only for EV.' }),
      businessCategory: registration.businessCategory.meta({ description: onlyEv }),
      jurisdictionCountry: registration.jurisdictionCountry.meta({
        description: `${onlyEv} A jurisdiction replaces all of the earlier one.`,
      }),
      jurisdictionState: registration.jurisdictionState.meta({ description: onlyEv }),
      jurisdictionLocality: registration.jurisdictionLocality.meta({ description: onlyEv }),
      organizationIdentifier: registration.organizationIdentifier.meta({ description: onlyEv }),
    }),
    response: organization,
  }),
  reject: endpoint({
    id: 'organizations.reject',
    ...actsOn('organization', ['organization']),
    method: 'POST',
    path: `${path}/reject`,
    summary: { en: 'Record that it could not be verified; its orders keep waiting', zh: '组织信息审核不通过' },
    request: z.strictObject({ ...one.shape, level, note: note.meta({ description: 'Why. Shown to the account.' }) }),
    response: organization,
  }),
  activate: endpoint({
    id: 'organizations.activate',
    ...actsOn('organization', ['organization']),
    method: 'POST',
    path: `${path}/activate`,
    summary: { en: 'Let it take orders again', zh: '启用组织' },
    request: one,
    response: organization,
  }),
  deactivate: endpoint({
    id: 'organizations.deactivate',
    ...actsOn('organization', ['organization']),
    method: 'POST',
    path: `${path}/deactivate`,
    summary: { en: 'Take no new orders for it', zh: '停用组织' },
    request: one,
    response: organization,
  }),
  remove: endpoint({
    id: 'organizations.remove',
    ...actsOn('organization', ['organization']),
    method: 'DELETE',
    path,
    summary: { en: 'Remove one that no order names', zh: '删除未被订单使用的组织' },
    request: one,
    response: z.object({ removed: z.literal(true) }),
  }),
} as const;
