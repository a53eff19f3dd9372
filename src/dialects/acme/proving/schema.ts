/** Authorizations and challenges on the wire (RFC 8555 §7.1.4, §8). */
import { z } from 'zod';
import { directoryParams } from '../params.ts';
import { identifier, problem } from '../schema.ts';

export const authorizationRequest = directoryParams.extend({
  authorization: z.string(),
  status: z.literal('deactivated').optional(),
});

const subdomainAuthAllowed = z.boolean().optional();

/** RFC 8555 §7.4.1; RFC 9444 §4.2 has the wish for names below inside the identifier, and some clients beside it. */
export const newAuthorizationRequest = directoryParams.extend({
  identifier: identifier.extend({ subdomainAuthAllowed }),
  subdomainAuthAllowed,
});

export const challengeRequest = directoryParams.extend({ authorization: z.string(), type: z.string() });

/**
 * In this order, with the error last: acme.sh cuts the object at its first closing brace. Only dns-persist-01 has no token, but what its
 * record must say, in the words of draft-01 and in those of draft-02.
 */
export const challenge = z.object({
  type: z.string(),
  url: z.string(),
  status: z.enum(['pending', 'processing', 'valid', 'invalid']),
  token: z.string().optional(),
  accounturi: z.string().optional(),
  'issuer-domain-names': z.array(z.string()).readonly().optional(),
  issuerDomainNames: z.array(z.string()).readonly().optional(),
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
  subdomainAuthAllowed: z.literal(true).optional(),
});

export type WireAuthorization = z.output<typeof authorization>;
