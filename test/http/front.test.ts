import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DialectServer } from '../../src/domain/ports/dialect.ts';
import { clientAddress, createFront } from '../../src/http/front.ts';
import { createRoute } from '../../src/http/route.ts';
import { createFakeClock, createFakeLog, createFakeRandomness } from '../support/system.ts';

/** A front before servers that misbehave in different ways, and what it was seen to do. */
function createScene(trustedProxies: readonly string[] = []) {
  const clock = createFakeClock();
  const log = createFakeLog();
  const observed: (readonly [mount: string, status: number, durationMs: number])[] = [];
  const seen: { address: string; requestId: string; url: string }[] = [];
  const server = (fetch: () => Response | Promise<Response>): DialectServer => ({
    async fetch(request, peer) {
      seen.push({ ...peer, url: request.url });
      return fetch();
    },
  });
  const front = createFront({
    route: createRoute([
      { name: 'good', paths: ['/good/'], hosts: ['good.example'], server: server(() => new Response('good')) },
      {
        name: 'slow',
        paths: ['/slow'],
        hosts: [],
        server: server(() => clock.sleep(250).then(() => new Response('slow'))),
      },
      {
        name: 'bad',
        paths: ['/bad'],
        hosts: [],
        server: server(() => Promise.reject(new Error('the password is hunter2'))),
      },
      {
        name: 'away',
        paths: ['/away'],
        hosts: [],
        server: server(() => Response.redirect('http://good.example/', 303)),
      },
    ]),
    clock,
    random: createFakeRandomness(),
    log,
    metrics: { observe: (...one) => observed.push(one) },
    trustedProxies,
    publicUrl: 'https://certs.example.com',
  });
  return { front, clock, log, observed, seen };
}

test('Every answer carries the id of its request, which no other has.', async () => {
  const { front, seen } = createScene();
  const ids: (string | null)[] = [];
  for (const path of ['good/', 'good/x', 'bad', 'away', 'nowhere']) {
    const response = await front(new Request(`http://any.example/${path}`), '192.0.2.7');
    ids.push(response.headers.get('x-request-id'));
  }
  for (const id of ids) assert.match(id ?? '', /^[0-9a-hjkmnp-tv-z]{16}$/);
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(
    seen.map(({ requestId }) => requestId),
    ids.slice(0, 4),
    'the server behind knows the same id',
  );
});

describe('X-Forwarded-For of a peer that is no trusted proxy', () => {
  const forwarded = (front: ReturnType<typeof createScene>['front'], address: string) =>
    front(new Request('http://any.example/good/', { headers: { 'x-forwarded-for': '203.0.113.9' } }), address);
  const told = ({ log }: ReturnType<typeof createScene>) =>
    log.lines.filter(({ level }) => level === 'warn').map(({ fields }) => fields);

  test('is told of once an hour for each network, with the setting to change', async () => {
    const scene = createScene(['10.0.0.0/8']);
    for (const address of ['192.0.2.7', '192.0.2.7', '::ffff:192.0.2.7', '10.1.2.3'])
      await forwarded(scene.front, address);
    assert.deepEqual(told(scene), [{ peer: '192.0.2.7', setting: 'trustedProxies' }]);
    assert.match(scene.log.lines[0]?.message ?? '', /add its address to trustedProxies$/);
    assert.deepEqual(
      scene.seen.map(({ address }) => address),
      ['192.0.2.7', '192.0.2.7', '192.0.2.7', '203.0.113.9'],
    );
    for (const address of ['2001:db8::1', '2001:db8::2']) await forwarded(scene.front, address);
    assert.equal(told(scene).length, 2, 'two addresses of one /64 are one network');
    await scene.clock.advance(3_599_999);
    await forwarded(scene.front, '192.0.2.7');
    assert.equal(told(scene).length, 2);
    await scene.clock.advance(1);
    await forwarded(scene.front, '192.0.2.7');
    assert.equal(told(scene).length, 3);
  });

  test('fills neither log nor memory, from however many networks it comes', async () => {
    const scene = createScene();
    for (let i = 0; i < 300; i++) await forwarded(scene.front, `192.0.${i >> 8}.${i & 255}`);
    assert.equal(told(scene).length, 20);
    await scene.clock.advance(3_600_000);
    await forwarded(scene.front, '198.51.100.1');
    assert.equal(told(scene).length, 21);
  });

  test('is not told of where the header is missing', async () => {
    const scene = createScene();
    await scene.front(new Request('http://any.example/good/'), '192.0.2.7');
    assert.deepEqual(told(scene), []);
  });
});

test('What a server throws is logged with the request id and told to nobody.', async () => {
  const { front, log, observed } = createScene();
  const response = await front(new Request('http://any.example/bad'), '192.0.2.7');
  const requestId = response.headers.get('x-request-id');
  assert.equal(response.status, 500);
  assert.deepEqual(await response.json(), { error: 'internal error', requestId });
  assert.equal(log.lines.length, 1);
  const [line] = log.lines;
  assert.equal(line?.level, 'error');
  assert.equal(line?.fields.requestId, requestId);
  assert.match(String(line?.fields.err), /hunter2/);
  assert.deepEqual(observed, [['bad', 500, 0]]);
});

test('A redirect, whose headers cannot be changed, keeps its status and place.', async () => {
  const { front } = createScene();
  const response = await front(new Request('http://any.example/away'), '192.0.2.7');
  assert.equal(response.status, 303);
  assert.equal(response.headers.get('location'), 'http://good.example/');
});

test('Where nobody answers, the answer says so without echoing a kilometre of path.', async () => {
  const { front, observed } = createScene();
  const path = `/nowhere/${'x'.repeat(5000)}`;
  const response = await front(new Request(`http://any.example${path}?token=secret`, { method: 'POST' }), '192.0.2.7');
  assert.equal(response.status, 404);
  assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8');
  assert.equal(await response.text(), `certmux: nothing answers POST ${path.slice(0, 200)}\n`);
  assert.deepEqual(observed, [['none', 404, 0]]);
});

test('The time of an answer is measured.', async () => {
  const { front, clock, observed } = createScene();
  const answering = front(new Request('http://any.example/slow'), '192.0.2.7');
  await clock.advance(250);
  assert.equal(await (await answering).text(), 'slow');
  assert.deepEqual(observed, [['slow', 200, 250]]);
});

describe('the host', () => {
  const rows: readonly (readonly [url: string, isGood: boolean])[] = [
    ['http://good.example', true],
    ['http://good.example/', true],
    ['http://good.example:8080/x', true],
    ['http://GOOD.example/x', true],
    ['http://good.example./x', true], // an absolute name
    ['http://good.example.:8080/x', true],
    ['http://good.example?q=/good/', true],
    ['http://other.example/x', false],
    ['http://other.example/x?host=good.example', false],
    ['http://other.example/?/good/', false],
    ['http://[::1]:8080/good/x', true], // by its path
    ['http://[::1]/good/x', true],
    ['http://other.example/good/x?y#z', true],
  ];
  for (const [url, isGood] of rows) {
    test(`of ${url} ${isGood ? 'is found' : 'is another'}`, async () => {
      const { front } = createScene();
      // Not `new Request`, which would write the URL anew: the listener hands over what the client sent.
      const request = Object.assign(new Request('http://any.example/'), {});
      Object.defineProperty(request, 'url', { value: url });
      assert.equal((await front(request, '192.0.2.7')).status, isGood ? 200 : 404);
    });
  }
});

describe('clientAddress', () => {
  const proxies = ['10.0.0.0/8', '2001:db8:1::/48', '127.0.0.1'];
  const rows: readonly (readonly [
    why: string,
    socket: string,
    forwarded: string | undefined,
    address: string,
    trusted?: readonly string[],
  ])[] = [
    ['no proxy', '203.0.113.7', undefined, '203.0.113.7'],
    ['a stranger who forges the header', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['a stranger who claims to be a proxy', '203.0.113.7', '10.0.0.1', '203.0.113.7'],
    ['nobody is trusted', '10.0.0.1', '198.51.100.1', '10.0.0.1', []],
    ['one proxy', '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['a proxy that adds to what a stranger forged', '10.0.0.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['a forged proxy in front of a forged address', '10.0.0.1', '1.1.1.1, 10.0.0.9, 198.51.100.1', '198.51.100.1'],
    ['two proxies', '10.0.0.1', '198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['two proxies and a forgery', '10.0.0.1', '1.1.1.1, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['a client inside the trusted net', '10.0.0.1', '10.0.0.7', '10.0.0.7'],
    ['a proxy that says nothing', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy with an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['an empty place', '10.0.0.1', '198.51.100.1,,10.0.0.2', '10.0.0.2'],
    ['a word for an address', '10.0.0.1', 'unknown', '10.0.0.1'],
    ['a word behind a proxy', '10.0.0.1', "x'); DROP TABLE, 10.0.0.2", '10.0.0.2'],
    ['no blanks', '10.0.0.1', '1.1.1.1,198.51.100.1', '198.51.100.1'],
    ['a port behind the address', '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['IPv6', '2001:db8:1::1', '2001:db8:2::7', '2001:db8:2::7'],
    ['IPv6 in brackets', '10.0.0.1', '[2001:db8:2::7]', '2001:db8:2::7'],
    ['IPv6 in brackets with a port', '10.0.0.1', '[2001:db8:2::7]:4711', '2001:db8:2::7'],
    ['an IPv4 peer of an IPv6 socket', '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['an IPv4 proxy of an IPv6 socket', '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['an IPv4 address that a proxy heard on an IPv6 socket', '10.0.0.1', '::FFFF:198.51.100.1', '198.51.100.1'],
    ['a proxy that a proxy heard on an IPv6 socket', '10.0.0.1', '198.51.100.1, ::ffff:10.0.0.2', '198.51.100.1'],
    ['no socket address', '', '198.51.100.1', ''],
  ];
  for (const [why, socket, forwarded, address, trusted = proxies] of rows) {
    test(`${why}: ${address || 'none'}`, () => {
      const headers = forwarded === undefined ? undefined : { 'X-Forwarded-For': forwarded };
      const request = new Request('http://any.example/', headers && { headers });
      assert.equal(clientAddress(request, socket, trusted), address);
    });
  }

  test('several headers are one list', () => {
    const headers = new Headers([
      ['X-Forwarded-For', '1.1.1.1'],
      ['X-Forwarded-For', '198.51.100.1'],
    ]);
    assert.equal(clientAddress(new Request('http://any.example/', { headers }), '10.0.0.1', proxies), '198.51.100.1');
  });

  test('is what the server behind sees', async () => {
    const { front, seen } = createScene(proxies);
    const headers = { 'X-Forwarded-For': '198.51.100.1' };
    await front(new Request('http://any.example/good/', { headers }), '::ffff:10.0.0.1');
    assert.equal(seen[0]?.address, '198.51.100.1');
  });
});
