/** The WoSign server over the real core in memory, in the states that its exchanges start from. */
import assert from 'node:assert/strict';
import { handleOf } from '../../../src/dialects/wosign/handle.ts';
import { wosign } from '../../../src/dialects/wosign/index.ts';
import type { TestAppOptions } from '../../support/app.ts';
import type { DialectHarness } from '../../support/dialect-harness.ts';
import { type CoreSession, startSession, withMembers, withVariables } from '../../support/dialect-session.ts';
import { csrPem, oneLine } from './csr.ts';

export const baseUrl = 'https://acmapi.wosign.com';
/** As the document's samples mean them. */
export const credentials = { customer_id: 'customer_XXXXX01', auth_token: 'authority_XXXXXX01' };
/** Where the platform's calls come from. */
export const platformAddress = '192.0.2.7';

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = Record<string, any>;

export interface Session extends CoreSession {
  /** Posts JSON with the session's credentials and answers the parsed reply. */
  post(body?: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** Posts this and answers the parsed reply. */
  send(init: RequestInit & { readonly path?: string }): Promise<Reply>;
  /** The handle of the newest order. */
  handle(): Promise<string>;
}

export interface SessionOptions extends TestAppOptions {
  readonly from?: string;
  readonly config?: unknown;
  /** Of `startSession`. A call that signs is not hurried by the clock where this is short. */
  readonly patienceMs?: number;
  readonly approval?: 'automatic' | 'manual';
}

export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const { from = platformAddress, config, approval = 'automatic', ...rest } = options;
  const session = await startSession(wosign, {
    ...rest,
    baseUrl,
    config,
    from,
    account: { approval },
    key: { publicId: credentials.customer_id, secret: credentials.auth_token },
    allowedAddresses: [platformAddress],
  });
  const send: Session['send'] = async ({ path = '/', ...init }) => {
    const reply = await session.fetch(new Request(baseUrl + path, { method: 'POST', ...init }));
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get('content-type'), 'application/json');
    return (await reply.json()) as Reply;
  };
  return withMembers<Session>(session, {
    variables: { csr: oneLine },
    async handle() {
      const [newest] = await session.orders();
      return handleOf(newest?.order.id ?? assert.fail('there is no order'));
    },
    post: (body = {}) => send({ body: JSON.stringify({ ...credentials, ...body }) }),
    send,
  });
}

/** The file is at every name. */
export async function servedSession(options: SessionOptions = {}): Promise<Session> {
  const session = await createSession(options);
  session.app.checks.placeEverywhere();
  return session;
}

/** An application for one name, as the table of the document has it. */
export function application(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { req_type: 'cert_apply', domain_name: ['test.ims.cn'], csr: csrPem, ...change };
}

const states: Readonly<Record<string, () => Promise<Session>>> = {
  'a customer': () => createSession(),
  'a customer whose names serve the signfile': () => servedSession(),
  'a customer whose orders a person approves': () => createSession({ approval: 'manual' }),
  'a call from another address': () => createSession({ from: '198.51.100.9' }),
  async 'a pending order'() {
    return withOrder(await createSession({ approval: 'manual' }));
  },
  async 'a pending order that was approved'() {
    const session = await withOrder(await servedSession({ approval: 'manual' }));
    await session.approve();
    return session;
  },
};

async function withOrder(session: Session): Promise<Session> {
  const { handle_id } = await session.post(application());
  return withVariables(session, { handle_id });
}

export const harness: DialectHarness = { withoutExchange: {}, states };
