/** The Encryption365 server over the real core in memory, in the states that its exchanges start from. */
import assert from 'node:assert/strict';
import { encryption365 } from '../../../src/dialects/encryption365/index.ts';
import { reason } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { withDefined } from '../../../src/domain/with-defined.ts';
import type { TestAppOptions } from '../../support/app.ts';
import type { DialectHarness } from '../../support/dialect-harness.ts';
import { type CoreSession, type CoreSessionOptions, startSession, withMembers } from '../../support/dialect-session.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { seedCsr } from './seed.ts';

export const baseUrl = 'https://encrypt365.trustocean.com';
/** The order number of the vendor's sample: the first order of every session. */
export const firstNumber = 52295091;
/** Numbers of orders, from the first on. */
export const numberOf = (index: number) => firstNumber + index;
export const credentials = {
  client_id: 'efcbbdff-e4e0-example-s5af-secured',
  access_token: '032b12f8abcba61c02e0572f476b300',
};

export interface Session extends CoreSession {
  /** Posts JSON with the session's credentials and answers the parsed reply. */
  post(path: string, body?: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** Posts the body as it is. */
  postRaw(path: string, body: string): Promise<Reply>;
  /** The order, by its place from the first on. */
  order(index?: number): Promise<OrderView>;
  /** The file is at these names from now on, or at every name, and time goes by until the core has looked there. */
  prove(...names: readonly string[]): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = Record<string, any>;

export interface SessionOptions extends TestAppOptions, Pick<CoreSessionOptions, 'account'> {
  readonly at?: string;
  readonly from?: string;
  readonly config?: unknown;
}

/** Longer than the core waits between two looks at a new order. */
const untilNextLook = 600;

export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const { at = '2021-11-02T08:25:09Z', account = {}, ...rest } = options;
  const session = await startSession(encryption365, {
    ...rest,
    baseUrl,
    startsAt: at,
    firstNumbers: { orders: firstNumber },

    patienceMs: 0,
    furtherProducts: [],
    account: { name: 'first', contactEmail: 'enc365@qiaokr.com', ...account },
    key: { publicId: credentials.client_id, secret: credentials.access_token },
  });
  const { app } = session;
  await app.ports.users.create(app.operator, {
    accountId: session.account.id,
    username: 'account@exmaple.com',
    password: 'your-password',
    roles: ['requester'],
  });
  const postRaw = async (path: string, body: string): Promise<Reply> => {
    const reply = await session.fetch(new Request(baseUrl + path, { method: 'POST', body }));
    return (await reply.json()) as Reply;
  };
  return withMembers<Session>(session, {
    variables: credentials,
    post: (path, body = {}) => postRaw(path, JSON.stringify({ ...credentials, ...body })),
    postRaw,
    order: (index = 0) => app.ports.orders.get(app.operator, { number: numberOf(index) }),
    async prove(...names) {
      for (const name of names) app.checks.place(name);
      if (names.length === 0) app.checks.placeEverywhere();
      await app.advance(untilNextLook);
    },
  });
}

/** With an order whose certificate was issued at once. */
export async function createIssuedSession(
  change: Readonly<Record<string, unknown>> = {},
  options: SessionOptions = {},
): Promise<Session> {
  const session = await createSession(options);
  await issueFirst(session, change);
  return session;
}

async function issueFirst(session: Session, change: Readonly<Record<string, unknown>> = {}): Promise<void> {
  session.app.checks.place('trustocean.com');
  await session.post('/cert/create', orderBody(change));
  await session.app.idle();
  assert.equal((await session.order()).issuance.state, 'issued');
}

/** A request of the single name `trustocean.com`, in the seed's CSR, as the Baota plugin would send it. */
export function orderBody(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { pid: 100, csr_code: seedCsr, domains: 'trustocean.com', renew: false, old_vendor_id: -1, ...change };
}

export const authcode = 'panels-2026-may-register';

/** What a session is started with in the states that need more. */
const optionsOf: Readonly<Record<string, () => SessionOptions>> = {
  'an open registration': () => ({ config: { registration: { authcode } } }),
  'an account that may order 100 and 108': () => ({
    account: { productCodes: ['encryption365:100', 'encryption365:108'] },
  }),
  'an order and a mail server': () => ({ mail: createMailFake() }),
  // The wildcard of a renewal is to be proved anew.
  'an issued order': () => ({ profiles: defaultProfiles.map((profile) => ({ ...profile, wildcardByFile: false })) }),
};

const prepared: Readonly<Record<string, (session: Session) => Promise<unknown>>> = {
  'a user': async () => {},
  'an account': async () => {},
  'an open registration': async () => {},
  'an account that may order 100 and 108': async () => {},
  'an order': (session) => session.post('/cert/create', orderBody()),
  'an order and a mail server': (session) => session.post('/cert/create', orderBody()),
  async 'an order whose file was not found'(session) {
    const url = 'http://trustocean.com/.well-known/pki-validation/B8EE25A34BC5CD1F4D5DC8C20FD4EEB2.txt';
    session.app.checks.failWith('trustocean.com', reason('httpStatus', { url, status: 404 }));
    await session.post('/cert/create', orderBody());
    await session.app.idle();
  },
  'an issued order': (session) => issueFirst(session),
};

export const harness: DialectHarness = {
  withoutExchange: {},
  states: Object.fromEntries(
    Object.entries(prepared).map(([state, prepare]) => [
      state,
      async ({ at, from }) => {
        const session = await createSession(withDefined({ at, from, ...optionsOf[state]?.() }));
        await prepare(session);
        return session;
      },
    ]),
  ),
};
