/** The directory of the DigiCert dialect over the real core: who may what, what is whose, how things go on after each other. */

import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { Role } from '../../../src/domain/role.ts';
import { createCustomer } from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import {
  addDomain,
  added,
  addOrganization,
  addVerifiedOrganization,
  challengeIn,
  done,
  organizationBody,
  strange,
  verify,
} from './directory-states.ts';
import { type Answer, createSession, type Reply, type Session } from './harness.ts';

let session: Session;
beforeEach(async () => {
  session = await createSession();
});

type Row = readonly [method: string, path: string, body?: unknown];

const codeOf = ({ body }: Answer) => body?.errors?.[0]?.code as string | undefined;

/** Every call that changes something, with ids that are good. */
async function changes(): Promise<readonly Row[]> {
  const { organization, domain } = await addDomain(session);
  const { body: account } = await session.call('GET', '/account');
  const root = account.root_container_id;
  const user = await added(session.call('POST', '/user', { username: 'a@example.com', email: 'a@example.com' }));
  const key = await added(session.call('POST', `/key/user/${user}`, { name: 'key' }));
  await done(session.call('POST', '/account/metadata', { label: 'Ticket' }));
  const { body: fields } = await session.call('GET', '/account/metadata');
  const field = fields.metadata[0].id;
  const endpoint = 'https://hooks.example/dc';
  const webhook = await added(session.call('POST', '/webhook', { endpoint }), 'webhook_id');
  return [
    ['POST', '/organization', { ...organizationBody, name: 'Another' }],
    ['PUT', `/organization/${organization}/deactivate`],
    ['PUT', `/organization/${organization}/activate`],
    ['DELETE', `/organization/${organization}`],
    ['PUT', `/organization/${organization}/contact`, { contacts: [{ contact_type: 'technical_contact' }] }],
    ['POST', `/organization/${organization}/validation`, { validations: [{ type: 'ov' }] }],
    ['POST', '/domain', { name: 'example.net', dcv_method: 'dns-txt-token' }],
    ['DELETE', `/domain/${domain}`],
    ['PUT', `/domain/${domain}/deactivate`],
    ['PUT', `/domain/${domain}/activate`],
    ['PUT', `/domain/${domain}/dcv/method`, { dcv_method: 'http-token' }],
    ['POST', `/domain/${domain}/dcv/token`, { dcv_method: 'dns-txt-token' }],
    ['PUT', `/domain/${domain}/dcv/validate-token`],
    ['POST', `/domain/${domain}/validation`, { validations: [{ type: 'ov' }] }],
    ['PUT', `/domain/${domain}/dcv/emails`],
    ['POST', `/container/${root}/children`, { name: 'Sales' }],
    ['POST', '/user', { username: 'b@example.com', email: 'b@example.com' }],
    ['POST', '/user', { is_api_only: true, api_name: 'robot', email: 'c@example.com' }],
    ['PUT', `/user/${user}`, { first_name: 'Ann' }],
    ['PUT', `/user/${user}/container-assignments`, { container_id_assignments: [root] }],
    ['DELETE', `/user/${user}`],
    ['POST', `/key/user/${user}`, { name: 'another' }],
    ['PUT', `/key/${key}`, { name: 'renamed' }],
    ['DELETE', `/key/${key}`],
    ['POST', '/key/acme-eab', { name: 'acme', product_name_id: 'ssl_plus', organization_id: organization }],
    ['POST', '/account/metadata', { label: 'Cost centre' }],
    ['POST', '/account/metadata/bulk', { metadata: [{ label: 'Cost centre' }] }],
    ['PUT', `/account/metadata/${field}`, { label: 'Other' }],
    ['POST', '/webhook', { endpoint }],
    ['POST', '/webhook/test-endpoint', { endpoint }],
    ['PUT', `/webhook/${webhook}`, { endpoint: 'https://other.example/' }],
    ['PUT', `/webhook/${webhook}/send-challenge`],
    ['DELETE', `/webhook/${webhook}`],
  ];
}

describe('roles', () => {
  it('let a view only key change nothing', async () => {
    const rows = await changes();
    const key = await session.keyWith(['viewer']);
    const before = await session.app.tables();
    for (const [method, path, body] of rows) {
      const answer = await session.call(method, path, body, key);
      assert.equal(`${answer.status} ${codeOf(answer)}`, '403 access_denied|missing_permission', `${method} ${path}`);
    }
    // Nothing but when the key was last used.
    const { credentials: _, ...after } = await session.app.tables();
    const { credentials: __, ...expected } = before;
    assert.deepEqual(after, expected);
    assert.equal(session.app.hooks.requests.length, 0);
  });

  it('let a view only key read', async () => {
    const { organization, domain } = await addDomain(session);
    const key = await session.keyWith(['viewer']);
    const paths = ['/organization', `/organization/${organization}`, '/domain', `/domain/${domain}`, '/container'];
    const more = ['/account', '/account/metadata', '/product', '/authorization', '/user/me', '/webhook', '/user'];
    for (const path of [...paths, ...more]) {
      const { status, text } = await session.call('GET', path, undefined, key);
      assert.equal(status, 200, `${path}: ${text}`);
    }
  });

  const rights: readonly { readonly roles: readonly Role[]; readonly may: readonly string[] }[] = [
    { roles: ['requester'], may: [] }, // 100
    { roles: ['requester', 'registrar'], may: ['/organization', '/domain'] }, // 101
    { roles: ['userManager'], may: ['/user'] }, // 103
    { roles: ['administrator'], may: ['/organization', '/domain', '/user', '/account/metadata'] },
  ];
  for (const { roles, may } of rights) {
    it(`of ${roles.join(' and ')}`, async () => {
      const key = await session.keyWith(roles);
      const rows: readonly Row[] = [
        ['POST', '/organization', organizationBody],
        ['POST', '/domain', { name: 'example.net', dcv_method: 'dns-txt-token' }],
        ['POST', '/user', { username: 'b@example.com', email: 'b@example.com', access_roles: [{ id: 3 }] }],
        ['POST', '/account/metadata', { label: 'Ticket' }],
      ];
      for (const [method, path, body] of rows) {
        const { status, text } = await session.call(method, path, body, key);
        assert.equal(status < 300, may.includes(path), `${path}: ${status} ${text}`);
      }
    });
  }
});

describe('what is of another account', () => {
  it('is not there', async () => {
    const rows = await changes();
    const { key } = await strange(session);
    const before = await session.app.tables();
    for (const [method, path, body] of rows.filter(([, where]) => /\/\d+/.test(where))) {
      const answer = await session.call(method, path, body, key);
      assert.equal(answer.status, 404, `${method} ${path}: ${answer.text}`);
      assert.match(codeOf(answer) ?? '', /^not_found\|/, path);
    }
    const read = rows.flatMap(
      ([, path]) => /^\/(organization|domain|user|key|container|webhook)\/\d+/.exec(path)?.[0] ?? [],
    );
    for (const path of new Set(read)) assert.equal((await session.call('GET', path, undefined, key)).status, 404, path);
    const { credentials: _, ...after } = await session.app.tables();
    const { credentials: __, ...expected } = before;
    assert.deepEqual(after, expected);
  });

  it('is in no list', async () => {
    await changes();
    const { key } = await strange(session);
    for (const [path, member] of [
      ['/organization', 'organizations'],
      ['/domain', 'domains'],
      ['/user', 'users'],
      ['/webhook', 'webhooks'],
    ] as const) {
      const { body } = await session.call('GET', path, undefined, key);
      assert.deepEqual(body[member], [], path);
    }
    assert.deepEqual((await session.call('GET', '/account/metadata', undefined, key)).body, {});
    assert.equal((await session.call('GET', '/container', undefined, key)).body.containers.length, 1);
    assert.equal((await session.call('GET', '/key', undefined, key)).body.api_keys.length, 1); // its own
  });

  it('cannot be named in a request', async () => {
    const { key } = await strange(session);
    const theirs = await added(session.call('POST', '/organization', organizationBody, key));
    const body = { name: 'example.com', dcv_method: 'dns-txt-token', organization: { id: theirs } };
    const answer = await session.call('POST', '/domain', body);
    assert.deepEqual([answer.status, codeOf(answer)], [404, 'not_found|organization']);
    assert.equal((await session.call('GET', '/domain')).body.page.total, 0);
  });
});

describe('requests', () => {
  const spellings: readonly Row[] = [
    ['GET', '/organization?'],
    ['GET', '/organization/'],
    ['GET', '//organization'],
    ['GET', '/organization?&container_id=0'],
    ['GET', '/organization?unheard_of=1&filters%5Bstatus%5D=active'],
    ['GET', '/organization?filters[status][0]=active&limit=&offset='],
  ];
  for (const [method, path] of spellings) {
    it(`are read as clients write them: ${path}`, async () => {
      await addOrganization(session);
      const { status, body, text } = await session.call(method, path);
      assert.equal(status, 200, text);
      assert.equal(body.organizations.length, 1);
    });
  }

  it('hold zero values and nulls of Go, C# and Ruby', async () => {
    const id = await added(
      session.call('POST', '/organization', {
        ...organizationBody,
        assumed_name: null,
        address2: '',
        zip: 84043,
        container: { id: 0, name: '', is_active: false },
        technical_contact: null,
        contacts: null,
        validations: null,
        skip_duplicate_org_check: 0,
      }),
    );
    const { body } = await session.call('GET', `/organization/${id}`);
    assert.deepEqual([body.zip, body.assumed_name, body.display_name], ['84043', undefined, organizationBody.name]);
    const domain = await added(
      session.call('POST', '/domain', {
        name: ' WWW.Example.com. ',
        organization: { id },
        container: { id: 0 },
        validations: null,
        dcv_method: 'DNS-TXT-TOKEN',
        dcv: null,
        email_array: null,
      }),
    );
    assert.equal((await session.call('GET', `/domain/${domain}`)).body.name, 'example.com');
    const kept = await added(
      session.call('POST', '/domain', { name: 'www.example.com', keep_www: true, dcv_method: 'dns-txt-token' }),
    );
    assert.equal((await session.call('GET', `/domain/${kept}`)).body.name, 'www.example.com');
  });

  it('that are wrong name the field and change nothing', async () => {
    const before = await session.app.tables();
    const rows: readonly (readonly [string, unknown, string])[] = [
      ['/organization', { ...organizationBody, country: 'usa' }, 'invalid_value:country'],
      ['/organization', { ...organizationBody, name: '' }, 'required_param:name'],
      ['/organization', { ...organizationBody, contacts: [{ first_name: 'A' }] }, 'required_param:contact_type'],
      [
        '/organization',
        { ...organizationBody, organization_contact: { first_name: 'A', last_name: 'B' } },
        'required_param:email',
      ],
      ['/domain', {}, 'required_param:name'],
      ['/domain', { name: 'com', dcv_method: 'dns-txt-token' }, 'invalid_value:name'],
      ['/domain', { name: '203.0.113.7', dcv_method: 'http-token' }, 'invalid_value:name'],
      ['/domain', { name: 'example.com', validations: [{ type: 'vip' }] }, 'invalid_value:type'],
      ['/user', {}, 'required_param:username'],
      ['/user', { is_api_only: true }, 'required_param:api_name'],
      ['/account/metadata', { label: 'x'.repeat(101) }, 'invalid_value:label'],
      ['/account/metadata/bulk', { metadata: [] }, 'invalid_value:metadata'],
      ['/key/acme-eab', { name: 'x', product_name_id: 'ssl_plus', validity_years: 4 }, 'invalid_value:validity_years'],
      ['/webhook', { endpoint: 'nowhere' }, 'webhook_invalid_endpoint'],
      ['/webhook', { endpoint: 'https://user:word@a.example/' }, 'webhook_invalid_endpoint'],
      ['/webhook', { endpoint: 'https://a.example:8443/' }, 'webhook_invalid_endpoint'],
      ['/webhook', { endpoint: 'https://192.168.0.1/' }, 'webhook_invalid_endpoint'],
      ['/webhook/test-endpoint', { endpoint: 'https://localhost/' }, 'webhook_invalid_endpoint'],
      ['/webhook', { endpoint: 'https://a.example/', secret: 'short' }, 'invalid_value:secret'],
    ];
    for (const [path, body, code] of rows) {
      const answer = await session.call('POST', path, body);
      assert.deepEqual([answer.status, codeOf(answer)], [400, code], `${path} ${JSON.stringify(body)} ${answer.text}`);
      assert.doesNotMatch(answer.text, /"short"/);
    }
    const { credentials: _, ...after } = await session.app.tables();
    const { credentials: __, ...expected } = before;
    assert.deepEqual(after, expected);
  });
});

describe('lists', () => {
  it('are cut into pages, sorted and searched', async () => {
    for (const name of ['Bravo', 'Alpha', 'Charlie']) await addOrganization(session, { name, assumed_name: '' });
    const names = async (query: string) => {
      const { body } = await session.call('GET', `/organization?${query}`);
      return [body.organizations.map(({ name }: { name: string }) => name).join(), body.page];
    };
    assert.deepEqual(await names('sort=name&limit=2'), ['Alpha,Bravo', { total: 3, limit: 2, offset: 0 }]);
    assert.deepEqual(await names('sort=name&limit=2&offset=2'), ['Charlie', { total: 3, limit: 2, offset: 2 }]);
    assert.deepEqual(await names('sort=-name&offset=3'), ['', { total: 3, limit: 1000, offset: 3 }]); // JupiterOne stops here
    assert.deepEqual((await names('filters[search]=%25a&sort=name'))[0], 'Alpha,Bravo,Charlie');
    assert.deepEqual((await names('filters[search]=Alpha'))[0], 'Alpha');
    assert.deepEqual((await names('filters[search]=Alph'))[0], '');
    const refused = await session.call('GET', '/organization?filters[status]=sleepy');
    assert.equal(codeOf(refused), 'invalid_value:filters[status]');
  });

  it('come as CSV', async () => {
    await addOrganization(session, { name: '=cmd()', assumed_name: '' });
    const { text, headers } = await session.call('GET', '/organization?content_type=csv');
    assert.equal(headers.get('content-type'), 'text/csv');
    const [head = '', row = ''] = text.split('\r\n');
    assert.ok(head.startsWith('id,status,name,display_name,is_active,address'), head);
    assert.match(row, /,'=cmd\(\),/); // no formula
  });
});

describe('the contacts of an organization', () => {
  const person = { first_name: 'Ann', last_name: 'Lee', email: 'ann@example.com', job_title: 'SRE', telephone: '1' };

  it('are replaced one by one; the same person keeps their number, and says everything anew', async () => {
    const id = await addOrganization(session, { organization_contact: person, technical_contact: person });
    const shown = async () => (await session.call('GET', `/organization/${id}`)).body;
    const before = await shown();
    const put = (...contacts: object[]) => session.call('PUT', `/organization/${id}/contact`, { contacts });
    const { job_title: _, ...less } = person;
    await done(put({ ...less, contact_type: 'organization_contact' }));
    const same = await shown();
    assert.deepEqual(same.organization_contact, { ...before.organization_contact, job_title: '' });
    assert.deepEqual(same.technical_contact, before.technical_contact);
    await done(
      put(
        { ...person, first_name: 'Bob', contact_type: 'organization_contact' },
        { contact_type: 'technical_contact' },
      ),
    );
    const other = await shown();
    assert.equal(other.organization_contact.first_name, 'Bob');
    assert.notEqual(other.organization_contact.id, before.organization_contact.id);
    assert.equal(other.technical_contact, undefined);
    const ev = await put({ ...person, contact_type: 'ev_approver' });
    assert.equal(codeOf(ev), 'invalid_value:contact_type');
  });
});

describe('a domain', () => {
  it('shows how far each of its validations is, with include_dcv, with include_validation and by itself', async () => {
    const { organization = '', domain } = await addDomain(session, { validations: [{ type: 'ov' }, { type: 'ev' }] });
    const shown = async () => {
      const alone = await session.call('GET', `/domain/${domain}/validation`);
      assert.equal(alone.status, 200, alone.text);
      for (const query of ['include_dcv=true', 'include_validation=true']) {
        const { body } = await session.call('GET', `/domain/${domain}?${query}`);
        const facts = alone.body.validations.map(({ org_status: _, ...rest }: Reply) => rest);
        assert.deepEqual(body.validations, facts, query);
      }
      const bare = await session.call('GET', `/domain/${domain}`);
      assert.equal(bare.body.validations, undefined);
      return alone.body.validations.map((one: Reply) => [one.type, one.status, one.dcv_status, one.org_status].join());
    };
    assert.deepEqual(await shown(), ['ov,pending,pending,pending', 'ev,pending,pending,pending']);
    session.app.checks.place('example.com', 'dnsTxt');
    await done(session.call('PUT', `/domain/${domain}/dcv/validate-token`));
    assert.deepEqual(await shown(), ['ov,pending,complete,pending', 'ev,pending,complete,pending']);
    await verify(session, organization);
    assert.deepEqual(await shown(), ['ov,active,complete,complete', 'ev,pending,complete,pending']);
    assert.equal((await session.call('GET', '/domain/77/validation')).status, 404);
  });

  const token = async (domain: string) => {
    const { body } = await session.call('GET', `/domain/${domain}?include_dcv=true`);
    return body.dcv_token;
  };

  it('keeps its token while that lives, whatever the method, and gets another on request', async () => {
    const { domain = '' } = await addDomain(session);
    const first = await token(domain);
    const { body: asCname } = await session.call('PUT', `/domain/${domain}/dcv/method`, {
      dcv_method: 'dns-cname-token',
    });
    assert.equal(asCname.dcv_token.token, `_${first.token}`);
    assert.equal((await session.call('GET', `/domain/${domain}`)).body.dcv_method, 'dns-cname-token');
    const { body: asFile } = await session.call('PUT', `/domain/${domain}/dcv/method`, { dcv_method: 'http-token' });
    assert.equal(asFile.dcv_token.token, first.token);
    const { body: made } = await session.call('POST', `/domain/${domain}/dcv/token`, { dcv_method: 'dns-txt-token' });
    assert.notEqual(made.token, first.token);
    assert.equal((await token(domain)).token, made.token);
    const old = await session.call('PUT', `/domain/${domain}/dcv/validate-token`, { token: first.token });
    assert.equal(codeOf(old), 'invalid_value:token');
  });

  it('has a token for 30 days', async () => {
    const { domain = '' } = await addDomain(session);
    const first = await token(domain);
    assert.match(first.expiration_date, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/);
    await session.app.advance(31 * 86_400);
    assert.equal((await token(domain)).status, 'expired');
    session.app.checks.place('example.com', 'dnsTxt');
    const late = await session.call('PUT', `/domain/${domain}/dcv/validate-token`);
    assert.deepEqual([late.status, codeOf(late)], [400, 'validation_failed']);
    const { body } = await session.call('PUT', `/domain/${domain}/dcv/method`, { dcv_method: 'dns-txt-token' });
    assert.notEqual(body.dcv_token.token, first.token);
    await done(session.call('PUT', `/domain/${domain}/dcv/validate-token`));
  });

  it('is proved by any method, and stays so while a new token is made', async () => {
    const organization = await addVerifiedOrganization(session);
    const domain = await addDomainFor(organization);
    session.app.checks.place('example.com', 'httpFile');
    await done(session.call('PUT', `/domain/${domain}/dcv/validate-token`, { dcv_method: 'http-token' }));
    const proved = (await session.call('GET', `/domain/${domain}?include_validation=true`)).body;
    assert.deepEqual(
      [proved.status, proved.is_pending_validation, proved.dcv_method],
      ['approved', false, 'http-token'],
    );
    assert.match(proved.dcv_expiration.ov, /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(
      proved.validations.map(({ type, status, dcv_status }: Record<string, string>) => [type, status, dcv_status]),
      [['ov', 'active', 'complete']],
    );
    session.app.checks.remove('example.com');
    await done(session.call('POST', `/domain/${domain}/dcv/token`, { dcv_method: 'dns-txt-token' }));
    assert.equal((await session.call('GET', `/domain/${domain}`)).body.status, 'approved');
    const missing = await session.call('PUT', `/domain/${domain}/dcv/validate-token`);
    assert.equal(codeOf(missing), 'invalid_dns_txt'); // the new one
    assert.equal((await session.call('GET', `/domain/${domain}`)).body.is_pending_validation, false);
  });

  const addDomainFor = (organization: string) =>
    added(
      session.call('POST', '/domain', {
        name: 'example.com',
        organization: { id: organization },
        validations: [{ type: 'ov' }],
        dcv_method: 'dns-txt-token',
      }),
    );

  it('of an organization that is not verified is complete by half', async () => {
    const { domain, organization = '' } = await addDomain(session);
    session.app.checks.place('example.com', 'dnsTxt');
    await done(session.call('PUT', `/domain/${domain}/dcv/validate-token`));
    const validations = async () =>
      (await session.call('GET', `/domain/${domain}?include_validation=true`)).body.validations[0];
    assert.deepEqual([(await validations()).status, (await validations()).dcv_status], ['pending', 'complete']);
    await verify(session, organization);
    assert.equal((await validations()).status, 'active');
  });

  it('is proved by mail, whose secret may be sent back', async () => {
    const mail = createMailFake();
    session = await createSession({ mail });
    const answer = await session.call('POST', '/domain', { name: 'example.com', validations: [{ type: 'ov' }] });
    assert.equal(answer.body.validation_emails.name_scope, 'example.com'); // the vendor's default
    const { id } = answer.body;
    await session.app.idle();
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['admin@example.com'],
    );
    const secret = mail.token();
    const other = await session.call('PUT', `/email-validation/${secret}?email=ceo@example.com`);
    assert.deepEqual([other.status, codeOf(other)], [404, 'not_found']);
    await done(session.call('PUT', `/email-validation/${secret}?email=Admin@example.com`));
    await session.app.idle();
    const shown = (await session.call('GET', `/domain/${id}`)).body;
    assert.deepEqual([shown.status, shown.dcv_method], ['approved', 'email']);
    await done(session.call('PUT', `/domain/dcv/email/token/${secret}`)); // it said so before
  });

  it('is found by part of its name', async () => {
    await addDomain(session);
    await added(session.call('POST', '/domain', { name: 'other.org', dcv_method: 'dns-txt-token' }));
    const names = async (query: string) =>
      (await session.call('GET', `/domain?${query}`)).body.domains.map(({ name }: { name: string }) => name);
    assert.deepEqual(await names('filters[search]=%25OTHER'), ['other.org']);
    assert.deepEqual(await names('filters[name]=example.com'), ['example.com']);
    assert.deepEqual(await names('sort=-name'), ['other.org', 'example.com']);
    assert.deepEqual(await names('filters[is_active]=0'), []);
  });
});

describe('users and keys', () => {
  it('a service user acts by its key, within its role, until it is disabled', async () => {
    const body = { is_api_only: true, api_name: 'robot', email: 'robot@example.com', restricted_to_role_id: 101 };
    const { body: made } = await session.call('POST', '/user', body);
    const add = (name: string) => session.call('POST', '/organization', { ...organizationBody, name }, made.api_key);
    assert.equal((await add('First')).status, 201);
    assert.equal((await session.call('POST', '/user', { username: 'x@example.com' }, made.api_key)).status, 403);
    const { body: me } = await session.call('GET', '/user/me', undefined, made.api_key);
    assert.deepEqual([me.id, me.type, me.first_name], [made.id, 'service_user', 'robot']);
    await done(session.call('DELETE', `/user/${made.id}`));
    const after = await add('Second');
    assert.deepEqual([after.status, codeOf(after)], [403, 'access_denied|access_denied_invalid_key']);
  });

  it('the name of a user who was deleted is free again, also for another account', async () => {
    const session = await createSession();
    const body = { username: 'ann@example.com', email: 'ann@example.com', access_roles: [{ id: 1 }] };
    const first = await added(session.call('POST', '/user', body));
    const { body: key } = await session.call('POST', `/key/user/${first}`, { name: 'key' });
    assert.equal(codeOf(await session.call('POST', '/user', body)), 'already_exists');
    const note = await session.call('POST', '/account/metadata', { label: 'Cost' }, key.api_key);
    assert.equal(note.status, 204);
    await done(session.call('DELETE', `/user/${first}`));
    assert.equal((await session.call('GET', '/user/me', undefined, key.api_key)).status, 403);
    for (const [method, change] of [['GET'], ['PUT', { first_name: 'Ann' }], ['DELETE']] as const) {
      assert.equal((await session.call(method, `/user/${first}`, change)).status, 404, method);
    }
    const second = await added(session.call('POST', '/user', body));
    assert.notEqual(second, first);
    const { body: list } = await session.call('GET', '/user');
    assert.deepEqual(
      list.users.filter((one: Reply) => one.username === body.username).map((one: Reply) => one.id),
      [Number(second)],
    );
    await done(session.call('DELETE', `/user/${second}`));
    const other = await createCustomer(session.app);
    const { ports, operator } = session.app;
    const taken = { accountId: other.account.id, username: body.username, password: null, roles: [] };
    const theirs = await ports.users.create(operator, taken);
    assert.equal(theirs.accountId, other.account.id);
    await assert.rejects(
      ports.users.setState(operator, (await ports.users.get(operator, String(first))).id, 'active'),
      {
        code: 'notFound',
      },
    );
  });

  it('a key that is restricted later may less at once, and none once it is revoked', async () => {
    const user = await added(
      session.call('POST', '/user', { username: 'a@example.com', email: 'a@example.com', access_roles: [{ id: 1 }] }),
    );
    const { body: made } = await session.call('POST', `/key/user/${user}`, { name: 'key' });
    const add = (label: string) => session.call('POST', '/account/metadata', { label }, made.api_key);
    assert.equal((await add('One')).status, 204);
    await done(session.call('PUT', `/key/${made.id}`, { restricted_to_role_id: 102 }));
    assert.equal((await session.call('GET', `/key/${made.id}`)).body.restricted_to_role_id, 102);
    assert.equal((await add('Two')).status, 403);
    await done(session.call('DELETE', `/key/${made.id}`));
    assert.equal((await session.call('GET', `/key/${made.id}`)).body.status, 'revoked');
    assert.equal(codeOf(await add('Three')), 'access_denied|access_denied_invalid_key');
  });

  it('nobody makes a user or a key that may more than they', async () => {
    const manager = await session.keyWith(['userManager']);
    const users = { username: 'b@example.com', email: 'b@example.com', access_roles: [{ id: 1 }] };
    assert.equal((await session.call('POST', '/user', users, manager)).status, 403);
    const service = { is_api_only: true, api_name: 'robot', email: 'c@example.com', restricted_to_role_id: 101 };
    assert.equal((await session.call('POST', '/user', service, manager)).status, 403);
  });

  it('a key that nobody holds is a user of its own', async () => {
    const { body } = await session.call('GET', '/user/me');
    assert.deepEqual(
      [body.type, body.access_roles, body.status],
      ['service_user', [{ id: 1, name: 'Administrator' }], 'active'],
    );
    assert.ok(body.id > 0 && body.container.id > 0);
  });
});

describe('a webhook', () => {
  const secret = '0123456789abcdef0123456789abcdef';

  it('is told once its receiver has proved itself and it is active, with the secret', async () => {
    const endpoint = 'https://hooks.example/dc';
    const events = ['organization_validated'];
    const id = await added(session.call('POST', '/webhook', { endpoint, secret, events }), 'webhook_id');
    const status = async () => (await session.call('GET', `/webhook/${id}`)).body.status;
    assert.equal(await status(), 'pending');
    const organization = await addOrganization(session, { validations: [{ type: 'ov' }] });
    await verify(session, organization);
    await session.app.idle();
    assert.equal(session.app.hooks.requests.length, 0);
    assert.equal(codeOf(await session.call('PUT', `/webhook/${id}/activate`)), 'webhook_invalid_action');

    await done(session.call('PUT', `/webhook/${id}/send-challenge`));
    const token = challengeIn(session);
    const { url, post } = session.app.hooks.requests[0] ?? {};
    assert.deepEqual([url, post?.headers['X-WEBHOOK-KEY']], [endpoint, secret]);
    await done(session.call('PUT', `/webhook/${id}/check-challenge`, { token }));
    assert.equal(await status(), 'inactive');
    await done(session.call('PUT', `/webhook/${id}/activate`));
    assert.equal(await status(), 'active');

    const another = await addOrganization(session, { name: 'Another', validations: [{ type: 'ov' }] });
    await verify(session, another);
    await session.app.idle();
    const told = session.app.hooks.requests.at(-1)?.post;
    assert.deepEqual(JSON.parse(told?.body ?? ''), {
      event: 'organization_validated',
      data: { organization_id: Number(another), organization_name: 'Another' },
    });
    assert.equal(told?.headers['X-WEBHOOK-KEY'], secret);
    assert.match(told?.headers['X-Certmux-Signature'] ?? '', /^sha256=/);

    await done(session.call('PUT', `/webhook/${id}`, { endpoint, secret: '' }));
    assert.equal(await status(), 'active'); // the same receiver
    await done(session.call('PUT', `/webhook/${id}`, { endpoint: 'https://other.example/' }));
    assert.equal(await status(), 'pending');
    const late = await session.call('PUT', `/webhook/${id}/check-challenge`, { token });
    assert.equal(codeOf(late), 'webhook_invalid_token'); // of the other URL
    const before = session.app.hooks.requests.length;
    await done(session.call('PUT', `/webhook/${id}/send-challenge`));
    const sent = session.app.hooks.requests.at(-1)?.post;
    assert.equal(session.app.hooks.requests.length, before + 1);
    assert.equal(sent?.headers['X-WEBHOOK-KEY'], undefined); // removed
  });

  it('shows no secret', async () => {
    await added(session.call('POST', '/webhook', { endpoint: 'https://hooks.example/dc', secret }), 'webhook_id');
    const { text } = await session.call('GET', '/webhook');
    assert.doesNotMatch(text, /0123456789abcdef/);
    assert.equal(JSON.stringify(await session.app.tables()).includes(secret), false);
  });
});
