/** The httpsok server over a fake core, in the states that its exchanges start from. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { httpsok } from '../../../src/dialects/httpsok/index.ts';
import { reason } from '../../../src/domain/errors.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { type DialectHarness, type FakeSession, keySettingsOf, secretInTests } from '../../support/dialect-harness.ts';
import { createFakePlatform } from '../../support/fake-platform.ts';
import { portsOf } from '../../support/flat-core.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, type FakeClock } from '../../support/system.ts';

export const baseUrl = 'https://openapi.httpsok.com';
/** The id of the vendor's sample: the first order of every session. */
export const firstNumber = 236417;
export const key = '0123456789abcdef00112233445566778899aabbccddeeff';

export interface Session extends FakeSession {
  readonly clock: FakeClock;
  /** Sends the body, JSON unless it is text, with the session's key and answers the parsed reply. */
  post(path: string, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Sets the CNAME records that `/v1/cert/dv` asks for. */
  delegate(names: readonly string[]): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = { readonly code: number; readonly msg: string; readonly data: any; readonly traceId: string };

export interface SessionOptions {
  readonly at?: string;
  readonly config?: unknown;
}

export function createSession(options: SessionOptions = {}): Session {
  const clock = createFakeClock(options.at ?? '2024-12-10T16:24:32Z');
  const random = createFakeRandomness();
  const log = createFakeLog();
  const platform = createFakePlatform({
    dialect: httpsok,
    config: options.config,
    clock,
    random,
    firstNumber,
  });
  const account = platform.hand.addAccount({ name: 'first' });
  platform.hand.addCredential(account, { publicId: key.slice(0, 16), secret: key.slice(16) });
  const server = httpsok.createServer(
    {
      ports: portsOf(platform),
      clock,
      random,
      log,
      publicSuffixes: createPublicSuffixes(),
      version: '0.0.0-test',
      publicUrl: baseUrl,
      keySettings: keySettingsOf,
      // The account's id is random in each session, and with it the alias.
      secretFor: secretInTests,
      language: httpsok.language,
      config: options.config,
    },
    { checkReplies: true },
  );
  const fetch = (request: Request) => server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
  const read = async (request: Request): Promise<Reply> => {
    const response = await fetch(request);
    assert.equal(response.status, 200);
    const reply = (await response.json()) as Reply;
    assert.deepEqual(Object.keys(reply), ['code', 'msg', 'data', 'traceId']);
    assert.match(reply.traceId, /^[0-9a-f]{32}$/);
    return reply;
  };
  const post: Session['post'] = (path, body, headers = { OpenApiKey: key }) =>
    read(
      new Request(baseUrl + path, {
        method: 'POST',
        headers,
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    );
  return {
    baseUrl,
    fetch,
    variables: { key },
    platform,
    ports: portsOf(platform),
    logLines: log.lines,
    clock,
    post,
    get: (path, headers = { OpenApiKey: key }) => read(new Request(baseUrl + path, { headers })),
    async delegate(names) {
      const suffixes = createPublicSuffixes();
      const { data } = await post('/v1/cert/dv', { domainList: names });
      for (const { domain, host, hostValue } of data.configs) {
        const base = domain.replace(/^\*\./, '');
        const top = suffixes.registrableDomain(base) ?? base;
        platform.hand.setCname(`${host}.${top}`, hostValue);
      }
    },
  };
}

const sampleNames = ['*.httpsok.com', 'httpsok.com'];

async function applyFor(session: Session): Promise<void> {
  await session.delegate(sampleNames);
  const { code } = await session.post('/v1/cert/apply', { domainList: sampleNames });
  assert.equal(code, 0);
}

const states: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  'an account': async () => {},
  async 'delegated names'(session) {
    await session.delegate(sampleNames);
  },
  'an application': applyFor,
  async 'an application whose names are proved'(session) {
    await applyFor(session);
    session.platform.hand.prove(firstNumber);
  },
  async 'an issued application'(session) {
    await applyFor(session);
    session.platform.hand.issue(firstNumber);
  },
  async 'a failed application'(session) {
    await applyFor(session);
    session.platform.hand.fail(firstNumber, reason('issuerRefused', { issuer: 'embedded', detail: 'CAA' }));
  },
};

export const harness: DialectHarness = {
  exchanges: join(import.meta.dirname, 'exchanges'),
  withoutExchange: {
    'agent.preparse': 'its codes depend on the random id of the account; agent.test.ts plays whole runs',
    'agent.upload': 'a form needs line ends that an exchange does not keep; agent.test.ts sends one',
    'agent.checkDns': 'needs a code of preparse',
    'agent.download': 'needs a code of preparse',
    'agent.log': 'ends with a newline that an exchange does not keep; agent.test.ts reads it',
  },
  async begin({ at, given = 'an account' }) {
    const session = createSession(at === undefined ? {} : { at });
    const prepare = states[given];
    if (prepare === undefined) throw new Error(`no state is called "${given}"`);
    await prepare(session);
    return session;
  },
};
