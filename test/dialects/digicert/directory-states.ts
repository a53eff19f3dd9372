/** The states that the exchanges of the directory start from: organizations, domains, containers, users, keys, webhooks. */

import assert from 'node:assert/strict';
import { formatKey } from '../../../src/dialects/digicert/auth.ts';
import type { Account } from '../../../src/domain/account.ts';
import type { RegistrationFindings } from '../../../src/domain/registration.ts';
import type { Role } from '../../../src/domain/role.ts';
import { createAccount, createKey } from '../../support/app.ts';
import { createMailFake, type MailFake } from '../../support/mail-fake.ts';
import type { Answer, Session, SessionOptions } from './harness.ts';

/** What `<<name>>` in an exchange stands for. */
export type Variables = Readonly<Record<string, string>>;

/** Begins a session and puts it into the state. */
export type State = (
  begin: (options?: SessionOptions) => Promise<Session>,
) => Promise<{ readonly session: Session; readonly variables: Variables }>;

type Prepare = (session: Session) => Promise<Variables>;

export const organizationBody = {
  name: 'Example Organization Inc.',
  assumed_name: 'Example Org',
  address: '123 Fake Street',
  address2: 'Floor 55',
  city: 'Lehi',
  state: 'ut',
  zip: '84043',
  country: 'us',
  telephone: '801-701-9600',
};

export const jill = {
  first_name: 'Jill',
  last_name: 'Valentine',
  email: 'jill.valentine@example.com',
  job_title: 'STAR Member',
  telephone: '8017019600',
};

export const password = 'correct horse battery staple';

/** The number that a call answered. */
export async function added(answer: Promise<Answer>, member = 'id'): Promise<string> {
  const { status, text, body } = await answer;
  assert.equal(status, 201, text);
  return String(body[member]);
}

export async function done(answer: Promise<Answer>): Promise<void> {
  const { status, text } = await answer;
  assert.ok(status < 300, text);
}

export async function addOrganization(session: Session, change: object = {}): Promise<string> {
  return added(session.call('POST', '/organization', { ...organizationBody, ...change }));
}

/** The operator of the server says that it is what it says. */
export async function verify(
  session: Session,
  organization: string,
  level: 'ov' | 'ev' = 'ov',
  found: RegistrationFindings = {},
): Promise<void> {
  const decision = { level, verified: true, note: 'looked up in the register', ...found };
  await session.app.ports.organizations.verify(session.app.operator, { number: Number(organization) }, decision);
}

export async function addVerifiedOrganization(session: Session): Promise<string> {
  const organization = await addOrganization(session, { validations: [{ type: 'ov' }] });
  await verify(session, organization);
  return organization;
}

export async function addDomain(session: Session, change: object = {}): Promise<Variables> {
  const organization = await addOrganization(session);
  const { domain } = await addDomainOf(session, organization, change);
  return { organization, domain };
}

async function addDomainOf(session: Session, organization: string, change: object = {}) {
  const body = {
    name: 'example.com',
    organization: { id: organization },
    validations: [{ type: 'ov' }],
    dcv_method: 'dns-txt-token',
    ...change,
  };
  return { domain: await added(session.call('POST', '/domain', body)) };
}

async function rootOf(session: Session): Promise<string> {
  const { body } = await session.call('GET', '/account');
  return String(body.root_container_id);
}

async function addUser(session: Session, change: object = {}): Promise<string> {
  return added(session.call('POST', '/user', { username: jill.email, ...jill, ...change }));
}

async function addContainer(session: Session): Promise<string> {
  const body = {
    name: 'History department',
    description: 'For the history department.',
    template_id: 6,
    allowed_domain_names: ['example1.com'],
  };
  return added(session.call('POST', `/container/${await rootOf(session)}/children`, body));
}

/** A key of another account, for objects that are not the caller's. */
export async function strange(session: Session): Promise<{ readonly account: Account; readonly key: string }> {
  const { app } = session;
  const account = await createAccount(app, { name: 'another', currency: 'USD', contactEmail: 'certs@example.net' });
  const roles: readonly Role[] = ['administrator'];
  const { credential, secret } = await createKey(app, account, { dialect: 'digicert', roles });
  return { account, key: formatKey({ publicId: credential.publicId, secret }) };
}

/** The session as somebody of another account. */
async function asStranger(session: Session): Promise<Session> {
  const { key } = await strange(session);
  return { ...session, apiKey: key, call: (method, path, body, as = key) => session.call(method, path, body, as) };
}

const hook = {
  endpoint: 'https://hooks.example/dc',
  secret: '0123456789abcdef0123456789abcdef',
  events: ['certificate_issued', 'domain_validated'],
  webhook_settings: { webhook_send_certificate_chain: '1' },
};

const addWebhook = (session: Session) => added(session.call('POST', '/webhook', hook), 'webhook_id');

/** The token that the receiver of the newest message got. */
export function challengeIn(session: Session): string {
  const sent = session.app.hooks.requests.at(-1)?.post?.body ?? '{}';
  return String((JSON.parse(sent) as { data: { token: string } }).data.token);
}

async function sendChallenge(session: Session, webhook: string): Promise<string> {
  await done(session.call('PUT', `/webhook/${webhook}/send-challenge`));
  return challengeIn(session);
}

function plain(prepare: Prepare, options: SessionOptions = {}): State {
  return async (begin) => {
    const session = await begin(options);
    return { session, variables: await prepare(session) };
  };
}

function mailing(prepare: (session: Session, mail: MailFake) => Promise<Variables>): State {
  return async (begin) => {
    const mail = createMailFake();
    const session = await begin({ mail });
    return { session, variables: await prepare(session, mail) };
  };
}

export const directoryStates: Readonly<Record<string, State>> = {
  'an account': plain(async (session) => ({ root: await rootOf(session) })),
  'no organization': plain(async () => ({})),
  'a view only key': plain(async (session) => ({ key: await session.keyWith(['viewer']) })),

  'an organization': plain(async (session) => ({ organization: await addOrganization(session) })),
  'an organization and a mail server': mailing(async (session) => ({ organization: await addOrganization(session) })),
  'an inactive organization': plain(async (session) => {
    const organization = await addOrganization(session);
    await done(session.call('PUT', `/organization/${organization}/deactivate`));
    return { organization };
  }),
  'an organization with contacts': plain(async (session) => {
    const { job_title: _, telephone: __, ...technical } = jill;
    const organization = await addOrganization(session, {
      organization_contact: jill,
      technical_contact: technical,
      validations: [{ type: 'ov', verified_users: [jill] }],
    });
    return { organization };
  }),
  'a verified organization': plain(async (session) => ({ organization: await addVerifiedOrganization(session) })),
  'an organization of another account': plain(async (session) => ({
    organization: await addOrganization(await asStranger(session)),
  })),

  'a container': plain(async (session) => ({ container: await addContainer(session), root: await rootOf(session) })),
  'an inactive container': plain(async (session) => {
    const container = await addContainer(session);
    await done(session.call('PUT', `/container/${container}/deactivate`));
    return { container };
  }),
  'a container of another account': plain(async (session) => ({
    container: await addContainer(await asStranger(session)),
  })),
  'a container with a user and an organization': plain(async (session) => {
    const container = await addContainer(session);
    await addUser(session, { container: { id: container } });
    const organization = await addOrganization(session, { container: { id: container } });
    return { container, organization };
  }),

  'a user': plain(async (session) => ({ user: await addUser(session) })),
  'a user who was invited': mailing(async (session) => ({ user: await addUser(session) })),
  'a user of another account': plain(async (session) => ({ user: await addUser(await asStranger(session)) })),
  'a user and a container': plain(async (session) => ({
    user: await addUser(session),
    container: await addContainer(session),
  })),
  'a user with a key': plain(async (session) => {
    const user = await addUser(session, { access_roles: [{ id: 4 }] });
    const body = { name: 'Key Name', restricted_to_role_id: 101 };
    return { user, keyNumber: await added(session.call('POST', `/key/user/${user}`, body)) };
  }),
  'a key of a user': plain(async (session) => {
    const user = await addUser(session, { access_roles: [{ id: 1 }] });
    const { body } = await session.call('POST', `/key/user/${user}`, { name: 'own' });
    return { user, key: body.api_key as string };
  }),
  'a user who signs in': plain(async (session) => {
    const { number } = await session.app.ports.users.create(session.app.operator, {
      accountId: session.account.id,
      username: jill.email,
      password,
      roles: ['requester'],
    });
    return { password, user: String(number) };
  }),
  'a service user': plain(async (session) => {
    const body = {
      is_api_only: true,
      email: 'jane.doe@example.com',
      api_name: 'API Key Name',
      restricted_to_role_id: 100,
    };
    return { user: await added(session.call('POST', '/user', body)) };
  }),

  'custom fields': plain(async (session) => {
    const metadata = [
      { label: 'Jira URL', is_required: false, is_active: true },
      { label: 'Invoice #', description: 'Of the ledger', is_required: true, is_active: true, data_type: 'int' },
    ];
    await done(session.call('POST', '/account/metadata/bulk', { metadata }));
    const { body } = await session.call('GET', '/account/metadata');
    return { field: String(body.metadata[0].id) };
  }),
  'an account that may order two products': plain(async (session) => ({ root: await rootOf(session) }), {
    account: { productCodes: ['digicert:ssl_basic', 'digicert:ssl_plus'] },
  }),
  'an ACME key': plain(async (session) => {
    const organization = await addVerifiedOrganization(session);
    const body = {
      name: 'ACME URL Name',
      product_name_id: 'ssl_plus',
      organization_id: organization,
      validity_years: 2,
    };
    const { status, text } = await session.call('POST', '/key/acme-eab', body);
    assert.equal(status, 201, text);
    const { body: keys } = await session.call('GET', '/key');
    return { organization, acmeKey: String(keys.api_keys.at(-1).id) };
  }),

  'a domain': plain(async (session) => ({ ...(await addDomain(session)), root: await rootOf(session) })),
  'a domain and a mail server': mailing((session) => addDomain(session)),
  'a domain of an organization': plain((session) => addDomain(session)),
  'an inactive domain': plain(async (session) => {
    const variables = await addDomain(session);
    await done(session.call('PUT', `/domain/${variables.domain}/deactivate`));
    return variables;
  }),
  'a domain of another account': plain(async (session) => addDomain(await asStranger(session))),
  'a domain whose record is placed': plain(async (session) => {
    session.app.checks.place('example.com', 'dnsTxt');
    return addDomain(session);
  }),
  'a domain whose CNAME is placed': plain(async (session) => {
    session.app.checks.place('example.com', 'dnsCname');
    return addDomain(session);
  }),
  'a proved domain of a verified organization': plain(async (session) => {
    const organization = await addVerifiedOrganization(session);
    const { domain } = await addDomainOf(session, organization);
    session.app.checks.place('example.com', 'dnsTxt');
    await done(session.call('PUT', `/domain/${domain}/dcv/validate-token`));
    return { organization, domain };
  }),
  'a domain whose mail was sent': mailing(async (session, mail) => {
    const variables = await addDomain(session, { dcv_method: 'email' });
    await session.app.idle();
    return { ...variables, mailToken: mail.token() };
  }),

  'receivers that fail': plain(async ({ app }) => {
    app.hooks.answer(500);
    return {};
  }),
  'a webhook': plain(async (session) => ({ webhook: await addWebhook(session) })),
  'a webhook that got a challenge': plain(async (session) => {
    const webhook = await addWebhook(session);
    return { webhook, challenge: await sendChallenge(session, webhook) };
  }),
  'a proved webhook': plain(async (session) => {
    const webhook = await addWebhook(session);
    const token = await sendChallenge(session, webhook);
    await done(session.call('PUT', `/webhook/${webhook}/check-challenge`, { token }));
    return { webhook };
  }),
};
