/** Services of this dialect's operations. */
import type { DialectContext } from '../../domain/ports/dialect.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { CallerSession, Session } from '../kit/operation.ts';
import type { DigicertConfig } from './config.ts';

/** The ports it uses. */
export const ports = [
  'accounts',
  'approvals',
  'catalogue',
  'certificates',
  'confirmations',
  'containers',
  'credentials',
  'customFields',
  'externalAccountKeys',
  'issuances',
  'managedDomains',
  'notes',
  'orders',
  'organizations',
  'proving',
  'revocations',
  'signIn',
  'users',
  'webhooks',
] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Omit<DialectContext, 'config' | 'language' | 'ports'>, Pick<Ports, UsedPort> {
  readonly config: DigicertConfig;
}

export type Stranger = Session<Services>;
export type Client = CallerSession<Services>;
