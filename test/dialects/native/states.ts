/** The states that the exchanges of the native API start from. */
import assert from 'node:assert/strict';
import { createWatchdog } from '../../../src/app/index.ts';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import { lastBackupKey } from '../../../src/domain/backup.ts';
import { reason } from '../../../src/domain/errors.ts';
import { compromiseStatement } from '../../../src/domain/ports/key-register.ts';
import { withDefined } from '../../../src/domain/with-defined.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../../src/pki/key.ts';
import { createCaller, issue, type TestApp } from '../../support/app.ts';
import type { DialectHarness } from '../../support/dialect-harness.ts';
import { type CoreSession, withVariables } from '../../support/dialect-session.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { createNastyUpstream, type NastyUpstream } from '../../support/nasty-upstream.ts';
import { createOldCa } from '../../support/old-ca.ts';
import { createUpstreamIssuer } from '../../support/upstream-issuer.ts';
import { fakeIssuers, vendorId } from '../../support/vendors/fake-scene.ts';
import { createFakeUpstream, type FakeUpstream } from '../../support/vendors/fake-upstream.ts';
import {
  baseUrl,
  createSession,
  failJob,
  firstNumber,
  issueOrder,
  lockedIssuer,
  type NativeSession,
  placeOrder,
  type SessionOptions,
  seedCsr,
} from './session.ts';

type State = DialectHarness['states'][string];
/** Values of `<<name>>` beside the tokens and the CSR. */
type Variables = CoreSession['variables'];
type Prepare = (session: NativeSession) => Promise<Variables>;

function state(prepare: (session: NativeSession) => unknown = () => {}, options: SessionOptions = {}): State {
  return stateWith(async (session) => {
    await prepare(session);
    return {};
  }, options);
}

function stateWith(prepare: Prepare, options: SessionOptions = {}): State {
  return async ({ at }) => {
    const session = await createSession({ ...options, ...withDefined({ at }) });
    return withVariables(session, await prepare(session));
  };
}

/** The last backup is old. */
async function raiseAlarm({ app }: NativeSession): Promise<void> {
  const at = new Date(app.clock.now().getTime() - 72 * 3_600_000).toISOString();
  await app.database.write((tx) => tx.settings.put(lastBackupKey, { at }));
  await createWatchdog(app.context, { outcomes: app.outcomes, mail: [], webhook: null }).look();
}

/** With a serial number that it has used, handed in. */
async function oldCa({ operator, app }: NativeSession): Promise<Record<'caKey' | 'caCertificate' | 'upload', string>> {
  const { key, certificate } = await createOldCa(app.clock.now());
  const serials = [{ serial: '1A2B', notAfter: '2027-05-31T12:00:00.000Z' }];
  const { upload } = await operator.authorityImport.addSerials({ serials });
  return { caKey: key.toString('base64'), caCertificate: certificate.toString('base64'), upload };
}

async function takenOverCa(session: NativeSession): Promise<Variables> {
  const { caKey: key, caCertificate, upload } = await oldCa(session);
  const taken = await session.operator.authorityImport.take({
    key,
    certificates: [caCertificate],
    listNumber: 7,
    upload,
  });
  // Its first list is made.
  await session.app.idle();
  return { authority: taken.authority?.id ?? '' };
}

async function failedJob(session: NativeSession): Promise<Variables> {
  await failJob(session);
  return { job: await jobOf(session, 'failed') };
}

/** It waits for its next try. */
async function triedJob(session: NativeSession): Promise<Variables> {
  await issueOrder(session);
  return { job: await jobOf(session, 'waiting') };
}

async function jobOf({ operator }: NativeSession, state: 'failed' | 'waiting'): Promise<string> {
  const [job] = (await operator.jobs.list({ kind: 'issue', state })).items;
  assert.ok(job, 'there is one');
  return job.id;
}

async function namedAuthority({ operator }: NativeSession): Promise<Variables> {
  const [, intermediate] = (await operator.authorities.list({})).items;
  assert.ok(intermediate, 'there is one');
  return { authority: intermediate.id };
}

async function waitingCaRequest({ operator }: NativeSession): Promise<Variables> {
  const { id } = await operator.authorities.request({ commonName: 'Example TLS CA E2' });
  return { caRequest: id };
}

/** No job runs, so that nobody has looked at a name yet. */
const justPlaced: SessionOptions = { works: false };

const manual = { approval: 'manual' } as const;

async function addAccount({ operator }: NativeSession): Promise<string> {
  const { number } = await operator.accounts.create({ name: '例子公司' });
  return String(number);
}

async function addUser(session: NativeSession) {
  const account = await addAccount(session);
  return session.operator.users.create({ account, username: 'ops@example.com', password: 'correct horse' });
}

async function addUserToInvite(session: NativeSession) {
  const account = await addAccount(session);
  return session.operator.users.create({ account, username: 'ops@example.com' });
}

async function addCredential(session: NativeSession) {
  const account = await addAccount(session);
  return session.operator.credentials.create({ account, label: 'panel' });
}

function addOrganization({ client }: NativeSession) {
  return client.organizations.add({
    details: { name: 'Acme GmbH', city: 'Berlin', state: 'BE', country: 'DE' },
    levels: ['ov'],
    contacts: [{ role: 'technical', firstName: 'Jill', lastName: 'Valentine', email: 'jill@acme.example' }],
  });
}

function addDomain({ client }: NativeSession) {
  return client.domains.add({ name: 'trustocean.com' });
}

function addWebhook({ client }: NativeSession) {
  const url = 'https://hooks.example.com/certs';
  return client.webhooks.add({ url, events: ['certificateIssued', 'orderRejected'] });
}

/** The receiver of a webhook was away for as long as it was tried. */
async function failDelivery(session: NativeSession): Promise<Variables> {
  const { app, client } = session;
  await addWebhook(session);
  app.hooks.answer(503);
  await issueOrder(session);
  const failed = async () => (await client.webhooks.deliveries({ state: 'failed' })).items[0];
  for (let hours = 0; (await failed()) === undefined; hours++) {
    assert.ok(hours < 1000, 'it is given up');
    await app.advance(3600);
  }
  return { delivery: (await failed())?.id ?? '' };
}

async function blockKey({ operator }: NativeSession): Promise<Variables> {
  const { key } = await operator.keys.block({ key: seedCsr, account: null, note: 'seen in a repository' });
  return { key };
}

/** A CSR that says of its key that it is compromised, signed by it. */
async function reportingCsr(): Promise<Variables> {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const subject = { CN: compromiseStatement };
  const csr = await createCsr({ subject, names: [], spkiDer }, createLocalSigner(privateKeyPkcs8));
  return { reportingCsr: csr.toString('base64') };
}

/** The token of a new administrator, who is a person. */
async function addAdministrator({ operator }: NativeSession, username: string): Promise<string> {
  const roles = ['administrator'] as const;
  const account = '1';
  const user = await operator.users.create({ account, username, password: 'correct horse', roles: [...roles] });
  const { clientSettings } = await operator.credentials.create({ account, user: user.id, roles: [...roles] });
  return clientSettings.token ?? '';
}

/** An administrator with a token, and the secret of their session. */
async function signIn(session: NativeSession): Promise<Variables> {
  const person = await addAdministrator(session, 'jill');
  const { session: made, secret } = await session.app.ports.signIn.createSession(
    { dialect: native.name, username: 'jill', password: 'correct horse' },
    { address: '192.0.2.7', requestId: 'req-0' },
  );
  return { person, secret, session: made.id };
}

/** Two administrators, and a user who is to approve. */
async function addPeople(session: NativeSession): Promise<Variables> {
  const [proposer, confirmer] = [await addAdministrator(session, 'jill'), await addAdministrator(session, 'chris')];
  const user = await session.operator.users.create({ account: '1', username: 'barry', password: 'correct horse' });
  return { proposer, confirmer, user: user.username };
}

async function proposeGrant(session: NativeSession): Promise<Variables> {
  const variables = await addPeople(session);
  const { proposer: token = '', user = '' } = variables;
  const client = createNativeClient({ baseUrl, token, fetch: session.fetch });
  const { number } = await client.roleGrants.propose({ user, roles: ['approver'] });
  return { ...variables, grant: String(number) };
}

/** A certificate is bought from an upstream that is away, slow, or answers with another certificate. */
function withUpstream(spoil: (upstream: NastyUpstream) => void, names: readonly string[] = []): State {
  return async ({ at }) => {
    let app: TestApp | undefined;
    const clock = () => app?.clock ?? assert.fail('nothing is bought before there is an app');
    const upstream = await createNastyUpstream(clock);
    spoil(upstream);
    const upstreams = [
      createUpstreamIssuer(upstream, clock, {
        id: 'digicert',
        terms: { account: 'digicert-main' },
        checks: () => [{ what: 'access', ok: true, detail: 'the key belongs to Example Hosting Ltd' }],
        changeKey: async () => ({
          accountUrl: 'https://acme.digicert.com/v2/acme/acct/4711',
          thumbprint: 'LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ',
        }),
      }),
    ];
    const session = await createSession({ upstreams, ...withDefined({ at }) });
    app = session.app;
    const caller = await createCaller(app, session.account, { dialect: native.name });
    const bought: string[] = [];
    for (const name of names) {
      bought.push((await issue(app, caller, [name], { productCode: paid, issuerId: 'digicert' })).issuance.id);
    }
    return withVariables(session, { bought: bought[0] ?? '' });
  };
}

/** A certificate is bought from a vendor, which calls it v-1. */
const withVendor =
  (spoil: (fake: FakeUpstream) => void): State =>
  async ({ at }) => {
    let app: TestApp | undefined;
    const clock = () => app?.clock ?? assert.fail('nothing is bought before there is an app');
    const fake = createFakeUpstream(clock);
    spoil(fake);
    const session = await createSession({ upstreams: fakeIssuers(fake), ...withDefined({ at }) });
    app = session.app;
    const caller = await createCaller(app, session.account, { dialect: native.name });
    const { issuance } = await issue(app, caller, ['a.example.com'], { productCode: paid, issuerId: vendorId });
    return withVariables(session, { bought: issuance.id });
  };

/** An issuer whose names are delegated, and nobody has set a record yet. */
const withZone: State = async ({ at }) => {
  let app: TestApp | undefined;
  const clock = () => app?.clock ?? assert.fail('nothing is bought before there is an app');
  const upstreams = [createUpstreamIssuer(await createNastyUpstream(clock), clock, { mode: 'alias' })];
  const session = await createSession({ upstreams, aliasZone: 'acme.example.net', ...withDefined({ at }) });
  app = session.app;
  return session;
};

const paid = 'encryption365:108';
/** As many as a breaker takes. */
const sixNames = ['a', 'b', 'c', 'd', 'e', 'f'].map((label) => `${label}.example.com`);

async function proveName(session: NativeSession): Promise<Variables> {
  await issueOrder(session);
  const { items } = await session.client.authorizations.list({ limit: 1 });
  return { authorization: items[0]?.id ?? assert.fail('the name is proved') };
}

const notFound = reason('httpStatus', {
  url: 'http://trustocean.com/.well-known/pki-validation/B8EE25A34BC5CD1F4D5DC8C20FD4EEB2.txt',
  status: 404,
});

async function issuePaid(session: NativeSession): Promise<void> {
  const price = {
    account: '1',
    dialect: 'encryption365',
    code: '100',
    fqdnMinor: 9900,
    wildcardMinor: 0,
    ipMinor: 0,
  };
  await session.operator.prices.set(price);
  await issueOrder(session);
}

export const states: DialectHarness['states'] = {
  'a zone for delegations': withZone,
  'an account': state(),
  'an account and a mail server': state(undefined, { mail: createMailFake() }),
  'an account of a server alone on its database': state(undefined, { isAlone: true }),
  'an operator with an account': state(addAccount),
  'an account with a user': state(addUser),
  'a person with a password and a key': stateWith(async (session) => {
    return { person: await addAdministrator(session, 'jill') };
  }),
  'a person who is signed in': stateWith(signIn),
  'a person who signed in an hour ago': stateWith(async (session) => {
    const variables = await signIn(session);
    await session.app.advance(3600);
    return variables;
  }),
  'a person with a saved view': stateWith(async (session) => {
    const { person = '', ...variables } = await signIn(session);
    const client = createNativeClient({ baseUrl, token: person, fetch: session.fetch });
    const query = 'standing=awaitingValidation&sort=created';
    await client.me.putViews({ views: [{ name: 'Stuck', list: 'orders', query }] });
    return variables;
  }),
  'a user without a password': state(addUserToInvite),
  'a user without a password and a mail server': state(addUserToInvite, { mail: createMailFake() }),
  'an account with an organization': state(addOrganization),
  'an account with a verified organization': state(async (session) => {
    await addOrganization(session);
    await session.operator.organizations.verify({ organization: '100001', level: 'ov', note: 'trade register' });
  }),
  'an account with a container': state(({ client }) => client.containers.add({ name: 'Acme' })),
  'an account with a webhook': state(addWebhook),
  'an account with a custom field': state(({ client }) =>
    client.customFields.add({ label: 'Cost centre', kind: 'integer', isRequired: true }),
  ),
  'an account with a credential': state(addCredential),
  'an account with an ACME key': stateWith(async ({ client }) => {
    const { key } = await client.acmeKeys.create({ name: 'web servers', productCode: 'encryption365:100' });
    return { acmeKey: key.id };
  }),
  'an account with money': state(async (session) => {
    const account = await addAccount(session);
    await session.operator.accounts.credit({ account, minor: 50000, currency: 'CNY', note: 'invoice 7' });
  }),
  'an account with prices of its own': state(async (session) => {
    const account = await addAccount(session);
    const product = { dialect: 'encryption365', code: '108' } as const;
    const prices = { fqdnMinor: 9900, wildcardMinor: 29900, ipMinor: 9900 };
    await session.operator.prices.set({ account, ...product, ...prices, note: 'contract 2026' });
  }),
  'an issued order that was paid': state(issuePaid),
  'a refunded order': state(async (session) => {
    await issuePaid(session);
    await session.operator.refunds.create({ order: '17', minor: 2000, currency: 'CNY', note: 'agreed by telephone' });
  }),
  'an order': state(placeOrder, justPlaced),
  'an order with a link': stateWith(async (session) => {
    await placeOrder(session);
    const { token } = await session.client.orders.share({ order: String(firstNumber) });
    return { shareToken: token };
  }, justPlaced),
  'an order of two names': state(
    (session) => placeOrder(session, ['trustocean.com', 'www.trustocean.com']),
    justPlaced,
  ),
  'an order and a mail server': state(placeOrder, { ...justPlaced, mail: createMailFake() }),
  'an order whose file was not found': state(async (session) => {
    session.app.checks.failWith('trustocean.com', notFound);
    await placeOrder(session);
    await session.app.idle();
  }),
  'an order that waits for approval': state(placeOrder, { ...justPlaced, account: manual }),
  'an issued order': state(issueOrder),
  'an order without a CSR': state(
    ({ client }) => client.orders.place({ productCode: 'encryption365:years', names: ['trustocean.com'] }),
    justPlaced,
  ),
  'an issued order and its duplicate': state(async (session) => {
    await issueOrder(session);
    await session.client.orders.duplicate({ order: String(firstNumber), csr: seedCsr });
    await session.app.idle();
  }),
  'an order with a note': state(async (session) => {
    await placeOrder(session);
    await session.client.notes.add({ order: String(firstNumber), text: 'asked the web team' });
  }, justPlaced),
  'an order whose note was changed and removed': state(async (session) => {
    await placeOrder(session);
    const [order, note] = [String(firstNumber), '100001'];
    await session.client.notes.add({ order, text: 'asked the web team' });
    await session.client.notes.change({ order, note, text: 'the web team has answered' });
    await session.client.notes.remove({ order, note });
  }, justPlaced),
  'an order whose file was looked for often': stateWith(async (session) => {
    session.app.checks.failWith('trustocean.com', notFound);
    await placeOrder(session);
    await session.app.idle();
    await session.app.advance(600);
    const { items } = await session.client.authorizations.list({ order: String(firstNumber) });
    return { authorization: items[0]?.id ?? assert.fail('the name has an authorization') };
  }),
  'a domain': state(addDomain),
  'a domain and a mail server': state(addDomain, { mail: createMailFake() }),
  'a domain whose record is there': state(async (session) => {
    await addDomain(session);
    session.app.checks.place('trustocean.com');
  }),
  'a domain that is proved': state(async (session) => {
    await addDomain(session);
    session.app.checks.place('trustocean.com');
    await session.client.domains.check({ domain: '100001' });
  }),
  'a domain that is out of use': state(async (session) => {
    await addDomain(session);
    await session.client.domains.deactivate({ domain: '100001' });
  }),
  'an account with a required custom field and an order': state(async (session) => {
    await placeOrder(session);
    await session.client.customFields.add({ label: 'Cost centre', kind: 'integer', isRequired: true });
  }, justPlaced),
  'an authorization': stateWith(proveName, { at: '2026-06-01T00:00:00Z' }),
  'a delivery that failed': stateWith(failDelivery),
  'an alarm': state(raiseAlarm),
  'a job that failed': stateWith(failedJob, { issuer: lockedIssuer }),
  'a job whose last run failed': stateWith(triedJob, { issuer: lockedIssuer }),
  'a request for a CA certificate': stateWith(waitingCaRequest),
  'a CA to take over': stateWith(oldCa),
  'a CA that was taken over': stateWith(takenOverCa),
  'an authority': stateWith(namedAuthority, { upkeep: true }),
  'a mailbox that wants no mail': state(({ operator }) => operator.mail.stop({ address: 'admin@example.com' })),
  'a blocked key': stateWith(blockKey),
  'the holder of a compromised key': stateWith(reportingCsr),
  'two administrators and a user': stateWith(addPeople, { account: { ...manual, separatesDuties: true } }),
  'a role grant that waits': stateWith(proposeGrant, { account: { ...manual, separatesDuties: true } }),
  'an upstream': withUpstream(() => {}),
  'an upstream that is away': withUpstream((upstream) => {
    upstream.isAway = true;
  }, sixNames),
  'an order that waits at an upstream': withUpstream(
    (upstream) => {
      upstream.isSlow = true;
    },
    ['a.example.com'],
  ),
  'an order that was bought': withVendor(() => {}),
  'an order whose reply was lost': withVendor((fake) => {
    fake.mishaps.push('loseReply');
    fake.isSlow = true;
  }),
  'a certificate of an upstream that was refused': withUpstream(
    (upstream) => {
      upstream.misfit = 'anotherKey';
    },
    ['a.example.com'],
  ),
};
