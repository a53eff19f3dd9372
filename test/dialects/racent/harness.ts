/**
 * The Racent server over the real core in memory (`test/support/app.ts`), in the states that its exchanges start from: what
 * the calls mean depends on issuances, references and prices, of which a fake would be a second core.
 */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { racent } from '../../../src/dialects/racent/index.ts';
import type { Account } from '../../../src/domain/account.ts';
import type { ValidationMethod } from '../../../src/domain/validation-method.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { afterFile } from '../../support/after-file.ts';
import { createCustomer, createKey, startTestApp, type TestApp, type TestAppOptions } from '../../support/app.ts';
import {
  type DialectHarness,
  type DialectSession,
  keySettingsOf,
  makersOf,
  secretInTests,
} from '../../support/dialect-harness.ts';
import { createMailFake, type MailFake } from '../../support/mail-fake.ts';
import { createFakeLog } from '../../support/system.ts';

export const baseUrl = 'https://portal.racent.com';

/** The CSR of the check vector. */
export const csrPem = readFileSync(join(import.meta.dirname, '../../pki/fixtures/racent-check.csr'), 'utf8').trim();

export interface Session extends DialectSession {
  readonly app: TestApp;
  readonly account: Account;
  readonly mail: MailFake;
  readonly token: string;
  /** Sends the fields as JSON with the session's token. */
  post(path: string, fields?: Readonly<Record<string, unknown>>): Promise<Reply>;
  /** Sends this and nothing else. */
  postRaw(path: string, body: string | FormData, headers?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Places an order, proves its names and waits for the certificate. Answers its certId. */
  issue(fields?: Readonly<Record<string, unknown>>): Promise<string>;
  /** So many days go by at once; what fell due meanwhile is done then. */
  pass(days: number): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
export type Reply = { readonly code: number; readonly errors?: Record<string, string[]>; readonly [key: string]: any };

export interface SessionOptions {
  readonly config?: unknown;
  /** No mail server is configured. */
  readonly isWithoutMail?: boolean;
  readonly balanceMinor?: number;
  readonly approval?: Account['approval'];
  readonly issuer?: NonNullable<TestAppOptions['issuer']>;
}

export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const { config, isWithoutMail = false, balanceMinor = 10_000_000, approval = 'automatic', issuer } = options;
  const mail = createMailFake();
  const setup = {
    config,
    secretFor: secretInTests,
    publicSuffixes: createPublicSuffixes(),
    sendsMail: !isWithoutMail,
  };
  let app = await startTestApp({
    ...makersOf([racent], () => setup),
    ...(isWithoutMail ? {} : { mail }),
    ...(issuer === undefined ? {} : { issuer }),
  });
  afterFile(() => app.close());
  const { account } = await createCustomer(app, { dialect: 'racent', balanceMinor, approval });
  const { credential, secret } = await createKey(app, account, { dialect: 'racent' });
  const token = credential.publicId + secret;
  const log = createFakeLog();
  const startServer = () =>
    racent.createServer(
      {
        ports: app.ports,
        clock: app.clock,
        random: app.context.random,
        log,
        ...setup,
        version: '0.0.0-test',
        publicUrl: baseUrl,
        keySettings: keySettingsOf,
        language: racent.language,
      },
      { checkReplies: true },
    );
  let server = startServer();
  const fetch = (request: Request) => server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
  const postRaw: Session['postRaw'] = async (path, body, headers = {}) => {
    const response = await fetch(new Request(baseUrl + path, { method: 'POST', body, headers }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const reply = (await response.json()) as Reply;
    assert.ok(Number.isInteger(reply.code) && reply.code !== 0, JSON.stringify(reply));
    return reply;
  };
  const post: Session['post'] = (path, fields = {}) =>
    postRaw(path, JSON.stringify({ api_token: token, ...fields }), { 'content-type': 'application/json' });

  return {
    baseUrl,
    fetch,
    variables: { token },
    get ports() {
      return app.ports;
    },
    logLines: log.lines,
    get app() {
      return app;
    },
    account,
    mail,
    token,
    post,
    postRaw,
    async issue(fields = {}) {
      const { code, data, errors } = await post('/ssl/place', orderFields(fields));
      assert.equal(code, 1, JSON.stringify(errors));
      prove(app, namesOf(fields));
      await app.advance(5);
      return data.certId;
    },
    async pass(days) {
      app = await app.restart({ afterSeconds: days * 86_400 });
      server = startServer();
      await app.advance(5);
    },
  };
}

/** The proof of every name is where it should be, from the next look on. */
export function prove(app: TestApp, names: readonly string[], method: ValidationMethod = 'dnsCname'): void {
  for (const name of names) app.checks.place(name, method);
}

const name = 'a.example.com';
const product = 'comodo-positivessl';

export const administrator = {
  job: 'ops',
  city: 'Chongqing',
  email: 'nick@example.com',
  state: 'Chongqing',
  mobile: '18111111111',
  address: 'Road 1',
  country: 'CN',
  lastName: 'zhang',
  postCode: '401320',
  firstName: 'nick',
  organation: 'Example',
} as const;

export const params = {
  csr: csrPem,
  server: 'nginx',
  domainInfo: [{ domainName: name, dcvMethod: 'CNAME_CSR_HASH', dcvEmail: '' }],
  Administrator: administrator,
};

/** An order of one name. `params` in the change is laid over those of the order. */
export function orderFields(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  const { params: changed, ...rest } = change;
  return { productCode: product, years: 1, params: { ...params, ...(changed as object | undefined) }, ...rest };
}

function namesOf({ params: changed }: Readonly<Record<string, unknown>>): readonly string[] {
  const { domainInfo } = { ...params, ...(changed as Partial<typeof params> | undefined) };
  return domainInfo.map(({ domainName }) => domainName);
}

export const organization = {
  organizationName: '某公司',
  organizationAddress: '上海市路',
  organizationCity: '上海',
  organizationCountry: 'CN',
  organizationPostCode: '401320',
  organizationMobile: '18111111111',
} as const;

export const twoNames = {
  productCode: 'comodo-positive-multi-domain',
  params: {
    domainInfo: [
      { domainName: 'a.example.com', dcvMethod: 'CNAME_CSR_HASH' },
      { domainName: 'b.example.com', dcvMethod: 'HTTP_CSR_HASH' },
    ],
  },
} as const;

type Prepare = (session: Session) => Promise<Readonly<Record<string, string>>>;

async function placed(session: Session, fields: Readonly<Record<string, unknown>> = {}) {
  const reply = await session.post('/ssl/place', orderFields(fields));
  assert.equal(reply.code, 1, JSON.stringify(reply));
  await session.app.idle();
  return { certId: reply.data.certId as string };
}

const states: Readonly<Record<string, Prepare>> = {
  'an account': async () => ({}),
  'an account without money': async () => ({}),
  'an order': (session) => placed(session),
  'an order of two names': (session) => placed(session, twoNames),
  'an order with a reference': (session) => placed(session, { refId: 'A-1' }),
  'an issued order': async (session) => ({ certId: await session.issue() }),
  'an issued order of certmux’s key': async (session) => ({ certId: await session.issue({ params: { csr: null } }) }),
  async 'an order near its end'(session) {
    const certId = await session.issue();
    await session.pass(300);
    return { certId };
  },
  async 'a replaced order'(session) {
    const certId = await session.issue();
    const { code } = await session.post('/ssl/reissue', { certId, reason: 'test' });
    assert.equal(code, 1);
    await session.app.advance(5);
    return { certId };
  },
};

export const harness: DialectHarness = {
  exchanges: join(import.meta.dirname, 'exchanges'),
  withoutExchange: {
    'caa.check': 'needs a resolver; test/integration/racent.test.ts has one',
    'country.list': 'two hundred lines; requests.test.ts looks into them',
  },
  async begin({ given = 'an account' }) {
    const session = await createSession(given === 'an account without money' ? { balanceMinor: 0 } : {});
    const prepare = states[given];
    if (prepare === undefined) throw new Error(`no state is called "${given}"`);
    const variables = { ...session.variables, ...(await prepare(session)) };
    // JSON in a text in JSON, and in a form.
    const csrInParams = JSON.stringify(JSON.stringify(csrPem).slice(1, -1)).slice(1, -1);
    const csrInForm = encodeURIComponent(csrPem);
    const csrInJson = JSON.stringify(csrPem).slice(1, -1);
    return Object.assign(session, { variables: { ...variables, csrInParams, csrInForm, csrInJson } });
  },
};
