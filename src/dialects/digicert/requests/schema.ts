/** Requests that wait for somebody's approval, and those that were decided. */
import { z } from 'zod';
import { orderInfo } from '../orders/schema.ts';
import { wireActor } from '../users/schema.ts';
import { idOf, optionalText, page } from '../wire/shapes.ts';

const head = {
  id: z.int(),
  date: z.string(),
  type: z.string(),
  status: z.string(),
};

const item = z.object({
  ...head,
  requester: wireActor,
  processor: wireActor.optional(),
  order: z.object({
    id: z.int(),
    certificate: z.object({ common_name: z.string() }),
    organization: z.object({ id: z.int(), name: z.string() }).optional(),
    container: z.object({ id: z.int(), name: z.string() }).optional(),
    product: z.object({ name_id: z.string(), name: z.string(), type: z.string() }),
  }),
});

export type RequestItem = z.output<typeof item>;

export const requestList = z.object({ requests: z.array(item), page });

export const requestInfo = z.object({
  ...head,
  date_processed: z.string().optional(),
  requester: wireActor,
  reviewer: wireActor.optional(),
  processor: wireActor.optional(),
  comments: z.string().optional(),
  processor_comment: z.string().optional(),
  order: orderInfo,
});

export const requestRequest = z.object({ request_id: idOf('approval') });

export const decisionRequest = z.object({
  request_id: idOf('approval'),
  status: z.preprocess(
    (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
    z.enum(['submitted', 'pending', 'approved', 'rejected']),
  ),
  processor_comment: optionalText,
});
