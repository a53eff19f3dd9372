/**
 * Replies as a client reads them: of the calls that the vendor's document leaves out nobody has seen one, so that only what a call is made
 * for must be there. What is missing, null or of another type becomes an empty text, an empty list or null.
 */
import { z } from 'zod';
import { numberFromWire } from '../kit/wire-money.ts';

const text = z.unknown().optional().transform(textOf);

function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value : '';
}

const textOrNull = z
  .unknown()
  .optional()
  .transform((value) => textOf(value) || null);

const someText = z.unknown().optional().transform(textOf).pipe(z.string().min(1));

const amount = z.unknown().optional().transform(numberFromWire);

const trueOrFalse = z
  .unknown()
  .optional()
  .transform((value) => value === true || value === 1 || value === '1' || value === 'true');

/** A list, or names with commas between them. */
const texts = z
  .unknown()
  .optional()
  .transform((value) => {
    if (Array.isArray(value)) return value.map(textOf).filter((item) => item !== '');
    return textOf(value)
      .split(/[,\s]+/)
      .filter((item) => item !== '');
  });

/** The vendor's numbers of orders are integers; its clients store them as text. */
const orderNumber = z.union([
  z.int().positive(),
  z
    .string()
    .trim()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

const result = z.string().default('success');

const entry = z.object({
  domain: text,
  emails: texts,
  method: text,
  status: text,
  domainmd5hash: text,
  isip: trueOrFalse,
  subdomain: textOrNull,
  topdomain: text,
  dns_host: text,
  dns_type: text,
  dns_value: text,
  http_verifylink: text,
  http_filename: text,
  // Exactly as it is shown: it is the customer's file.
  http_filecontent: text,
  https_verifylink: text,
  https_filename: text,
  https_filecontent: text,
  email: textOrNull,
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

const dcvInfo = byKey(entry, ({ domain }) => textOf(domain));

/** Reply to create and reissue. */
export const placedReply = z.object({
  result,
  cert_status: text,
  dcv_info: dcvInfo,
  unique_id: text,
  created_at: text,
  trustocean_id: orderNumber,
  csr_code: text,
  contact_email: text,
  domains: texts,
  total_fees: amount,
});

export const detailsReply = z.object({
  result,
  cert_status: someText,
  /** The number that was asked for, where it is left out. */
  trustocean_id: orderNumber.optional().catch(undefined),
  product_name: textOrNull,
  domain_count: amount,
  cert_code: textOrNull,
  ca_code: textOrNull,
  created_at: textOrNull,
  expire_at: textOrNull,
  domains: texts,
  dcv_info: dcvInfo,
  message: textOrNull,
  unique_id: textOrNull,
  csr_code: textOrNull,
  contact_email: textOrNull,
  class: textOrNull,
  issued_at: textOrNull,
});

const prices = z.object({ fqdn: amount, wildcard: amount }).nullish().catch(null);

const product = z.object({ title: text, level: text, term: text, period: text, price: prices });

export const productsReply = z.object({
  result,
  products: byKey(product, ({ pid, id }) => textOf(pid) || textOf(id)),
});

export const accountReply = z.object({
  result,
  credit: amount.pipe(z.number()),
  currency: z
    .unknown()
    .optional()
    .transform((value) => textOf(value) || 'CNY'),
});

/** Reply to a call that only acts. */
export const doneReply = z.object({ result });

export type PlacedReply = z.output<typeof placedReply>;
export type DetailsReply = z.output<typeof detailsReply> & { readonly trustocean_id: number };
export type ProductReply = z.output<typeof product>;
export type ReplyEntry = z.output<typeof entry>;
export type ReplyEntries = z.output<typeof dcvInfo>;
