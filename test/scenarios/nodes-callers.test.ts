/**
 * What somebody does at one node of a PostgreSQL database and meets again at another: streams of changes that go on there, requests that
 * are repeated there, and sessions that have ended there. Real processes: one with front doors in threads of their own, one without.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { type FollowedStream, followStream } from '../support/followed-stream.ts';
import { type Nodes, openNodes } from '../support/nodes.ts';
import { operatorToken, type ServerProcess } from '../support/server-process.ts';
import { createSubscriber } from '../support/subscriber.ts';
import { until } from '../support/system.ts';

let nodes: Nodes;
let servers: readonly [ServerProcess, ServerProcess];
let operators: readonly [NativeClient, NativeClient];
let token: string;
before(async () => {
  nodes = await openNodes();
  const one = await nodes.start('api1', 'all', { config: { threads: 3 } });
  token = await operatorToken(nodes.directoryOf('api1'));
  servers = [one, await nodes.start('api2', 'api')];
  const operatorAt = ({ url }: ServerProcess) =>
    createNativeClient({ baseUrl: url, token, fetch: (request) => fetch(request) });
  operators = [operatorAt(servers[0]), operatorAt(servers[1])];
});
after(() => nodes.close());

type Node = 0 | 1;
const otherThan = (node: Node): Node => (node === 0 ? 1 : 0);
const both: readonly Node[] = [0, 1];

const newAccount = (node: Node, name = 'nodes') =>
  operators[node].accounts.create({ name, currency: 'CNY', approval: 'automatic' });

const bearer = () => ({ authorization: `Bearer ${token}` });
const follow = (node: Node, lastEventId?: string) => followStream(servers[node].url, bearer(), lastEventId);

/** What was heard up to the last event with a number, from which the stream is taken up. */
function wholeOf({ text }: FollowedStream): { readonly changes: readonly string[]; readonly lastId: string } {
  const [last = assert.fail(`no number in ${text}`)] = [...text.matchAll(/^id: (\d+)\n(?:.+\n)*\n/gm)].slice(-1);
  const whole = text.slice(0, last.index + last[0].length);
  assert.ok(!whole.includes('event: reset'), `nothing is missed:\n${whole}`);
  return { changes: [...whole.matchAll(/^data: (.+)$/gm)].map(([, data = '']) => data), lastId: last[1] ?? '' };
}

const hasBegun = (stream: FollowedStream) => until(() => /^id: \d+$/m.test(stream.text), 'the stream begins', 5000);

describe('a stream of changes', () => {
  for (const node of both) {
    it(`at ${node === 0 ? 'the first' : 'the other'} node has what is done at its neighbour, within seconds`, async () => {
      const stream = await follow(node);
      await hasBegun(stream);
      const { id } = await newAccount(otherThan(node));
      await until(() => stream.text.includes(`"id":"${id}"`), 'the stream names the account', 5000);
      stream.cut();
    });
  }

  it('that is cut again and again goes on at the other node, and misses and repeats nothing', async () => {
    // Somebody follows at each node all the time, so that each has a log that is a moment old.
    const others = await Promise.all(both.map((node) => follow(node)));
    await Promise.all(others.map(hasBegun));
    let isEnough = false;
    const made: string[] = [];
    const making = both.map(async (node) => {
      while (!isEnough) made.push((await newAccount(node)).id);
    });

    const heard: string[] = [];
    let stream = await follow(0);
    await hasBegun(stream);
    let { lastId } = wholeOf(stream);
    const firstIsNamed = made.length;
    for (let cuts = 0; cuts < 12; cuts++) {
      await until(() => wholeOf(stream).changes.length > 0, `something is heard after cut ${cuts}`, 10_000);
      stream.cut();
      const whole = wholeOf(stream);
      heard.push(...whole.changes);
      lastId = whole.lastId;
      stream = await follow(cuts % 2 === 0 ? 1 : 0, lastId);
      await hasBegun(stream);
    }
    isEnough = true;
    await Promise.all(making);
    const latest = made.at(-1) ?? assert.fail();
    await until(() => [...both].every((n) => others[n]?.text.includes(latest)), 'the others have heard all', 10_000);
    await until(() => made.slice(-2).every((id) => stream.text.includes(`"id":"${id}"`)), 'all is heard', 10_000);
    heard.push(...wholeOf(stream).changes);
    for (const one of [stream, ...others]) one.cut();

    const versions = heard.map((data): number => JSON.parse(data).version);
    assert.deepEqual(heard, [...new Set(heard)], 'nothing is repeated');
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
      'in the order in which it was done',
    );
    const named = new Set(heard.map((data): string => JSON.parse(data).id));
    assert.deepEqual(
      made.slice(firstIsNamed).filter((id) => !named.has(id)),
      [],
      'nothing is missed',
    );
  });
});

describe('an Idempotency-Key', () => {
  function post(node: Node, path: string, key: string, body: object): Promise<Response> {
    const headers = { ...bearer(), 'content-type': 'application/json', 'idempotency-key': key };
    return fetch(`${servers[node].url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }
  const credit = (node: Node, account: string, key: string, minor = 100) =>
    post(node, `/accounts/${account}/credits`, key, { minor, currency: 'CNY' });
  const balanceOf = async (account: string) => (await operators[0].accounts.show({ account })).balance.minor;

  it('that comes to both nodes at once is one act, with one answer', async () => {
    const { id } = await newAccount(0);
    for (let round = 1; round <= 5; round++) {
      const sent = Array.from({ length: 10 }, (_, n) => credit(n % 2 === 0 ? 0 : 1, id, `round ${round}`));
      const answers = await Promise.all(sent);
      const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]), [...texts].join('\n'));
      assert.equal(texts.size, 1);
      const replayed = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
      assert.equal(replayed.length, 9);
      assert.equal(await balanceOf(id), round * 100);
    }
  });

  it('of an order that comes to both nodes at once makes one order, paid once', async () => {
    const { id } = await newAccount(0);
    await credit(0, id, 'money', 1_000_000);
    const { csrPem } = await createSubscriber('www.once.example');
    const body = { account: id, productCode: 'native:tls-dv', csr: csrPem };
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => post(n % 2 === 0 ? 0 : 1, '/orders', 'order', body)),
    );
    const texts = new Set(await Promise.all(answers.map((answer) => answer.text())));
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]), [...texts].join('\n'));
    assert.equal(texts.size, 1);
    for (const operator of operators) assert.equal((await operator.orders.list({ account: id })).items.length, 1);
    const { items } = await operators[1].events.list({ account: id, kind: 'order.placed' });
    assert.equal(items.length, 1);
  });

  it('shows a secret again at the other node: what one has sealed the other opens', async () => {
    const { id } = await newAccount(0);
    const body = { account: id, label: 'both', roles: ['viewer'] };
    const [here, there] = await Promise.all(both.map((node) => post(node, '/credentials', 'secret', body)));
    assert.deepEqual([here?.status, there?.status], [201, 201]);
    assert.equal(await here?.text(), await there?.text());
    assert.equal((await operators[1].credentials.list({ account: id })).items.length, 1);
  });

  it('of another request is refused at the other node, and is free there once its request was refused', async () => {
    const { id } = await newAccount(0);
    assert.equal((await credit(0, id, 'used')).status, 201);
    const other = await credit(1, id, 'used', 200);
    assert.equal(other.status, 409);
    assert.match(await other.text(), /idempotency key \\"used\\" was already used for a different request/);
    assert.equal((await credit(0, '999999', 'refused')).status, 404);
    assert.equal((await credit(1, id, 'refused')).status, 201);
    assert.equal(await balanceOf(id), 200);
  });
});

describe('a session and its stream, open at one node, end there at once', () => {
  const password = 'correct horse battery staple';
  const ofConsole = { 'sec-fetch-site': 'same-origin', 'x-certmux-console': '1', 'content-type': 'application/json' };

  interface Person {
    readonly id: string;
    readonly account: string;
    readonly headers: Readonly<Record<string, string>>;
  }

  let people = 0;
  async function signedIn(node: Node): Promise<Person> {
    people++;
    const username = `person${people}@example.com`;
    const { id: account } = await newAccount(node);
    const { id } = await operators[node].users.create({ account, username, password, roles: ['administrator'] });
    const response = await fetch(`${servers[node].url}/api/v1/session`, {
      method: 'POST',
      headers: ofConsole,
      body: JSON.stringify({ username, password }),
    });
    assert.equal(response.status, 201, await response.text());
    const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? assert.fail('there is a cookie');
    return { id, account, headers: { ...ofConsole, cookie } };
  }

  async function send(node: Node, person: Person, method: string, path: string, body?: object): Promise<number> {
    const url = `${servers[node].url}/api/v1${path}`;
    const response = await fetch(url, {
      method,
      headers: person.headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    await response.arrayBuffer();
    return response.status;
  }

  interface End {
    readonly what: string;
    end(at: Node, person: Person): Promise<unknown>;
    /** What the audit log, which only some roles may read, answers from then on. */
    readonly status: 401 | 403;
  }

  const ends: readonly End[] = [
    { what: 'they sign out at the other', status: 401, end: (at, person) => send(at, person, 'DELETE', '/session') },
    {
      what: 'an operator ends it at the other',
      status: 401,
      async end(at, { id }) {
        const [open] = (await operators[at].sessions.list({ user: id })).items;
        await operators[at].sessions.end({ session: open?.id ?? assert.fail('one is open') });
      },
    },
    {
      what: 'their user is disabled at the other',
      status: 401,
      end: (at, { id: user }) => operators[at].users.disable({ user }),
    },
    {
      what: 'their user is removed at the other',
      status: 401,
      end: (at, { id: user }) => operators[at].users.remove({ user }),
    },
    {
      what: 'they change their password at the other',
      status: 401,
      end: (at, person) => send(at, person, 'PUT', '/me/password', { present: password, password: `${password} 2` }),
    },
    {
      what: 'an operator sets their password at the other',
      status: 401,
      end: (at, { id: user }) => operators[at].passwords.set({ user, password: `${password} 2` }),
    },
    {
      what: 'their account is suspended at the other',
      status: 403,
      end: (at, { account }) => operators[at].accounts.change({ account, state: 'suspended' }),
    },
    {
      what: 'their role is taken away at the other',
      status: 403,
      end: (at, { id: user }) => operators[at].users.change({ user, roles: ['viewer'] }),
    },
  ];

  async function endsAt(node: Node, { end, status }: End): Promise<void> {
    const person = await signedIn(otherThan(node));
    const ask = () => send(node, person, 'GET', '/events');
    const stream = await followStream(servers[node].url, person.headers);
    await hasBegun(stream);
    assert.equal(await ask(), 200);
    await end(otherThan(node), person);
    // A session that has ended has no row, and its row is read for each request; a node may keep rows of accounts and users for a second.
    if (status === 401) assert.equal(await ask(), 401);
    else await until(async () => (await ask()) === status, `a request to node ${node} is answered ${status}`, 1000);
    await until(() => stream.isOver, `the stream of node ${node} is shut`, 5000);
  }

  for (const one of ends) {
    it(`when ${one.what}`, async () => {
      await Promise.all(both.map((node) => endsAt(node, one)));
    });
  }
});
