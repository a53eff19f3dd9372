/** Services of this dialect's operations. */
import type { z } from 'zod';
import { accountFilter, type Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { AccountId } from '../../domain/ids.ts';
import type { DialectContext } from '../../domain/ports/dialect.ts';
import type { PortName, Ports } from '../../domain/ports/index.ts';
import {
  type CallerOperation,
  type CallerSession,
  callerOperation,
  type PublicOperation,
  publicOperation,
  type Session,
} from '../kit/operation.ts';
import { callerOf } from './if-match.ts';
import type { Endpoint } from './schema/shapes.ts';

/** The ports it uses. */
export const ports = [
  'accounts',
  'approvals',
  'authorityImport',
  'authorities',
  'authorizations',
  'catalogue',
  'certificates',
  'changes',
  'checks',
  'containers',
  'credentials',
  'customFields',
  'delegations',
  'events',
  'externalAccountKeys',
  'idempotencyKeys',
  'issuances',
  'jobs',
  'keyRegister',
  'mailboxes',
  'managedDomains',
  'notes',
  'objectPages',
  'operation',
  'orderPages',
  'orders',
  'organizations',
  'preferences',
  'prices',
  'proving',
  'refunds',
  'reports',
  'revocations',
  'roleGrants',
  'server',
  'sessions',
  'setup',
  'shares',
  'signIn',
  'statistics',
  'upstreams',
  'users',
  'webhooks',
] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Omit<DialectContext, 'ports'>, Pick<Ports, UsedPort> {}
export type Client = CallerSession<Services>;

/** An endpoint with what it does. */
export function handled<Request extends z.ZodObject, Response extends z.ZodType>(
  endpoint: Endpoint<Request, Response>,
  handle: (input: z.output<Request>, session: Client) => Promise<z.output<Response>>,
): CallerOperation<Services, Request, Response> {
  const { seen, ...described } = endpoint;
  if (seen === undefined) return callerOperation({ ...described, handle });
  return callerOperation({
    ...described,
    handle: (input, session) => handle(input, { ...session, caller: callerOf(session, input, seen) }),
  });
}

/** The same for an endpoint that anybody may call. */
export function handledForAll<Request extends z.ZodObject, Response extends z.ZodType>(
  endpoint: Endpoint<Request, Response>,
  handle: (input: z.output<Request>, session: Session<Services>) => Promise<z.output<Response>>,
): PublicOperation<Services, Request, Response> {
  return publicOperation({ ...endpoint, handle });
}

/**
 * The account that a request means. Only an operator may name another than their own.
 * @returns null for an operator who names none
 * @throws {CertError} notFound
 */
export async function accountIdFrom(session: Client, reference: string | null): Promise<AccountId | null> {
  return accountFilter(await actingFor(session, reference));
}

/**
 * The caller who places an order or sets something up: an operator acts for the account they name.
 * @throws {CertError} invalidField when an operator names none, notFound
 */
export async function actingCaller(session: Client, reference: string | null): Promise<Caller> {
  const caller = await actingFor(session, reference);
  if (caller.scope === 'all') throw refuse('fieldMissing', { field: 'account' });
  return caller;
}

/** The caller, or an operator acting for the account that the request names. @throws {CertError} notFound */
export async function actingFor({ caller, services }: Client, reference: string | null): Promise<Caller> {
  return reference === null ? caller : services.signIn.actFor(caller, reference);
}
