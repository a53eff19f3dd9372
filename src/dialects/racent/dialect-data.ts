/** Data of an order that only this dialect knows: the parameters as they were sent, and those of each issuance. */

import { z } from 'zod';
import type { Order } from '../../domain/order.ts';
import type { Params, WireContact } from './schema.ts';

/** An issuance that the customer requested; those that the platform starts are not listed. */
const asked = z.object({ uniqueValue: z.string().default(''), refId: z.string().default('') });

const schema = z.object({
  /** Shown as `applyParams`, and used again by a renewal that says nothing else. */
  params: z.record(z.string(), z.unknown()).default({}),
  /** By certId. */
  asked: z.record(z.string(), asked).default({}),
  /** Value of the newest one, for issuances that the platform starts. */
  uniqueValue: z.string().default(''),
});

export type DialectData = z.output<typeof schema>;

export function dialectDataOf({ dialectData }: Pick<Order, 'dialectData'>): DialectData {
  return schema.parse(dialectData);
}

/** The value that this issuance's challenges were made with. */
export function uniqueValueOf({ asked, uniqueValue }: DialectData, certId: string): string {
  return asked[certId]?.uniqueValue ?? uniqueValue;
}

/** Adds an issuance that the customer requested: with a new order, or with a reissue. */
export function issuanceData(issuance: {
  readonly certId: string;
  readonly uniqueValue?: string | undefined;
  readonly refId?: string | undefined;
}): Pick<DialectData, 'asked' | 'uniqueValue'> {
  const { certId, uniqueValue = '', refId = '' } = issuance;
  return { asked: { [certId]: { uniqueValue, refId } }, uniqueValue };
}

/** The parameters to keep: not the key, which is only the customer's, nor names and methods, which change. */
export function storedParams(params: Partial<Params>, contacts: Contacts): Readonly<Record<string, unknown>> {
  const { server, organizationInfo } = params;
  const kept = { server, organizationInfo, ...contacts };
  return Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined));
}

export const contactRoles = ['Administrator', 'tech', 'finance'] as const;

export type Contacts = { readonly [K in (typeof contactRoles)[number]]?: WireContact | undefined };
