/** Containers over their life, users and keys by the calls that older clients know; and a user's name after the user. */
import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createMailFake, invitationIn } from '../../support/mail-fake.ts';
import { addDomain, added, done, organizationBody, strange } from './directory-states.ts';
import { type Answer, createSession, type Session } from './harness.ts';
import { orderBody } from './order-states.ts';

let session: Session;
beforeEach(async () => {
  session = await createSession();
});

const refusal = ({ status, body }: Answer) => [status, body?.errors?.[0]?.code, body?.errors?.[0]?.message];
const codeOf = (answer: Answer) => refusal(answer).slice(0, 2);

async function rootOf(): Promise<number> {
  return (await session.call('GET', '/account')).body.root_container_id;
}

const addBelow = (parent: string | number, name: string) =>
  added(
    session.call('POST', `/container/${parent}/children`, { name, description: '', template_id: 0, user: blankUser }),
  );

const blankPerson = { first_name: 'A', last_name: 'B', email: '', access_roles: [{ id: 5 }] };

/** As pkix sends it of a container without a user. */
const blankUser = { username: '', first_name: '', last_name: '', email: '', access_roles: null };

describe('a container', () => {
  it('lies in a tree that is walked both ways', async () => {
    const root = await rootOf();
    const sales = await addBelow(root, 'Sales');
    const north = await addBelow(sales, 'North');
    const names = async (id: string | number) =>
      (await session.call('GET', `/container/${id}/children`)).body.containers.map(
        ({ name }: { name: string }) => name,
      );
    assert.deepEqual([await names(root), await names(sales), await names(north)], [['Sales'], ['North'], []]);
    assert.equal((await session.call('GET', `/container/${north}/parent`)).body.name, 'Sales');
    assert.equal((await session.call('GET', `/container/${sales}/parent`)).body.id, root);
  });

  it('gets another name, and keeps what is not named', async () => {
    const id = await addBelow(await rootOf(), 'Sales');
    await done(session.call('PUT', `/container/${id}`, { name: '', description: 'Who sells', ekey: '' }));
    await done(session.call('PUT', `/container/${id}`, { name: 'Trade' }));
    const { body } = await session.call('GET', `/container/${id}`);
    assert.deepEqual([body.name, body.description], ['Trade', 'Who sells']);
    const tooLong = await session.call('PUT', `/container/${id}`, { name: 'x'.repeat(256) });
    assert.deepEqual(codeOf(tooLong), [400, 'invalid_value:name']);
  });

  it('that is deactivated takes no orders, nor do those below it, until it is activated', async () => {
    const root = await rootOf();
    const sales = await addBelow(root, 'Sales');
    const north = await addBelow(sales, 'North');
    const order = (container: string) =>
      session.call('POST', '/order/certificate/ssl_dv_geotrust_flex', orderBody({ container: { id: container } }));
    const { body: placed } = await order(north);
    await done(session.call('PUT', `/container/${sales}/deactivate`));
    for (const id of [sales, north]) {
      assert.equal((await session.call('GET', `/container/${id}`)).body.is_active, false);
      const [status, code, message] = refusal(await order(id));
      assert.deepEqual([status, code], [400, 'invalid_status']);
      assert.match(message, /^container \d+ is inactive; this needs active$/);
    }
    assert.deepEqual(codeOf(await session.call('POST', `/container/${north}/children`, { name: 'A' })), [
      400,
      'invalid_status',
    ]);
    assert.equal((await session.call('GET', `/order/certificate/${placed.id}`)).status, 200);
    // Nothing else is put into it either, new or moved.
    const container = { id: north };
    const ann = await added(session.call('POST', '/user', { username: 'ann', ...blankPerson }));
    for (const [method, path, body] of [
      ['POST', '/domain', { name: 'example.net', dcv_method: 'dns-txt-token', container }],
      ['POST', '/organization', { ...organizationBody, container }],
      ['POST', '/user', { username: 'bob', ...blankPerson, container }],
      ['PUT', `/user/${ann}`, { container }],
      ['PUT', `/user/${ann}/container-assignments`, { container_id_assignments: [north] }],
    ] as const) {
      const [status, code, message] = refusal(await session.call(method, path, body));
      assert.deepEqual([status, code], [400, 'invalid_status'], path);
      assert.match(message, /^container \d+ is inactive; this needs active$/, path);
    }
    await done(session.call('PUT', `/container/${sales}/active`));
    assert.equal((await order(north)).status, 201);
    const again = await session.call('PUT', `/container/${sales}/activate`);
    assert.equal(again.status, 204); // twice changes nothing
  });

  it('of all is never deactivated', async () => {
    const root = await rootOf();
    assert.deepEqual(codeOf(await session.call('PUT', `/container/${root}/deactivate`)), [400, 'invalid_status']);
    assert.equal((await session.call('GET', `/container/${root}`)).body.is_active, true);
  });

  it('of another account is not there', async () => {
    const { key } = await strange(session);
    const id = await addBelow(await rootOf(), 'Sales');
    for (const [method, path, body] of [
      ['GET', `/container/${id}/children`],
      ['GET', `/container/${id}/parent`],
      ['GET', `/container/${id}/role`],
      ['PUT', `/container/${id}`, { name: 'Mine' }],
      ['PUT', `/container/${id}/deactivate`],
      ['PUT', `/container/${id}/activate`],
      ['PUT', `/container/${id}/active`],
    ] as const) {
      assert.deepEqual(codeOf(await session.call(method, path, body, key)), [404, 'not_found|container'], path);
    }
    const { body } = await session.call('GET', `/container/${id}`);
    assert.deepEqual([body.name, body.is_active], ['Sales', true]);
  });
});

describe('a user', () => {
  const jill = { username: 'jill@example.com', first_name: 'Jill', last_name: 'V', email: 'jill@example.com' };
  const isFree = async (name: string) => (await session.call('GET', `/user/availability/${name}`)).body.available;

  it('who is deleted leaves the name free, at every call', async () => {
    assert.equal(await isFree(jill.username), true);
    const first = await added(session.call('POST', '/user', jill));
    assert.equal(await isFree('JILL@example.com'), false);
    assert.deepEqual(codeOf(await session.call('POST', '/user', jill)), [400, 'already_exists']);
    await done(session.call('DELETE', `/user/${first}`));
    assert.equal(await isFree(jill.username), true);
    for (const [method, path, body] of [
      ['GET', `/user/${first}`],
      ['PUT', `/user/${first}`, { first_name: 'A' }],
      ['PUT', `/user/${first}/role`, { access_roles: [{ id: 4 }] }],
      ['PUT', `/user/${first}/container-assignments`, { container_id_assignments: [] }],
      ['GET', `/user/${first}/resend-create-email`],
      ['POST', `/key/user/${first}`, { name: 'hers' }],
      ['DELETE', `/user/${first}`],
    ] as const) {
      assert.deepEqual(codeOf(await session.call(method, path, body)), [404, 'not_found|user'], `${method} ${path}`);
    }
    const second = await added(session.call('POST', '/user', jill));
    assert.notEqual(second, first);
    const { body } = await session.call('GET', '/user');
    assert.deepEqual(body.users.filter(({ username }: { username: string }) => username === jill.username).length, 1);
    assert.equal(await isFree(jill.username), false);
  });

  it('has a name that nobody of another account may have', async () => {
    await added(session.call('POST', '/user', jill));
    const { key } = await strange(session);
    const { body } = await session.call('GET', `/user/availability/${jill.username}`, undefined, key);
    assert.equal(body.available, false);
  });

  it('cannot have a name that is none', async () => {
    assert.equal(await isFree(encodeURIComponent('a\u202eb')), false);
    assert.equal(await isFree('x'.repeat(300)), false);
  });

  it('gets another role, and keeps theirs where none is named', async () => {
    const id = await added(session.call('POST', '/user', { ...jill, access_roles: [] }));
    const role = async () => (await session.call('GET', `/user/${id}`)).body.access_roles[0].id;
    assert.equal(await role(), 5);
    await done(session.call('PUT', `/user/${id}/role`, { access_roles: [{ id: 4 }] }));
    assert.equal(await role(), 4);
    await done(session.call('PUT', `/user/${id}`, { first_name: 'J', access_roles: [] }));
    assert.equal(await role(), 4);
    const unknown = await session.call('PUT', `/user/${id}/role`, { access_roles: [{ id: 4 }, { id: 9 }] });
    assert.match(refusal(unknown)[2], /^access_roles\[1\]\.id must be /);
    assert.equal(await role(), 4);
  });

  it('is not invited where no mail is sent, and only managers ask', async () => {
    const id = await added(session.call('POST', '/user', jill));
    assert.deepEqual(codeOf(await session.call('GET', `/user/${id}/resend-create-email/`)), [400, 'not_supported']);
    const viewer = await session.keyWith(['viewer']);
    for (const path of [`/user/${id}/resend-create-email`, '/user/availability/x']) {
      const answer = await session.call('GET', path, undefined, viewer);
      assert.deepEqual(codeOf(answer), [403, 'access_denied|missing_permission'], path);
    }
  });

  it('is invited as they are made, and again, until they have a password and sign in with it', async () => {
    const mail = createMailFake();
    session = await createSession({ mail });
    const { ports, idle } = session.app;
    const id = await added(session.call('POST', '/user', jill));
    await idle();
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['jill@example.com'],
    );
    const resend = () => session.call('GET', `/user/${id}/resend-create-email`);
    await done(resend());
    await idle();
    const [first = '', second = ''] = mail.sent.map(({ text }) => invitationIn(text));
    const password = ' correct horse battery ';
    const origin = { address: '192.0.2.9', requestId: 'r1' };
    assert.equal(await ports.invitations.accept(first, password, origin), undefined);
    assert.equal((await ports.invitations.accept(second, password, origin))?.username, jill.username);
    assert.deepEqual(codeOf(await resend()), [400, 'invalid_status']);
    const signIn = { username: jill.username, current_password: password };
    const { status, body } = await session.call('POST', '/user/tempkey', signIn);
    assert.equal(status, 201);
    assert.equal((await session.call('GET', '/user/me', undefined, body.api_key)).body.username, jill.username);
    const wrong = await session.call('POST', '/user/tempkey', { ...signIn, current_password: password.trim() });
    assert.deepEqual(codeOf(wrong), [403, 'access_denied|access_denied_invalid_key']);
  });

  it('who is made with a container is invited as well', async () => {
    const mail = createMailFake();
    session = await createSession({ mail });
    const root = await rootOf();
    const add = (user: object) =>
      session.call('POST', `/container/${root}/children`, { name: 'Sales', description: '', template_id: 0, user });
    await added(add({ ...jill, access_roles: [{ id: 5 }] }));
    await session.app.idle();
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['jill@example.com'],
    );
    assert.deepEqual(codeOf(await add({ ...jill, access_roles: [{ id: 5 }] })), [400, 'already_exists']);
    await session.app.idle();
    assert.equal(mail.sent.length, 1);
  });

  it('who cannot be invited is named, with the reason', async () => {
    const mailLimits = { perMailboxPerHour: 2, perMailboxPerDay: 9, perDomainPerHour: 9, perDomainPerDay: 9 };
    session = await createSession({ mail: createMailFake(), mailLimits });
    const nowhere = await added(session.call('POST', '/user', { username: 'jill', access_roles: [{ id: 5 }] }));
    const program = await added(session.call('POST', '/user', { is_api_only: true, api_name: 'bot' }));
    const invite = (id: string | number, key?: string) =>
      session.call('GET', `/user/${id}/resend-create-email`, undefined, key);
    assert.deepEqual(codeOf(await invite(nowhere)), [400, 'invalid_status']);
    assert.match(refusal(await invite(nowhere))[2], /^user jill .* no e-mail address/);
    assert.deepEqual(codeOf(await invite(program)), [400, 'invalid_status']);
    const id = await added(session.call('POST', '/user', jill));
    const { key } = await strange(session);
    for (const answer of [await invite(id, key), await invite(9_999_999), await invite('x')]) {
      assert.deepEqual(codeOf(answer), [404, 'not_found|user']);
    }
    await session.app.idle();
    await done(invite(id));
    assert.deepEqual(codeOf(await invite(id)), [429, 'request_limit_exceeded']);
  });
});

describe('a key', () => {
  it('is revoked by its status, and stays so', async () => {
    const user = await added(session.call('POST', '/user', { username: 'a@example.com', email: 'a@example.com' }));
    const { body: made } = await session.call('POST', `/key/user/${user}`, { name: 'a' });
    const put = (status: string, key?: string) => session.call('PUT', `/key/${made.id}/status`, { status }, key);
    assert.equal((await put('active')).status, 204);
    const { key } = await strange(session);
    assert.deepEqual(codeOf(await put('revoked', key)), [404, 'not_found|key']);
    assert.equal((await session.call('GET', '/user/me', undefined, made.api_key)).status, 200);
    assert.equal((await put('Revoked')).status, 204);
    assert.equal((await session.call('GET', '/user/me', undefined, made.api_key)).status, 403);
    assert.equal((await session.call('GET', `/key/${made.id}`)).body.status, 'revoked');
    assert.deepEqual(refusal(await put('active')), [
      400,
      'invalid_status',
      `key ${made.id} is revoked; this needs active`,
    ]);
  });
});

describe('a domain by the older calls', () => {
  it('is proved as by the newer ones, and never by whoever only says so', async () => {
    const { domain } = await addDomain(session);
    const post = (path: string, body?: unknown, key?: string) =>
      session.call('POST', `/domain/${domain}/dcv${path}`, body, key);
    const { key } = await strange(session);
    for (const path of ['', '/cname', '/method', '/emails']) {
      const answer = await post(path, { method: 'dns-cname-token' }, key);
      assert.deepEqual(codeOf(answer), [404, 'not_found|domain'], path);
    }
    assert.deepEqual(codeOf(await post('', { method: 'email' })), [400, 'invalid_dns_method']);
    assert.deepEqual(codeOf(await post('', { method: 'phone' })), [400, 'invalid_value:method']);
    const { body: chosen } = await post('/method', { method: 'DNS-CNAME-TOKEN' });
    assert.equal(chosen.dcv_token.verification_value, 'dcv.digicert.com');
    assert.deepEqual(codeOf(await post('/cname')), [400, 'invalid_dns_cname']);
    assert.deepEqual(codeOf(await post('/cname', { token: 'another' })), [400, 'invalid_value:token']);
    session.app.checks.place('example.com', 'dnsCname');
    const { status, body } = await post('/cname', { token: chosen.dcv_token.token });
    assert.deepEqual([status, body], [200, { token: chosen.dcv_token.token, status: 'active' }]);
    assert.equal((await session.call('GET', `/domain/${domain}`)).body.status, 'approved');
  });
});
