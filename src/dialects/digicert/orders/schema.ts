/** Orders on this wire: what is sent to place, reissue and change them, and how they are shown. */

import { z } from 'zod';
import { expected } from '../../../domain/messages/expectations.ts';
import { longestAlternativeReference, longestReminderMessage } from '../../../domain/order.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { wireValidity } from '../dialect-data.ts';
import { dcvMethods } from '../proofs.ts';
import { wireActor, wirePerson } from '../users/schema.ts';
import {
  filters,
  flag,
  idOf,
  listRequest,
  nothing,
  optionalFlag,
  optionalIdOf,
  optionalInteger,
  optionalList,
  optionalMailbox,
  optionalMailboxes,
  optionalNumber,
  optionalReference,
  optionalText,
  optionalTexts,
  optionalTextUpTo,
  orNone,
  page,
  personText,
  someNumber,
  someText,
} from '../wire/shapes.ts';

const objectText = expecting(expected.object);

/** Any of the three; zero values are none. Keyfactor sends a whole ISO time as the date. */
const validityRequest = z.preprocess(
  orNone,
  z
    .object(
      { years: optionalNumber, days: optionalNumber, custom_expiration_date: optionalText },
      { error: objectText },
    )
    .optional(),
);

/** An `id` of -1 is "other"; digicert-cli sends `{"id": null}`. */
const platformRequest = z.preprocess(
  orNone,
  z
    .object({ id: optionalInteger }, { error: objectText })
    .optional()
    .transform((value) => value?.id),
);

const names = z.preprocess(
  (value) => (value === null || value === '' ? undefined : typeof value === 'string' ? [value] : value),
  // The core says how many a product takes; this only bounds the work until then.
  z
    .array(
      z.preprocess((name) => name ?? '', z.string({ error: expecting(expected.name) })),
      {
        error: expecting(expected.names),
      },
    )
    .max(2000)
    .optional(),
);

const certificateRequest = z.object(
  {
    common_name: optionalText,
    dns_names: names,
    /** Text as it was sent: nothing is trimmed. */
    csr: z.preprocess((value) => (value === null || value === '' ? undefined : value), z.string().optional()),
    signature_hash: z.preprocess(
      (value) => (value === null || value === '' ? undefined : typeof value === 'string' ? value.toLowerCase() : value),
      z.enum(['sha256', 'sha384', 'sha512', 'sha256ecdsa', 'any']).optional(),
    ),
    organization_units: optionalTexts,
    server_platform: platformRequest,
    profile_option: optionalText,
    ca_cert_id: optionalText,
    cert_validity: validityRequest,
  },
  { error: objectText },
);

const contactTypes = ['organization_contact', 'technical_contact', 'ev_approver', 'verified_contact'] as const;

const person = {
  user_id: optionalIdOf('user'),
  first_name: personText,
  last_name: personText,
  job_title: personText,
  telephone: personText,
  telephone_extension: personText,
  email: optionalMailbox,
};

const contactRequest = z.object({
  contact_type: z.preprocess(orNone, z.enum(contactTypes).optional()),
  ...person,
});

/** A contact of which the type is known. */
export type ContactRequest = Omit<z.output<typeof contactRequest>, 'contact_type'> & {
  readonly contact_type: (typeof contactTypes)[number];
};

/** A whole object of zero values is what a Go client sends of an order without an organization. */
const organizationRequest = z.preprocess(
  orNone,
  z
    .object(
      {
        id: optionalIdOf('organization'),
        name: optionalTextUpTo(64),
        assumed_name: optionalTextUpTo(255),
        address: optionalTextUpTo(128),
        address2: optionalTextUpTo(128),
        city: optionalTextUpTo(128),
        state: optionalTextUpTo(128),
        zip: optionalTextUpTo(40),
        country: optionalText,
        telephone: optionalTextUpTo(64),
        registration_number: optionalTextUpTo(64),
        contacts: optionalList(contactRequest, 20),
      },
      { error: objectText },
    )
    .optional(),
);

export type OrganizationRequest = NonNullable<z.output<typeof organizationRequest>>;

const methodWord = (value: unknown) =>
  value === null || value === '' ? undefined : typeof value === 'string' ? value.trim().toLowerCase() : value;

const dcvMethod = z.preprocess(methodWord, z.enum(dcvMethods).optional());

const customFieldValue = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

const customFieldRequest = z.object({ metadata_id: someNumber, value: customFieldValue });

const commonRequest = {
  skip_approval: flag,
  comments: optionalText,
  dcv_method: dcvMethod,
  dcv_emails: optionalList(z.object({ dns_name: someText, email_domain: optionalText, email: someText })),
};

export const placeRequest = z.object({
  product_name_id: someText,
  certificate: certificateRequest,
  ...commonRequest,
  order_validity: validityRequest,
  validity_years: optionalNumber,
  validity_days: optionalNumber,
  custom_expiration_date: optionalText,
  auto_renew: flag,
  custom_renewal_message: optionalTextUpTo(longestReminderMessage),
  disable_renewal_notifications: flag,
  additional_emails: optionalMailboxes,
  locale: optionalText,
  renewal_of_order_id: optionalIdOf('order'),
  renewed_thumbprint: optionalText,
  alternative_order_id: optionalTextUpTo(longestAlternativeReference),
  payment_method: z.preprocess(
    (value) => (value === null || value === '' ? undefined : value),
    z.enum(['balance', 'card', 'profile', 'wire_transfer']).optional(),
  ),
  disable_ct: flag,
  organization: organizationRequest,
  technical_contact: z.preprocess(orNone, z.object(person).optional()),
  container: optionalReference('container'),
  custom_fields: optionalList(customFieldRequest, 100),
  cs_provisioning_method: optionalText,
  product: z.preprocess(orNone, z.object({ type_hint: optionalText }).optional()),
});

export type PlaceRequest = z.output<typeof placeRequest>;

const dcvToken = z.object({
  token: z.string(),
  status: z.string(),
  expiration_date: z.string(),
  verification_value: z.string().optional(),
  http_token_url: z.string().optional(),
});

export type WireDcvToken = z.output<typeof dcvToken>;

const chainLink = z.object({ subject_common_name: z.string(), pem: z.string() });

export type ChainLink = z.output<typeof chainLink>;

/** Reply to orders, reissues and duplicates. */
export const placed = z.object({
  id: z.int(),
  organization: z.object({ id: z.int() }).optional(),
  domains: z
    .array(z.object({ id: z.int(), name: z.string(), dns_name: z.string(), dcv_token: dcvToken.optional() }))
    .optional(),
  requests: z.array(z.object({ id: z.int(), status: z.string() })).optional(),
  certificate_id: z.int().optional(),
  sub_id: z.string().optional(),
  dcv_random_value: z.string().optional(),
  certificate_chain: z.array(chainLink).optional(),
});

export type Placed = z.output<typeof placed>;

/** `order_id` is a number, a serial or a thumbprint. */
export const orderRequest = z.object({ order_id: someText });
/** A number only: calls that change something. */
export const orderNumberRequest = z.object({ order_id: idOf('order') });

/** Mails of these names only, to these addresses. */
export const resendRequest = orderNumberRequest.extend({
  domain_approval_emails: z.preprocess(
    (value) => value ?? [],
    z.array(z.looseObject({ domain: someText, email: someText })).max(1000),
  ),
});

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

export const reissueRequest = orderNumberRequest.extend({
  certificate: z.preprocess((value) => value ?? {}, certificateRequest),
  ...commonRequest,
});

export type ReissueRequest = z.output<typeof reissueRequest>;

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

export const checkRequest = orderNumberRequest.extend({
  /** Names as texts, or in objects as replies have them. */
  dns_names_validations: optionalList(
    z.union([someText, z.looseObject({ dns_name: someText }).transform(({ dns_name }) => dns_name)]),
  ),
});

export const checked = z.object({
  order_status: z.string(),
  certificate_id: z.int().optional(),
  dcv_status: z.string(),
  dns_name_validations: z.array(z.object({ dns_name: z.string(), status: z.string() })),
});

export const methodRequest = orderNumberRequest.extend({ dcv_method: z.preprocess(methodWord, z.enum(dcvMethods)) });

/** The place, where an upstream made the value: in the words of the vendor's tokens of domains. */
const placeOfValue = { verification_value: z.string().optional(), http_token_url: z.string().optional() };

export const randomValue = z.object({
  dcv_random_value: z.string(),
  expiration_date: z.string(),
  ...placeOfValue,
});
export const maybeRandomValue = z.union([nothing, randomValue]);

export const emailValidation = z.object({
  delivery_options: z.array(z.string()),
  emails: z.array(
    z.object({ email: z.string(), status: z.string(), date_emailed: z.string().optional(), name_scope: z.string() }),
  ),
});

const verificationDetails = z.object({
  organization_type: z.boolean(),
  organization_status: z.boolean(),
  address_verification: z.boolean(),
  blacklist_fraud: z.boolean(),
  request_authenticity: z.boolean(),
});

export const orderValidation = z.object({
  order_id: z.string(),
  order_status: z.string(),
  order_name_scope: z.string(),
  order_dcv_method: z.string(),
  organization_id: z.string().optional(),
  organization_name: z.string().optional(),
  organization_validations: z.array(
    z.object({
      type: z.string(),
      name: z.string(),
      description: z.string(),
      date_created: z.string(),
      validated_until: z.string().optional(),
      status: z.string(),
      verified_contacts: z.array(wirePerson),
      verification_details: verificationDetails,
    }),
  ),
  dns_name_validations: z.array(
    z.object({
      domain_id: z.string().optional(),
      name_scope: z.string(),
      approval_scope: z.string(),
      status: z.string(),
      method: z.string(),
      dns_names: z.array(z.string()),
      /** Of a name that an upstream checks. */
      dcv_token: z.object({ token: z.string(), expiration_date: z.string(), ...placeOfValue }).optional(),
    }),
  ),
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
