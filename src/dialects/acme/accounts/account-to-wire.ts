/** An account as its client sees it (RFC 8555 §7.1.2). */
import { z } from 'zod';
import type { Credential } from '../../../domain/account.ts';
import type { Urls } from '../urls.ts';
import type { WireAccount } from './schema.ts';

/** What this dialect keeps with an account's key. */
export const accountDataSchema = z.object({
  contact: z.array(z.string()),
  termsOfServiceAgreed: z.boolean().optional(),
  /** URL of the terms that were agreed to last. */
  agreedTerms: z.string().optional(),
  /** As it was sent. */
  externalAccountBinding: z.record(z.string(), z.unknown()).optional(),
  /** Of the keys that it has had before, the newest first: records of dns-persist-01 may name them. */
  formerThumbprints: z.array(z.string()).readonly().optional(),
});

export type AccountData = z.output<typeof accountDataSchema>;

export function accountDataOf({ dialectData }: Pick<Credential, 'dialectData'>): AccountData {
  return accountDataSchema.parse(dialectData);
}

export function accountToWire(credential: Credential, urls: Urls): WireAccount {
  const { contact, termsOfServiceAgreed, externalAccountBinding } = accountDataOf(credential);
  return {
    status: credential.revokedAt === null ? 'valid' : 'deactivated',
    contact,
    ...(termsOfServiceAgreed === undefined ? {} : { termsOfServiceAgreed }),
    ...(externalAccountBinding === undefined ? {} : { externalAccountBinding }),
    orders: urls.orders(credential.publicId),
  };
}
