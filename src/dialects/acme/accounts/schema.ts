/** Accounts on the wire (RFC 8555 §7.1.2, §7.3). */
import { z } from 'zod';
import { directoryParams } from '../params.ts';

export const newAccountRequest = directoryParams.extend({
  contact: z.array(z.string()).max(20).optional(),
  termsOfServiceAgreed: z.boolean().optional(),
  onlyReturnExisting: z.boolean().optional(),
  externalAccountBinding: z.unknown().optional(),
});

export const accountRequest = directoryParams.extend({
  account: z.string(),
  contact: z.array(z.string()).max(20).optional(),
  // Some clients send the whole account, as it stands.
  status: z.enum(['valid', 'deactivated']).optional(),
});

/** A JWS inside the JWS. */
export const keyChangeRequest = directoryParams.extend({
  protected: z.unknown(),
  payload: z.unknown(),
  signature: z.unknown(),
});

export const account = z.object({
  status: z.enum(['valid', 'deactivated', 'revoked']),
  contact: z.array(z.string()),
  termsOfServiceAgreed: z.boolean().optional(),
  externalAccountBinding: z.record(z.string(), z.unknown()).optional(),
  orders: z.string(),
});

export type WireAccount = z.output<typeof account>;

export const ordersRequest = directoryParams.extend({ account: z.string(), cursor: z.string().optional() });

export const orderList = z.object({ orders: z.array(z.string()) });
