/**
 * What other ACME servers answer, read tolerantly: members that RFC 8555 requires and some CA leaves out are optional, and words of other
 * drafts and vendors are kept as they are. What we send ourselves is in the schemas beside our own operations.
 */
import { z } from 'zod';
import { printable } from '../../../domain/printable.ts';

const absent = null;
/** Absent, null and of another type are the same: there is nothing to be read. */
const text = z.string().nullable().catch(absent).default(absent);
const texts = z.array(z.string()).readonly().catch([]).default([]);

/** What people will read: without what could pass for something else on a terminal or a page, and not without end. */
const words = z.string().transform(readableWords);
/** One word of a protocol, which is shown where nobody knows it. */
const word = z.string().transform((shown) => printable(shown).slice(0, longestWord));

const longestWords = 1000;
const longestWord = 300;

export function readableWords(shown: string): string {
  return printable(shown).slice(0, longestWords);
}

const identifier = z.object({ type: word, value: word });

const subproblem = z.object({
  type: word.catch('about:blank').default('about:blank'),
  detail: words.catch('').default(''),
  identifier: identifier.nullable().catch(absent).default(absent),
});

/** RFC 9457 §3.1: every member is optional, and `about:blank` is the type of one without. */
export const seenProblem = z.object({
  type: word.catch('about:blank').default('about:blank'),
  detail: words.catch('').default(''),
  status: z.int().nullable().catch(absent).default(absent),
  title: words.nullable().catch(absent).default(absent),
  instance: words.nullable().catch(absent).default(absent),
  subproblems: z.array(subproblem).readonly().catch([]).default([]),
});

export type SeenProblem = z.output<typeof seenProblem>;

export const seenDirectory = z.object({
  newNonce: z.string(),
  newAccount: z.string(),
  newOrder: z.string(),
  revokeCert: text,
  keyChange: text,
  /** Without a slash at its end (RFC 9773 §4.1); null: the CA has no renewal information. */
  renewalInfo: text,
  meta: z
    .object({
      termsOfService: words.nullable().catch(absent).default(absent),
      website: text,
      caaIdentities: texts,
      externalAccountRequired: z.boolean().catch(false).default(false),
      /** Names and descriptions (draft-ietf-acme-profiles); empty: the CA has none. */
      profiles: z.record(word, words.catch('')).catch({}).default({}),
    })
    .catch({ termsOfService: null, website: null, caaIdentities: [], externalAccountRequired: false, profiles: {} })
    .prefault({}),
});

export type SeenDirectory = z.output<typeof seenDirectory>;

export const seenAccount = z.object({
  status: word.catch('valid').default('valid'),
  contact: texts,
});

export type SeenAccount = z.output<typeof seenAccount>;

export const seenOrder = z.object({
  status: z.enum(['pending', 'ready', 'processing', 'valid', 'invalid']),
  expires: text,
  identifiers: z.array(identifier).readonly(),
  profile: text,
  replaces: text,
  notBefore: text,
  notAfter: text,
  authorizations: texts,
  finalize: z.string(),
  certificate: text,
  error: seenProblem.nullable().catch(absent).default(absent),
});

export type SeenOrder = z.output<typeof seenOrder>;

export const seenChallenge = z.object({
  /** Also of kinds that nobody here knows. */
  type: word,
  url: z.string(),
  /** `pending` where there is none (RFC 8555 §8 requires it). Other words than the RFC's are kept. */
  status: word.catch('pending').default('pending'),
  token: text,
  accounturi: text,
  'issuer-domain-names': texts,
  issuerDomainNames: texts,
  error: seenProblem.nullable().catch(absent).default(absent),
});

export type SeenChallenge = z.output<typeof seenChallenge>;

export const seenAuthorization = z.object({
  /** Other words than RFC 8555 §7.1.6 has are kept. */
  status: word,
  expires: text,
  identifier,
  wildcard: z.boolean().catch(false).default(false),
  /** Those that cannot be read are left out: the others may do. */
  challenges: z.array(z.unknown()).catch([]).default([]).transform(readable),
});

export type SeenAuthorization = z.output<typeof seenAuthorization>;

function readable(challenges: readonly unknown[]): readonly SeenChallenge[] {
  return challenges.flatMap((one) => {
    const { data } = seenChallenge.safeParse(one);
    return data === undefined ? [] : [data];
  });
}

export const seenRenewalInfo = z.object({
  suggestedWindow: z.object({ start: z.string(), end: z.string() }),
  explanationURL: text,
});

export type SeenRenewalInfo = z.output<typeof seenRenewalInfo>;
