/**
 * The wire shapes, in the vendor's own names and in the order of the vendor's samples. Requests are read as real clients send
 * them; each leniency names its evidence: the section of the vendor's document, or the client that needs it (Go CLI, Baota
 * plugin, PHP CLI, Lua client).
 */

import { z } from 'zod';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { expecting } from '../kit/schema-errors.ts';

const someText = z.string().min(1);

/** Numbers arrive as numbers or as text: the Go CLI sends `"100"`, the Baota plugin `100`. */
const integer = z.union(
  [
    z.int(),
    z
      .string()
      .trim()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  ],
  {
    error: expecting(expected.integer),
  },
);

const productId = z.union([z.int().transform(String), z.string().trim().min(1)], {
  error: expecting(expected.productId),
});

/** The Go CLI sends the text `"false"`, which must not mean true; the others send JSON booleans. */
const trueOrFalse = z
  .union([z.boolean(), z.literal(['true', 'false', '1', '0', '', 1, 0]), z.null()], {
    error: expecting(expected.boolean),
  })
  .default(false)
  .transform((value) => value === true || value === 'true' || value === '1' || value === 1);

/** "No earlier order" is -1 in every client, as a number or as text. */
const earlierOrder = z
  .union([z.literal('').transform(() => -1), integer], { error: expecting(expected.orderNumberOrNone) })
  .nullish()
  .transform((value) => (value !== undefined && value !== null && value > 0 ? value : undefined));

/** Left out, null and empty mean the same; a phone number or a post code may be a JSON number (Baota's form). */
const optionalText = z
  .union([z.string(), z.number().transform(String), z.null()], { error: expecting(expected.string) })
  .optional()
  .transform((value) => value?.trim() || undefined);

export const emptyRequest = z.object({});

export const orderRequest = z.object({ trustocean_id: integer });

/** The vendor takes 8 to 20 characters, ignores case, and stores lower case. No known client sends it to this API. */
const uniqueId = z.preprocess(
  (value) => value || undefined,
  z
    .string()
    .regex(/^[A-Za-z0-9]{8,20}$/, expecting(expectedOf.lettersAndDigits(8, 20)))
    .transform((text) => text.toLowerCase())
    .optional(),
);

const namesAndCsr = {
  csr_code: someText,
  domains: someText,
  unique_id: uniqueId,
};

/** Fields for OV and EV: flat, from the organization form of the Baota plugin. */
const organizationFields = {
  organization_name: optionalText,
  organizationalUnitName: optionalText,
  registered_address_line1: optionalText,
  registered_no: optionalText,
  country: optionalText,
  state: optionalText,
  city: optionalText,
  postal_code: optionalText,
  organization_phone: optionalText,
  date_of_incorporation: optionalText,
  contact_name: optionalText,
  contact_title: optionalText,
  contact_phone: optionalText,
  contact_email: optionalText,
};

export const createRequest = z.object({
  pid: productId,
  ...namesAndCsr,
  renew: trueOrFalse,
  old_vendor_id: earlierOrder,
  // Sent by every client, in no document. Only the product decides how long an order lasts.
  period: optionalText,
  ...organizationFields,
});

export type CreateRequest = z.output<typeof createRequest>;

export const reissueRequest = z.object({ trustocean_id: integer, ...namesAndCsr });

export const revokeRequest = z.object({
  trustocean_id: integer,
  // The vendor's reseller API has both spellings, in two of its own clients.
  revocationReason: optionalText,
  revocation_reason: optionalText,
});

export const changeMethodRequest = z.object({
  trustocean_id: integer,
  domain: someText,
  method: someText,
});

export const deviceRequest = z.object({
  username: someText.max(255),
  password: someText.max(1024),
  servername: someText.max(255),
});

/**
 * Nothing is required here: a server whose registration is closed says that first. `idcardNumber`, `phoneNumber` and `country`
 * are personal data that nothing needs; they are not even read.
 */
export const registerRequest = z.object({
  username: optionalText,
  password: z.string().max(1024).nullish(),
  authcode: optionalText,
  realName: optionalText,
  companyname: optionalText,
});

export type RegisterRequest = z.output<typeof registerRequest>;

/** A reply that was not marked as an error is a success, whether or not it says so: only some documents show the key. */
const result = z.string().default('success');

export const done = z.object({ result, status: z.string().default('success') });

/** Text for a person to read. */
export const acknowledgement = z.object({
  result,
  status: z.string().default('success'),
  message: z.string().default(''),
});

export const device = z.object({
  result,
  client_id: z.string(),
  access_token: z.string(),
  ip_address: z.string(),
  /** The state of the device, not of the call. */
  status: z.string(),
  created_at: z.string(),
});

const price = z.object({ fqdn: z.number(), wildcard: z.number() });

export const product = z.object({
  title: z.string(),
  useage: z.string(),
  class: z.string(),
  term: z.string(),
  brand: z.string(),
  logo: z.string(),
  support: z.boolean(),
  isFree: z.boolean(),
  level: z.string(),
  businessDefault: z.boolean(),
  default: z.boolean(),
  promote: z.boolean(),
  promoText: z.string(),
  recommended: z.boolean(),
  period: z.string(),
  periodText: z.string(),
  price,
  normal_price: price,
});

export type WireProduct = z.output<typeof product>;

export const productList = z.object({ result, products: z.record(z.string(), product) });

export const account = z.object({ result, credit: z.number(), currency: z.string().default('CNY') });

export const clientVersion = z.object({ result, latest_version: z.string(), update_description: z.string() });

export const dcvEntry = z.object({
  domain: z.string(),
  emails: z.array(z.string()),
  method: z.string(),
  status: z.string(),
  domainmd5hash: z.string(),
  isip: z.boolean(),
  subdomain: z.string().nullable(),
  topdomain: z.string(),
  dns_host: z.string(),
  dns_type: z.string(),
  dns_value: z.string(),
  http_verifylink: z.string(),
  http_filename: z.string(),
  http_filecontent: z.string(),
  https_verifylink: z.string(),
  https_filename: z.string(),
  https_filecontent: z.string(),
  email: z.string().nullable(),
});

export type DcvEntry = z.output<typeof dcvEntry>;

const dcvInfo = z.record(z.string(), dcvEntry);

export type DcvInfo = z.output<typeof dcvInfo>;

/** Reply to create and reissue. */
export const placedOrder = z.object({
  result,
  cert_status: z.string(),
  dcv_info: dcvInfo,
  unique_id: z.string(),
  created_at: z.string(),
  trustocean_id: z.int(),
  csr_code: z.string(),
  contact_email: z.string(),
  domains: z.array(z.string()),
  total_fees: z.number(),
});

/** Reply to details: the fields that clients read, then those of the vendor's reseller API. */
export const orderDetails = z.object({
  result,
  cert_status: z.string(),
  trustocean_id: z.int(),
  product_name: z.string().nullable(),
  domain_count: z.int().nullable(),
  cert_code: z.string().nullable(),
  ca_code: z.string().nullable(),
  created_at: z.string().nullable(),
  expire_at: z.string().nullable(),
  domains: z.array(z.string()),
  dcv_info: dcvInfo,
  message: z.string().nullable().default(null),
  unique_id: z.string().nullable().default(null),
  csr_code: z.string().nullable().default(null),
  contact_email: z.string().nullable().default(null),
  class: z.string().nullable().default(null),
  issued_at: z.string().nullable().default(null),
});

export type PlacedOrder = z.output<typeof placedOrder>;
export type OrderDetails = z.output<typeof orderDetails>;
export type Device = z.output<typeof device>;
