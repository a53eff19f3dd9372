/** The most sockets that are open at the same time: who waits, in which order, and that waiting can be given up. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { createFetchUntrusted } from '../../src/system/fetch-untrusted.ts';
import { createRandomness } from '../../src/system/random.ts';
import { createResolver } from '../../src/system/resolver.ts';
import { createSocketPlaces } from '../../src/system/socket-places.ts';
import { createHandshakeUntrusted } from '../../src/system/untrusted-handshake.ts';
import { settle } from '../support/system.ts';

const never = new AbortController().signal;

function sockets(limit: number) {
  const places = createSocketPlaces(limit);
  const log: string[] = [];
  const take = async (name: string, signal = never) => {
    const giveBack = await places.take(signal);
    log.push(name);
    return giveBack;
  };
  return { take, log };
}

describe('places for sockets', () => {
  it('are so many and no more; who waits comes in turn', async () => {
    const { take, log } = sockets(2);
    const giveBack = await take('a');
    await take('b');
    const [c, d] = [take('c'), take('d')];
    await settle();
    assert.deepEqual(log, ['a', 'b']);
    giveBack();
    (await c)();
    await d;
    assert.deepEqual(log, ['a', 'b', 'c', 'd']);
  });

  it('are given back once, however often somebody says so', async () => {
    const { take, log } = sockets(1);
    const giveBack = await take('a');
    giveBack();
    giveBack();
    await take('b');
    void take('c');
    await settle();
    assert.deepEqual(log, ['a', 'b']);
  });

  it('are not waited for after an abort, and nobody behind loses one by it', async () => {
    const { take, log } = sockets(1);
    const giveBack = await take('a');
    const impatient = new AbortController();
    const left = take('left', impatient.signal);
    const next = take('next');
    impatient.abort();
    // It has none to give back.
    (await left)();
    await settle();
    assert.deepEqual(log, ['a', 'left']);
    giveBack();
    await next;
    void take('last');
    await settle();
    assert.deepEqual(log, ['a', 'left', 'next']);
  });

  it('are not taken by what is aborted already', async () => {
    const { take, log } = sockets(1);
    await take('aborted', AbortSignal.abort());
    await take('a');
    assert.deepEqual(log, ['aborted', 'a']);
  });
});

describe('sockets to strangers', () => {
  async function world(limit: number) {
    const places = createSocketPlaces(limit);
    const web = await startLoopbackWeb();
    const dns = await startLoopbackDns({ records: [{ name: 'www.example.com', type: 'A', value: '127.0.0.1' }] });
    web.put('www.example.com', '/file', 'proof');
    const resolver = createResolver({ servers: [dns], random: createRandomness(), sockets: places });
    const ports = { http: web.httpPort, https: web.httpPort };
    const dangerAllowAddresses = ['127.0.0.0/8'];
    const common = { resolver, ports, dangerAllowAddresses, sockets: places };
    return {
      places,
      dns,
      resolver,
      fetchWithin: (timeoutMs: number, signal = never) =>
        createFetchUntrusted({ ...common, timeoutMs })({ url: 'http://www.example.com/file', signal }),
      handshakeWithin: (timeoutMs: number) =>
        createHandshakeUntrusted({ ...common, timeoutMs })({
          host: 'www.example.com',
          serverName: 'www.example.com',
          protocol: 'acme-tls/1',
          signal: never,
        }),
      [Symbol.asyncDispose]: () => Promise.all([dns.close(), web.close()]).then(() => undefined),
    };
  }

  it('do with one place between them, which each gives back however it ends', async () => {
    await using one = await world(1);
    for (let i = 0; i < 3; i++) {
      const outcome = await one.fetchWithin(5000);
      assert.ok(outcome.ok && outcome.status === 200, JSON.stringify(outcome));
      // It speaks no TLS.
      assert.equal((await one.handshakeWithin(5000)).ok, false);
    }
    const fetches = await Promise.all(Array.from({ length: 8 }, () => one.fetchWithin(5000)));
    assert.deepEqual(new Set(fetches.map(({ ok }) => ok)), new Set([true]));
  });

  it('are not waited for beyond the limit of the whole fetch, nor after an abort', async () => {
    await using one = await world(1);
    const giveBack = await one.places.take(never);
    const late = await one.fetchWithin(50);
    assert.equal(late.ok, false);
    const abort = new AbortController();
    const query = one.resolver.query('www.example.com', 'A', abort.signal);
    const fetched = one.fetchWithin(60_000, abort.signal);
    await settle();
    abort.abort();
    const outcomes = await Promise.all([query, fetched]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.problem.key)),
      ['checkAborted', 'checkAborted'],
    );
    assert.deepEqual(one.dns.queries, []);
    giveBack();
    assert.equal((await one.fetchWithin(5000)).ok, true);
  });
});
