/** Domains: requests and replies. */
import { z } from 'zod';
import { dcvMethods } from '../proofs.ts';
import { wirePerson } from '../users/schema.ts';
import {
  flag,
  idOf,
  listRequest,
  nothing,
  optionalFlag,
  optionalList,
  optionalReference,
  optionalText,
  optionalTexts,
  orNone,
  page,
  someText,
} from '../wire/shapes.ts';

export const dcvMethod = z.preprocess(
  (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
  z.enum(dcvMethods),
);

/** Null and empty text mean that the field was not sent. */
const optionalDcvMethod = z.preprocess((value) => value || undefined, dcvMethod.optional());

const dcv = z.preprocess(
  orNone,
  z
    .looseObject({ method: optionalDcvMethod })
    .optional()
    .transform((value) => value?.method),
);

export const validationRequests = optionalList(z.looseObject({ type: someText }));

export const domainRequest = z.object({ id: idOf('managedDomain') });

export const domainListRequest = listRequest.extend({
  include_dcv: flag,
  include_validation: flag,
});

export const domainInfoRequest = z.object({ id: idOf('managedDomain'), include_dcv: flag, include_validation: flag });

export const newDomainRequest = z.object({
  name: someText,
  organization: optionalReference('organization'),
  container: optionalReference('container'),
  validations: validationRequests,
  dcv_method: optionalDcvMethod,
  // The older form, which riboseinc sends.
  dcv,
  locale: optionalText,
  email_array: optionalTexts,
  keep_www: flag,
});

export const methodRequest = z.object({
  id: idOf('managedDomain'),
  dcv_method: dcvMethod,
  locale: optionalText,
  email_array: optionalTexts,
  send_dcv_email_flag: optionalFlag,
});

export const tokenRequest = z.object({ id: idOf('managedDomain'), dcv_method: optionalDcvMethod });

export const checkRequest = z.object({ id: idOf('managedDomain'), dcv_method: optionalDcvMethod, token: optionalText });

export const oldCheckRequest = checkRequest.extend({ method: optionalDcvMethod });

export const oldMethodRequest = methodRequest.extend({ dcv_method: optionalDcvMethod, method: optionalDcvMethod });

export const domainValidationRequest = z.object({
  id: idOf('managedDomain'),
  validations: validationRequests,
  dcv_method: optionalDcvMethod,
  dcv,
  email_array: optionalTexts,
});

export const emailsRequest = z.object({
  id: idOf('managedDomain'),
  name_scope: optionalText,
  locale: optionalText,
  email_array: optionalTexts,
});

export const emailTokenRequest = z.object({ token: someText, email: optionalText });

export const emptyRequest = z.object({});

const tokenPlace = { verification_value: z.string().optional(), http_token_url: z.string().optional() };

export const dcvToken = z.object({
  token: z.string(),
  status: z.string(),
  expiration_date: z.string(),
  ...tokenPlace,
});

export type WireDcvToken = z.output<typeof dcvToken>;

/** Reply of the call that makes a new one. */
export const newToken = z.object({ token: z.string(), expiration_date: z.string(), ...tokenPlace });

export const validationEmails = z.object({ name_scope: z.string(), base_emails: z.array(z.string()) });

export type WireValidationEmails = z.output<typeof validationEmails>;

/** One of the two, as the method has it. */
const proof = { dcv_token: dcvToken.optional(), validation_emails: validationEmails.optional() };

export const addedDomain = z.object({ id: z.int(), ...proof });

export const domainProof = z.object(proof);

/** Nothing where nothing new has to be placed. */
export const submittedDomain = z.union([nothing, domainProof]);

export const checkedDomain = z.object({ token: z.string(), status: z.string() });

export const domainValidation = z.object({
  type: z.string(),
  name: z.string(),
  description: z.string(),
  date_created: z.string().optional(),
  validated_until: z.string().optional(),
  status: z.string(),
  dcv_status: z.string(),
});

const validationDetails = domainValidation.extend({
  org_status: z.string(),
  verified_users: z.array(wirePerson).optional(),
});

export type WireValidationDetails = z.output<typeof validationDetails>;

export const domainValidations = z.object({ validations: z.array(validationDetails) });

export type WireDomainValidation = z.output<typeof domainValidation>;

export const domain = z.object({
  id: z.int(),
  is_active: z.boolean(),
  status: z.string(),
  is_pending_validation: z.boolean(),
  name: z.string(),
  date_created: z.string(),
  dcv_approval_datetime: z.string().optional(),
  dcv_expiration_datetime: z.string().optional(),
  organization: z
    .object({
      id: z.int(),
      status: z.string(),
      name: z.string(),
      assumed_name: z.string().optional(),
      display_name: z.string(),
      // A text here and in containers only: pkix fails on a boolean.
      is_active: z.string(),
    })
    .optional(),
  validations: z.array(domainValidation).optional(),
  dcv_method: z.string(),
  dcv_token: dcvToken.optional(),
  dcv_expiration: z.object({ ov: z.string(), ev: z.string() }).partial().optional(),
  container: z.object({ id: z.int(), parent_id: z.int(), name: z.string(), is_active: z.boolean() }).optional(),
  base_domain: z.string(),
});

export type WireDomain = z.output<typeof domain>;

export const domainList = z.object({ domains: z.array(domain), page });

export const methodList = z.object({
  dcv_methods: z.array(z.object({ name: z.string(), description: z.string() })),
  methods: z.array(
    z.object({ name: z.string(), display_name: z.string(), description: z.string(), default: z.boolean() }),
  ),
});

export const validationTypeList = z.object({
  validation_types: z.array(z.object({ type: z.string(), name: z.string(), description: z.string() })),
});
