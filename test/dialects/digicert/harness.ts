/** The DigiCert server over the real core in memory, with a clock moved by hand, in the states that its exchanges start from. */

import { join } from 'node:path';
import { formatKey, keyHeader } from '../../../src/dialects/digicert/auth.ts';
import { digicert } from '../../../src/dialects/digicert/index.ts';
import type { Account } from '../../../src/domain/account.ts';
import type { NewAccount } from '../../../src/domain/ports/accounts.ts';
import type { Role } from '../../../src/domain/role.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { afterFile } from '../../support/after-file.ts';
import { createKey, startTestApp, type TestApp, type TestAppOptions } from '../../support/app.ts';
import {
  type DialectHarness,
  type DialectSession,
  keySettingsOf,
  makersOf,
  secretInTests,
} from '../../support/dialect-harness.ts';
import { createFakeRandomness, passingTime } from '../../support/system.ts';
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

export interface Session extends DialectSession {
  readonly app: TestApp;
  readonly account: Account;
  /** The key that `call` uses: of an administrator. */
  readonly key: string;
  /** Asks with the session's key, or another one; a body that is no text is sent as JSON. */
  call(method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  /** The core alone goes on after a while; the session must not be used any more. */
  goOn(afterSeconds: number): Promise<TestApp>;
  /** Another key of the account. */
  keyWith(roles: readonly Role[]): Promise<string>;
}

export interface SessionOptions extends TestAppOptions {
  readonly config?: unknown;
  readonly account?: Partial<NewAccount>;
  readonly sendsMail?: boolean;
  readonly roles?: readonly Role[];
  readonly balanceMinor?: number;
}

export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const {
    config = { requestLimits: 'off' },
    account: given = {},
    roles = ['administrator'],
    balanceMinor = 1_000_000_00,
    ...rest
  } = options;
  const setup = {
    config,
    secretFor: secretInTests,
    publicSuffixes: createPublicSuffixes(),
    sendsMail: options.sendsMail === true,
  };
  const app = await startTestApp({ ...makersOf([digicert], () => setup), ...rest });
  let running = app;
  afterFile(() => running.close());
  const account = await app.ports.accounts.create(app.operator, {
    name: 'first',
    currency: 'USD',
    approval: 'automatic',
    productCodes: null,
    allowedNames: null,
    contactEmail: 'certs@example.com',
    ...given,
  });
  if (balanceMinor > 0) {
    await app.ports.accounts.credit(app.operator, account.id, { amountMinor: balanceMinor, note: 'opening' });
  }
  const server = digicert.createServer(
    {
      ports: app.ports,
      clock: app.clock,
      random: createFakeRandomness(5),
      log: app.log,
      ...setup,
      version: '0.0.0-test',
      publicUrl: 'https://certs.example',
      keySettings: keySettingsOf,
      language: digicert.language,
    },
    { checkReplies: true },
  );
  const keyWith = async (of: readonly Role[], owner: Account = account) => {
    const { credential, secret } = await createKey(app, owner, { dialect: digicert.name, roles: of });
    return formatKey({ publicId: credential.publicId, secret });
  };
  const key = await keyWith(roles);
  const fetch = (request: Request) =>
    passingTime(app.clock, server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' }));

  async function call(method: string, path: string, body?: unknown, as = key): Promise<Answer> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`${baseUrl}${path.startsWith('/services') ? '' : '/services/v2'}${path}`, {
      method,
      headers: { [keyHeader]: as, 'content-type': 'application/json' },
      ...(text === undefined ? {} : { body: text }),
    });
    const reply = await fetch(request);
    const received = await reply.text();
    const isJson = reply.headers.get('content-type') === 'application/json';
    return {
      status: reply.status,
      body: isJson ? JSON.parse(received) : undefined,
      headers: reply.headers,
      text: received,
    };
  }

  return {
    baseUrl,
    fetch,
    variables: { key },
    ports: app.ports,
    logLines: app.log.lines,
    app,
    account,
    key,
    call,
    keyWith,
    async goOn(afterSeconds) {
      running = await app.restart({ afterSeconds });
      return running;
    },
  };
}

/** By the name of `# given:`; what an exchange needs of it is told in its variables. */
const states: Readonly<Record<string, State>> = { ...directoryStates, ...orderStates };

export const harness: DialectHarness = {
  exchanges: join(import.meta.dirname, 'exchanges'),
  withoutExchange: {
    'certificate.downloadPlatform': 'a file: downloads.test.ts',
    'certificate.downloadDefault': 'a file: downloads.test.ts',
    'certificate.downloadOfOrder': 'a file: downloads.test.ts',
    'certificate.downloadOfOrderByFormat': 'a file: downloads.test.ts',
  },
  async begin({ given = 'an account' }) {
    const state = states[given];
    if (state === undefined) throw new Error(`no state is called "${given}"`);
    // The exchanges write numbers out, of which an undone run would leave one out.
    const { session, variables } = await state((options) => createSession({ repeatsWork: false, ...options }));
    return { ...session, variables: { ...session.variables, ...variables } };
  },
};
