/** The httpsok server over the real core in memory, in the states that its exchanges start from. */
import assert from 'node:assert/strict';
import { httpsok } from '../../../src/dialects/httpsok/index.ts';
import { reason } from '../../../src/domain/errors.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { withDefined } from '../../../src/domain/with-defined.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createAccount, createKey, type TestAppOptions } from '../../support/app.ts';
import type { DialectHarness } from '../../support/dialect-harness.ts';
import { type CoreSession, startSession, withMembers } from '../../support/dialect-session.ts';

export const baseUrl = 'https://openapi.httpsok.com';
/** The id of the vendor's sample: the first order of every session. */
export const firstNumber = 236417;
export const key = '0123456789abcdef00112233445566778899aabbccddeeff';

export interface Session extends CoreSession {
  /** Sends the body, JSON unless it is text, with the session's key and answers the parsed reply. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Sets the CNAME records that `/v1/cert/dv` names. */
  delegate(names: readonly string[]): Promise<void>;
  /** The first order. */
  order(): Promise<OrderView>;
  /** A key of another account. */
  anotherKey(): Promise<string>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = { readonly code: number; readonly msg: string; readonly data: any; readonly traceId: string };

export interface SessionOptions
  extends Pick<
    TestAppOptions,
    'aliasZone' | 'lookUpDelegation' | 'lookUpCaa' | 'issuer' | 'profiles' | 'upstreams' | 'works'
  > {
  readonly at?: string;
  readonly config?: unknown;
}

const suffixes = createPublicSuffixes();

export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const { at = '2024-12-10T16:24:32Z', ...rest } = options;
  const session = await startSession(httpsok, {
    ...rest,
    baseUrl,
    startsAt: at,
    firstNumbers: { orders: firstNumber },
    patienceMs: 0,
    key: { publicId: key.slice(0, 16), secret: key.slice(16) },
  });
  async function read(request: Request): Promise<Reply> {
    const response = await session.fetch(request);
    assert.equal(response.status, 200);
    const reply = (await response.json()) as Reply;
    assert.deepEqual(Object.keys(reply), ['code', 'msg', 'data', 'traceId']);
    assert.match(reply.traceId, /^[0-9a-f]{32}$/);
    return reply;
  }
  const post: Session['post'] = (path, body, headers = { OpenApiKey: key }) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return read(new Request(baseUrl + path, { method: 'POST', headers, body: text }));
  };
  return withMembers<Session>(session, {
    variables: { key },
    post,
    get: (path, headers = { OpenApiKey: key }) => read(new Request(baseUrl + path, { headers })),
    async delegate(names) {
      const { data } = await post('/v1/cert/dv', { domainList: names });
      for (const { domain, host, hostValue } of data.configs) {
        const base = domain.replace(/^\*\./, '');
        const top = suffixes.registrableDomain(base) ?? base;
        session.app.checks.placeRecord(`${host}.${top}`, hostValue);
      }
    },
    order: () => session.app.ports.orders.get(session.app.operator, { number: firstNumber }),
    async anotherKey() {
      const account = await createAccount(session.app);
      const { credential, secret } = await createKey(session.app, account, { dialect: httpsok.name });
      return credential.publicId + secret;
    },
  });
}

type IssuerOption = NonNullable<TestAppOptions['issuer']>;

/** Cannot sign until it is mended. */
export function createBrokenIssuer(): { readonly issuer: IssuerOption; mend(): void } {
  let isBroken = true;
  return {
    issuer: (embedded) => ({
      ...embedded,
      sign: (request, signal) =>
        isBroken ? Promise.reject(new Error('the token is locked')) : embedded.sign(request, signal),
    }),
    mend() {
      isBroken = false;
    },
  };
}

export const refusingIssuer: IssuerOption = (embedded) => ({
  ...embedded,
  sign: async () => ({ kind: 'refused', reason: reason('issuerRefused', { issuer: embedded.id, detail: 'CAA' }) }),
});

const sampleNames = ['*.httpsok.com', 'httpsok.com'];

async function applyFor(session: Session): Promise<void> {
  await session.delegate(sampleNames);
  const { code } = await session.post('/v1/cert/apply', { domainList: sampleNames });
  assert.equal(code, 0);
  await session.app.idle();
}

type State = DialectHarness['states'][string];

function state(prepare: (session: Session) => Promise<void>, options: () => SessionOptions = () => ({})): State {
  return async ({ at }) => {
    const session = await createSession({ ...withDefined({ at }), ...options() });
    await prepare(session);
    return session;
  };
}

export const harness: DialectHarness = {
  withoutExchange: {
    'agent.preparse': 'its codes depend on the random id of the account; agent.test.ts plays whole runs',
    'agent.upload': 'a form needs line ends that an exchange does not keep; agent.test.ts sends one',
    'agent.checkDns': 'needs a code of preparse',
    'agent.download': 'needs a code of preparse',
    'agent.log': 'ends with a newline that an exchange does not keep; agent.test.ts reads it',
  },
  states: {
    'an account': state(async () => {}),
    'delegated names': state((session) => session.delegate(sampleNames)),
    'an application that is being issued': state(applyFor, createBrokenIssuer),
    'an issued application': state(applyFor),
    'a failed application': state(applyFor, () => ({ issuer: refusingIssuer })),
  },
};
