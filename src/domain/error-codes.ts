/** The codes of the one error of the core; each front door has its words for all of them. */

export const errorCodes = [
  'malformedRequest', // the body cannot be parsed at all
  'invalidField', // a parameter is missing or wrong; the reason names it
  'unauthenticated', // credentials missing, wrong or revoked
  'forbidden', // credentials are good, but this is not theirs to do
  'notFound', // no such object in the caller's account
  'unknownProduct',
  'badCsr',
  'badKey',
  'badName', // not a name a certificate can carry
  'refusedName', // a well-formed name that policy refuses
  'tooManyNames',
  'wrongState', // the object exists but is not in a state that allows this
  'insufficientBalance',
  'conflict',
  'tooLarge',
  'rateLimited',
  'validationFailed',
  'issuerRefused',
  'unavailable', // a part we depend on is down; trying again may work
  'unsupported', // a known operation that this server does not offer
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];
