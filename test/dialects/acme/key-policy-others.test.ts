/** What limits the client of an external account key where others had a hand in it: orders that it names, proofs of the account. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KeyPolicyRequest, NewExternalAccountKey } from '../../../src/domain/ports/external-account-keys.ts';
import { parseCertificatePem } from '../../../src/pki/certificate.ts';
import type { AcmeClient, AcmeReply } from '../../support/acme-client.ts';
import { createCaller, issue } from '../../support/app.ts';
import { createNastyUpstream } from '../../support/nasty-upstream.ts';
import { createUpstreamIssuer } from '../../support/upstream-issuer.ts';
import { createSession, csrFor, type Session, type SessionOptions } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const names = ['www.example.com', 'example.com'];
const [name = ''] = names;
const dayMs = 86_400_000;
const manual = { account: { approval: 'manual' } } as const;

const refusal = ({ status, body }: AcmeReply) => `${status} ${body.type?.slice(urn.length)}`;

/** An order that the account placed through another front door. */
async function placedElsewhere({ app, account, ...session }: Session, of: readonly string[] = names) {
  const before = await app.ports.accounts.get(app.operator, account.id);
  await app.ports.accounts.change(app.operator, account.id, { approval: 'automatic' });
  const { order } = await issue(app, await createCaller(app, account), of, { productCode: 'paid' });
  await app.ports.accounts.change(app.operator, account.id, { approval: before.approval });
  assert.equal((await session.orders()).length, 1);
  return order;
}

/** A client of another key of the account. */
async function clientOfKey(
  { app, account, stranger }: Session,
  policy: KeyPolicyRequest,
  change: Partial<Pick<NewExternalAccountKey, 'productCode' | 'organization'>> = {},
): Promise<AcmeClient> {
  const administrator = await createCaller(app, account, { roles: ['administrator'] });
  const { key, hmacKey } = await app.ports.externalAccountKeys.add(
    { ...administrator, dialect: 'native', seesAllDialects: true },
    {
      name: 'others',
      productCode: 'encryption365:paid',
      organization: null,
      coverage: null,
      settings: {},
      policy,
      ...change,
    },
  );
  const client = await stranger();
  assert.equal((await client.register({ keyId: key.keyId, hmacKey })).status, 201);
  return client;
}

const newOrder = (client: AcmeClient, query: string, of: readonly string[] = names) =>
  client.post(`${client.directory.newOrder}${query}`, {
    identifiers: of.map((value) => ({ type: 'dns', value })),
  });

interface Ready {
  readonly location: string;
  finalize(): Promise<AcmeReply>;
  look(): Promise<AcmeReply>;
}

/** An order whose names are proved, by this client where they are not yet. */
async function ready(session: Session, query = '', of: readonly string[] = names, by = session.client): Promise<Ready> {
  const { app } = session;
  const made = await newOrder(by, query, of);
  assert.equal(made.status, 201, made.text);
  for (const one of of) app.checks.place(one);
  for (const url of made.body.authorizations) {
    const { body } = await by.post(url);
    if (body.status === 'pending') await by.post(body.challenges[0].url, {});
  }
  await app.idle();
  const location = made.headers.get('location') ?? '';
  return {
    location,
    finalize: async () => by.post(made.body.finalize, { csr: await csrFor(of) }),
    look: () => by.post(location),
  };
}

async function daysOf({ client }: Session, { body }: AcmeReply): Promise<number> {
  const { text } = await client.post(body.certificate);
  const { notBefore, notAfter } = parseCertificatePem(text);
  return Math.round((notAfter.getTime() - notBefore.getTime()) / dayMs);
}

describe('an order of another front door that a client names', () => {
  it('is issued no longer than the key of the client allows, and by what it allows', async () => {
    for (const action of ['reissue', 'duplicate']) {
      const session = await createSession({ policy: { maxValidityDays: 30, methods: ['dnsTxt'] } });
      const named = await placedElsewhere(session);
      session.app.checks.placeEverywhere('dnsTxt');
      const order = await ready(session, `?action=${action}&orderId=${named.number}`);
      const done = await order.finalize();
      assert.equal(done.body.status, 'valid', done.text);
      assert.equal(await daysOf(session, done), 30);
    }
  });

  it('has no other names for it than the key allows: at newOrder and at finalize', async () => {
    const session = await createSession({ policy: { names: [name] } });
    const named = await placedElsewhere(session);
    const query = `?action=reissue&orderId=${named.number}`;
    const refused = await newOrder(session.client, query);
    assert.equal(refusal(refused), '400 rejectedIdentifier');
    assert.match(refused.body.detail, /^example\.com/);
    const order = await ready(session, query, [name]);
    await session.changeKey({ policy: { names: ['example.org'] } });
    assert.equal(refusal(await order.finalize()), '400 rejectedIdentifier');
    await session.changeKey({ policy: { names: [name] } });
    assert.equal((await order.finalize()).body.status, 'valid');
  });

  it('is issued to the client as its key is when it was approved', async () => {
    const session = await createSession(manual);
    const named = await placedElsewhere(session);
    const order = await ready(session, `?action=reissue&orderId=${named.number}`);
    assert.equal((await order.finalize()).body.status, 'processing');
    await session.changeKey({ policy: { names: ['example.org'], maxValidityDays: 10 } });
    await session.approve();
    await session.app.idle();
    assert.equal((await order.look()).body.status, 'processing', 'its names may come back');
    await session.changeKey({ policy: { names: ['example.com'] } });
    await session.app.idle();
    const done = await order.look();
    assert.equal(done.body.status, 'valid', done.text);
    assert.equal(await daysOf(session, done), 10);
  });

  it('is not proved for it by methods that its key has lost since', async () => {
    const session = await createSession(manual);
    const named = await placedElsewhere(session);
    const order = await ready(session, `?action=reissue&orderId=${named.number}`);
    await order.finalize();
    await session.changeKey({ policy: { methods: ['dnsTxt'] } });
    await session.approve();
    await session.app.idle();
    assert.equal((await order.look()).body.status, 'invalid');
    assert.equal((await session.app.ports.orders.get(session.app.operator, named)).order.state, 'active');
  });

  it('comes from the issuer of its key', async () => {
    const clock = () => session.app.clock;
    const upstream = await createNastyUpstream(clock);
    const session = await createSession({ upstreams: [createUpstreamIssuer(upstream, clock)] });
    const { app, account, external } = session;
    const named = await placedElsewhere(session);
    const operator = await app.ports.signIn.actFor(app.operator, account.id);
    await app.ports.externalAccountKeys.change(
      operator,
      { number: external.number },
      { policy: { issuerId: 'upstream' } },
    );
    const order = await ready(session, `?action=reissue&orderId=${named.number}`);
    assert.equal((await order.finalize()).status, 200);
    const issuances = await app.database.read.issuances.listOfOrder(named.id);
    assert.deepEqual(
      issuances.map(({ issuerId }) => issuerId),
      ['embedded', 'upstream'],
    );
  });

  it('is approved by the key of the client, not by that of the order', async () => {
    const session = await createSession({ ...manual, policy: { approval: 'automatic' } });
    const own = await ready(session);
    assert.equal((await own.finalize()).body.status, 'valid', 'its key needs no approval');
    const [view] = await session.orders();
    const query = `?action=reissue&orderId=${view?.order.number}`;
    const other = await clientOfKey(session, {});
    const theirs = await ready(session, query, names, other);
    assert.equal((await theirs.finalize()).body.status, 'processing', 'the key of this one does');
    await session.approve();
    await session.app.idle();
    assert.equal((await theirs.look()).body.status, 'valid');
  });

  it('of another front door needs no approval where the key of the client says so', async () => {
    const session = await createSession({ ...manual, policy: { approval: 'automatic' } });
    const named = await placedElsewhere(session);
    const order = await ready(session, `?action=reissue&orderId=${named.number}`);
    assert.equal((await order.finalize()).body.status, 'valid');
  });

  it('is for the organization of its key, where certificates name one', async () => {
    const session = await createSession({ balanceMinor: 100_000_000 });
    const { app, account } = session;
    const person = await createCaller(app, account);
    const certified = async (organization: string) => {
      const details = { name: organization, city: 'Shanghai', state: 'Shanghai', country: 'CN' };
      const { order } = await issue(app, person, [name], { productCode: '118', organization: details });
      const reference = { id: order.organizationId ?? '' };
      await app.ports.organizations.verify(app.operator, reference, { level: 'ov', verified: true, note: '' });
      await app.idle();
      assert.equal((await app.ports.orders.get(person, order)).order.state, 'active');
      return { number: order.number, reference };
    };
    const [own, other] = [await certified('Own Ltd'), await certified('Other Ltd')];
    const product = { productCode: 'encryption365:118', organization: own.reference };
    const client = await clientOfKey(session, {}, product);
    for (const action of ['reissue', 'duplicate']) {
      const refused = await newOrder(client, `?action=${action}&orderId=${other.number}`, [name]);
      assert.equal(refusal(refused), '400 malformed');
      assert.match(refused.body.detail, /is an order for another organization/);
    }
    const order = await ready(session, `?action=reissue&orderId=${own.number}`, [name], client);
    const { body } = await order.finalize();
    assert.equal(body.status, 'valid', JSON.stringify(body));
  });

  it('of another key is limited by the key of the client', async () => {
    const session = await createSession({ policy: { maxValidityDays: 60 } });
    assert.equal((await (await ready(session)).finalize()).body.status, 'valid');
    const [view] = await session.orders();
    const other = await clientOfKey(session, { maxValidityDays: 20, preAuthorized: [] });
    const order = await ready(session, `?action=duplicate&orderId=${view?.order.number}`, [name], other);
    const { body } = await order.finalize();
    assert.equal(body.status, 'valid', JSON.stringify(body));
    const { notBefore, notAfter } = parseCertificatePem((await other.post(body.certificate)).text);
    assert.equal(Math.round((notAfter.getTime() - notBefore.getTime()) / dayMs), 20);
  });
});

describe('proofs that serve a client', () => {
  /** The other client's proof of the name. */
  async function provedByOther(session: Session): Promise<AcmeClient> {
    const other = await clientOfKey(session, {});
    await ready(session, '', [name], other);
    return other;
  }

  it('are not replaced by others, that its key does not allow, while it waits for approval', async () => {
    const session = await createSession({ ...manual, policy: { preAuthorized: [] } });
    const other = await provedByOther(session);
    const order = await ready(session, '', [name]);
    assert.equal((await order.finalize()).body.status, 'processing');
    const [authorization] = (await order.look()).body.authorizations;
    assert.equal((await session.client.post(authorization, { status: 'deactivated' })).body.status, 'deactivated');
    assert.equal((await newOrder(other, '', [name])).body.status, 'ready', 'the other proof stands');
    await session.approve();
    await session.app.idle();
    assert.equal((await order.look()).body.status, 'invalid');
  });

  it('serve no more where its key allows them no more when it is approved', async () => {
    const session = await createSession(manual);
    await provedByOther(session);
    const order = await ready(session, '', [name]);
    assert.equal((await order.finalize()).body.status, 'processing');
    await session.changeKey({ policy: { preAuthorized: [] } });
    await session.approve();
    await session.app.idle();
    assert.equal((await order.look()).body.status, 'invalid');
    const { balanceMinor } = await session.app.ports.accounts.get(session.app.operator, session.account.id);
    assert.equal(balanceMinor, 1_000_000, 'it is paid back');
  });

  it('are named one by one where several serve no more', async () => {
    const session = await createSession();
    const other = await clientOfKey(session, {});
    await ready(session, '', names, other);
    const order = await ready(session);
    for (const [policy, detail] of [
      [{ preAuthorized: [] }, /by themselves/],
      [{ methods: ['dnsTxt'], preAuthorized: null }, /cannot be proved by httpFile/],
    ] as const) {
      await session.changeKey({ policy });
      const refused = await order.finalize();
      assert.equal(refusal(refused), '403 unauthorized');
      const parts: readonly { readonly identifier: { readonly value: string }; readonly detail: string }[] =
        refused.body.subproblems;
      assert.deepEqual(parts.map(({ identifier }) => identifier.value).toSorted(), names.toSorted());
      for (const part of parts) assert.match(part.detail, detail);
    }
  });

  it('serve no more where it gave them up before it is approved', async () => {
    const session = await createSession(manual);
    await provedByOther(session);
    const order = await ready(session, '', [name]);
    await order.finalize();
    const [authorization] = (await order.look()).body.authorizations;
    assert.equal((await session.client.post(authorization, { status: 'deactivated' })).body.status, 'deactivated');
    await session.approve();
    await session.app.idle();
    assert.equal((await order.look()).body.status, 'invalid');
  });

  it('let it revoke no certificate of others unless its key lets them serve', async () => {
    const session = await createSession({ policy: { preAuthorized: [] } });
    const other = await provedByOther(session);
    const { body } = await (await ready(session, '', [name], other)).finalize();
    assert.equal(body.status, 'valid', JSON.stringify(body));
    const { der } = parseCertificatePem((await other.post(body.certificate)).text);
    const revoke = () =>
      session.client.post(session.client.directory.revokeCert ?? '', {
        certificate: Buffer.from(der).toString('base64url'),
      });
    assert.equal(refusal(await revoke()), '403 unauthorized');
    await session.changeKey({ policy: { preAuthorized: ['example.com'] } });
    assert.equal((await revoke()).status, 200);
  });
});

describe('a record that stays', () => {
  const issuer = 'ca.example.com';
  const start = (options: SessionOptions) =>
    createSession({
      ...options,
      config: { directories: { default: { keysOf: ['native'], dnsPersist: true, caaIdentities: [issuer] } } },
    });
  const typesOf = ({ body }: AcmeReply) => body.challenges.map(({ type }: { readonly type: string }) => type);

  it('is offered, and counts, where the key has this method', async () => {
    const session = await start({ policy: { methods: ['dnsPersist'] } });
    const { client, app } = session;
    const made = await client.newOrder([name]);
    const [url] = made.body.authorizations;
    const shown = await client.post(url);
    assert.deepEqual(typesOf(shown), ['dns-persist-01']);
    app.checks.placeText(`_validation-persist.${name}`, `${issuer}; accounturi=${client.account}`);
    await client.post(shown.body.challenges[0].url, {});
    await app.advance(60);
    assert.equal((await client.post(url)).body.status, 'valid');
    await session.changeKey({ policy: { methods: ['httpFile'] } });
    const csr = await csrFor([name]);
    const refused = await client.post(made.body.finalize, { csr });
    assert.equal(refusal(refused), '403 unauthorized');
    assert.match(refused.body.detail, /cannot be proved by dnsPersist/);
    await session.changeKey({ policy: { methods: null } });
    assert.equal((await client.post(made.body.finalize, { csr })).body.status, 'valid');
  });

  it('is neither offered nor looked up where the key has other methods only', async () => {
    const session = await start({});
    const { client, app } = session;
    const made = await client.newOrder([name]);
    const before = await client.post(made.body.authorizations[0]);
    assert.deepEqual(typesOf(before), ['http-01', 'dns-01', 'tls-alpn-01', 'dns-persist-01']);
    await session.changeKey({ policy: { methods: ['httpFile', 'dnsTxt'] } });
    assert.deepEqual(typesOf(await client.post(made.body.authorizations[0])), ['http-01', 'dns-01']);
    const refused = await client.post(before.body.challenges[3].url, {});
    assert.equal(refusal(refused), '403 unauthorized');
    await app.idle();
    assert.equal(app.checks.looks.length, 0);
  });

  it('where the directory does not offer it proves nothing, which newOrder says', async () => {
    const { client } = await createSession({ policy: { methods: ['dnsPersist'] } });
    const refused = await client.newOrder([name]);
    assert.equal(refusal(refused), '400 rejectedIdentifier');
    assert.match(refused.body.detail, /dnsPersist/);
  });
});

describe('names at a parent', () => {
  it('are those that the key allows, wherever they are proved', async () => {
    const { client } = await createSession({ policy: { names: ['shop.example.com'], methods: ['dnsTxt'] } });
    const order = (value: string) =>
      client.post(client.directory.newOrder ?? '', {
        identifiers: [{ type: 'dns', value, ancestorDomain: 'example.com' }],
      });
    assert.equal((await order('a.shop.example.com')).status, 201);
    assert.equal(refusal(await order('www.example.com')), '400 rejectedIdentifier');
  });

  it('are not proved there where the key has methods of the host only', async () => {
    const { client } = await createSession({ policy: { methods: ['httpFile'] } });
    const { body } = await client.post(client.directory.newOrder ?? '', {
      identifiers: [{ type: 'dns', value: name, ancestorDomain: 'example.com' }],
    });
    const shown = await client.post(body.authorizations[0]);
    assert.deepEqual(shown.body.identifier, { type: 'dns', value: name });
  });
});
