/** What this installation is made of: authorities with their lists, issuers with their health, nodes. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { noteNode } from '../../../src/app/upkeep/nodes.ts';
import { createCustomer, issue, startTestApp, type TestApp } from '../../support/app.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
afterEach(() => app.close());

const intermediateOf = async (caller = app.operator) => {
  const all = await app.ports.server.authorities(caller);
  return (
    all.find(({ authority }) => authority.role === 'intermediate' && authority.keyKind === 'P-256') ??
    assert.fail('there is one')
  );
};

describe('an authority', () => {
  it('shows its list, and to operators how many certificates it issued and revoked', async () => {
    app = await startTestApp({ upkeep: true });
    const { caller } = await createCustomer(app);
    const { order } = await issue(app, caller, ['a.example.com']);
    await issue(app, caller, ['b.example.com']);
    await app.ports.revocations.revokeOrder(caller, { id: order.id }, 'superseded');
    await app.idle();
    const own = await intermediateOf();
    assert.deepEqual(own.certificates, { issued: 2, revoked: 1 });
    assert.equal(own.crl?.entries, 1);
    assert.ok((own.crl?.nextUpdate ?? 0) > app.clock.now());
    assert.equal((await intermediateOf(caller)).certificates, null);
  });

  it('publishes a new list when it is asked to, which is in the audit log', async () => {
    app = await startTestApp({ upkeep: true });
    await app.idle();
    const { authority, crl: before } = await intermediateOf();
    const { crl } = await app.ports.server.publishCrl(app.operator, authority.id);
    assert.equal(crl?.number, (before?.number ?? 0) + 1);
    const { items } = await app.ports.events.list(app.operator, { limit: 10 });
    assert.ok(items.some(({ kind, actor }) => kind === 'crl.requested' && actor === app.operator.actor));
    const { caller } = await createCustomer(app);
    await assert.rejects(app.ports.server.publishCrl(caller, authority.id), refused('roleMissing'));
    await assert.rejects(app.ports.server.publishCrl(app.operator, 'ca_none'), refused('notFound'));
  });
});

describe('issuers', () => {
  it('show their last certificate and whether they work', async () => {
    app = await startTestApp();
    const { caller } = await createCustomer(app);
    const [before] = await app.ports.server.issuers(app.operator);
    assert.deepEqual([before?.id, before?.health, before?.lastIssuedAt], ['embedded', 'working', null]);
    await issue(app, caller, ['a.example.com']);
    const at = app.clock.now();
    await app.advance(40 * 86_400);
    await issue(app, caller, ['b.example.com']);
    const [issuer] = await app.ports.server.issuers(app.operator);
    assert.equal(issuer?.issuedIn30Days, 1);
    assert.ok(issuer?.lastIssuedAt && issuer.lastIssuedAt > at);
    await assert.rejects(app.ports.server.issuers(caller), refused('roleMissing'));
  });
});

describe('the server', () => {
  it('shows the nodes that noted that they are there, for a day', async () => {
    app = await startTestApp({ isAlone: false });
    const { context } = app;
    const other = { ...context, database: { ...context.database, node: 'other', isExclusive: false } };
    await app.database.write((tx) => noteNode(other, tx));
    const names = async () => (await app.ports.server.state(app.operator)).nodes.map(({ name }) => name);
    assert.deepEqual(await names(), [context.database.node, 'other']);
    const third = { ...context, database: { ...context.database, node: 'third', isExclusive: false } };
    await app.advance(2 * 86_400);
    await app.database.write((tx) => noteNode(third, tx));
    assert.deepEqual(await names(), [context.database.node, 'third']);
  });
});
