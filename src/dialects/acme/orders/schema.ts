/** Orders on the wire (RFC 8555 §7.1.3). */
import { z } from 'zod';
import { directoryParams } from '../params.ts';
import { identifier, problem } from '../schema.ts';

/** Of a query, which `actionInUrl` reads. */
export const actionQuery = {
  action: z.string().optional().meta({ description: 'In the query: `enroll`, `renew`, `reissue` or `duplicate`.' }),
  orderId: z
    .string()
    .optional()
    .meta({ description: 'In the query: the order that `action` is about, by its number.' }),
};

export const newOrderRequest = directoryParams.extend({
  ...actionQuery,
  // RFC 9444 §4.3: the parent at which the client can prove the name.
  identifiers: z
    .array(identifier.extend({ ancestorDomain: z.string().optional() }))
    .min(1)
    .max(1000),
  profile: z.string().optional(),
  notBefore: z.iso.datetime({ offset: true }).optional(),
  notAfter: z.iso.datetime({ offset: true }).optional(),
  replaces: z.string().optional(),
});

export const orderRequest = directoryParams.extend({ order: z.string() });

export const finalizeRequest = orderRequest.extend({ csr: z.string() });

export const order = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  expires: z.string(),
  identifiers: z.array(identifier),
  profile: z.string().optional(),
  replaces: z.string().optional(),
  notBefore: z.string().optional(),
  notAfter: z.string().optional(),
  authorizations: z.array(z.string()),
  finalize: z.string(),
  certificate: z.string().optional(),
  error: problem.optional(),
});

export type WireOrder = z.output<typeof order>;
