/** The native server over a fake core, in the states that its exchanges start from. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { formatToken, newTokenParts } from '../../../src/dialects/native/auth.ts';
import { createNativeClient, type NativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { reason } from '../../../src/domain/errors.ts';
import { createPublicSuffixes } from '../../../src/system/public-suffix.ts';
import { createCaller } from '../../support/app.ts';
import {
  type DialectHarness,
  type DialectSession,
  type FakeSession,
  keySettingsOf,
  secretInTests,
} from '../../support/dialect-harness.ts';
import { startSession } from '../../support/dialect-session.ts';
import { portsOf } from '../../support/flat-core.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, type FakeClock } from '../../support/system.ts';
import { seedCsr } from '../encryption365/seed.ts';
import { createFakeCore, type FakeCore } from './fake-core.ts';

export const baseUrl = 'https://certs.example.com';
/** The number of a session's first order. */
export const firstNumber = 17;
export { seedCsr };

export interface NativeSession extends FakeSession {
  readonly clock: FakeClock;
  readonly core: FakeCore;
  /** Of an account that may order, approve and manage itself. */
  readonly token: string;
  readonly operatorToken: string;
  readonly client: NativeClient;
  readonly operator: NativeClient;
}

export function createSession(at = '2026-06-01T12:00:00Z'): NativeSession {
  const clock = createFakeClock(at);
  const random = createFakeRandomness();
  const log = createFakeLog();
  const core = createFakeCore({ clock, random });
  const account = core.hand.addAccount({ name: 'Acme' });
  const own = newTokenParts(random);
  core.hand.addCredential(account, { ...own, roles: ['administrator', 'approver', 'requester'] });
  const operators = newTokenParts(random);
  core.hand.addCredential(null, { ...operators, roles: ['operator'] });
  const server = native.createServer(
    {
      ports: portsOf(core),
      clock,
      random,
      log,
      publicSuffixes: createPublicSuffixes(),
      version: '0.0.0-test',
      publicUrl: baseUrl,
      keySettings: keySettingsOf,
      secretFor: secretInTests,
      language: native.language,
      config: {},
    },
    { checkReplies: true },
  );
  const fetch = (request: Request) => server.fetch(request, { address: '192.0.2.7', requestId: 'req-1' });
  const [token, operatorToken] = [formatToken(own), formatToken(operators)];
  return {
    baseUrl,
    fetch,
    variables: { token, operatorToken, csr: seedCsr.replaceAll(/\r?\n/g, '\\n') },
    platform: core,
    ports: portsOf(core),
    logLines: log.lines,
    clock,
    core,
    token,
    operatorToken,
    client: createNativeClient({ baseUrl, token, fetch }),
    operator: createNativeClient({ baseUrl, token: operatorToken, fetch }),
  };
}

export function placeOrder({ client }: Pick<NativeSession, 'client'>, names: readonly string[] = ['trustocean.com']) {
  return client.orders.place({ productCode: 'encryption365:100', csr: seedCsr, names: [...names] });
}

function addOrganization({ client }: NativeSession) {
  return client.organizations.add({
    details: { name: 'Acme GmbH', city: 'Berlin', state: 'BE', country: 'DE' },
    levels: ['ov'],
    contacts: [{ role: 'technical', firstName: 'Jill', lastName: 'Valentine', email: 'jill@acme.example' }],
  });
}

const states: Readonly<Record<string, (session: NativeSession) => Promise<unknown>>> = {
  'an account': async () => {},
  'an operator with an account': ({ operator }) => operator.accounts.create({ name: '例子公司' }),
  async 'an account with a user'({ operator }) {
    await operator.accounts.create({ name: '例子公司' });
    await operator.users.create({ account: '2', username: 'ops@example.com', password: 'correct horse' });
  },
  'an account with an organization': (session) => addOrganization(session),
  async 'an account with a verified organization'(session) {
    await addOrganization(session);
    await session.operator.organizations.verify({ organization: '100001', level: 'ov', note: 'trade register' });
  },
  'an account with a container': ({ client }) => client.containers.add({ name: 'Acme' }),
  'an account with a webhook': ({ client }) =>
    client.webhooks.add({ url: 'https://hooks.example.com/certs', events: ['certificateIssued', 'orderRejected'] }),
  'an account with a custom field': ({ client }) =>
    client.customFields.add({ label: 'Cost centre', kind: 'integer', isRequired: true }),
  async 'an account with a credential'({ operator }) {
    await operator.accounts.create({ name: '例子公司' });
    await operator.credentials.create({ account: '2', label: 'panel' });
  },
  'an account with money': async (session) => {
    await session.operator.accounts.create({ name: '例子公司' });
    await session.operator.accounts.credit({ account: '2', minor: 50000, currency: 'CNY', note: 'invoice 7' });
  },
  'an order': (session) => placeOrder(session),
  'an order of two names': (session) => placeOrder(session, ['trustocean.com', 'www.trustocean.com']),
  async 'an order and a mail server'(session) {
    session.core.hand.offerMail();
    await placeOrder(session);
  },
  async 'an order whose file was not found'(session) {
    await placeOrder(session);
    const url = 'http://trustocean.com/.well-known/pki-validation/B8EE25A34BC5CD1F4D5DC8C20FD4EEB2.txt';
    session.core.hand.failCheck(firstNumber, 'trustocean.com', reason('httpStatus', { url, status: 404 }));
  },
  async 'an order that waits for approval'(session) {
    await placeOrder(session);
    session.core.holdForApproval(firstNumber);
  },
  async 'an issued order'(session) {
    await placeOrder(session);
    session.core.hand.issue(firstNumber);
  },
};

/** Over the real core: an order of one name that is proved. */
async function beginWithAuthorization(): Promise<DialectSession> {
  const session = await startSession(native, { baseUrl, patienceMs: 0 });
  const { app, account, key } = session;
  const caller = await createCaller(app, account, { dialect: 'native' });
  app.checks.place('trustocean.com');
  await placeOrder({ client: createNativeClient({ baseUrl, token: formatToken(key), fetch: session.fetch }) });
  await app.idle();
  const { items } = await app.ports.authorizations.list(caller, { limit: 1 });
  const authorization = items[0]?.authorization.id ?? assert.fail('the name is proved');
  return { ...session, variables: { token: formatToken(key), authorization } };
}

export const harness: DialectHarness = {
  exchanges: join(import.meta.dirname, 'exchanges'),
  withoutExchange: {
    'products.list': 'the catalogue is long and belongs to other dialects; orders.test.ts reads it',
    'certificates.download': 'files are bytes, which an exchange cannot show; certificates.test.ts compares them',
    'credentials.revoke': 'it needs the id of a credential made in the same session; credentials.test.ts has it',
    ...Object.fromEntries(
      ['blocked', 'block', 'unblock', 'import', 'certificates', 'revokeCertificates', 'report'].map((verb) => [
        `keys.${verb}`,
        'the fake core keeps no keys; test/cli/key.test.ts calls each over the real one',
      ]),
    ),
    ...Object.fromEntries(
      ['list', 'orders', 'closeBreaker'].map((verb) => [
        `upstreams.${verb}`,
        'the fake core buys from no upstream; test/cli/upstream.test.ts calls each over the real one',
      ]),
    ),
    'roleGrants.list': 'it takes two people of the real core; scenarios/grants.test.ts has it',
    'roleGrants.propose': 'it takes two people of the real core; scenarios/grants.test.ts has it',
    'roleGrants.confirm': 'it takes two people of the real core; scenarios/grants.test.ts has it',
    'roleGrants.withdraw': 'it takes two people of the real core; scenarios/grants.test.ts has it',
    'webhooks.replay': 'it needs the id of a delivery made in the same session; webhooks.test.ts has it',
    'openapi.show': 'the document is generated and long; openapi.test.ts checks it',
  },
  async begin({ at, given = 'an account' }) {
    if (given === 'an authorization') return beginWithAuthorization();
    const session = createSession(at);
    const prepare = states[given];
    if (prepare === undefined) throw new Error(`no state is called "${given}"`);
    await prepare(session);
    return session;
  },
};
