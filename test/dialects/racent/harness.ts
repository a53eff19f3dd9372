/** The Racent server over the real core in memory, in the states that its exchanges start from. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { racent } from '../../../src/dialects/racent/index.ts';
import type { Account } from '../../../src/domain/account.ts';
import type { ValidationMethod } from '../../../src/domain/validation-method.ts';
import type { TestApp } from '../../support/app.ts';
import type { DialectHarness } from '../../support/dialect-harness.ts';
import {
  type CoreSession,
  type CoreSessionOptions,
  startSession,
  withMembers,
  withVariables,
} from '../../support/dialect-session.ts';
import { createMailFake, type MailFake } from '../../support/mail-fake.ts';

export const baseUrl = 'https://portal.racent.com';

/** The CSR of the check vector. */
export const csrPem = readFileSync(join(import.meta.dirname, '../../pki/fixtures/racent-check.csr'), 'utf8').trim();

export interface Session extends CoreSession {
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

export interface SessionOptions
  extends Pick<
    CoreSessionOptions,
    'config' | 'balanceMinor' | 'issuer' | 'aliasZone' | 'lookUpDelegation' | 'lookUpCaa' | 'profiles'
  > {
  /** No mail server is configured. */
  readonly isWithoutMail?: boolean;
  readonly approval?: Account['approval'];
}

export async function createSession(options: SessionOptions = {}): Promise<Session> {
  const { isWithoutMail = false, approval = 'automatic', ...rest } = options;
  const mail = createMailFake();
  const session = await startSession(racent, {
    balanceMinor: 10_000_000,
    ...rest,
    baseUrl,
    patienceMs: 0,
    account: { approval },
    ...(isWithoutMail ? {} : { mail }),
  });
  const token = session.key.publicId + session.key.secret;
  const postRaw: Session['postRaw'] = async (path, body, headers = {}) => {
    const response = await session.fetch(new Request(baseUrl + path, { method: 'POST', body, headers }));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json');
    const reply = (await response.json()) as Reply;
    assert.ok(Number.isInteger(reply.code) && reply.code !== 0, JSON.stringify(reply));
    return reply;
  };
  const post: Session['post'] = (path, fields = {}) =>
    postRaw(path, JSON.stringify({ api_token: token, ...fields }), { 'content-type': 'application/json' });

  return withMembers<Session>(session, {
    variables: { token },
    mail,
    token,
    post,
    postRaw,
    async issue(fields = {}) {
      const { code, data, errors } = await post('/ssl/place', orderFields(fields));
      assert.equal(code, 1, JSON.stringify(errors));
      prove(session.app, namesOf(fields));
      await session.app.advance(5);
      return data.certId;
    },
    async pass(days) {
      await session.stayAway(days * 86_400);
      await session.app.advance(5);
    },
  });
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

const prepared: Readonly<Record<string, Prepare>> = {
  'an account': async () => ({}),
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

/** The CSR as it stands in JSON, in a text in JSON, and in a form. */
const csrs = {
  csrInJson: JSON.stringify(csrPem).slice(1, -1),
  csrInParams: JSON.stringify(JSON.stringify(csrPem).slice(1, -1)).slice(1, -1),
  csrInForm: encodeURIComponent(csrPem),
};

async function started(prepare: Prepare, options: SessionOptions = {}): Promise<CoreSession> {
  const session = await createSession(options);
  const variables = await prepare(session);
  return withVariables(session, { ...csrs, ...variables });
}

export const harness: DialectHarness = {
  withoutExchange: {
    'caa.check': 'needs a resolver; test/integration/racent.test.ts has one',
    'country.list': 'two hundred lines; requests.test.ts looks into them',
  },
  states: {
    ...Object.fromEntries(Object.entries(prepared).map(([name, prepare]) => [name, () => started(prepare)])),
    'an account without money': () => started(async () => ({}), { balanceMinor: 0 }),
  },
};
