/** Proofs of the names of an order on this wire: checks, methods, values and mails, and how far each is. */

import { z } from 'zod';
import { dcvMethods } from '../proofs.ts';
import { wirePerson } from '../users/schema.ts';
import { nothing, optionalList, someText } from '../wire/shapes.ts';
import { methodWord, orderNumberRequest } from './place-schema.ts';

/** Mails of these names only, to these addresses. */
export const resendRequest = orderNumberRequest.extend({
  domain_approval_emails: z.preprocess(
    (value) => value ?? [],
    z.array(z.looseObject({ domain: someText, email: someText })).max(1000),
  ),
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

export type OrderValidation = z.output<typeof orderValidation>;
