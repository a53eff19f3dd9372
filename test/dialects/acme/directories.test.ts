/** Directories: what each offers, without external account keys, with profiles, and with names proved before they are ordered. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configSchema } from '../../../src/dialects/acme/config.ts';
import type { AcmeReply } from '../../support/acme-client.ts';
import { baseUrl, createSession, csrFor, directoryUrl, type Session } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const name = 'www.example.com';

function refusal({ status, body }: AcmeReply): string {
  return `${status} ${body.type?.slice(urn.length)}`;
}

const base = `${baseUrl}/acme/default`;

const withDirectory = (settings: object) => ({ directories: { default: { keysOf: ['native'], ...settings } } });

async function finalized({ client, app }: Session, order: AcmeReply): Promise<AcmeReply> {
  app.checks.place(name);
  for (const url of order.body.authorizations) {
    const { body } = await client.post(url);
    if (body.status === 'pending') await client.post(body.challenges[0].url, {});
  }
  await app.idle();
  return client.post(order.body.finalize, { csr: await csrFor([name]) });
}

describe('a directory', () => {
  it('says what it has, and nothing of what it has not', async () => {
    const { client } = await createSession();
    assert.deepEqual(client.directory, {
      newNonce: `${base}/new-nonce`,
      newAccount: `${base}/new-account`,
      newOrder: `${base}/new-order`,
      revokeCert: `${base}/revoke-cert`,
      keyChange: `${base}/key-change`,
      renewalInfo: `${base}/renewal-info`,
      meta: { externalAccountRequired: true, subdomainAuthAllowed: true },
    });
  });

  it('says all that is configured', async () => {
    const config = withDirectory({
      termsOfService: 'https://ca.example.com/terms',
      website: 'https://ca.example.com',
      caaIdentities: ['ca.example.com'],
      preAuthorization: true,
      profiles: { shortlived: { product: 'encryption365:month', description: 'A month' } },
    });
    const { client } = await createSession({ config, registers: false });
    assert.deepEqual(client.directory.meta, {
      termsOfService: 'https://ca.example.com/terms',
      website: 'https://ca.example.com',
      caaIdentities: ['ca.example.com'],
      externalAccountRequired: true,
      profiles: { shortlived: 'A month' },
      subdomainAuthAllowed: true,
    });
    assert.equal(client.directory.newAuthz, `${base}/new-authz`);
  });

  it('is configured with keys or without, and never with neither', () => {
    const parse = (directory: object) => configSchema.safeParse({ directories: { default: directory } }).success;
    assert.equal(parse({}), false);
    assert.equal(parse({ keysOf: [] }), false);
    assert.equal(parse({ keysOf: ['native'] }), true);
    assert.equal(parse({ open: { account: '1', product: 'native:dv' } }), true);
    assert.equal(parse({ open: { account: '1', product: 'tls-dv' } }), true);
    assert.equal(parse({ open: { account: '1', product: 'of nobody' } }), false);
    assert.equal(
      parse({ keysOf: ['native'], profiles: { 'Short Lived': { product: 'a:b', description: 'x' } } }),
      false,
    );
  });
});

describe('a directory without external account keys', () => {
  async function openSession() {
    const session = await createSession({ registers: false });
    const settings = { account: String(session.account.number), product: 'encryption365:paid' };
    session.reconfigure({ directories: { default: { keysOf: ['native'], open: settings } } });
    return session;
  }

  it('says so at start, in its directory and on its page', async () => {
    const session = await openSession();
    const { body } = await session.client.get(directoryUrl);
    assert.deepEqual(body.meta, {
      website: `${base}/about`,
      externalAccountRequired: false,
      subdomainAuthAllowed: true,
    });
    const page = await session.client.get(body.meta.website);
    assert.equal(page.status, 200);
    assert.match(page.text, /is for a private network/);
    const lines = session.logLines.filter(({ message }) => /asks for no external account key/.test(message));
    assert.equal(lines.length, 1);
  });

  it('takes anybody, for its account and its product', async () => {
    const session = await openSession();
    const { client, app, account } = session;
    const registered = await client.post(client.directory.newAccount ?? '', { contact: ['mailto:ops@example.com'] });
    assert.equal(registered.status, 201, registered.text);
    client.account = registered.headers.get('location') ?? '';
    const order = await client.newOrder([name]);
    assert.equal(order.status, 201, order.text);
    assert.equal((await finalized(session, order)).body.status, 'valid');
    const [placed] = await session.orders();
    assert.deepEqual([placed?.account.id, placed?.product.code], [account.id, 'paid']);
    assert.ok((await app.ports.accounts.get(app.operator, account.id)).balanceMinor < 1_000_000);
  });

  it('takes external account keys, too, where it names their front door', async () => {
    const { client, external } = await openSession();
    assert.equal((await client.register(external)).status, 201);
    assert.equal((await client.newOrder([name])).status, 201);
  });

  it('orders nothing more for who came without a key once keys are needed', async () => {
    const session = await openSession();
    const { client } = session;
    const registered = await client.post(client.directory.newAccount ?? '', {});
    client.account = registered.headers.get('location') ?? '';
    session.reconfigure(undefined);
    assert.equal(refusal(await client.newOrder([name])), '403 externalAccountRequired');
    assert.equal(refusal(await client.get(`${base}/about`)), '404 malformed');
  });

  it('whose account there is not is the fault of who runs it', async () => {
    const session = await createSession({ registers: false });
    const { client } = session;
    session.reconfigure({ directories: { default: { open: { account: '4711', product: 'encryption365:paid' } } } });
    const reply = await client.post(client.directory.newAccount ?? '', {});
    assert.equal(refusal(reply), '500 serverInternal');
    assert.doesNotMatch(reply.text, /4711/);
  });
});

describe('profiles', () => {
  const profiles = {
    yearly: { product: 'encryption365:paid', description: 'A year' },
    monthly: { product: 'encryption365:month', description: 'A month', isForEveryKey: true },
    public: { product: 'encryption365:public', description: 'As public CAs' },
  };

  it('are ordered by their name, as far as the key goes', async () => {
    const session = await createSession({ config: withDirectory({ profiles }) });
    const { client } = session;
    const yearly = await client.newOrder([name], { profile: 'yearly' });
    assert.deepEqual([yearly.status, yearly.body.profile], [201, 'yearly'], yearly.text);
    assert.deepEqual(Object.keys(yearly.body), [
      'status',
      'expires',
      'identifiers',
      'profile',
      'authorizations',
      'finalize',
    ]);
    const chosen = await client.newOrder([name]);
    assert.equal(chosen.body.profile, 'yearly', 'that of the key, which nobody named');
    const monthly = await client.newOrder([name], { profile: 'monthly' });
    assert.equal(monthly.body.profile, 'monthly');
    const { body } = await finalized(session, monthly);
    assert.deepEqual([body.status, body.profile], ['valid', 'monthly'], JSON.stringify(body));
    assert.equal((await session.orders())[0]?.product.code, 'month');
    assert.deepEqual((await session.orders())[0]?.order.coverage, { unit: 'months', count: 1 });
    assert.equal(refusal(await client.newOrder([name], { profile: 'public' })), '400 invalidProfile');
  });

  it('that are not offered are refused', async () => {
    const { client } = await createSession({ config: withDirectory({ profiles }) });
    for (const profile of ['weekly', 'Yearly', '', '__proto__', 'constructor']) {
      const reply = await client.newOrder([name], { profile });
      assert.equal(refusal(reply), '400 invalidProfile', profile);
    }
    assert.equal(refusal(await client.newOrder([name], { profile: 1 })), '400 malformed');
    const none = await createSession();
    assert.equal(refusal(await none.client.newOrder([name], { profile: 'yearly' })), '400 invalidProfile');
    assert.equal((await none.client.newOrder([name])).body.profile, undefined);
  });

  it('that were withdrawn are refused at finalize, unless it was finalized before', async () => {
    const session = await createSession({ config: withDirectory({ profiles }) });
    const { client, app } = session;
    const order = await client.newOrder([name], { profile: 'monthly' });
    const { monthly: _, ...left } = profiles;
    session.reconfigure(withDirectory({ profiles: left }));
    assert.equal(refusal(await finalized(session, order)), '400 invalidProfile');
    assert.equal((await client.post(order.headers.get('location') ?? '')).body.status, 'ready');
    assert.equal((await session.orders()).length, 0);
    session.reconfigure(withDirectory({ profiles }));
    const csr = await csrFor([name]);
    assert.equal((await client.post(order.body.finalize, { csr })).body.status, 'valid');
    session.reconfigure(withDirectory({ profiles: left }));
    assert.equal((await client.post(order.body.finalize, { csr })).body.status, 'valid');
    assert.ok(app);
  });
});

describe('names that are proved before they are ordered', () => {
  it('need no proof in the order', async () => {
    const { client, app } = await createSession({ config: withDirectory({ preAuthorization: true }) });
    const url = client.directory.newAuthz ?? '';
    const made = await client.post(url, { identifier: { type: 'dns', value: name } });
    assert.equal(made.status, 201, made.text);
    const location = made.headers.get('location') ?? '';
    assert.deepEqual([made.body.status, made.body.identifier], ['pending', { type: 'dns', value: name }]);
    assert.deepEqual((await client.post(location)).body, made.body);
    app.checks.place(name);
    await client.post(made.body.challenges[0].url, {});
    await app.idle();
    const order = await client.newOrder([name]);
    assert.deepEqual([order.body.status, order.body.authorizations], ['ready', [location]]);
  });

  it('are refused like those of an order, and where they are wildcards', async () => {
    const config = withDirectory({ preAuthorization: true });
    const { client } = await createSession({ config, account: { allowedNames: ['example.com'] } });
    const url = client.directory.newAuthz ?? '';
    const rows = [
      [{ type: 'dns', value: '*.example.com' }, '400 malformed'],
      [{ type: 'dns', value: 'example.com.' }, '400 malformed'],
      [{ type: 'dns', value: 'example.org' }, '400 rejectedIdentifier'],
      [{ type: 'email', value: 'a@example.com' }, '400 unsupportedIdentifier'],
      [undefined, '400 malformed'],
    ] as const;
    for (const [identifier, expected] of rows) {
      assert.equal(refusal(await client.post(url, { identifier })), expected, JSON.stringify(identifier));
    }
  });

  it('are not wanted where that is not enabled', async () => {
    const { client } = await createSession();
    const identifier = { type: 'dns', value: name };
    assert.equal(refusal(await client.post(`${base}/new-authz`, { identifier })), '404 malformed');
  });
});
