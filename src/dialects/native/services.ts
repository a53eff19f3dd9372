/** What the operations of this dialect work with. */
import type { DialectContext } from '../../domain/ports/dialect.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';

/** What it asks of the core. */
export const ports = [
  'accounts',
  'approvals',
  'catalogue',
  'certificates',
  'containers',
  'credentials',
  'customFields',
  'events',
  'issuances',
  'keyRegister',
  'mailboxes',
  'operation',
  'orders',
  'organizations',
  'proving',
  'revocations',
  'roleGrants',
  'signIn',
  'users',
  'webhooks',
] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Omit<DialectContext, 'ports'>, Pick<Ports, UsedPort> {}
