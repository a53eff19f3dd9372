/** What front doors in several threads know together: limits hold over all of them, and a change is seen by all at once. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createDigicertClient } from '../../src/dialects/digicert/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createClock } from '../../src/system/clock.ts';
import { createAccountKey } from '../support/account-key.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { startWorld, type World } from '../support/world.ts';

const fetchRequest = (one: Request) => fetch(one);

/** So many that the kernel, which spreads them, does not give all of them to one of three threads. */
const connections = Array.from({ length: 24 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));

let world: World;
let operator: NativeClient;
before(async () => {
  const settings = {
    dialects: {
      digicert: { requestLimits: { per5Seconds: 1000, per5Minutes: 100 } },
      acme: {
        directories: {
          default: { keysOf: ['native'], limits: { newOrdersPerAccount: { count: 5, seconds: 3_000_000 } } },
          flooded: { keysOf: ['native'], limits: { requestsPerAddress: { count: 20, seconds: 3_000_000 } } },
        },
      },
    },
  };
  world = await startWorld(settings, {}, 4);
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: fetchRequest });
});
after(async () => {
  for (const agent of connections) agent.destroy();
  await world.close();
});

type Headers = Readonly<Record<string, string>>;

async function send(agent: Agent, path: string, headers: Headers, post?: object) {
  const ofBody = post === undefined ? {} : { 'content-type': 'application/json' };
  const method = post === undefined ? 'GET' : 'POST';
  const sent = request(world.url + path, { agent, method, headers: { ...headers, ...ofBody } });
  sent.end(post === undefined ? undefined : JSON.stringify(post));
  const [reply] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: Number(reply.statusCode), headers: reply.headers, body: await text(reply) };
}

const get = (agent: Agent, path: string, headers: Headers = {}) => send(agent, path, headers);

/** Over each connection one after the other, over all of them at the same time. */
async function getOverAll(times: number, path: string, headers?: Headers) {
  const all = connections.map(async (agent) => {
    const replies = [];
    for (let n = 0; n < times; n++) replies.push(await get(agent, path, headers));
    return replies;
  });
  return (await Promise.all(all)).flat();
}

async function createKey(): Promise<{ readonly account: string; readonly key: string }> {
  const { id: account } = await operator.accounts.create({ name: 'threads', currency: 'USD', approval: 'automatic' });
  await operator.accounts.credit({ account, minor: 1_000_000, currency: 'USD', note: 'opening' });
  const { clientSettings } = await operator.credentials.create({
    account,
    dialect: 'digicert',
    label: 'test',
    roles: ['administrator'],
  });
  return { account, key: clientSettings['X-DC-DEVKEY'] ?? '' };
}

const withKey = (key: string) => ({ 'x-dc-devkey': key });

describe('front doors in three threads', () => {
  it('see a product that was renamed, and an account that was suspended, at once', async () => {
    const { account, key } = await createKey();
    const client = createDigicertClient({ baseUrl: world.url, fetch: fetchRequest, key: new Secret(key) });
    const { csrPem } = await createSubscriber('threads.example.com');
    const { id } = await client.placeOrder({
      product: 'ssl_dv_geotrust_flex',
      commonName: 'threads.example.com',
      names: [],
      csrPem,
      years: 1,
      method: 'dns-txt-token',
    });
    const path = `/services/v2/order/certificate/${id}`;
    const namesShown = async () => {
      const replies = await getOverAll(1, path, withKey(key));
      return new Set(replies.map(({ body }) => JSON.parse(body).product.name));
    };
    const before = await namesShown();
    assert.equal(before.size, 1);
    await operator.products.change({ dialect: 'digicert', code: 'ssl_dv_geotrust_flex', name: 'Renamed' });
    assert.deepEqual(await namesShown(), new Set(['Renamed']));
    await operator.accounts.change({ account, state: 'suspended' });
    const statuses = (await getOverAll(1, path, withKey(key))).map(({ status }) => status);
    assert.deepEqual(new Set(statuses), new Set([403]));
    await operator.accounts.change({ account, state: 'active' });
    assert.deepEqual(await namesShown(), new Set(['Renamed']));
  });

  it('let a key send as many requests as it may, however they are spread', async () => {
    const { key } = await createKey();
    const replies = await getOverAll(6, '/services/v2/order/certificate/7', withKey(key));
    assert.equal(replies.length, 144);
    assert.equal(replies.filter(({ status }) => status === 404).length, 100);
    assert.equal(replies.filter(({ status }) => status === 429).length, 44);
  });

  it('let an address send as many requests to an ACME directory as it may', async () => {
    const replies = await getOverAll(3, '/acme/flooded/directory');
    assert.equal(replies.filter(({ status }) => status === 200).length, 20);
    assert.equal(replies.filter(({ status }) => status === 503).length, 52);
  });

  it('let an ACME account make as many orders as it may', async () => {
    const { id: account } = await operator.accounts.create({ name: 'acme', currency: 'CNY', approval: 'automatic' });
    const made = await operator.acmeKeys.create({ account, name: 'key', productCode: 'encryption365:100' });
    const externalKey = { keyId: made.key.keyId, hmacKey: Buffer.from(made.hmacKey, 'base64url') };
    const key = createJwsKey(createAccountKey().pkcs8);
    const directoryUrl = `${world.url}/acme/default/directory`;
    // A client each, which has a nonce of its own: all of them send at once.
    const clock = createClock();
    const clients = connections.map(() => createAcmeClient({ directoryUrl, fetch: fetchRequest, clock, key }));
    for (const client of clients) await client.register({ externalKey });
    const orders = await Promise.allSettled(clients.map((client) => client.placeOrder({ names: ['www.example.com'] })));
    assert.equal(orders.filter(({ status }) => status === 'fulfilled').length, 5);
  });

  it('do a request once that comes to all of them with one Idempotency-Key, and answer all the same', async () => {
    const { id } = await operator.accounts.create({ name: 'once', currency: 'USD', approval: 'automatic' });
    const headers = { authorization: `Bearer ${world.operatorToken}`, 'idempotency-key': 'threads' };
    const credit = (agent: Agent, minor: number) =>
      send(agent, `/api/v1/accounts/${id}/credits`, headers, { minor, currency: 'USD' });
    const replies = await Promise.all(connections.map((agent) => credit(agent, 100)));
    assert.deepEqual(new Set(replies.map(({ status }) => status)), new Set([201]));
    assert.equal(new Set(replies.map(({ body }) => body)).size, 1);
    const others = await Promise.all(connections.map((agent) => credit(agent, 200)));
    assert.deepEqual(new Set(others.map(({ status }) => status)), new Set([409]));
    assert.equal((await operator.accounts.show({ account: id })).balance.minor, 100);
  });

  it('refuse a session, all of them, once one has ended it', async () => {
    const [agent = assert.fail()] = connections;
    const [username, password] = ['threads@example.com', 'correct horse battery staple'];
    const { id } = await operator.users.create({ username, password, roles: ['auditor'] });
    const ofConsole = { 'sec-fetch-site': 'same-origin', 'x-certmux-console': '1' };
    const { headers } = await send(agent, '/api/v1/session', ofConsole, { username, password });
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? assert.fail('there is a cookie');
    const statuses = async () => {
      const replies = await getOverAll(1, '/api/v1/me', { ...ofConsole, cookie });
      return new Set(replies.map(({ status }) => status));
    };
    assert.deepEqual(await statuses(), new Set([200]));
    const [open] = (await operator.sessions.list({ user: id })).items;
    await operator.sessions.end({ session: open?.id ?? assert.fail('one is open') });
    assert.deepEqual(await statuses(), new Set([401]));
  });
});
