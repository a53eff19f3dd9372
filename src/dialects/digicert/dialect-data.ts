/**
 * Data of an order that only this dialect knows and must return. Read tolerantly, since what an older version wrote must stay
 * readable.
 */
import { z } from 'zod';
import { spellingOf } from './orders/csr-spelling.ts';
import { wirePerson } from './users/schema.ts';

/** A length as it was requested, to be returned the same. */
export const wireValidity = z.object({
  years: z.int().optional(),
  days: z.int().optional(),
  custom_expiration_date: z.string().optional(),
});

export type WireValidity = z.output<typeof wireValidity>;

/** Data of one issuance, by its proof reference; the earlier before the later. */
const attempt = z.object({
  /** Spelling of its CSR (`orders/csr-spelling.ts`); PEM by default. */
  csr: z.string().optional(),
  platform: z.int().optional(),
  hash: z.string().optional(),
  isDuplicate: z.boolean().optional(),
  certValidity: wireValidity.optional(),
});

export type Attempt = z.output<typeof attempt>;

const schema = z.object({
  units: z.array(z.string()).catch([]),
  profileOption: z.string().optional(),
  caCertId: z.string().optional(),
  orderValidity: wireValidity.optional(),
  paymentMethod: z.string().catch('balance'),
  locale: z.string().optional(),
  /** The customer's choice; undefined where nothing was chosen. */
  dcvMethod: z.string().optional(),
  disablesCt: z.boolean().catch(false),
  provisioning: z.string().catch('none'),
  contacts: z.array(z.object({ type: z.string(), person: wirePerson })).catch([]),
  /** The numbers of issuances that are left out of lists. */
  archived: z.record(z.string(), z.literal(true)).catch({}),
  attempts: z.record(z.string(), attempt).catch({}),
});

export type DialectData = z.output<typeof schema>;

export function dialectDataOf({
  dialectData,
}: {
  readonly dialectData: Readonly<Record<string, unknown>>;
}): DialectData {
  return schema.parse(dialectData);
}

export function attemptOf(data: DialectData, proofReference: string): Attempt {
  return (Object.hasOwn(data.attempts, proofReference) ? data.attempts[proofReference] : undefined) ?? {};
}

/** Facts about a CSR that its DER does not contain. */
export function csrAttempt(text: string | undefined, der: Uint8Array | null): Pick<Attempt, 'csr'> {
  if (text === undefined || der === null) return {};
  const spelling = spellingOf(text, der);
  return spelling === 'lf' ? {} : { csr: spelling };
}

/** The requested duplicates, by their proof references: the first is number 1. */
export function duplicatesOf({ attempts }: DialectData): readonly string[] {
  return Object.keys(attempts).filter((reference) => attempts[reference]?.isDuplicate === true);
}

/** 0: it is none. */
export function duplicateNumber(of: DialectData, proofReference: string): number {
  return duplicatesOf(of).indexOf(proofReference) + 1;
}

export function isArchived({ archived }: DialectData, issuanceNumber: number): boolean {
  return Object.hasOwn(archived, issuanceNumber);
}
