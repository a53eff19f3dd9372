/** What only this dialect knows of an order: the parameters as they were sent, and what each issuance was requested with. */

import { z } from 'zod';
import type { Order } from '../../domain/order.ts';
import type { Params, WireContact } from './schema.ts';

/** An issuance that the customer asked for; those that the platform begins by itself are not listed. */
const asked = z.object({ uniqueValue: z.string().default(''), refId: z.string().default('') });

const schema = z.object({
  /** Shown as `applyParams`, and used again by a renewal that says nothing else. */
  params: z.record(z.string(), z.unknown()).default({}),
  /** By certId. */
  asked: z.record(z.string(), asked).default({}),
  /** Of the newest one, for issuances that nobody asked for. */
  uniqueValue: z.string().default(''),
});

export type DialectData = z.output<typeof schema>;

export function dialectDataOf({ dialectData }: Pick<Order, 'dialectData'>): DialectData {
  return schema.parse(dialectData);
}

/** What the proofs of this issuance were made with. */
export function uniqueValueOf({ asked, uniqueValue }: DialectData, certId: string): string {
  return asked[certId]?.uniqueValue ?? uniqueValue;
}

/** One more issuance that the customer asked for: what an order is placed with, or what changes of it with a reissue. */
export function issuanceData(issuance: {
  readonly certId: string;
  readonly uniqueValue?: string | undefined;
  readonly refId?: string | undefined;
}): Pick<DialectData, 'asked' | 'uniqueValue'> {
  const { certId, uniqueValue = '', refId = '' } = issuance;
  return { asked: { [certId]: { uniqueValue, refId } }, uniqueValue };
}

/** The parameters to keep: not the key, which is the customer's alone, nor names and methods, which change. */
export function storedParams(params: Partial<Params>, contacts: Contacts): Readonly<Record<string, unknown>> {
  const { server, organizationInfo } = params;
  const kept = { server, organizationInfo, ...contacts };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

export const contactRoles = ['Administrator', 'tech', 'finance'] as const;

export type Contacts = { readonly [K in (typeof contactRoles)[number]]?: WireContact | undefined };
