/** The DigiCert server over the real core in memory, with a clock moved by hand, in the states that its exchanges start from. */

import { formatKey, keyHeader } from '../../../src/dialects/digicert/auth.ts';
import { digicert } from '../../../src/dialects/digicert/index.ts';
import type { Role } from '../../../src/domain/role.ts';
import { createKey } from '../../support/app.ts';
import type { DialectHarness } from '../../support/dialect-harness.ts';
import {
  type CoreSession,
  type CoreSessionOptions,
  startSession,
  withMembers,
  withVariables,
} from '../../support/dialect-session.ts';
import { directoryStates, type State } from './directory-states.ts';
import { orderStates } from './order-states.ts';

export const baseUrl = 'https://www.digicert.com';

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = any;

export interface Answer {
  readonly status: number;
  readonly body: Reply;
  readonly headers: Headers;
  /** The body as it came. */
  readonly text: string;
}

export interface Session extends CoreSession {
  /** The key that `call` uses: of an administrator. */
  readonly apiKey: string;
  /** Sends the session's key, or another one; a body that is no text is sent as JSON. */
  call(method: string, path: string, body?: unknown, apiKey?: string): Promise<Answer>;
  /** Another key of the account. */
  keyWith(roles: readonly Role[]): Promise<string>;
}

export type SessionOptions = Omit<CoreSessionOptions, 'baseUrl'>;

export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const session = await startSession(digicert, {
    config: { requestLimits: 'off' },
    roles: ['administrator'],
    balanceMinor: 1_000_000_00,
    // The core waits in short steps for work to end; who waits longer than this is not hurried.
    patienceMs: 20,
    ...options,
    baseUrl,
    account: { name: 'first', currency: 'USD', contactEmail: 'certs@example.com', ...options.account },
  });
  const apiKey = formatKey(session.key);

  async function call(method: string, path: string, body?: unknown, as = apiKey): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`${baseUrl}${path.startsWith('/services') ? '' : '/services/v2'}${path}`, {
      method,
      headers: { [keyHeader]: as, 'content-type': 'application/json' },
      ...(text === undefined ? {} : { body: text }),
    });
    const reply = await session.fetch(request);
    const received = await reply.text();
    const isJson = reply.headers.get('content-type') === 'application/json';
    return {
      status: reply.status,
      body: isJson ? JSON.parse(received) : undefined,
      headers: reply.headers,
      text: received,
    };
  }

  return withMembers<Session>(session, {
    variables: { key: apiKey },
    apiKey,
    call,
    async keyWith(roles) {
      const { credential, secret } = await createKey(session.app, session.account, { dialect: digicert.name, roles });
      return formatKey({ publicId: credential.publicId, secret });
    },
  });
}

export const harness: DialectHarness = {
  withoutExchange: {
    'certificate.downloadPlatform': 'a file: downloads.test.ts',
    'certificate.downloadDefault': 'a file: downloads.test.ts',
    'certificate.downloadOfOrder': 'a file: downloads.test.ts',
    'certificate.downloadOfOrderByFormat': 'a file: downloads.test.ts',
  },
  states: Object.fromEntries(
    Object.entries({ ...directoryStates, ...orderStates }).map(([name, start]) => [name, () => started(start)]),
  ),
};

async function started(start: State): Promise<CoreSession> {
  const { session, variables } = await start(createSession);
  return withVariables(session, variables);
}
