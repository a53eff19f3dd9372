/** Orders on this wire: how they are shown, listed and changed. */

import { z } from 'zod';
import { longestReminderMessage } from '../../../domain/order.ts';
import { wireValidity } from '../dialect-data.ts';
import { wireActor, wirePerson } from '../users/schema.ts';
import {
  filters,
  flag,
  idOf,
  listRequest,
  nothing,
  optionalFlag,
  optionalIdOf,
  optionalNumber,
  optionalText,
  page,
  someNumber,
  someText,
} from '../wire/shapes.ts';
import { customFieldValue, orderNumberRequest } from './place-schema.ts';

const platform = z.object({ id: z.int(), name: z.string(), install_url: z.string(), csr_url: z.string() });

const certificateInfo = z.object({
  id: z.int().optional(),
  thumbprint: z.string().optional(),
  serial_number: z.string().optional(),
  common_name: z.string(),
  cert_validity: wireValidity.optional(),
  dns_names: z.array(z.string()),
  date_created: z.string(),
  date_issued: z.string().optional(),
  valid_from: z.string().optional(),
  valid_till: z.string().optional(),
  days_remaining: z.int().optional(),
  csr: z.string().optional(),
  organization: z.object({ id: z.int() }).optional(),
  organization_units: z.array(z.string()),
  server_platform: platform,
  signature_hash: z.string(),
  key_size: z.int().optional(),
  ca_cert: z.object({ id: z.string(), name: z.string() }).optional(),
  status: z.string().optional(),
});

const organizationInfo = z.object({
  id: z.int(),
  name: z.string(),
  assumed_name: z.string().optional(),
  display_name: z.string(),
  is_active: z.boolean(),
  city: z.string(),
  state: z.string(),
  country: z.string(),
  telephone: z.string().optional(),
});

const container = z.object({ id: z.int(), name: z.string(), is_active: z.boolean() });

const customField = z.object({ metadata_id: z.int(), label: z.string(), value: z.string() });

const orderRequestItem = z.object({
  id: z.int(),
  date: z.string(),
  type: z.string(),
  status: z.string(),
  comments: z.string().optional(),
});

export const orderInfo = z.object({
  id: z.int(),
  certificate: certificateInfo,
  status: z.string(),
  is_renewal: z.boolean(),
  is_renewed: z.boolean(),
  renewed_order_id: z.int().optional(),
  date_created: z.string(),
  last_reissued_date: z.string().optional(),
  organization: organizationInfo.optional(),
  validity_years: z.int(),
  order_validity: wireValidity.optional(),
  order_valid_till: z.string().optional(),
  disable_renewal_notifications: z.boolean(),
  auto_renew: z.int(),
  custom_renewal_message: z.string().optional(),
  additional_emails: z.array(z.string()).optional(),
  container: container.optional(),
  product: z.object({
    name_id: z.string(),
    name: z.string(),
    type: z.string(),
    validation_type: z.string(),
    validation_name: z.string(),
    validation_description: z.string(),
  }),
  organization_contact: wirePerson.optional(),
  technical_contact: wirePerson.optional(),
  ev_approver: wirePerson.optional(),
  user: wireActor.optional(),
  requests: z.array(orderRequestItem),
  cs_provisioning_method: z.string(),
  send_minus_90: z.boolean(),
  send_minus_60: z.boolean(),
  send_minus_30: z.boolean(),
  send_minus_7: z.boolean(),
  send_minus_3: z.boolean(),
  send_plus_7: z.boolean(),
  public_id: z.string(),
  allow_duplicates: z.boolean(),
  duplicates_count: z.int(),
  reissues_count: z.int(),
  has_duplicates: z.boolean(),
  has_reissues: z.boolean(),
  user_assignments: z.array(wireActor),
  payment_method: z.string(),
  disable_ct: z.boolean(),
  dcv_method: z.string().optional(),
  locale: z.string().optional(),
  alternative_order_id: z.string().optional(),
  notes: z.array(z.object({ id: z.int(), text: z.string() })).optional(),
  custom_fields: z.array(customField).optional(),
});

export type OrderInfo = z.output<typeof orderInfo>;

const orderItem = z.object({
  id: z.int(),
  certificate: z.object({
    id: z.int().optional(),
    serial_number: z.string().optional(),
    common_name: z.string(),
    dns_names: z.array(z.string()),
    valid_from: z.string().optional(),
    valid_till: z.string().optional(),
    days_remaining: z.int().optional(),
    cert_validity: wireValidity.optional(),
    signature_hash: z.string(),
  }),
  status: z.string(),
  is_renewed: z.boolean(),
  date_created: z.string(),
  organization: z.object({ id: z.int(), name: z.string() }).optional(),
  validity_years: z.int(),
  order_validity: wireValidity.optional(),
  order_valid_till: z.string().optional(),
  disable_renewal_notifications: z.boolean(),
  container: container.optional(),
  product: z.object({ name_id: z.string(), name: z.string(), type: z.string() }),
  product_name_id: z.string(),
  duplicates_count: z.int(),
  has_duplicates: z.boolean(),
  price: z.number(),
  number_of_sans: z.int(),
  is_multi_year_plan: z.string().optional(),
  alternative_order_id: z.string().optional(),
  custom_fields: z.array(customField).optional(),
});

export type OrderItem = z.output<typeof orderItem>;

export const orderList = z.object({ orders: z.array(orderItem), page });

export const changesRequest = z.object({ minutes: optionalNumber, seconds: optionalNumber, filters });

const changedOrder = z.object({ order_id: z.int(), certificate_id: z.int().optional(), status: z.string() });

export const changes = z.object({ orders: z.array(changedOrder) });

export const alternateRequest = listRequest.extend({ alternative_order_id: someText });

export const alternates = z.object({ orders: z.array(changedOrder), page });

export const statusRequest = orderNumberRequest.extend({
  status: z.preprocess(
    (value) => (typeof value === 'string' ? value.toLowerCase() : value),
    // Older documents and clients write CANCELED; British ones, too, have written to this API.
    z.enum(['canceled', 'cancelled', 'renewed', 'not_renewed']),
  ),
  note: optionalText,
  send_emails: optionalFlag,
});

/** One certificate in the lists of reissues and duplicates. */
export const certificateItem = z.object({
  id: z.int(),
  thumbprint: z.string().optional(),
  serial_number: z.string().optional(),
  common_name: z.string(),
  dns_names: z.array(z.string()),
  status: z.string(),
  date_created: z.string(),
  date_issued: z.string().optional(),
  valid_from: z.string().optional(),
  valid_till: z.string().optional(),
  days_remaining: z.int().optional(),
  csr: z.string().optional(),
  server_platform: platform,
  signature_hash: z.string(),
  key_size: z.int().optional(),
  ca_cert_id: z.string().optional(),
  sub_id: z.string(),
  public_id: z.string(),
  archived: z.boolean(),
  user_id: z.int().optional(),
  firstname: z.string().optional(),
  lastname: z.string().optional(),
  email: z.string().optional(),
});

export type CertificateItem = z.output<typeof certificateItem>;

export const certificatesRequest = orderNumberRequest.extend({ show_archived: flag });

export const certificateList = z.object({ certificates: z.array(certificateItem) });

export const csrRequest = orderNumberRequest.extend({ csr: z.string().min(1) });

export const noteRequest = orderNumberRequest.extend({ text: someText.max(10_000) });

export const note = z.object({ id: z.int(), date_created: z.string(), text: z.string(), user: wireActor });

export const notes = z.object({ notes: z.array(note) });

export const customFieldChange = orderNumberRequest.extend({ metadata_id: someNumber, value: customFieldValue });

export const renewalMessageRequest = orderNumberRequest.extend({
  custom_renewal_message: z.preprocess((value) => value ?? '', z.string().max(longestReminderMessage)),
});

export const expiringRequest = z.object({ container_id: idOf('container') });

export const expiring = z.object({
  expiring_orders: z.array(z.object({ days_expiring: z.int(), order_count: z.int() })),
});

export const requestReportRequest = z.object({ container_id: optionalIdOf('container') });

export const requestReport = z.object({
  request: z.object({
    total: z.int(),
    types: z.array(z.object({ type: z.string(), request_count: z.int() })),
  }),
});

export { nothing };
