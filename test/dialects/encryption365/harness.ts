/** The Encryption365 server over a fake core, in the states that its exchanges start from. */
import { join } from 'node:path';
import { encryption365 } from '../../../src/dialects/encryption365/index.ts';
import { reason } from '../../../src/domain/errors.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { type DialectHarness, type FakeSession, keySettingsOf, secretInTests } from '../../support/dialect-harness.ts';
import { createFakePlatform, type FakePlatform } from '../../support/fake-platform.ts';
import { portsOf } from '../../support/flat-core.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, type FakeClock } from '../../support/system.ts';
import { seedCsr } from './seed.ts';

export const baseUrl = 'https://encrypt365.trustocean.com';
/** The order number of the vendor's sample: the first order of every session. */
export const firstNumber = 52295091;
export const credentials = {
  client_id: 'efcbbdff-e4e0-example-s5af-secured',
  access_token: '032b12f8abcba61c02e0572f476b300',
};

export interface Session extends FakeSession {
  readonly clock: FakeClock;
  /** Posts JSON with the session's credentials and answers the parsed reply. */
  post(path: string, body?: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** Posts the body as it is. */
  postRaw(path: string, body: string): Promise<Reply>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = Record<string, any>;

export interface SessionOptions {
  readonly at?: string;
  readonly from?: string;
  readonly config?: unknown;
}

export function createSession(options: SessionOptions = {}): Session {
  const clock = createFakeClock(options.at ?? '2021-11-02T08:25:09Z');
  const random = createFakeRandomness();
  const log = createFakeLog();
  const platform = createFakePlatform({
    dialect: encryption365,
    config: options.config,
    clock,
    random,
    firstNumber,
  });
  const account = platform.hand.addAccount({ name: 'first' });
  platform.hand.addCredential(account, { publicId: credentials.client_id, secret: credentials.access_token });
  platform.hand.addUser(account, 'account@exmaple.com', 'your-password');
  const server = encryption365.createServer(
    {
      ports: portsOf(platform),
      clock,
      random,
      log,
      publicSuffixes: createPublicSuffixes(),
      version: '0.0.0-test',
      publicUrl: baseUrl,
      keySettings: keySettingsOf,
      secretFor: secretInTests,
      language: encryption365.language,
      config: options.config,
    },
    { checkReplies: true },
  );
  const peer = { address: options.from ?? '192.0.2.7', requestId: 'req-1' };
  const fetch = (request: Request) => server.fetch(request, peer);
  const postRaw = async (path: string, body: string): Promise<Reply> => {
    const reply = await fetch(new Request(baseUrl + path, { method: 'POST', body }));
    return (await reply.json()) as Reply;
  };
  return {
    baseUrl,
    fetch,
    variables: credentials,
    platform,
    ports: portsOf(platform),
    logLines: log.lines,
    clock,
    post: (path, body = {}) => postRaw(path, JSON.stringify({ ...credentials, ...body })),
    postRaw,
  };
}

/** A request of the single name `trustocean.com`, in the seed's CSR, as the Baota plugin would send it. */
export function orderBody(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { pid: 100, csr_code: seedCsr, domains: 'trustocean.com', renew: false, old_vendor_id: -1, ...change };
}

export const authcode = 'panels-2026-may-register';

/** What is configured in the states that need it. */
const configs: Readonly<Record<string, unknown>> = {
  'an open registration': { registration: { authcode } },
};

const states: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  'a user': async () => {},
  'an account': async () => {},
  'an open registration': async () => {},
  async 'an account that may order 100 and 108'({ platform }) {
    limitProducts(platform);
  },
  async 'an order'(session) {
    await session.post('/cert/create', orderBody());
  },
  async 'an order and a mail server'(session) {
    session.platform.hand.offerMail();
    await session.post('/cert/create', orderBody());
  },
  async 'an order whose file was not found'(session) {
    await session.post('/cert/create', orderBody());
    const url = 'http://trustocean.com/.well-known/pki-validation/B8EE25A34BC5CD1F4D5DC8C20FD4EEB2.txt';
    session.platform.hand.failCheck(firstNumber, 'trustocean.com', reason('httpStatus', { url, status: 404 }));
  },
  async 'an issued order'(session) {
    await session.post('/cert/create', orderBody());
    session.platform.hand.issue(firstNumber);
  },
};

function limitProducts(platform: FakePlatform): void {
  const account = platform.hand.addAccount({ productCodes: ['encryption365:100', 'encryption365:108'] });
  platform.hand.addCredential(account, { publicId: credentials.client_id, secret: credentials.access_token });
}

export const harness: DialectHarness = {
  exchanges: join(import.meta.dirname, 'exchanges'),
  withoutExchange: {},
  async begin({ at, from, given = '' }) {
    const session = createSession({
      ...(at === undefined ? {} : { at }),
      ...(from === undefined ? {} : { from }),
      config: configs[given],
    });
    const prepare = states[given];
    if (prepare === undefined) throw new Error(`no state is called "${given}"`);
    await prepare(session);
    return session;
  },
};
