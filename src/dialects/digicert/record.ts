/**
 * What this front door alone knows of an order and must echo: the order's `dialectData`. Read tolerantly, since what an older
 * version wrote must stay readable.
 */
import { z } from 'zod';
import { spellingOf } from './csr-spelling.ts';
import { wirePerson } from './schema/people.ts';

/** A length as it was asked for, to be shown the same. */
export const wireValidity = z.object({
  years: z.int().optional(),
  days: z.int().optional(),
  custom_expiration_date: z.string().optional(),
});

export type WireValidity = z.output<typeof wireValidity>;

/** Of one issuance, by its proof reference; the earlier before the later. */
const attempt = z.object({
  /** How its CSR was written (`csr-spelling.ts`); PEM unless told. */
  csr: z.string().optional(),
  platform: z.int().optional(),
  hash: z.string().optional(),
  isDuplicate: z.boolean().optional(),
  certValidity: wireValidity.optional(),
});

export type Attempt = z.output<typeof attempt>;

const record = z.object({
  units: z.array(z.string()).catch([]),
  profileOption: z.string().optional(),
  caCertId: z.string().optional(),
  orderValidity: wireValidity.optional(),
  paymentMethod: z.string().catch('balance'),
  locale: z.string().optional(),
  /** As the customer chose it; undefined where nothing was chosen. */
  dcvMethod: z.string().optional(),
  disablesCt: z.boolean().catch(false),
  provisioning: z.string().catch('none'),
  contacts: z.array(z.object({ type: z.string(), person: wirePerson })).catch([]),
  /** The numbers of issuances that are left out of lists. */
  archived: z.record(z.string(), z.literal(true)).catch({}),
  attempts: z.record(z.string(), attempt).catch({}),
});

export type OrderRecord = z.output<typeof record>;

export function recordOf({ dialectData }: { readonly dialectData: Readonly<Record<string, unknown>> }): OrderRecord {
  return record.parse(dialectData);
}

export function attemptOf(of: OrderRecord, proofReference: string): Attempt {
  return (Object.hasOwn(of.attempts, proofReference) ? of.attempts[proofReference] : undefined) ?? {};
}

/** What is kept of a CSR beside its DER. */
export function csrAttempt(text: string | undefined, der: Uint8Array | null): Pick<Attempt, 'csr'> {
  if (text === undefined || der === null) return {};
  const spelling = spellingOf(text, der);
  return spelling === 'lf' ? {} : { csr: spelling };
}

/** The duplicates that were asked for, by their proof references: the first is number 1. */
export function duplicatesOf({ attempts }: OrderRecord): readonly string[] {
  return Object.keys(attempts).filter((reference) => attempts[reference]?.isDuplicate === true);
}

/** 0: it is none. */
export function duplicateNumber(of: OrderRecord, proofReference: string): number {
  return duplicatesOf(of).indexOf(proofReference) + 1;
}

export function isArchived({ archived }: OrderRecord, issuanceNumber: number): boolean {
  return Object.hasOwn(archived, issuanceNumber);
}
