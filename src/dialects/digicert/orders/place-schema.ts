/** Orders on this wire: what is sent to place and reissue them, and the reply. */

import { z } from 'zod';
import { expected } from '../../../domain/messages/expectations.ts';
import { longestAlternativeReference, longestReminderMessage } from '../../../domain/order.ts';
import { expecting } from '../../kit/schema-errors.ts';
import { registrationFields } from '../organizations/schema.ts';
import { dcvMethods } from '../proofs.ts';
import {
  flag,
  idOf,
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
  personText,
  someNumber,
  someText,
} from '../wire/shapes.ts';

/** `order_id` is a number, a serial or a thumbprint. */
export const orderRequest = z.object({ order_id: someText });
/** A number only: calls that change something. */
export const orderNumberRequest = z.object({ order_id: idOf('order') });

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
        ...registrationFields,
        contacts: optionalList(contactRequest, 20),
      },
      { error: objectText },
    )
    .optional(),
);

export type OrganizationRequest = NonNullable<z.output<typeof organizationRequest>>;

export const methodWord = (value: unknown) =>
  value === null || value === '' ? undefined : typeof value === 'string' ? value.trim().toLowerCase() : value;

const dcvMethod = z.preprocess(methodWord, z.enum(dcvMethods).optional());

export const customFieldValue = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]);

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

export const chainLink = z.object({ subject_common_name: z.string(), pem: z.string() });

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

export const reissueRequest = orderNumberRequest.extend({
  certificate: z.preprocess((value) => value ?? {}, certificateRequest),
  ...commonRequest,
});

export type ReissueRequest = z.output<typeof reissueRequest>;
