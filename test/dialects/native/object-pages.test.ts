/** Versions of objects and what may be done with them, on the wire. */
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createSession } from './session.ts';

const session = await createSession({ account: { name: 'Acme' } });
after(() => session.app.close());
const { client, operator, token, operatorToken } = session;

/** What somebody who has seen that version is answered. */
async function ask(
  path: string,
  {
    method = 'PATCH',
    version,
    body,
    by = operatorToken,
  }: { method?: string; version: string; body?: object; by?: string },
) {
  const headers = { Authorization: `Bearer ${by}`, 'Content-Type': 'application/json', 'If-Match': `"${version}"` };
  const url = `https://certs.example.com/api/v1/${path}`;
  const request = new Request(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const reply = await session.fetch(request);
  return { status: reply.status, body: (await reply.json()) as { readonly code?: string; readonly detail?: string } };
}

interface Versioned {
  readonly version: string;
  readonly actions: Readonly<Record<string, { readonly allowed: boolean; readonly reason: string | null }>>;
}

interface Noun {
  readonly show: () => Promise<Versioned>;
  readonly path: string;
  readonly method?: string;
  /** Each of them changes it. */
  readonly first: object;
  readonly second: object;
  readonly says: RegExp;
}

const account = String((await client.accounts.show({ account: session.account.id })).number);
const user = await operator.users.create({ account, username: 'ops@example.com', roles: ['requester'] });
const { credential } = await operator.credentials.create({ account, label: 'one' });
const webhook = await client.webhooks.add({ url: 'https://hooks.example.com/x' });
const domain = await client.domains.add({ name: 'example.com' });
const organization = await client.organizations.add({
  details: { name: 'Acme', city: 'Berlin', state: 'Berlin', country: 'DE' },
});

const nouns: Readonly<Record<string, Noun>> = {
  account: {
    show: () => operator.accounts.show({ account }),
    path: `accounts/${account}`,
    first: { name: 'Acme 1' },
    second: { name: 'Acme 2' },
    says: /^account \d+ has changed since you looked; look at it again$/,
  },
  user: {
    show: () => operator.users.show({ user: user.username }),
    path: `users/${user.number}`,
    first: { roles: ['viewer'] },
    second: { roles: ['approver'] },
    says: /^user ops@example\.com has changed/,
  },
  credential: {
    show: () => operator.credentials.show({ credential: credential.id }),
    path: `credentials/${credential.id}`,
    first: { label: 'two' },
    second: { label: 'three' },
    says: /^credential \d+ has changed/,
  },
  organization: {
    show: () => operator.organizations.show({ organization: organization.id }),
    path: `organizations/${organization.id}/verify`,
    method: 'POST',
    first: { level: 'ov', note: 'looked' },
    second: { level: 'ov', note: 'looked again' },
    says: /^organization \d+ has changed/,
  },
  domain: {
    show: () => operator.domains.show({ domain: String(domain.number) }),
    path: `domains/${domain.id}/renew`,
    method: 'POST',
    first: {},
    second: {},
    says: /^domain example\.com has changed/,
  },
  webhook: {
    show: () => operator.webhooks.show({ webhook: webhook.id }),
    path: `webhooks/${webhook.number}`,
    first: { state: 'inactive' },
    second: { state: 'active' },
    says: /^Webhook|^webhook \d+ has changed/,
  },
  product: {
    show: () => operator.products.show({ dialect: 'encryption365', code: '100' }),
    path: 'products/encryption365/100',
    first: { name: 'Once' },
    second: { name: 'Twice' },
    says: /^product encryption365:100 has changed/,
  },
};

describe('the version that If-Match names', () => {
  for (const [noun, { show, path, method = 'PATCH', first, second, says }] of Object.entries(nouns)) {
    it(`lets act on just what was seen: ${noun}`, async () => {
      const { version } = await show();
      assert.equal((await show()).version, version);
      const done = await ask(path, { method, version, body: first });
      assert.equal(done.status, 200, JSON.stringify(done.body));
      const seen = await show();
      assert.notEqual(seen.version, version);
      const late = await ask(path, { method, version, body: second });
      assert.deepEqual([late.status, late.body.code], [412, 'conflict']);
      assert.match(late.body.detail ?? '', says);
      assert.deepEqual(await show(), seen, 'nothing was done');
    });
  }

  it('lets one of two act who have seen the same', async () => {
    const { version } = await operator.accounts.show({ account });
    const both = await Promise.all(
      ['left', 'right'].map((name) => ask(`accounts/${account}`, { version, body: { name } })),
    );
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 412]);
  });

  it('is no matter of what is removed, nor of who may not see it', async () => {
    const other = await client.webhooks.add({ url: 'https://hooks.example.com/y' });
    const { version } = await client.webhooks.show({ webhook: other.id });
    assert.equal((await ask(`webhooks/${other.id}`, { method: 'DELETE', version, by: token })).status, 200);
    assert.equal((await ask(`webhooks/${other.id}`, { method: 'DELETE', version, by: token })).status, 404);
    await assert.rejects(client.products.show({ dialect: 'encryption365', code: 'none' }), { code: 'notFound' });
  });

  it('is the entity tag of the page', async () => {
    const reply = await session.fetch(
      new Request(`https://certs.example.com/api/v1/accounts/${account}`, {
        headers: { Authorization: `Bearer ${operatorToken}` },
      }),
    );
    const { version } = (await reply.json()) as Versioned;
    assert.equal(reply.headers.get('etag'), `"${version}"`);
  });
});

describe('actions', () => {
  const allowed = ({ actions }: Versioned) => Object.keys(actions).filter((name) => actions[name]?.allowed);

  it('are what the calls would let the caller do', async () => {
    assert.deepEqual(allowed(await operator.accounts.show({ account })), ['change', 'credit']);
    assert.deepEqual(allowed(await client.accounts.show({ account })), []);
    assert.deepEqual(allowed(await operator.organizations.show({ organization: organization.id })), [
      ...['ask', 'verify', 'reject', 'activate', 'deactivate', 'remove'],
    ]);
    await operator.organizations.deactivate({ organization: organization.id });
    const { actions } = await client.organizations.show({ organization: organization.id });
    assert.deepEqual(actions.ask.allowed, false);
    await assert.rejects(client.organizations.ask({ organization: organization.id, levels: ['ov'] }), {
      message: `certmux answered: ${actions.ask.reason}`,
    });
  });

  it('end with the object', async () => {
    await operator.credentials.revoke({ credential: credential.id });
    const { actions } = await operator.credentials.show({ credential: credential.id });
    assert.equal(actions.change.allowed, false);
    await assert.rejects(operator.credentials.change({ credential: credential.id, label: 'x' }), {
      message: `certmux answered: ${actions.change.reason}`,
    });
    await operator.users.remove({ user: user.id });
    assert.deepEqual(allowed(await operator.users.show({ user: user.id })), []);
  });
});
