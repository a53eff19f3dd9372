/** Authorizations and challenges on the wire (RFC 8555 §7.1.4, §8). */
import { z } from 'zod';
import { directoryParams } from '../params.ts';
import { identifier, problem } from '../schema.ts';

export const authorizationRequest = directoryParams.extend({
  authorization: z.string(),
  status: z.literal('deactivated').optional(),
});

/** RFC 8555 §7.4.1. */
export const newAuthorizationRequest = directoryParams.extend({ identifier });

export const challengeRequest = directoryParams.extend({ authorization: z.string(), type: z.string() });

/** In this order, with the error last: acme.sh cuts the object at its first closing brace. */
export const challenge = z.object({
  type: z.string(),
  url: z.string(),
  status: z.enum(['pending', 'processing', 'valid', 'invalid']),
  token: z.string(),
  validated: z.string().optional(),
  error: problem.optional(),
});

export type WireChallenge = z.output<typeof challenge>;

export const authorization = z.object({
  status: z.enum(['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked']),
  expires: z.string(),
  identifier,
  challenges: z.array(challenge),
  wildcard: z.literal(true).optional(),
});

export type WireAuthorization = z.output<typeof authorization>;
