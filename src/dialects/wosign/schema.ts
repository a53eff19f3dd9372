/**
 * The wire shapes, in the vendor's names and in the order of its samples. The request's fields are looked at by the
 * operation, one after the other, since the error codes have an order; here they are only described.
 */
import { z } from 'zod';

const field = (type: 'string', description: string) => z.unknown().meta({ type, description }).optional();

export const applyRequest = z.object({
  customer_id: z.string().describe('UID of the customer.'),
  auth_token: z.string().describe('Its secret.'),
  req_type: field('string', '`cert_apply`. May be left out when `handle_id` is there, as in the sample.'),
  handle_id: field('string', 'Of an earlier pending reply, to fetch its certificate; else empty.'),
  domain_name: z
    .unknown()
    .meta({
      anyOf: [{ type: 'array', items: { type: 'string' }, maxItems: 5 }, { type: 'string' }],
      description: 'One to five names; also one string with commas or blanks between them.',
    })
    .optional(),
  csr: field('string', 'PKCS#10: PEM, PEM on one line, or bare base64.'),
});

export type ApplyRequest = z.output<typeof applyRequest>;

/** The table says int, the samples show strings. */
const status = z.union([z.string().trim(), z.int()]);

/** Samples have blanks at the beginning of values: `" pending"`. */
const text = z.string().trim();

export const applyReply = z.object({
  result: text,
  status,
  handle_id: text,
  /** The certificate, then its chain. */
  certificate: z
    .string()
    .overwrite((pem) => pem.trimStart())
    .optional(),
});

export type ApplyReply = z.output<typeof applyReply>;

/** What a client reads of it: the certificate counts, whatever is said of its handle. */
export const takenReply = z.object({
  handle_id: z
    .union([text, z.int().transform(String)])
    .optional()
    .catch(undefined),
  certificate: text.optional().catch(undefined),
});

export const errorReply = z.object({
  result: text,
  status,
  /** With code 107 the name; with 109 the reason why an order has failed. */
  other_msg: text.optional(),
});

/** What a client reads of every reply first: the status counts where the result is left out. */
export const anyReply = errorReply.extend({ result: text.default(''), other_msg: text.optional().catch(undefined) });
