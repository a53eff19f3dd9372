/** People by name wherever somebody acted: in one shape, within what the reader may know, and looked up once for a page. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { native } from '../../../src/dialects/native/index.ts';
import type { WireActor } from '../../../src/dialects/native/schema.ts';
import { isId } from '../../../src/domain/ids.ts';
import { listExecutions, watchStatements } from '../../support/statements.ts';
import { baseUrl, createSession, type NativeSession, placeOrder } from './session.ts';

// biome-ignore lint/suspicious/noExplicitAny: the test walks a JSON document
type Json = Record<string, any>;

/** Members named as if somebody had acted, which name something else. */
const notPeople = ['renewedBy', 'replacedBy', 'provedBy', 'answeredBy'];

/** A key of a person of the session's account, and the client that has it. */
async function personOf({ operator, client, fetch }: NativeSession, roles: ('requester' | 'administrator')[]) {
  const account = String((await client.me.show({})).account?.number);
  const user = await operator.users.create({ account, username: 'wei@example.com', roles, person: wei });
  const made = await operator.credentials.create({ account, user: user.id, label: 'panel', roles });
  return { user, client: createNativeClient({ baseUrl, token: made.clientSettings.token ?? '', fetch }) };
}

const wei = { firstName: 'Wei', lastName: 'Li' };
const weiByPanel = { kind: 'person', name: 'Wei Li', credential: 'panel' };
const theOperator = { kind: 'operator', name: 'the operator', credential: null };

/** Without the id, which is another one in each run. */
function nameOf(actor: WireActor | null | undefined): Omit<WireActor, 'id'> {
  assert.ok(actor, 'nobody is named');
  const { id, ...name } = actor;
  assert.ok(isId('user', id) || isId('credential', id), id);
  return name;
}

describe('people in answers', () => {
  it('are an actor wherever the document has a member for one', async () => {
    const session = await createSession();
    const reply = await session.fetch(new Request(`${baseUrl}/api/openapi.json`));
    const { components } = (await reply.json()) as Json;
    const seen: string[] = [];
    const walk = (schema: Json, at: string): void => {
      for (const [name, member] of Object.entries<Json>(schema.properties ?? {})) {
        const here = `${at}.${name}`;
        if (/(^by|By|^actor|^author|^subject|^holder)$/.test(name) && !notPeople.includes(name)) {
          const text = JSON.stringify(member);
          // What jobs and events are about is an id of anything; an authority's is a distinguished name.
          if (name === 'subject' && !text.includes('Actor')) continue;
          assert.match(text, /#\/components\/schemas\/Actor/, here);
          seen.push(here);
        }
        walk(member, here);
      }
      for (const inner of [schema.items, ...(schema.anyOf ?? []), ...(schema.allOf ?? [])]) if (inner) walk(inner, at);
    };
    for (const [name, schema] of Object.entries<Json>(components.schemas)) walk(schema, name);
    assert.ok(seen.includes('Event.actor') && seen.includes('RoleGrant.subject') && seen.length > 12, seen.join());
    assert.ok(native.operations.length > 0);
  });

  it('are shown with the order: who ordered, cancelled, decided', async () => {
    const session = await createSession({ account: { approval: 'manual' } });
    const { client } = await personOf(session, ['requester']);
    const placed = await placeOrder({ client });
    assert.deepEqual(nameOf(placed.orderedBy), weiByPanel);
    assert.ok(!('closedBy' in placed));
    assert.deepEqual(nameOf((await client.orders.list({})).items[0]?.orderedBy), weiByPanel);
    const { orders } = await client.search.find({ q: String(placed.number) });
    assert.deepEqual(
      orders.map(({ orderedBy }) => nameOf(orderedBy)),
      [weiByPanel],
    );
    const cancelled = await session.operator.orders.cancel({ order: placed.id });
    assert.equal(nameOf(cancelled.closedBy).name, 'operator');
    assert.equal(nameOf(cancelled.orderedBy).name, 'Wei Li');
    // The account does not learn the names of those who run the server.
    assert.deepEqual(nameOf((await client.orders.show({ order: placed.id })).closedBy), theOperator);

    const second = await placeOrder({ client });
    const rejected = await session.client.orders.reject({ order: second.id, note: 'no' });
    assert.equal(nameOf(rejected.closedBy).name, 'test');
    assert.equal(nameOf(rejected.approval?.decidedBy).name, 'test');
    const { items } = await client.approvals.list({});
    assert.deepEqual(nameOf(items.at(-1)?.requestedBy), weiByPanel);
  });

  it('are shown with a certificate that they revoked, in lists, searches and by itself', async () => {
    const session = await createSession();
    session.app.checks.placeEverywhere();
    const { client } = await personOf(session, ['requester', 'administrator']);
    const [kept, gone] = [await placeOrder(session), await placeOrder(session, ['www.trustocean.com'])];
    await session.app.idle();
    const certificate = (await client.orders.show({ order: gone.id })).certificate?.id ?? assert.fail();
    const revoked = await client.certificates.revoke({ certificate });
    assert.deepEqual(nameOf(revoked.revokedBy), weiByPanel);
    assert.deepEqual(nameOf((await client.certificates.show({ certificate })).revokedBy), weiByPanel);
    const { items } = await session.client.certificates.list({});
    assert.deepEqual(
      items.map(({ orderId, revokedBy }) => [orderId, revokedBy?.name]),
      [
        [gone.id, 'Wei Li'],
        [kept.id, undefined],
      ],
    );
    const found = await session.client.search.find({ q: 'www.trustocean.com' });
    assert.deepEqual(
      found.certificates.map(({ revokedBy }) => revokedBy?.name),
      ['Wei Li'],
    );
    const order = await session.operator.orders.revoke({ order: kept.id, reason: 'superseded' });
    assert.equal(nameOf(order.closedBy).name, 'operator');
  });

  it('keep their names when they are removed', async () => {
    const session = await createSession();
    const { user, client } = await personOf(session, ['requester']);
    const { id } = await placeOrder({ client });
    const note = await client.notes.add({ order: id, text: 'asked' });
    assert.deepEqual(nameOf(note.author), weiByPanel);
    await session.operator.users.remove({ user: user.id });
    assert.deepEqual(nameOf((await session.client.orders.show({ order: id })).orderedBy), weiByPanel);
    assert.deepEqual(nameOf((await session.client.notes.list({ order: id })).items[0]?.author), weiByPanel);
  });

  it('of another account and of the operator are not named to an account', async () => {
    const session = await createSession();
    const { operator, client } = session;
    const account = (await client.me.show({})).account?.id ?? assert.fail();
    await operator.accounts.credit({ account, minor: 100, currency: 'CNY', note: 'invoice' });
    const [credited] = (await client.accounts.ledger({ account })).items;
    assert.deepEqual(nameOf(credited?.by), theOperator);
    assert.equal(nameOf((await operator.accounts.ledger({ account })).items[0]?.by).name, 'operator');
    const events = await client.events.list({});
    assert.ok(events.items.length > 1);
    assert.ok(!JSON.stringify(events).includes('"name":"operator"'));
  });

  it('are looked up once for a page, however many there are', async (t) => {
    t.after(watchStatements());
    const session = await createSession({ repeatsWork: false });
    const { client } = await personOf(session, ['requester']);
    const order = { order: (await placeOrder({ client })).id };
    for (const who of [client, session.client, session.operator]) {
      for (const text of ['one', 'two']) await who.notes.add({ ...order, text });
    }
    const lookUps = async (work: () => Promise<unknown>) => {
      const executed = await listExecutions(async () => void (await work()));
      return executed.filter((sql) => /from "(users|credentials)" where "id" in/.test(sql)).length;
    };
    assert.equal(await lookUps(() => session.client.notes.list(order)), 2, 'one of keys, one of those who hold them');
    assert.equal(await lookUps(() => session.client.events.list({})), 2);
  });
});
