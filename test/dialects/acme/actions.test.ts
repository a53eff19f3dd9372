/** Orders whose client names what is to be done (`?action=renew&orderId=…`), instead of what covers the names. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCertificatePem } from '../../../src/pki/certificate.ts';
import type { AcmeReply } from '../../support/acme-client.ts';
import { createCaller, createCustomer, issue, place } from '../../support/app.ts';
import { baseUrl, createSession, csrFor, directoryUrl, type Session } from './harness.ts';

const names = ['www.example.com', 'example.com'];
const dayMs = 86_400_000;
const urn = 'urn:ietf:params:acme:error:';

const refusal = ({ status, body }: AcmeReply) => `${status} ${body.type?.slice(urn.length)}`;

const start = (options: Parameters<typeof createSession>[0] = {}) =>
  createSession({ balanceMinor: 1_000_000, ...options });

async function balanceOf({ app, account }: Session): Promise<number> {
  return (await app.ports.accounts.get(app.operator, account.id)).balanceMinor;
}

/** An order that the account placed through another front door. */
async function placedElsewhere({ app, account }: Session, of: readonly string[] = names, productCode = 'paid') {
  const caller = await createCaller(app, account);
  return (await issue(app, caller, of, { productCode })).order;
}

const newOrder = ({ client }: Session, query: string, of: readonly string[] = names) =>
  client.post(`${client.directory.newOrder}${query}`, {
    identifiers: of.map((value) => ({ type: 'dns', value })),
  });

async function finalized(session: Session, query: string, of: readonly string[] = names): Promise<AcmeReply> {
  const { client, app } = session;
  const made = await newOrder(session, query, of);
  assert.equal(made.status, 201, made.text);
  for (const name of of) app.checks.place(name);
  for (const url of made.body.authorizations) {
    const { body } = await client.post(url);
    if (body.status === 'pending') await client.post(body.challenges[0].url, {});
  }
  await app.idle();
  return client.post(made.body.finalize, { csr: await csrFor(of) });
}

/** The newest issuance and its order. */
async function issued(session: Session, query: string, of: readonly string[] = names) {
  const { app, client } = session;
  const reply = await finalized(session, query, of);
  assert.equal(reply.body.status, 'valid', reply.text);
  const id = String(reply.body.certificate).split('/').at(-1) ?? '';
  const { certificate } = await app.ports.certificates.get(app.operator, id);
  const { read } = app.database;
  const [issuance, order] = await Promise.all([
    read.issuances.get(certificate.issuanceId),
    read.orders.get(certificate.orderId),
  ]);
  assert.ok(issuance !== undefined && order !== undefined);
  const leaf = parseCertificatePem((await client.post(reply.body.certificate)).text);
  return { kind: issuance.kind, order, leaf };
}

describe('the query of a directory', () => {
  it('comes back in newOrder and nowhere else, in every directory and in each form of its URL', async () => {
    const { client } = await start({ registers: false });
    for (const directory of ['default', 'digicert']) {
      for (const path of ['/directory', '', '/']) {
        for (const query of ['?action=enroll', '?action=renew&orderId=100017', '?action=reissue&orderId=1']) {
          const base = `${baseUrl}/acme/${directory}`;
          const { body, status } = await client.get(`${base}${path}${query}`);
          assert.equal(status, 200);
          assert.equal(body.newOrder, `${base}/new-order${query}`);
          const { newOrder: _, meta: __, ...others } = body;
          for (const url of Object.values(others)) assert.doesNotMatch(String(url), /\?/);
        }
      }
    }
  });

  const rows = [
    ['?action=', /^action must be enroll or renew or reissue or duplicate, not ""/],
    ['?action=Renew&orderId=1', /^action must be .*, not "Renew"/],
    ['?action=revoke&orderId=1', /^action must be .*, not "revoke"/],
    ['?action=renew&action=reissue&orderId=1', /^action must be .*, not "renew, reissue"/],
    ['?action=renew', /^orderId is required/], // a shell has eaten what stood behind the &
    ['?action=renew&orderid=1', /^orderId is required/],
    ['?orderId=1', /^action is required/],
    ['?action=enroll&orderId=1', /^orderId "1" goes with action renew/],
    ['?action=renew&orderId=', /^orderId must be an order number, not ""/],
    ['?action=renew&orderId=0', /^orderId must be an order number, not "0"/],
    ['?action=renew&orderId=-1', /^orderId must be an order number, not "-1"/],
    ['?action=renew&orderId=1e3', /^orderId must be an order number, not "1e3"/],
    ['?action=renew&orderId=2147483648', /^orderId must be an order number, not "2147483648"/],
    ['?action=renew&orderId=1&orderId=2', /^orderId must be an order number, not "1, 2"/],
    ['?action=renew&orderId=%00', /^orderId must be an order number, not "\\u\{0\}"/],
  ] as const;
  it('is refused where it says nothing right, by the directory and by newOrder', async () => {
    const session = await start();
    for (const [query, detail] of rows) {
      const shown = await session.client.get(`${directoryUrl}${query}`);
      const ordered = await newOrder(session, query);
      for (const reply of [shown, ordered]) {
        assert.equal(refusal(reply), '400 malformed', `${query}: ${reply.text}`);
        assert.match(reply.body.detail, detail);
      }
    }
    assert.deepEqual(await session.orders(), []);
  });

  it('may hold what nobody knows, which is not sent back', async () => {
    const { client } = await start({ registers: false });
    const { body } = await client.get(`${directoryUrl}?x=1&action=enroll&utm=2`);
    assert.equal(body.newOrder, `${baseUrl}/acme/default/new-order?action=enroll`);
    assert.equal((await client.get(`${directoryUrl}?x=1`)).body.newOrder, `${baseUrl}/acme/default/new-order`);
  });

  it('is part of the URL that is signed', async () => {
    const { client } = await start();
    const url = `${client.directory.newOrder}?action=enroll`;
    const payload = { identifiers: [{ type: 'dns', value: 'www.example.com' }] };
    for (const signed of [client.directory.newOrder, `${url}&x=1`, `${client.directory.newOrder}?action=renew`]) {
      assert.equal(refusal(await client.post(url, payload, { header: { url: signed } })), '400 malformed');
    }
    assert.equal((await client.post(url, payload)).status, 201);
  });
});

describe('action', () => {
  it('enroll: an order of its own, although the names are covered', async () => {
    const session = await start();
    const first = await issued(session, '');
    const paid = await balanceOf(session);
    await session.app.clock.advance(dayMs);
    const second = await issued(session, '?action=enroll');
    assert.deepEqual([second.kind, second.order.renewalOf], ['new', null]);
    assert.notEqual(second.order.id, first.order.id);
    assert.equal(paid - (await balanceOf(session)), second.order.totalMinor);
    // It covers the names as well, like any order.
    assert.deepEqual([(await issued(session, '')).order.id], [second.order.id]);
  });

  it('reissue and duplicate: of the named order, whichever front door it came through, and free', async () => {
    const session = await start();
    const named = await placedElsewhere(session);
    const paid = await balanceOf(session);
    await session.app.clock.advance(dayMs);
    const reissue = await issued(session, `?action=reissue&orderId=${named.number}`);
    assert.deepEqual([reissue.kind, reissue.order.id], ['reissue', named.id]);
    const duplicate = await issued(session, `?action=duplicate&orderId=${named.number}`, ['www.example.com']);
    assert.deepEqual([duplicate.kind, duplicate.order.id], ['duplicate', named.id]);
    assert.deepEqual(duplicate.leaf.notAfter, reissue.leaf.notAfter);
    // Where it would be a duplicate by its age.
    assert.equal((await issued(session, `?action=reissue&orderId=${named.number}`)).kind, 'reissue');
    assert.equal(await balanceOf(session), paid);
  });

  it('of the directory of DigiCert keys as well', async () => {
    const session = await start();
    const { app, account } = session;
    const named = await placedElsewhere(session);
    const administrator = await createCaller(app, account, { roles: ['administrator'] });
    const { key, hmacKey } = await app.ports.externalAccountKeys.add(
      { ...administrator, dialect: 'digicert', seesAllDialects: true },
      {
        name: 'sensors',
        productCode: 'encryption365:paid',
        organization: null,
        coverage: { unit: 'years', count: 1 },
        settings: {},
      },
    );
    const url = `${baseUrl}/acme/digicert/directory?action=duplicate&orderId=${named.number}`;
    const client = await session.stranger(url);
    assert.equal((await client.register({ keyId: key.keyId, hmacKey })).status, 201);
    const made = await client.newOrder(names);
    const { body } = await client.post(made.body.finalize, { csr: await csrFor(names) });
    assert.equal(body.status, 'valid', JSON.stringify(body));
    const [order, ...more] = await session.orders();
    assert.deepEqual([order?.order.id, more], [named.id, []]);
  });

  it('renew: a new order that adds the rest, once; the same URL later goes on in that order', async () => {
    const session = await start();
    const named = await placedElsewhere(session);
    const before = await balanceOf(session);
    await session.app.clock.advance(340 * dayMs);
    const query = `?action=renew&orderId=${named.number}`;
    const renewal = await issued(session, query);
    assert.deepEqual([renewal.kind, renewal.order.renewalOf], ['new', named.id]);
    const paid = await balanceOf(session);
    assert.equal(before - paid, renewal.order.totalMinor);
    // Its reply was lost, or it is run every day.
    const again = await issued(session, query);
    assert.deepEqual([again.kind, again.order.id], ['duplicate', renewal.order.id]);
    await session.app.clock.advance(200 * dayMs);
    const later = await issued(session, query);
    assert.deepEqual([later.kind, later.order.id], ['reissue', renewal.order.id]);
    assert.equal(await balanceOf(session), paid);
    // The coverage of the renewal is over: that is renewed.
    await session.app.clock.advance(300 * dayMs);
    assert.deepEqual((await issued(session, query)).order.renewalOf, renewal.order.id);
  });

  it('is refused for an order that is not there, or not right for it, and costs nothing', async () => {
    const session = await start();
    const { app, account } = session;
    const named = await placedElsewhere(session);
    const other = await createCustomer(app, { balanceMinor: 1_000_000 });
    const foreign = (await issue(app, other.caller, names, { productCode: 'paid' })).order;
    const free = await placedElsewhere(session, names, '100');
    const open = (await place(app, await createCaller(app, account), ['open.example.org'], { productCode: 'paid' }))
      .order;
    const before = await balanceOf(session);
    const rows: readonly (readonly [string, readonly string[], string, RegExp])[] = [
      ['renew&orderId=2147483647', names, '404 malformed', /orderId 2147483647: this account has no such order/],
      [`renew&orderId=${foreign.number}`, names, '404 malformed', /this account has no such order/],
      [`reissue&orderId=${free.number}`, names, '400 malformed', /is an order of .* and this client orders /],
      [`reissue&orderId=${open.number}`, ['open.example.org'], '400 malformed', /is open; action reissue needs active/],
      [`duplicate&orderId=${open.number}`, ['open.example.org'], '400 malformed', /is open; action duplicate needs/],
      [
        `renew&orderId=${open.number}`,
        ['open.example.org'],
        '400 malformed',
        /is open; action renew needs active or ended/,
      ],
      [`renew&orderId=${named.number}`, ['other.example.net'], '400 malformed', /no name in common/],
      [
        `reissue&orderId=${named.number}`,
        [...names, 'a.example.com'],
        '400 rejectedIdentifier',
        /a\.example\.com is not a name of order/,
      ],
      [
        `duplicate&orderId=${named.number}`,
        ['a.example.com', 'b.example.com'],
        '400 rejectedIdentifier',
        /a\.example\.com is not a name/,
      ],
    ];
    for (const [action, of, expected, detail] of rows) {
      const reply = await newOrder(session, `?action=${action}`, of);
      assert.equal(refusal(reply), expected, `${action}: ${reply.text}`);
      assert.match(reply.body.detail, detail);
    }
    const two = await newOrder(session, `?action=duplicate&orderId=${named.number}`, [
      'a.example.com',
      'b.example.com',
    ]);
    assert.deepEqual(
      two.body.subproblems.map(({ identifier }: { identifier: { value: string } }) => identifier.value),
      ['a.example.com', 'b.example.com'],
    );
    assert.equal(await balanceOf(session), before);
  });

  it('is refused at finalize where its order has ended since, and the ACME order stays ready', async () => {
    const session = await start();
    const { app, client } = session;
    const named = await placedElsewhere(session);
    const made = await newOrder(session, `?action=reissue&orderId=${named.number}`);
    assert.equal(made.body.status, 'ready', made.text);
    await app.ports.orders.cancel(app.operator, { number: named.number }, { issuedWithinDays: 30 });
    const before = await balanceOf(session);
    const reply = await client.post(made.body.finalize, { csr: await csrFor(names) });
    assert.equal(refusal(reply), '400 malformed', reply.text);
    assert.match(reply.body.detail, /is cancelled; action reissue needs active/);
    assert.equal((await client.post(made.headers.get('location') ?? '')).body.status, 'ready');
    assert.equal(await balanceOf(session), before);
  });

  it('reissue waits while its order is busy', async () => {
    const session = await start();
    const { app, account, client } = session;
    const named = await placedElsewhere(session);
    await app.ports.accounts.change(app.operator, account.id, { approval: 'manual' });
    const query = `?action=reissue&orderId=${named.number}`;
    const first = await finalized(session, query);
    assert.equal(first.body.status, 'processing');
    const other = await session.stranger(`${directoryUrl}${query}`);
    assert.equal((await other.register(session.external)).status, 201);
    const made = await other.newOrder(names);
    const second = await other.post(made.body.finalize, { csr: await csrFor(names) });
    assert.equal(second.body.status, 'processing', second.text);
    const waiting = async () =>
      (await app.ports.approvals.list(app.operator, { limit: 9, offset: 0, states: ['pending'] })).items;
    const [request, ...more] = await waiting();
    assert.deepEqual(more, []);
    // The same client with another key: the request goes on.
    const third = await finalized(session, query);
    assert.equal(third.body.status, 'processing', third.text);
    assert.deepEqual(
      (await waiting()).map(({ approval }) => [approval.id, approval.version]),
      [[request?.approval.id, 2]],
    );
    await app.ports.approvals.decide(
      app.operator,
      { id: request?.approval.id ?? '' },
      { approve: true, note: '', version: 2 },
    );
    await app.idle();
    assert.equal((await client.post(third.headers.get('location') ?? '')).body.status, 'valid');
    const location = second.headers.get('location') ?? '';
    assert.equal((await other.post(location)).body.status, 'processing');
    assert.equal((await waiting())[0]?.approval.asks, 'reissue');
  });

  it('enroll needs an approval of its own each time', async () => {
    const session = await start({ account: { approval: 'manual' } });
    const { app } = session;
    const waiting = async () =>
      (await app.ports.approvals.list(app.operator, { limit: 9, offset: 0, states: ['pending'] })).items;
    assert.equal((await finalized(session, '?action=enroll')).body.status, 'processing');
    const [request] = await waiting();
    await app.ports.approvals.decide(app.operator, { id: request?.approval.id ?? '' }, { approve: true, note: '' });
    await app.idle();
    assert.equal((await finalized(session, '?action=enroll')).body.status, 'processing');
    assert.equal((await waiting()).length, 1);
  });

  it('renew goes on after a late approval, without another order', async () => {
    const session = await start();
    const { app, account } = session;
    const named = await placedElsewhere(session);
    await app.clock.advance(340 * dayMs);
    await app.ports.accounts.change(app.operator, account.id, { approval: 'manual' });
    const query = `?action=renew&orderId=${named.number}`;
    assert.equal((await finalized(session, query)).body.status, 'processing');
    const { items } = await app.ports.approvals.list(app.operator, { limit: 9, offset: 0, states: ['pending'] });
    await app.ports.approvals.decide(app.operator, { id: items[0]?.approval.id ?? '' }, { approve: true, note: '' });
    await app.idle();
    const paid = await balanceOf(session);
    const late = await issued(session, query);
    assert.deepEqual([late.kind, late.order.renewalOf], ['duplicate', named.id]);
    assert.equal(await balanceOf(session), paid);
  });
});
