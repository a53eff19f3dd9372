/**
 * Several nodes on one PostgreSQL database, as real processes: two that answer requests, and one that runs jobs. What one node takes another
 * one ends, whichever of them a client meets.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createEncryption365Client, type Encryption365Client } from '../../src/dialects/encryption365/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { createWosignClient } from '../../src/dialects/wosign/client.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createClock } from '../../src/system/clock.ts';
import { createAccountKey } from '../support/account-key.ts';
import { type Customer, createCustomer, placeHttpProofs } from '../support/customer.ts';
import { type Nodes, openNodes } from '../support/nodes.ts';
import { operatorToken, type ServerProcess } from '../support/server-process.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';
import { readTables } from '../support/tables.ts';

const fetchRequest = (request: Request) => fetch(request);

let nodes: Nodes;
let apis: readonly [ServerProcess, ServerProcess];
let worker: ServerProcess;
let operators: readonly [NativeClient, NativeClient];
before(async () => {
  nodes = await openNodes();
  // All at once, on an empty database.
  const [one, other, third] = await Promise.all([
    // With front doors in two threads of their own.
    nodes.start('api1', 'api', { config: { threads: 3 } }),
    nodes.start('api2', 'api'),
    nodes.start('worker', 'worker'),
  ]);
  apis = [one, other];
  worker = third;
  const tokenOf = (name: string) => operatorToken(nodes.directoryOf(name)).catch(() => undefined);
  const token = (await tokenOf('api1')) ?? (await tokenOf('api2'));
  assert.ok(token, 'one of the nodes that answer requests has made the operator');
  const operatorAt = ({ url }: ServerProcess) => createNativeClient({ baseUrl: url, token, fetch: fetchRequest });
  operators = [operatorAt(one), operatorAt(other)];
});
after(() => nodes.close());

const rows = () => readTables(nodes.databaseUrl);

/** The same customer at both nodes that answer requests. */
async function customerOfBoth(name: string): Promise<Customer & { readonly clients: readonly Encryption365Client[] }> {
  const customer = await createCustomer(apis[0].url, operators[0], { name, creditMinor: 100_000 });
  const credentials = { clientId: customer.clientId, accessToken: new Secret(customer.accessToken) };
  const clients = apis.map(({ url }) => createEncryption365Client({ baseUrl: url, fetch: fetchRequest, credentials }));
  return { ...customer, clients };
}

async function issuedAt(client: Encryption365Client, number: number): Promise<void> {
  await until(
    async () => (await client.order(number)).cert_status === 'issued_active',
    `order ${number} is issued`,
    20_000,
  );
}

describe('nodes that start together on an empty database', () => {
  it('make one CA and one operator, whose command line finds one of those that answer requests', () => {
    const { authorities = [], users = [], authority_keys: keys = [] } = rows();
    assert.deepEqual(authorities.map(({ role, key_kind: kind }) => `${role} ${kind}`).toSorted(), [
      'intermediate P-256',
      'intermediate rsa',
      'root P-256',
      'root rsa',
    ]);
    assert.equal(keys.length, 4);
    assert.equal(users.filter(({ username }) => username === 'operator').length, 1);
    const written = ['api1', 'api2', 'worker'].filter((name) =>
      existsSync(join(nodes.directoryOf(name), 'data', 'operator.json')),
    );
    assert.equal(written.length, 1, written.join());
    assert.notEqual(written[0], 'worker');
  });

  it('of which the worker answers its probes, and nothing else', async () => {
    const statusOf = async (path: string) => (await fetch(`${worker.url}${path}`)).status;
    for (const path of ['/healthz', '/readyz', '/metrics']) assert.equal(await statusOf(path), 200, path);
    for (const path of ['/', '/api/v1/accounts', '/acme/default/directory', '/pki/', '/cert/list', '/api/docs'])
      assert.equal(await statusOf(path), 404, path);
  });
});

describe('the master key', () => {
  it('of another kind is refused, with the sentence that names the missing one', async () => {
    const environment = { CERTMUX_MASTER_KEY: Buffer.alloc(32, 43).toString('base64') };
    await assert.rejects(nodes.start('stranger', 'api', { environment }), {
      message:
        /the data is sealed under the master key [0-9a-f]{16}, and [0-9a-f]{16} is here: put the missing key back/,
    });
  });

  it('is not made by a node that has none: it would open nothing', async () => {
    await assert.rejects(nodes.start('bare', 'worker', { environment: {} }), {
      message: /master\.key is missing, and the database is sealed under the master key [0-9a-f]{16}/,
    });
    assert.equal(existsSync(join(nodes.directoryOf('bare'), 'data', 'master.key')), false);
  });
});

describe('an order', () => {
  it('that one node takes is proved by the worker, and any node shows it', async () => {
    const { clients } = await customerOfBoth('proved');
    const [here, there] = clients;
    assert.ok(here && there);
    const name = 'www.proved.example';
    const { csrPem } = await createSubscriber(name);
    const placed = await here.placeOrder({ pid: '100', csrPem, names: [name] });
    placeHttpProofs(nodes, placed.dcv_info);
    await issuedAt(there, placed.trustocean_id);
    const again = await there.placeOrder({ pid: '100', csrPem, names: [name] });
    assert.equal(
      (await here.order(again.trustocean_id)).cert_status,
      'issued_active',
      'proved names are signed at once',
    );
    const leasedBy = rows().jobs?.filter(({ state }) => state === 'running');
    assert.deepEqual(
      leasedBy?.filter(({ kind }) => kind === 'issue' || kind === 'validate'),
      [],
    );
  });

  it('of an API that answers in one call is proved by the worker while the call waits', async () => {
    const { id: account } = await operators[0].accounts.create({
      name: 'platform',
      currency: 'CNY',
      approval: 'automatic',
    });
    const { clientSettings } = await operators[0].credentials.create({ account, dialect: 'wosign' });
    const { customer_id: customerId = '', auth_token: token = '', signfile = '' } = clientSettings;
    for (const [i, { url }] of apis.entries()) {
      const name = `one-call${i}.example`;
      nodes.dns.set(name, 'A', nodes.web.address);
      nodes.web.put(name, '/.well-known/pki-validation/signfile', signfile);
      const { csrPem } = await createSubscriber(name);
      const client = createWosignClient({
        baseUrl: url,
        fetch: fetchRequest,
        credentials: { customerId, authToken: new Secret(token) },
      });
      const outcome = await client.apply({ names: [name], csrPem });
      assert.equal(outcome.state, 'issued');
      assert.ok(
        outcome.state === 'issued' && new X509Certificate(outcome.certificatePem).subjectAltName?.includes(name),
      );
    }
  });

  it('waits for the worker while that is away, and the next one goes on with it', async () => {
    const { clients } = await customerOfBoth('waiting');
    const [here] = clients;
    assert.ok(here);
    const name = 'www.waiting.example';
    const { csrPem } = await createSubscriber(name);
    await worker.kill();
    const placed = await here.placeOrder({ pid: '100', csrPem, names: [name] });
    placeHttpProofs(nodes, placed.dcv_info);
    assert.equal((await here.order(placed.trustocean_id)).cert_status, 'enroll_caprocessing');
    worker = await nodes.start('worker', 'worker');
    await issuedAt(here, placed.trustocean_id);
  });
});

describe('ACME', () => {
  it('goes on at any node, with the nonces of any other, each of them once', async () => {
    const { id: account } = await operators[0].accounts.create({
      name: 'acme',
      currency: 'CNY',
      approval: 'automatic',
    });
    await operators[0].accounts.credit({ account, minor: 100_000, currency: 'CNY', note: 'test' });
    const { key, hmacKey, directoryUrl } = await operators[0].acmeKeys.create({
      account,
      name: 'nodes',
      productCode: 'encryption365:108',
    });
    const bodies: string[] = [];
    const refused: string[] = [];
    let calls = 0;
    const to = ({ url }: ServerProcess, request: Request) =>
      new Request(request.url.replace(new URL(request.url).origin, url), request);
    const client = createAcmeClient({
      directoryUrl,
      clock: createClock(),
      key: createJwsKey(createAccountKey().pkcs8),
      async fetch(request) {
        calls++;
        const node = apis[calls % 2] ?? apis[0];
        if (request.method === 'POST') bodies.push(await request.clone().text());
        const reply = await fetch(to(node, request));
        if (!reply.ok) refused.push(await reply.clone().text());
        return reply;
      },
    });
    await client.register({ externalKey: { keyId: key.keyId, hmacKey: Buffer.from(hmacKey, 'base64url') } });
    const name = 'www.acme-nodes.example';
    nodes.dns.set(name, 'A', nodes.web.address);
    const order = await client.placeOrder({ names: [name] });
    for (const url of order.shown.authorizations) {
      const { challenges } = (await client.authorization(url)).shown;
      const challenge = challenges.find(({ type }) => type === 'http-01') ?? assert.fail();
      nodes.web.put(
        name,
        `/.well-known/acme-challenge/${challenge.token}`,
        client.keyAuthorization(challenge.token ?? ''),
      );
      await client.respond(challenge.url);
      await until(async () => (await client.authorization(url)).shown.status === 'valid', 'the name is proved', 20_000);
    }
    const { csrDer } = await createSubscriber(name);
    await client.finalize({ url: order.url, finalizeUrl: order.shown.finalize, csrDer });
    await until(async () => (await client.order(order)).shown.status === 'valid', 'the order is valid', 20_000);
    assert.deepEqual(refused, [], 'no nonce was refused');

    const last = bodies.at(-1) ?? '';
    for (const { url } of apis) {
      const replayed = await fetch(order.url.replace(new URL(order.url).origin, url), {
        method: 'POST',
        headers: { 'content-type': 'application/jose+json' },
        body: last,
      });
      assert.equal(replayed.status, 400);
      assert.match(await replayed.text(), /urn:ietf:params:acme:error:badNonce/);
    }
  });
});

describe('limits on guessing', () => {
  it('of passwords hold over all nodes, and what a right one forgives is forgiven on all', async () => {
    await createCustomer(apis[0].url, operators[0], { name: 'guessed' });
    const signIn = async ({ url }: ServerProcess, password: string) => {
      const body = JSON.stringify({ username: 'guessed@example.com', password, servername: 'test' });
      const headers = { 'content-type': 'application/json' };
      const reply = await fetch(`${url}/client/create`, { method: 'POST', headers, body });
      return JSON.stringify(await reply.json());
    };
    const [here, there] = apis;
    const guess = (node: ServerProcess) => signIn(node, 'a guess');
    for (let n = 0; n < 4; n++) assert.match(await guess(here), /账户或密码错误/);
    assert.match(await signIn(there, 'correct horse battery staple'), /"result":"success"/);
    for (let n = 0; n < 4; n++) assert.match(await guess(here), /账户或密码错误/);
    await until(async () => /登录失败次数过多/.test(await guess(here)), 'the fifth is the last');
    // Of its own the other node would let five through; word of those takes a moment.
    const answers = [await guess(there), await guess(there), await guess(there)];
    assert.match(answers.at(-1) ?? '', /登录失败次数过多/);
  });
});

describe('what decides access', () => {
  it('holds on every node within a second, as soon as another one has changed it', async () => {
    const { clients, accountId } = await customerOfBoth('stopped');
    const [, there] = clients;
    assert.ok(there);
    const isLetIn = async () => {
      try {
        await there.products();
        return true;
      } catch {
        return false;
      }
    };
    assert.equal(await isLetIn(), true);
    await operators[0].accounts.change({ account: accountId, state: 'suspended' });
    await until(async () => !(await isLetIn()), 'the other node refuses', 1_000);
  });
});

describe('a session', () => {
  const password = 'correct horse battery staple';
  const headers = { 'sec-fetch-site': 'same-origin', 'x-certmux-console': '1', 'content-type': 'application/json' };

  async function signIn(username: string): Promise<(node: 0 | 1) => Promise<number>> {
    const body = JSON.stringify({ username, password });
    const response = await fetch(`${apis[0].url}/api/v1/session`, { method: 'POST', headers, body });
    assert.equal(response.status, 201, await response.text());
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? assert.fail('there is a cookie');
    return async (node) => (await fetch(`${apis[node].url}/api/v1/me`, { headers: { ...headers, cookie } })).status;
  }

  it('opens every node, and no node any more once it was ended at one of them', async () => {
    const { id } = await operators[0].users.create({ username: 'session@example.com', password, roles: ['support'] });
    const asks = await signIn('session@example.com');
    assert.deepEqual([await asks(0), await asks(1)], [200, 200]);
    const [open] = (await operators[1].sessions.list({ user: id })).items;
    await operators[0].sessions.end({ session: open?.id ?? assert.fail('one is open') });
    assert.deepEqual([await asks(1), await asks(0)], [401, 401]);
  });

  it('ends with its user, everywhere within a second', async () => {
    const { id } = await operators[0].users.create({ username: 'disabled@example.com', password, roles: ['auditor'] });
    const asks = await signIn('disabled@example.com');
    assert.equal(await asks(1), 200);
    await operators[0].users.disable({ user: id });
    assert.deepEqual([await asks(1), await asks(0)], [401, 401]);
  });
});
