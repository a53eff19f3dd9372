/** Search over everything: each kind is found by what people have in hand, within the caller's account and roles. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createNativeClient, type NativeClient } from '../../../src/dialects/native/client.ts';
import { seedCsr } from '../encryption365/seed.ts';
import { baseUrl, createSession, type NativeSession, placeOrder } from './session.ts';

let session: NativeSession;
let viewer: NativeClient;
let stranger: NativeClient;

before(async () => {
  session = await createSession({
    account: { approval: 'manual' },
    roles: ['administrator', 'approver', 'requester', 'registrar'],
  });
  const { client, operator } = session;
  await placeOrder(session, ['shop.example']);
  await client.domains.add({ name: 'findme.example', method: 'dnsTxt' });
  await client.organizations.add({
    details: { name: 'Findme Ltd', city: 'Springfield', state: 'Illinois', country: 'US' },
  });
  await client.users.create({ username: 'findme', password: 'long enough for it', roles: ['viewer'] });
  await client.credentials.create({ label: 'findme key', roles: ['viewer'] });
  const clientWith = async (account: string, roles: readonly ['viewer'] | readonly ['administrator']) => {
    const { clientSettings } = await operator.credentials.create({ account, label: 'other', roles: [...roles] });
    return createNativeClient({ baseUrl, token: clientSettings.token ?? '', fetch: session.fetch });
  };
  viewer = await clientWith('1', ['viewer']);
  const other = await operator.accounts.create({ name: 'Other' });
  stranger = await clientWith(other.id, ['administrator']);
});

const kindsOf = async (client: NativeClient, q: string) =>
  (await client.search.find({ q })).objects.map(({ kind }) => kind).toSorted();

describe('a search', () => {
  test('finds whatever has the text in its name', async () => {
    const all = ['credential', 'domain', 'organization', 'user'];
    assert.deepEqual(await kindsOf(session.client, 'FindMe'), all);
    assert.deepEqual(await kindsOf(session.operator, 'findme'), all);
    assert.deepEqual(await kindsOf(session.operator, 'acme'), ['account']);
  });

  test('finds nothing of what the caller may not list, nor of another account', async () => {
    assert.deepEqual(await kindsOf(viewer, 'findme'), ['domain', 'organization', 'user']);
    assert.deepEqual(await kindsOf(stranger, 'findme'), []);
    assert.deepEqual(await kindsOf(stranger, 'acme'), []);
  });

  test('finds a key by the part of it that is shown, and a request for approval by its number', async () => {
    const { items } = await session.client.credentials.list({ text: 'findme' });
    const [key = assert.fail()] = items;
    const found = (await session.client.search.find({ q: key.publicId.slice(0, 12) })).objects;
    assert.ok(found.some(({ kind, id, state }) => kind === 'credential' && id === key.id && state === 'active'));
    const [request = assert.fail()] = (await session.client.approvals.list({})).items;
    const byNumber = (client: NativeClient) => client.search.find({ q: String(request.number) });
    const isIt = ({ kind, id }: { readonly kind: string; readonly id: string }) =>
      kind === 'approval' && id === request.id;
    assert.ok((await byNumber(session.client)).objects.some(isIt));
    assert.equal((await byNumber(stranger)).objects.some(isIt), false);
  });

  test('finds what a request did by its id, for whoever may read the audit log of it', async () => {
    const [event = assert.fail()] = (await session.operator.events.list({ kind: 'order.placed', limit: 1 })).items;
    const q = event.requestId ?? assert.fail('a request placed it');
    const { objects } = await session.operator.search.find({ q });
    const found = objects.filter(({ kind }) => kind === 'request');
    assert.deepEqual(
      found.map(({ id, number }) => [id, number]),
      [[q, null]],
    );
    assert.deepEqual(
      (await viewer.search.find({ q })).objects.filter(({ kind }) => kind === 'request'),
      [],
    );
    assert.deepEqual((await stranger.search.find({ q: 'no-such-request' })).objects, []);
  });

  test('finds orders by part of a name and of a reference, over all accounts for whoever sees them', async () => {
    const { number } = await session.client.orders.place({
      productCode: 'encryption365:100',
      csr: seedCsr,
      names: ['part.customer.example'],
      reference: 'Ticket-4711',
    });
    const ordersOf = async (client: NativeClient, q: string) =>
      (await client.search.find({ q })).orders.map((order) => order.number);
    for (const q of ['ART.customer', 'ticket-47']) {
      assert.deepEqual(await ordersOf(session.operator, q), [number], `operator: ${q}`);
      assert.deepEqual(await ordersOf(session.client, q), [number], q);
      assert.deepEqual(await ordersOf(stranger, q), [], `another account: ${q}`);
    }
    assert.deepEqual(await ordersOf(session.operator, 'pa'), [], 'two letters would be in nearly everything');
  });

  test('finds orders by part of an e-mail address within one account', async () => {
    const all = (await session.client.orders.list({})).items.map(({ number }) => number);
    const found = (await session.client.search.find({ q: 'enc365@qia' })).orders.map(({ number }) => number);
    assert.deepEqual(found, all, 'the account has it, and so have keys that nobody holds');
    assert.deepEqual((await stranger.search.find({ q: 'enc365@qia' })).orders, []);
  });

  test('shows no more of each kind than was asked for, and says that there is more', async () => {
    await session.client.users.create({ username: 'findme2', password: 'long enough for it', roles: ['viewer'] });
    const { objects, hasMore } = await session.client.search.find({ q: 'findme', limit: 1 });
    assert.equal(objects.filter(({ kind }) => kind === 'user').length, 1);
    assert.equal(hasMore, true);
  });
});
