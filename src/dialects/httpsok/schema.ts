/**
 * The wire shapes, in the vendor's names and in the order of its samples (`httpsok.com/doc/advance/openapi/apply.html`).
 * Table and samples disagree on some types: we send the samples' and read both.
 */

import { z } from 'zod';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import { expecting } from '../kit/schema-errors.ts';

export const algorithms = ['ECC', 'RSA'] as const;
export type Algorithm = (typeof algorithms)[number];

export const cas = ['google', 'letsencrypt', 'zerossl'] as const;
export type Ca = (typeof cas)[number];

/** A list; a single name or names with commas, as people write them into scripts, are tolerated. */
const domainList = z
  .union([z.array(z.string()), z.string().transform((text) => [text])], {
    error: expecting(expected.names),
  })
  .transform((texts) => texts.flatMap((text) => text.split(/[,，、;；\s]+/)).filter((text) => text !== ''));

/** Left out, null and empty mean the default; case does not matter. */
function choice<const T extends string>(values: readonly T[]) {
  const expected = expecting(expectedOf.oneOf(values));
  return z
    .string({ error: expected })
    .trim()
    .transform(
      (text) => values.find((value) => value.toLowerCase() === text.toLowerCase()) ?? (text === '' ? null : text),
    )
    .pipe(z.literal([...values, null], { error: expected }))
    .nullish();
}

const notifyUrl = z
  .string({ error: expecting(expected.url) })
  .trim()
  .max(2048)
  .refine((text) => text === '' || isWebUrl(text), {
    error: expecting(expected.webUrl),
  })
  .nullish()
  .transform((text) => text || undefined);

function isWebUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && ['http:', 'https:'].includes(url.protocol);
}

export const delegationRequest = z.object({ domainList });

export const applyRequest = z.object({
  domainList,
  algorithm: choice(algorithms),
  ca: choice(cas),
  notifyUrl,
});

export type ApplyRequest = z.output<typeof applyRequest>;

export const applicationRequest = z.object({ id: z.string() });

/** Around every reply. `traceId` is 32 lower-case hex digits. */
function envelope<Data extends z.ZodType>(data: Data) {
  return z.object({ code: z.int(), msg: z.string(), data, traceId: z.string() });
}

/** The table says String, the samples show integers. */
const integer = z.union([
  z.int(),
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
]);

const delegation = z.object({
  domain: z.string(),
  /** Relative to the registrable domain, as DNS providers' forms want it. */
  host: z.string(),
  hostValue: z.string(),
  valid: z.boolean(),
});

export type WireDelegation = z.output<typeof delegation>;

export const delegationReply = envelope(z.object({ configs: z.array(delegation), valid: z.boolean() }));

export const applyReply = envelope(z.union([z.string(), z.int().transform(String)]));

const issued = z.object({
  id: integer,
  status: z.literal(1),
  algorithm: z.string(),
  ca: z.string(),
  name: z.string(),
  domains: z.string(),
  notBefore: z.string(),
  notAfter: z.string(),
  certificate: z.string(),
  privateKey: z.string(),
  fingerprints: z.string(),
  progress: integer,
});

const underWay = z.object({
  id: integer,
  status: z.literal(2),
  domains: z.string(),
  progress: integer,
  /** Ours, where it waits for something that the customer must mend. */
  reason: z.string().exactOptional(),
});

/** No sample shows it. The PowerShell client looks at `status` only where `certificate` is not null. */
const failed = z.object({
  id: integer,
  status: z.literal(3),
  domains: z.string(),
  certificate: z.string().default(''),
  privateKey: z.string().default(''),
  progress: integer,
  reason: z.string().default(''),
});

export const application = z.discriminatedUnion('status', [issued, underWay, failed]);
export type Application = z.output<typeof application>;
export type IssuedApplication = z.output<typeof issued>;

export const applicationReply = envelope(application);
