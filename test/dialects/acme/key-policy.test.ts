/** What the clients of an external account key may do: asked at every step, as the key is then. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificatePem } from '../../../src/pki/certificate.ts';
import type { AcmeReply } from '../../support/acme-client.ts';
import { createCaller } from '../../support/app.ts';
import { createNastyUpstream } from '../../support/nasty-upstream.ts';
import { createUpstreamIssuer } from '../../support/upstream-issuer.ts';
import { createSession, csrFor, directoryUrl, type Session, type SessionOptions } from './harness.ts';

const urn = 'urn:ietf:params:acme:error:';
const name = 'www.example.com';
const dayMs = 86_400_000;

function refusal({ status, body }: AcmeReply): string {
  return `${status} ${body.type?.slice(urn.length)}`;
}

const withDirectory = (settings: object) => ({ directories: { default: { keysOf: ['native'], ...settings } } });

const profiles = {
  yearly: { product: 'encryption365:paid', description: 'A year' },
  monthly: { product: 'encryption365:month', description: 'A month' },
  public: { product: 'encryption365:public', description: 'As public CAs', isForEveryKey: true },
};

interface Ready {
  readonly session: Session;
  readonly location: string;
  finalize(): Promise<AcmeReply>;
  look(): Promise<AcmeReply>;
}

/** An order whose names are proved. */
async function ready(options: SessionOptions = {}, names: readonly string[] = [name], payload = {}): Promise<Ready> {
  const session = await createSession(options);
  return readyIn(session, names, payload);
}

async function readyIn(session: Session, names: readonly string[] = [name], payload = {}): Promise<Ready> {
  const order = await session.readyOrder(names, payload);
  const location = order.headers.get('location') ?? '';
  return {
    session,
    location,
    finalize: async () => session.client.post(order.body.finalize, { csr: await csrFor(names) }),
    look: () => session.client.post(location),
  };
}

/** Whatever was refused is an order that can still be finalized, and nothing was charged. */
async function nothingPlaced({ session, look }: Ready): Promise<void> {
  assert.equal((await look()).body.status, 'ready');
  assert.equal((await session.orders()).length, 0);
}

describe('names', () => {
  it('are limited to those of the key, within those of the account', async () => {
    const { client } = await createSession({
      account: { allowedNames: ['example.com', 'example.org'] },
      policy: { names: ['shop.example.com', 'example.net', '192.0.2.10'] },
    });
    for (const [wanted, expected] of [
      ['shop.example.com', 201],
      ['a.shop.example.com', 201],
      ['*.shop.example.com', 201],
      ['www.example.com', 400],
      ['notshop.example.com', 400],
      ['example.org', 400],
      ['example.net', 400],
      ['192.0.2.10', 400],
    ] as const) {
      const reply = await client.newOrder([wanted]);
      assert.equal(reply.status, expected, `${wanted}: ${reply.text}`);
      if (expected === 201) continue;
      assert.equal(refusal(reply), '400 rejectedIdentifier');
      assert.ok(reply.body.detail.includes(wanted), reply.body.detail);
    }
    const several = await client.newOrder(['shop.example.com', 'www.example.com', 'example.com']);
    const refused = several.body.subproblems.map((one: { identifier: { value: string } }) => one.identifier.value);
    assert.deepEqual(refused, ['www.example.com', 'example.com']);
  });

  it('are limited where they are proved before they are ordered', async () => {
    const config = withDirectory({ preAuthorization: true });
    const { client } = await createSession({ config, policy: { names: ['example.com'] } });
    const prove = (value: string) =>
      client.post(client.directory.newAuthz ?? '', { identifier: { type: 'dns', value } });
    assert.equal((await prove('www.example.com')).status, 201);
    assert.equal(refusal(await prove('www.example.org')), '400 rejectedIdentifier');
  });

  it('are asked for again at finalize', async () => {
    const order = await ready();
    await order.session.changeKey({ policy: { names: ['example.org'] } });
    const refused = await order.finalize();
    assert.equal(refusal(refused), '400 rejectedIdentifier');
    assert.match(refused.body.detail, /www\.example\.com/);
    await nothingPlaced(order);
    await order.session.changeKey({ policy: { names: null } });
    assert.equal((await order.finalize()).body.status, 'valid');
  });

  it('and again when it is issued: what waits for approval waits for the key, and goes on once the name is allowed', async () => {
    const order = await ready({ account: { approval: 'manual' } });
    const { session } = order;
    assert.equal((await order.finalize()).body.status, 'processing');
    await session.changeKey({ policy: { names: ['example.org'] } });
    await session.approve();
    await session.app.idle();
    assert.equal((await order.look()).body.status, 'processing');
    const [view] = await session.orders();
    assert.equal(view?.issuance.rest?.reason.key, 'nameNotAllowedForKey');
    // The same again is refused rather than joined.
    assert.equal(refusal(await session.client.newOrder([name])), '400 rejectedIdentifier');
    await session.changeKey({ policy: { names: ['example.com'] } });
    await session.app.idle();
    assert.equal((await order.look()).body.status, 'valid');
  });

  it('are refused at a finalize that would join one that waits for approval', async () => {
    const first = await ready({ account: { approval: 'manual' } });
    assert.equal((await first.finalize()).body.status, 'processing');
    const second = await readyIn(first.session);
    await first.session.changeKey({ policy: { names: ['example.org'] } });
    assert.equal(refusal(await second.finalize()), '400 rejectedIdentifier');
    assert.equal((await first.look()).body.status, 'processing', 'the first goes on');
  });
});

describe('profiles', () => {
  const config = withDirectory({ profiles });

  it('are those of the key, also of another product, and no others', async () => {
    const { client } = await createSession({ config, policy: { profiles: ['yearly', 'monthly'] } });
    assert.equal((await client.newOrder([name], { profile: 'monthly' })).body.profile, 'monthly');
    assert.equal((await client.newOrder([name], { profile: 'yearly' })).body.profile, 'yearly');
    const other = await client.newOrder([name], { profile: 'public' });
    assert.equal(refusal(other), '400 invalidProfile');
    assert.match(other.body.detail, /"public".*yearly, monthly/);
    const none = await createSession({ config, policy: { profiles: [] } });
    assert.equal(refusal(await none.client.newOrder([name], { profile: 'yearly' })), '400 invalidProfile');
    assert.equal((await none.client.newOrder([name])).status, 201, 'the product of the key');
  });

  it('have a default, which the order shows', async () => {
    const order = await ready({ config, policy: { profiles: ['monthly'], defaultProfile: 'monthly' } });
    assert.equal((await order.look()).body.profile, 'monthly');
    assert.equal((await order.finalize()).body.status, 'valid');
    assert.equal((await order.session.orders())[0]?.product.code, 'month');
  });

  it('that the key lost are refused at finalize', async () => {
    const order = await ready({ config, policy: { profiles: ['monthly'] } }, [name], { profile: 'monthly' });
    await order.session.changeKey({ policy: { profiles: ['yearly'] } });
    const refused = await order.finalize();
    assert.equal(refusal(refused), '400 invalidProfile');
    assert.match(refused.body.detail, /"monthly"/);
    await nothingPlaced(order);
  });

  it('that were withdrawn are refused at finalize, also where none is left, and those that changed their product', async () => {
    const { monthly, ...others } = profiles;
    const renamed = { monthly: { ...monthly, product: 'encryption365:paid' } };
    for (const [left, expected] of [
      [withDirectory({ profiles: others }), /there is no profile "monthly" here; choose one of yearly, public/],
      [withDirectory({}), /there is no profile "monthly" here$/],
      [withDirectory({ profiles: renamed }), /the profile "monthly" stands for another product/],
    ] as const) {
      const order = await ready({ config, policy: { profiles: ['monthly'] } }, [name], { profile: 'monthly' });
      order.session.reconfigure(left);
      const refused = await order.finalize();
      assert.equal(refusal(refused), '400 invalidProfile', refused.text);
      assert.match(refused.body.detail, expected);
      await nothingPlaced(order);
    }
  });

  it('of a key that names none offered anywhere are refused when it is made', async () => {
    const { changeKey } = await createSession({ config });
    await assert.rejects(changeKey({ policy: { profiles: ['weekly'] } }), /profiles must be one of .*, not "weekly"/);
    await assert.rejects(
      changeKey({ policy: { profiles: ['monthly'], defaultProfile: 'yearly' } }),
      /defaultProfile must be one of monthly, not "yearly"/,
    );
  });
});

describe('the longest validity', () => {
  async function daysOf({ session, look }: Ready): Promise<number> {
    const { body } = await look();
    const { text } = await session.client.post(body.certificate);
    const { notBefore, notAfter } = parseCertificatePem(text);
    return Math.round((notAfter.getTime() - notBefore.getTime()) / dayMs);
  }

  it('limits every certificate', async () => {
    const order = await ready({ policy: { maxValidityDays: 30 } });
    assert.equal((await order.finalize()).body.status, 'valid');
    assert.equal(await daysOf(order), 30);
  });

  it('refuses a later notAfter, and at finalize as well', async () => {
    const order = await ready({}, [name], { notAfter: '2026-07-15T08:00:00Z' });
    const { session } = order;
    await session.changeKey({ policy: { maxValidityDays: 30 } });
    const refused = await session.client.newOrder([name], { notAfter: '2026-07-15T08:00:00Z' });
    assert.equal(refusal(refused), '400 malformed');
    assert.match(refused.body.detail, /notAfter 2026-07-15T08:00:00\.000Z is later than .*2026-07-01|2026-06-30/);
    assert.equal(refusal(await order.finalize()), '400 malformed');
    await nothingPlaced(order);
    assert.equal((await session.client.newOrder([name], { notAfter: '2026-06-15T08:00:00Z' })).status, 201);
  });

  it('is that of the moment when it is issued', async () => {
    const order = await ready({ account: { approval: 'manual' } });
    await order.finalize();
    await order.session.changeKey({ policy: { maxValidityDays: 10 } });
    await order.session.approve();
    await order.session.app.idle();
    assert.equal((await order.look()).body.status, 'valid');
    assert.equal(await daysOf(order), 10);
  });
});

describe('the issuer', () => {
  /** Two issuers, and the operator acting for the account, who alone chooses between them. */
  async function withTwo(options: SessionOptions = {}) {
    const clock = () => session.app.clock;
    const upstream = await createNastyUpstream(clock);
    const session = await createSession({ ...options, upstreams: [createUpstreamIssuer(upstream, clock)] });
    const { app, account, external } = session;
    const operator = await app.ports.signIn.actFor(app.operator, account.id);
    const issueFrom = (issuerId: string | null) =>
      app.ports.externalAccountKeys.change(operator, { number: external.number }, { policy: { issuerId } });
    return { session, issueFrom };
  }

  it('is that of the key, from the next finalize on, also of an order that is covered already', async () => {
    const { session, issueFrom } = await withTwo();
    const before = await readyIn(session);
    assert.equal((await before.finalize()).body.status, 'valid');
    await issueFrom('upstream');
    const after = await readyIn(session);
    assert.equal((await after.finalize()).status, 200);
    const [view] = await session.orders();
    assert.ok(view);
    const issuances = await session.app.database.read.issuances.listOfOrder(view.order.id);
    assert.deepEqual(
      issuances.map(({ issuerId }) => issuerId),
      ['embedded', 'upstream'],
    );
  });

  it('that the key has left issues nothing any more: the order is over and paid back', async () => {
    const { session, issueFrom } = await withTwo({ account: { approval: 'manual' } });
    const order = await readyIn(session);
    await order.finalize();
    await issueFrom('upstream');
    await session.approve();
    await session.app.idle();
    const { body } = await order.look();
    assert.deepEqual([body.status, body.error?.type], ['invalid', `${urn}unauthorized`]);
    assert.match(body.error.detail, /issuer embedded/);
    const { balanceMinor } = await session.app.ports.accounts.get(session.app.operator, session.account.id);
    assert.equal(balanceMinor, 1_000_000);
  });

  it('is not an administrator’s to choose, nor one that there is not', async () => {
    const { session, issueFrom } = await withTwo();
    await assert.rejects(
      session.changeKey({ policy: { issuerId: 'upstream' } }),
      /issuerId can be set by the operator only/,
    );
    await assert.rejects(issueFrom('nobody'), /issuerId must be one of embedded, upstream, not "nobody"/);
    await issueFrom('upstream');
    await assert.rejects(session.changeKey({ policy: { issuerId: null } }), /operator only/);
    await session.changeKey({ policy: { names: ['example.com'] } });
  });
});

describe('methods', () => {
  const typesOf = (reply: AcmeReply) => reply.body.challenges.map(({ type }: { type: string }) => type);

  it('are offered, and no others', async () => {
    const { client } = await createSession({ policy: { methods: ['dnsTxt'] } });
    const order = await client.newOrder([name, '*.example.com']);
    for (const url of order.body.authorizations) assert.deepEqual(typesOf(await client.post(url)), ['dns-01']);
  });

  it('that cannot prove a name are named in the refusal', async () => {
    const { client } = await createSession({ policy: { methods: ['httpFile'] } });
    const refused = await client.newOrder(['*.example.com', '*.example.org', name]);
    assert.equal(refusal(refused), '400 rejectedIdentifier');
    assert.match(refused.body.detail, /\*\.example\.com .*httpFile/);
    assert.equal(refused.body.subproblems.length, 2);
  });

  it('that were taken away are offered and checked no more', async () => {
    const session = await createSession();
    const { client, app } = session;
    const order = await client.newOrder([name]);
    const [url] = order.body.authorizations;
    const offered = await client.post(url);
    assert.deepEqual(typesOf(offered), ['http-01', 'dns-01', 'tls-alpn-01']);
    await session.changeKey({ policy: { methods: ['dnsTxt'] } });
    assert.deepEqual(typesOf(await client.post(url)), ['dns-01']);
    app.checks.place(name);
    const refused = await client.post(offered.body.challenges[0].url, {});
    assert.equal(refusal(refused), '403 unauthorized');
    assert.match(refused.body.detail, /www\.example\.com cannot be proved by httpFile.*dnsTxt/);
    await app.idle();
    assert.equal(app.checks.looks.length, 0);
    assert.equal((await client.post(offered.body.challenges[1].url, {})).status, 200);
  });

  it('count for what was proved before: at newOrder, and at finalize', async () => {
    const order = await ready();
    const { client, changeKey } = order.session;
    await changeKey({ policy: { methods: ['dnsTxt'] } });
    const refused = await order.finalize();
    assert.equal(refusal(refused), '403 unauthorized');
    assert.match(refused.body.detail, /cannot be proved by httpFile/);
    await nothingPlaced(order);
    assert.equal((await client.newOrder([name])).body.status, 'pending', 'the old proof serves nobody');
  });

  it('count when it is issued: the client has to prove the name again', async () => {
    const order = await ready({ account: { approval: 'manual' } });
    await order.finalize();
    await order.session.changeKey({ policy: { methods: ['dnsTxt'] } });
    await order.session.approve();
    await order.session.app.idle();
    const { body } = await order.look();
    assert.equal(body.status, 'invalid', JSON.stringify(body));
    assert.match(body.error.detail, /www\.example\.com/);
  });

  it('that the product does not have leave nothing, which is refused when the key is made', async () => {
    await assert.rejects(createSession({ policy: { methods: [] } }), /methods must be one of/);
  });
});

describe('proofs that others made', () => {
  const proofOf = async (session: Session, value: string) => {
    const other = await session.stranger();
    await other.register(session.external);
    const order = await other.newOrder([value]);
    session.app.checks.place(value);
    const { body } = await other.post(order.body.authorizations[0]);
    await other.post(body.challenges[0].url, {});
    await session.app.idle();
  };

  /** A domain of the account, proved through another front door. */
  async function managed({ app, account }: Session, value: string): Promise<void> {
    const caller = await createCaller(app, account, { dialect: 'digicert', roles: ['administrator'] });
    app.checks.placeEverywhere('dnsTxt');
    const { domain } = await app.ports.managedDomains.ensure(caller, {
      name: { kind: 'dns', value },
      organization: null,
      container: null,
      requestedLevels: ['dv'],
      proofReference: `managed ${value}`,
      preferredMethod: 'dnsTxt',
    });
    const { proof } = await app.ports.managedDomains.check(caller, { id: domain.id });
    assert.ok(proof !== null);
  }

  it('serve for all names by default', async () => {
    const session = await createSession();
    await managed(session, 'example.com');
    assert.equal((await session.client.newOrder([name])).body.status, 'ready');
  });

  it('serve only for the names that the key lists', async () => {
    const session = await createSession({ policy: { preAuthorized: ['example.com'] } });
    await managed(session, 'example.com');
    await managed(session, 'example.org');
    const { client } = session;
    assert.equal((await client.newOrder([name])).body.status, 'ready');
    assert.equal((await client.newOrder(['www.example.org'])).body.status, 'pending');
    assert.equal((await client.newOrder(['www.example.net'])).body.status, 'pending', 'no proof, no certificate');
  });

  it('serve where another client of the same key made them', async () => {
    const session = await createSession({ policy: { preAuthorized: [] } });
    await proofOf(session, name);
    assert.equal((await session.client.newOrder([name])).body.status, 'ready');
  });

  it('are asked about at finalize again', async () => {
    const session = await createSession();
    await managed(session, 'example.com');
    const order = await readyIn(session);
    await session.changeKey({ policy: { preAuthorized: [] } });
    const refused = await order.finalize();
    assert.equal(refusal(refused), '403 unauthorized');
    assert.match(refused.body.detail, /prove example\.com by themselves/);
    await nothingPlaced(order);
  });
});

describe('approval', () => {
  const manual = { account: { approval: 'manual' } } as const;

  it('is not needed where the key says so', async () => {
    const order = await ready({ ...manual, policy: { approval: 'automatic' } });
    assert.equal((await order.finalize()).body.status, 'valid');
  });

  it('is needed again once the key says otherwise', async () => {
    const order = await ready({ ...manual, policy: { approval: 'automatic' } });
    await order.session.changeKey({ policy: { approval: 'account' } });
    assert.equal((await order.finalize()).body.status, 'processing');
  });

  it('is needed for what a person orders in place of the client', async () => {
    const order = await ready({ ...manual, policy: { approval: 'automatic' } });
    const { session } = order;
    await order.finalize();
    const { app, account } = session;
    const [view] = await session.orders();
    const person = await createCaller(app, account, { dialect: 'native' });
    const reissued = await app.ports.issuances.reissue(
      person,
      { number: view?.order.number ?? 0 },
      {
        csr: Uint8Array.from(Buffer.from(await csrFor([name]), 'base64url')),
        names: [{ kind: 'dns', value: name }],
        proofReference: 'by hand',
        preferredMethod: 'dnsTxt',
        idempotency: null,
      },
    );
    assert.equal(reissued.issuance.state, 'awaitingApproval');
  });

  it('is needed where the account separates duties since then, unless an operator made the key', async () => {
    const order = await ready({ ...manual, policy: { approval: 'automatic' } });
    const { app, account } = order.session;
    await app.ports.accounts.change(app.operator, account.id, { separatesDuties: true });
    assert.equal((await order.finalize()).body.status, 'processing');
  });
});

describe('accounts', () => {
  it('are bound in the number that the key allows, and no more than the directory does', async () => {
    const one = await createSession({ policy: { accounts: 1 } });
    const refused = await (await one.stranger()).register(one.external);
    assert.equal(refusal(refused), '403 unauthorized');
    assert.match(refused.body.detail, /limit of 1/);
    assert.equal((await one.client.newOrder([name])).status, 201);
    const again = await one.client.post(one.client.directory.newAccount ?? '', {}, { withJwk: true });
    assert.equal(again.status, 200, 'the first is found');
    const many = await createSession({ config: withDirectory({ accountsPerKey: 1 }), policy: { accounts: 5 } });
    assert.equal(refusal(await (await many.stranger()).register(many.external)), '403 unauthorized');
  });
});

describe('addresses', () => {
  it('are asked about at every request of its clients', async () => {
    const { client, changeKey, external, stranger } = await createSession({
      policy: { addressRanges: ['192.0.2.0/24'] },
    });
    assert.equal((await client.newOrder([name])).status, 201);
    await changeKey({ policy: { addressRanges: ['198.51.100.0/24', '2001:db8::/32'] } });
    const requests = [
      client.newOrder([name]),
      client.post(client.account ?? ''),
      (await stranger()).register(external),
    ];
    for (const reply of await Promise.all(requests)) {
      assert.equal(refusal(reply), '403 unauthorized');
      assert.match(reply.body.detail, /192\.0\.2\.7/);
    }
    await changeKey({ policy: { addressRanges: null } });
    assert.equal((await client.newOrder([name])).status, 201);
  });
});

describe('the time of the first use', () => {
  const expiresAt = new Date('2026-06-08T08:00:00Z');

  it('ends a key that nobody used', async () => {
    const { client, app, external } = await createSession({ expiresAt, registers: false });
    await app.advance(7 * 86_400);
    const refused = await client.register(external);
    assert.equal(refusal(refused), '403 unauthorized');
    assert.match(refused.body.detail, /2026-06-08T08:00:00\.000Z/);
  });

  it('ends nothing of one that was used', async () => {
    const { client, app, external, stranger } = await createSession({ expiresAt });
    await app.advance(8 * 86_400);
    assert.equal((await client.newOrder([name])).status, 201);
    assert.equal((await (await stranger(directoryUrl)).register(external)).status, 201);
  });
});

describe('a key that was revoked', () => {
  it('orders and finalizes nothing, and nothing else changes', async () => {
    const { session, ...first } = await ready();
    const { client, app, account, external } = session;
    assert.equal((await first.finalize()).body.status, 'valid');
    const waiting = await readyIn(session, ['mail.example.com']);
    const administrator = await createCaller(app, account, { roles: ['administrator'] });
    await app.ports.externalAccountKeys.revoke(administrator, { number: external.number });
    assert.equal(refusal(await waiting.finalize()), '403 unauthorized');
    assert.equal(refusal(await client.newOrder([name])), '403 unauthorized');
    const { body } = await first.look();
    assert.equal(body.status, 'valid');
    const { text } = await client.post(body.certificate);
    const { der } = parseCertificatePem(text);
    const revoked = await client.post(client.directory.revokeCert ?? '', {
      certificate: Buffer.from(der).toString('base64url'),
    });
    assert.equal(revoked.status, 200, revoked.text);
  });

  it('issues what waited for approval when it was revoked, and is changed no more', async () => {
    const order = await ready({ account: { approval: 'manual' } });
    const { app, account, external, changeKey } = order.session;
    await order.finalize();
    const administrator = await createCaller(app, account, { roles: ['administrator'] });
    await app.ports.externalAccountKeys.revoke(administrator, { number: external.number });
    await assert.rejects(changeKey({ policy: { names: null } }), /revoked/);
    await order.session.approve();
    await app.idle();
    assert.equal((await order.look()).body.status, 'valid');
  });
});
