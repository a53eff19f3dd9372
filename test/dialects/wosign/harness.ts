/** The WoSign server over a fake core, in the states that its exchanges start from. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { wosign } from '../../../src/dialects/wosign/index.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { type DialectHarness, type FakeSession, keySettingsOf, secretInTests } from '../../support/dialect-harness.ts';
import { createFakePlatform } from '../../support/fake-platform.ts';
import { portsOf } from '../../support/flat-core.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, type FakeClock } from '../../support/system.ts';
import { csrPem, oneLine } from './csr.ts';

export const baseUrl = 'https://acmapi.wosign.com';
/** As the document's samples mean them. */
export const credentials = { customer_id: 'customer_XXXXX01', auth_token: 'authority_XXXXXX01' };
/** Where the platform's calls come from. */
export const platformAddress = '192.0.2.7';
export const firstNumber = 1;

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = Record<string, any>;

export interface Session extends FakeSession {
  readonly clock: FakeClock;
  /** Posts JSON with the session's credentials and answers the parsed reply. */
  post(body?: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** Posts this and answers the parsed reply. */
  send(init: RequestInit & { readonly path?: string }): Promise<Reply>;
  /** The handle of the first order. */
  handle(): string;
}

export interface SessionOptions {
  readonly from?: string;
  readonly config?: unknown;
  readonly approval?: 'automatic' | 'manual';
}

export function createSession(options: SessionOptions = {}): Session {
  const clock = createFakeClock();
  const random = createFakeRandomness();
  const log = createFakeLog();
  const platform = createFakePlatform({ dialect: wosign, clock, random, firstNumber });
  const account = platform.hand.addAccount({ name: 'first', approval: options.approval ?? 'automatic' });
  const { customer_id: publicId, auth_token: secret } = credentials;
  platform.hand.addCredential(account, { publicId, secret, allowedAddresses: [platformAddress] });
  const server = wosign.createServer(
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
      language: wosign.language,
      config: options.config,
    },
    { checkReplies: true },
  );
  const peer = { address: options.from ?? platformAddress, requestId: 'req-1' };
  const fetch = (request: Request) => server.fetch(request, peer);
  const send: Session['send'] = async ({ path = '/', ...init }) => {
    const reply = await fetch(new Request(baseUrl + path, { method: 'POST', ...init }));
    assert.equal(reply.status, 200);
    assert.equal(reply.headers.get('content-type'), 'application/json');
    return (await reply.json()) as Reply;
  };
  const handle = () => `handle_${platform.hand.view(firstNumber).order.id.slice('ord_'.length)}`;
  return {
    baseUrl,
    fetch,
    get variables() {
      return { csr: oneLine, ...(platform.hand.orderCount > 0 ? { handle_id: handle() } : {}) };
    },
    platform,
    ports: portsOf(platform),
    logLines: log.lines,
    clock,
    handle,
    post: (body = {}) => send({ body: JSON.stringify({ ...credentials, ...body }) }),
    send,
  };
}

/** An application for one name, as the table of the document has it. */
export function application(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { req_type: 'cert_apply', domain_name: ['test.ims.cn'], csr: csrPem, ...change };
}

/** The file is at every name: the core proves and signs while the caller waits. */
export function servesSignfile(session: Session): Session {
  session.platform.hand.whileSettling((number) => session.platform.hand.issue(number));
  return session;
}

const states: Readonly<Record<string, () => Session | Promise<Session>>> = {
  'a customer': () => createSession(),
  'a customer whose names serve the signfile': () => servesSignfile(createSession()),
  'a customer whose orders a person approves': () => createSession({ approval: 'manual' }),
  'a call from another address': () => createSession({ from: '198.51.100.9' }),
  async 'a pending order'() {
    const session = createSession({ approval: 'manual' });
    await session.post(application());
    return session;
  },
  async 'a pending order that was approved'() {
    const session = servesSignfile(createSession({ approval: 'manual' }));
    await session.post(application());
    session.platform.hand.approve(firstNumber);
    return session;
  },
};

export const harness: DialectHarness = {
  exchanges: join(import.meta.dirname, 'exchanges'),
  withoutExchange: {},
  async begin({ given = '' }) {
    const prepare = states[given];
    if (prepare === undefined) throw new Error(`no state is called "${given}"`);
    return prepare();
  },
};
