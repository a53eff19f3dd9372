/** Following the stream of changes: reading it, going on after a cut, silence, and one stream for all pages. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Change } from '../../console/src/live/change.ts';
import { createEventReader } from '../../console/src/live/event-reader.ts';
import { follow, type Hearing } from '../../console/src/live/follow.ts';
import { createHub, type Hub } from '../../console/src/live/hub.ts';
import type { FromPage, ToPage } from '../../console/src/live/protocol.ts';
import { until } from '../support/system.ts';

const waitMs = 5000;

describe('the reader of events', () => {
  it('reads the same whatever the pieces in which it comes', () => {
    const text =
      'retry: 3000\nid: 7\n\n: \nid: 8\n\ndata: {"a":1}\n\nid: 9\nevent: reset\ndata: {}\n\r\ndata: x\ndata: y\n\n';
    const expected = [
      { kind: 'message', data: '{"a":1}' },
      { kind: 'reset', data: '{}' },
      { kind: 'message', data: 'x\ny' },
    ];
    for (const size of [1, 2, 7, text.length]) {
      const reader = createEventReader();
      const events = [];
      for (let at = 0; at < text.length; at += size) events.push(...reader.push(text.slice(at, at + size)));
      assert.deepEqual(events, expected);
      assert.deepEqual([reader.lastEventId, reader.retryMs], ['9', 3000]);
    }
  });
});

describe('following', () => {
  type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void;
  const asked: (string | undefined)[] = [];
  let answers: Answer[] = [];
  let url = '';
  const server = createServer((incoming, outgoing) => {
    asked.push(incoming.headers['last-event-id']?.toString());
    const answer = answers.shift();
    if (answer === undefined) outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).write(': \n\n');
    else answer(incoming, outgoing);
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    url = `http://127.0.0.1:${address.port}/`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked.length = 0;
    answers = [];
  });

  async function following(silentMs: number, isDone: (heard: readonly string[]) => boolean) {
    const heard: string[] = [];
    const hearing: Hearing = {
      onSign: () => heard.push('sign'),
      onChanges: (changes) => heard.push(...changes.map(({ topic, id }) => `${topic} ${id}`)),
      onReset: () => heard.push('reset'),
      onLost: () => heard.push('lost'),
      onSignedOut: () => heard.push('signedOut'),
    };
    const isOver = new AbortController();
    const options = {
      url,
      silentMs,
      retryMs: 1,
      longestRetryMs: 20,
      fetch: (to: string, init: RequestInit) => fetch(to, init),
    };
    const done = follow(options, hearing, isOver.signal);
    await until(() => isDone(heard), 'it was heard', waitMs);
    isOver.abort();
    await done;
    return heard;
  }

  const stream =
    (text: string, isEnded: boolean): Answer =>
    (_, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/event-stream' }).write(text);
      if (isEnded) outgoing.end();
    };
  const status =
    (code: number): Answer =>
    (_, outgoing) =>
      outgoing.writeHead(code).end();

  it('goes on after the last id when it was cut', async () => {
    answers = [
      stream('id: 41\ndata: {"topic":"orders","id":"ord_1","version":41}\n\n', true),
      stream('id: 42\ndata: {"topic":"users","id":null,"version":42}\n\n', false),
    ];
    const heard = await following(waitMs, (all) => all.includes('users null'));
    assert.deepEqual(heard, ['sign', 'orders ord_1', 'lost', 'sign', 'users null']);
    assert.deepEqual(asked, [undefined, '41']);
  });

  it('takes silence for a cut, before the first byte and after it', async () => {
    answers = [() => undefined, stream('id: 5\n\n', false), stream('id: 6\nevent: reset\ndata: {}\n\n', false)];
    const heard = await following(100, (all) => all.includes('reset'));
    assert.deepEqual(heard.slice(0, 5), ['lost', 'sign', 'lost', 'sign', 'reset']);
    assert.deepEqual(asked, [undefined, undefined, '5']);
  });

  it('tries again after refusals, and says that nobody is signed in', async () => {
    answers = [status(502), status(401), stream(': \n\n', false)];
    const heard = await following(waitMs, (all) => all.includes('sign'));
    assert.deepEqual(heard, ['lost', 'lost', 'signedOut', 'sign']);
  });

  it('passes over what is no change', async () => {
    answers = [stream('data: nonsense\n\ndata: {"topic":5}\n\ndata: {"topic":"orders","id":"ord_2"}\n\n', false)];
    assert.deepEqual(await following(waitMs, (all) => all.length > 1), ['sign', 'orders ord_2']);
  });
});

describe('the hub', () => {
  function pageOf(hub: Hub) {
    const heard: ToPage[] = [];
    const hear = hub.connect((message) => heard.push(message));
    return { heard, say: (kind: FromPage['kind']) => hear({ kind }) };
  }
  const change: Change = { topic: 'orders', id: 'ord_1' };

  function hubOf() {
    const streams: { readonly hearing: Hearing; readonly signal: AbortSignal }[] = [];
    const hub = createHub({
      lingerMs: 1,
      follow: async (hearing, signal) => void streams.push({ hearing, signal }),
    });
    const open = () => streams.filter(({ signal }) => !signal.aborted);
    return { hub, streams, open };
  }

  it('has one stream for all pages, and tells those that are seen', async () => {
    const { hub, open } = hubOf();
    const [one, other, hidden] = [pageOf(hub), pageOf(hub), pageOf(hub)];
    for (const { say } of [one, other, hidden]) say('show');
    hidden.say('hide');
    assert.equal(open().length, 1);
    open()[0]?.hearing.onChanges([change]);
    assert.deepEqual(
      [one, other, hidden].map(({ heard }) => heard.length),
      [1, 1, 0],
    );
    for (const { say } of [one, other]) say('hide');
    await until(() => open().length === 0, 'the stream ends', waitMs);
    one.say('show');
    assert.equal(open().length, 1);
    one.say('hide');
    await until(() => open().length === 0, 'the stream ends', waitMs);
  });

  it('tells a page that is seen again whether the stream is heard', async () => {
    const { hub, open } = hubOf();
    const [one, late] = [pageOf(hub), pageOf(hub)];
    one.say('show');
    open()[0]?.hearing.onSign();
    late.say('show');
    assert.deepEqual(late.heard, [{ kind: 'sign' }]);
    open()[0]?.hearing.onLost();
    late.say('hide');
    late.say('show');
    assert.deepEqual(late.heard, [{ kind: 'sign' }, { kind: 'lost' }]);
    for (const { say } of [one, late]) say('hide');
    await until(() => open().length === 0, 'the stream ends', waitMs);
  });

  it('ends the stream at once when somebody signs out, and tells the other pages', () => {
    const { hub, open } = hubOf();
    const [one, other] = [pageOf(hub), pageOf(hub)];
    for (const { say } of [one, other]) say('show');
    one.say('signOut');
    assert.equal(open().length, 0);
    assert.deepEqual(other.heard, [{ kind: 'signedOut' }]);
    assert.deepEqual(one.heard, []);
    other.say('again');
    assert.equal(open().length, 1);
    other.say('signOut');
  });
});
