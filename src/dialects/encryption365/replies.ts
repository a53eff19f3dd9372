/**
 * Replies as a client reads them: of the calls that the vendor's document leaves out nobody has seen one, so that only what a call is made
 * for must be there. What is missing, null or of another type becomes an empty text, an empty list or null.
 */
import { z } from 'zod';
import {
  lenientBoolean,
  lenientNumber,
  lenientText,
  lenientTextOrNull,
  lenientTexts,
  neededText,
  textFromWire,
} from '../kit/lenient.ts';
import { saysSuccess } from './outcome.ts';

/** The vendor's numbers of orders are integers; its clients store them as text. */
const orderNumber = z.union([
  z.int().positive(),
  z
    .string()
    .trim()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

/** Left out, null, `1`: whether it is an error was seen before, and what a reply is read for tells its success. */
const result = z
  .unknown()
  .optional()
  .transform(() => 'success');

const entry = z.object({
  domain: lenientText,
  emails: lenientTexts,
  method: lenientText,
  status: lenientText,
  domainmd5hash: lenientText,
  isip: lenientBoolean,
  subdomain: lenientTextOrNull,
  topdomain: lenientText,
  dns_host: lenientText,
  dns_type: lenientText,
  dns_value: lenientText,
  http_verifylink: lenientText,
  http_filename: lenientText,
  // Exactly as it is shown: it is the customer's file.
  http_filecontent: lenientText,
  https_verifylink: lenientText,
  https_filename: lenientText,
  https_filecontent: lenientText,
  email: lenientTextOrNull,
});

/** By name; PHP writes an empty object as `[]`, and might write a list where the names count up. */
function byKey<Entry extends z.ZodObject>(schema: Entry, key: (value: Readonly<Record<string, unknown>>) => string) {
  return z
    .unknown()
    .optional()
    .transform((value): Readonly<Record<string, z.output<Entry>>> => {
      const isObject = typeof value === 'object' && value !== null;
      const members = isObject ? Object.entries(value) : [];
      const found = members.flatMap(([name, member]) => {
        const { success, data } = schema.safeParse(member);
        if (!success) return [];
        const own = Array.isArray(value) ? key(member as Readonly<Record<string, unknown>>) : name;
        return own === '' ? [] : [[own, data] as const];
      });
      return Object.fromEntries(found);
    });
}

const dcvInfo = byKey(entry, ({ domain }) => textFromWire(domain));

/** Reply to create and reissue. */
export const placedReply = z.object({
  result,
  cert_status: lenientText,
  dcv_info: dcvInfo,
  unique_id: lenientText,
  created_at: lenientText,
  trustocean_id: orderNumber,
  csr_code: lenientText,
  contact_email: lenientText,
  domains: lenientTexts,
  total_fees: lenientNumber,
});

export const detailsReply = z.object({
  result,
  cert_status: neededText,
  /** The number that was asked for, where it is left out. */
  trustocean_id: orderNumber.optional().catch(undefined),
  product_name: lenientTextOrNull,
  domain_count: lenientNumber,
  cert_code: lenientTextOrNull,
  ca_code: lenientTextOrNull,
  created_at: lenientTextOrNull,
  expire_at: lenientTextOrNull,
  domains: lenientTexts,
  dcv_info: dcvInfo,
  message: lenientTextOrNull,
  unique_id: lenientTextOrNull,
  csr_code: lenientTextOrNull,
  contact_email: lenientTextOrNull,
  class: lenientTextOrNull,
  issued_at: lenientTextOrNull,
});

const prices = z.object({ fqdn: lenientNumber, wildcard: lenientNumber }).nullish().catch(null);

const product = z.object({
  title: lenientText,
  level: lenientText,
  term: lenientText,
  period: lenientText,
  price: prices,
});

export const productsReply = z.object({
  result,
  products: byKey(product, ({ pid, id }) => textFromWire(pid) || textFromWire(id)),
});

export const accountReply = z.object({
  result,
  credit: lenientNumber.pipe(z.number()),
  /** Only another certmux says it. */
  currency: lenientTextOrNull,
});

/** Reply to a call that only acts: nothing else in it tells that it was done. */
export const doneReply = z
  .looseObject({ result: z.unknown().optional(), status: z.unknown().optional() })
  .refine(saysSuccess);

export type PlacedReply = z.output<typeof placedReply>;
export type DetailsReply = z.output<typeof detailsReply> & { readonly trustocean_id: number };
export type ProductReply = z.output<typeof product>;
export type ReplyEntry = z.output<typeof entry>;
export type ReplyEntries = z.output<typeof dcvInfo>;
