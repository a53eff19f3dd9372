/** The native server over the real core in memory, for an account and for an operator. */
import assert from 'node:assert/strict';
import { formatToken } from '../../../src/dialects/native/auth.ts';
import { createNativeClient, type NativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { type CoreSession, type CoreSessionOptions, startSession, withMembers } from '../../support/dialect-session.ts';
import { seedCsr } from '../encryption365/seed.ts';

export const baseUrl = 'https://certs.example.com';
/** The number of a session's first order, issuance, certificate and approval request. */
export const firstNumber = 17;
export { seedCsr };

export interface NativeSession extends CoreSession {
  /** Of an account that may order, approve and manage itself. */
  readonly token: string;
  readonly operatorToken: string;
  readonly client: NativeClient;
  readonly operator: NativeClient;
}

export interface SessionOptions extends Omit<CoreSessionOptions, 'baseUrl'> {
  readonly at?: string;
}

/** Credentials and users have numbers of one sequence; the first two are those of the session. */
const firstActor = 100_001 - 2 * 2;

const firstNumbers = {
  accounts: 1,
  actor_numbers: firstActor,
  orders: firstNumber,
  issuances: firstNumber,
  certificates: firstNumber,
  approvals: firstNumber,
  containers: 100_001,
  custom_fields: 100_001,
  organizations: 100_001,
  webhooks: 100_001,
  role_grants: 100_001,
  notes: 100_001,
  managed_domains: 100_001,
};

export async function createSession(options: SessionOptions = {}): Promise<NativeSession> {
  const { at = '2026-06-01T12:00:00Z', account = {}, ...rest } = options;
  const session = await startSession(native, {
    patienceMs: 0,
    roles: ['administrator', 'approver', 'requester'],
    ...rest,
    baseUrl,
    startsAt: at,
    firstNumbers,
    account: { name: 'Acme', contactEmail: 'enc365@qiaokr.com', ...account },
  });
  const { app } = session;
  const { credential, secret } = await app.ports.credentials.create(app.operator, {
    accountId: null,
    userId: null,
    dialect: native.name,
    label: 'operator',
    roles: ['operator'],
    allowedAddresses: null,
  });
  const token = formatToken(session.key);
  const operatorToken = formatToken({ publicId: credential.publicId, secret });
  const clientOf = (bearer: string) => createNativeClient({ baseUrl, token: bearer, fetch: session.fetch });
  return withMembers<NativeSession>(session, {
    variables: { token, operatorToken, csr: seedCsr.replaceAll(/\r?\n/g, '\\n') },
    token,
    operatorToken,
    client: clientOf(token),
    operator: clientOf(operatorToken),
  });
}

export function placeOrder({ client }: Pick<NativeSession, 'client'>, names: readonly string[] = ['trustocean.com']) {
  return client.orders.place({ productCode: 'encryption365:100', csr: seedCsr, names: [...names] });
}

/** An order whose name is proved at the first look, and its certificate. */
export async function issueOrder(session: NativeSession, names: readonly string[] = ['trustocean.com']) {
  for (const name of names) session.app.checks.place(name);
  const placed = await placeOrder(session, names);
  await session.app.idle();
  return placed;
}

/** It never signs. */
export const lockedIssuer: NonNullable<SessionOptions['issuer']> = (embedded) => ({
  ...embedded,
  sign: () => Promise.reject(new Error('the token is locked')),
});

/** An order that `lockedIssuer` never signs, until it is given up. */
export async function failJob(session: NativeSession): Promise<void> {
  const { app } = session;
  await issueOrder(session);
  const isNone = async () => (await app.ports.operation.failedJobs(app.operator, { limit: 1 })).items.length === 0;
  for (let tries = 0; await isNone(); tries++) {
    assert.ok(tries < 100, 'it is given up');
    await app.advance(300);
  }
}
