/** The stream of changes over real sockets, with front doors in threads. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { followStream } from '../support/followed-stream.ts';
import { until } from '../support/system.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let operator: NativeClient;
before(async () => {
  world = await startWorld({}, {}, 3);
  operator = createNativeClient({ baseUrl: world.url, token: world.operatorToken, fetch: (one) => fetch(one) });
});
after(() => world.close());

const follow = (token = world.operatorToken, lastEventId?: string) =>
  followStream(world.url, { authorization: `Bearer ${token}` }, lastEventId);

const lastId = (text: string) => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? assert.fail(text);
const has = (stream: { readonly text: string }, id: string) =>
  until(() => stream.text.includes(`"id":"${id}"`), `the stream names ${id}`, 5000);
const newAccount = () => operator.accounts.create({ name: 'streams', currency: 'USD', approval: 'automatic' });

async function newKey(account: string) {
  const created = await operator.credentials.create({ account, label: 'test', roles: ['administrator'] });
  return { id: created.credential.id, token: created.clientSettings.token ?? assert.fail() };
}

describe('the stream of changes', () => {
  it('sends at once where it begins, then what changes, and never more than topic, id and version', async () => {
    const stream = await follow();
    const { headers, statusCode } = stream.reply;
    assert.equal(statusCode, 200);
    assert.deepEqual(
      [headers['content-type'], headers['x-accel-buffering'], headers['cache-control'], headers['content-encoding']],
      ['text/event-stream; charset=utf-8', 'no', 'no-store, no-transform', undefined],
    );
    await until(() => /^retry: 3000\n/.test(stream.text), 'the beginning comes', 5000);
    const { id } = await newAccount();
    await has(stream, id);
    const lines = [...stream.text.matchAll(/^data: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
    for (const line of lines) assert.deepEqual(Object.keys(line), ['topic', 'id', 'version']);
    stream.cut();
  });

  it('goes on after Last-Event-ID, and says reset for an id that is none of this server', async () => {
    const first = await follow();
    await until(() => /^id: /m.test(first.text), 'the beginning comes', 5000);
    const place = lastId(first.text);
    first.cut();
    const { id } = await newAccount();
    const again = await follow(undefined, place);
    await has(again, id);
    again.cut();
    const stranger = await follow(undefined, '999999999999');
    await until(() => stranger.text.includes('event: reset\n'), 'it says reset', 5000);
    stranger.cut();
  });

  it('is followed by the client, which goes on where it was and hears of a gap', async () => {
    const place = await follow();
    await until(() => /^id: /m.test(place.text), 'it has begun', 5000);
    place.cut();
    const lastEventId = lastId(place.text);
    const isOver = new AbortController();
    const heard = operator.stream.open({ signal: isOver.signal, lastEventId })[Symbol.asyncIterator]();
    const first = heard.next();
    const { id } = await newAccount();
    const { value } = await first;
    assert.deepEqual([value?.change?.topic, value?.change?.id], ['accounts', id]);
    isOver.abort();
    await assert.rejects(heard.next(), { name: 'AbortError' });
    const next = await newAccount();
    for await (const { change } of operator.stream.open({ lastEventId: value?.lastEventId ?? '' })) {
      if (change?.id === next.id) break;
    }
    for await (const { change } of operator.stream.open({ lastEventId: '999999999999' })) {
      assert.equal(change, null);
      break;
    }
    const stranger = createNativeClient({ baseUrl: world.url, token: 'none', fetch: (one) => fetch(one) });
    await assert.rejects(stranger.stream.open()[Symbol.asyncIterator]().next(), { code: 'unauthenticated' });
  });

  it('has nothing of other accounts', async () => {
    const [own, other] = [await newAccount(), await newAccount()];
    const stream = await follow((await newKey(own.id)).token);
    await until(() => stream.text !== '', 'the beginning comes', 5000);
    for (const { id } of [other, own])
      await operator.accounts.credit({ account: id, minor: 100, currency: 'USD', note: '' });
    await has(stream, own.id);
    assert.ok(!stream.text.includes(other.id));
    stream.cut();
  });

  it('ends within 5 s when its key is revoked', async () => {
    const key = await newKey((await newAccount()).id);
    const stream = await follow(key.token);
    await operator.credentials.revoke({ credential: key.id });
    await until(() => stream.isOver, 'the stream ends', 5000);
    assert.equal((await follow(key.token)).reply.statusCode, 401);
  });

  it('is refused with 429 where a key has six, and there is room again when one is cut', async () => {
    const { token } = await newKey((await newAccount()).id);
    const streams = [];
    for (let n = 0; n < 6; n++) streams.push(await follow(token));
    const refused = await follow(token);
    assert.equal(refused.reply.statusCode, 429);
    assert.ok(refused.reply.headers['retry-after']);
    streams[0]?.cut();
    await until(
      async () => {
        const next = await follow(token);
        next.cut();
        return next.reply.statusCode === 200;
      },
      'there is room',
      5000,
    );
    for (const { cut } of streams) cut();
  });

  it('does not open for HEAD', async () => {
    const headers = { authorization: `Bearer ${world.operatorToken}` };
    for (let n = 0; n < 8; n++) {
      const reply = await fetch(`${world.url}/api/v1/stream`, { method: 'HEAD', headers });
      assert.equal(reply.status, 200);
    }
  });

  it('ends at once when the server stops', async () => {
    const other = await startWorld({}, {}, 2);
    const headers = { authorization: `Bearer ${other.operatorToken}` };
    const reply = await fetch(`${other.url}/api/v1/stream`, { headers });
    const ended = reply.text().catch(() => 'cut');
    const startedMs = performance.now();
    await other.close();
    await ended;
    assert.ok(performance.now() - startedMs < 5000, 'no grace is waited for');
  });
});
