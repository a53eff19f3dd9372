/** The sequences from which numbers are drawn, and where each begins. */
import type { NumberedNoun } from '../domain/ids.ts';
import type { Sequence } from './options.ts';

/** int32-safe, and high enough that nobody takes an order number for a count. */
export const usualFirstNumbers = {
  accounts: 100_001,
  actor_numbers: 100_001,
  containers: 100_001,
  webhooks: 100_001,
  organizations: 100_001,
  custom_fields: 100_001,
  orders: 10_000_001,
  approvals: 10_000_001,
  issuances: 10_000_001,
  certificates: 10_000_001,
  notes: 10_000_001,
  managed_domains: 100_001,
  external_account_keys: 100_001,
  blocked_keys: 1,
  role_grants: 100_001,
} as const satisfies Record<Sequence, number>;

/** The sequence from which the ids of a noun get their numbers. */
export const sequenceOf = {
  order: 'orders',
  issuance: 'issuances',
  certificate: 'certificates',
} as const satisfies Record<NumberedNoun, Sequence>;
