/** The sockets of our own DNS server, over loopback, against those who hold them open, are slow, send too much or do not take answers. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { connect, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import type { AnswerDns } from '../../src/domain/ports/dns-server.ts';
import type { DnsLimits } from '../../src/system/dns-connections.ts';
import { type DnsListener, startDnsListener } from '../../src/system/dns-listener.ts';
import { countingMeter } from '../support/alias-server.ts';
import { listen } from '../support/listen.ts';
import { createFakeLog, until } from '../support/system.ts';

const address = '127.0.0.1';
/** Answers with what was asked; `?` is no query, `!` throws, `~` waits until it is told. */
function echo(): { readonly answer: AnswerDns; readonly seen: readonly string[]; readonly release: () => void } {
  const seen: string[] = [];
  const held = Promise.withResolvers<void>();
  return {
    seen,
    release: held.resolve,
    async answer(packet, { address: sender, transport }) {
      const text = Buffer.from(packet).toString('latin1');
      seen.push(`${transport} ${sender} ${text.length > 20 ? text.length : text}`);
      if (text.startsWith('?')) return undefined;
      if (text.startsWith('!')) throw new TypeError('a mistake');
      if (text.startsWith('~')) await held.promise;
      return packet;
    },
  };
}

async function withListener(
  limits: Partial<DnsLimits>,
  use: (
    stage: ReturnType<typeof echo> & {
      readonly listener: DnsListener;
      readonly counted: readonly string[];
      readonly logged: () => number;
    },
  ) => Promise<void>,
) {
  const [stage, meter, log] = [echo(), countingMeter(), createFakeLog()];
  const { answer } = stage;
  const listener = await startDnsListener({ endpoint: { address, port: 0 }, answer, log, meter, limits });
  try {
    await use({ ...stage, listener, counted: meter.counted, logged: () => log.lines.length });
  } finally {
    await listener.close();
  }
}

interface Connection {
  readonly socket: Socket;
  /** Whole messages so far. */
  readonly messages: () => readonly string[];
  readonly isClosed: () => boolean;
}

async function open({ endpoint }: DnsListener): Promise<Connection> {
  const socket = connect({ host: address, port: endpoint.port, noDelay: true, allowHalfOpen: true });
  let received = Buffer.alloc(0);
  let isClosed = false;
  socket.on('data', (bytes: Buffer) => {
    received = Buffer.concat([received, bytes]);
  });
  socket.on('error', () => undefined);
  for (const event of ['close', 'end']) {
    socket.once(event, () => {
      isClosed = true;
    });
  }
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, isClosed: () => isClosed, messages: () => messagesIn(received) };
}

function messagesIn(received: Buffer): readonly string[] {
  const messages: string[] = [];
  for (let at = 0; at + 2 <= received.length; ) {
    const end = at + 2 + received.readUInt16BE(at);
    if (end > received.length) break;
    messages.push(received.toString('latin1', at + 2, end));
    at = end;
  }
  return messages;
}

function framed(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length >> 8, text.length & 0xff), Buffer.from(text, 'latin1')]);
}

describe('over UDP', () => {
  test('a packet is answered to where it came from; one without an answer, or with a mistake, is not', async () => {
    await withListener({}, async ({ listener, seen, logged }) => {
      const client = createSocket('udp4');
      const received: string[] = [];
      client.on('message', (bytes) => received.push(bytes.toString()));
      for (const text of ['?', '!', '', 'one', 'two']) client.send(text, listener.endpoint.port, address);
      await until(() => received.length === 3, 'three answers');
      assert.deepEqual(received.toSorted(), ['', 'one', 'two']);
      assert.equal(seen.length, 5);
      assert.equal(logged(), 1);
      client.close();
    });
  });

  test('so many are answered at the same time, and further ones dropped', async () => {
    await withListener({ maxPending: 2 }, async ({ listener, counted, seen, release }) => {
      const client = createSocket('udp4');
      const received: string[] = [];
      client.on('message', (bytes) => received.push(bytes.toString()));
      for (let index = 0; index < 5; index++) client.send(`~${index}`, listener.endpoint.port, address);
      await until(() => counted.length === 3, 'three are dropped');
      assert.deepEqual(new Set(counted), new Set(['udp dropped busy']));
      assert.equal(seen.length, 2);
      release();
      await until(() => received.length === 2, 'two answers');
      client.send('more', listener.endpoint.port, address);
      await until(() => received.length === 3, 'there is room again');
      client.close();
    });
  });

  test('an answer that is ready after the end goes nowhere', async () => {
    const [{ answer, seen, release }, log] = [echo(), createFakeLog()];
    const listener = await startDnsListener({ endpoint: { address, port: 0 }, answer, log, meter: countingMeter() });
    const client = createSocket('udp4');
    client.send('~', listener.endpoint.port, address);
    await until(() => seen.length === 1, 'it is there');
    await listener.close();
    release();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(log.lines, []);
    client.close();
  });
});

describe('over TCP', () => {
  test('messages are answered, as many as come at once, in whatever pieces', async () => {
    await withListener({}, async ({ listener }) => {
      const { socket, messages } = await open(listener);
      socket.write(Buffer.concat(['one', 'two', 'three'].map(framed)));
      await until(() => messages().length === 3, 'three answers');
      for (const byte of framed('slow')) {
        socket.write(Buffer.of(byte));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until(() => messages().length === 4, 'the answer to what came byte by byte');
      assert.deepEqual(messages(), ['one', 'two', 'three', 'slow']);
      socket.destroy();
    });
  });

  test('one that takes long does not hold up those behind it (RFC 7766 §6.2.1.1)', async () => {
    await withListener({}, async ({ listener, release }) => {
      const { socket, messages } = await open(listener);
      socket.write(Buffer.concat(['~', 'quick'].map(framed)));
      await until(() => messages().length === 1, 'the quick one');
      assert.deepEqual(messages(), ['quick']);
      release();
      await until(() => messages().length === 2, 'the other');
      socket.destroy();
    });
  });

  test('thousands at once are answered, but so many at the same time', async () => {
    await withListener({ maxPipelined: 4 }, async ({ listener, seen, release }) => {
      const { socket, messages } = await open(listener);
      socket.write(Buffer.concat(Array.from({ length: 3000 }, (_, index) => framed(`~${index}`))));
      await until(() => seen.length >= 4, 'the first');
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(seen.length, 4);
      release();
      await until(() => messages().length === 3000, 'all answers');
      socket.destroy();
    });
  });

  test('a message of 65,535 bytes is read whole', async () => {
    await withListener({}, async ({ listener, seen }) => {
      const { socket, messages } = await open(listener);
      socket.write(framed('x'.repeat(65_535)));
      await until(() => messages().length === 1, 'its answer');
      assert.deepEqual(seen, ['tcp 127.0.0.1 65535']);
      socket.destroy();
    });
  });

  test('whoever stops sending gets the answers that are due, and then the end', async () => {
    await withListener({}, async ({ listener, release }) => {
      const { socket, messages, isClosed } = await open(listener);
      socket.end(Buffer.concat(['~', 'two'].map(framed)));
      await until(() => messages().length === 1, 'one answer');
      assert.equal(isClosed(), false);
      release();
      await until(isClosed, 'the end');
      assert.deepEqual(messages(), ['two', '~']);
      socket.destroy();
    });
  });

  const closing: readonly (readonly [why: string, bytes: Buffer])[] = [
    ['a message that is no query', framed('?')],
    ['an empty message, which is none either', framed('')],
    ['a mistake of ours', framed('!')],
  ];
  for (const [why, bytes] of closing) {
    test(`the connection ends after ${why}`, async () => {
      const answer: AnswerDns = async (packet) => {
        if (Buffer.from(packet).toString() === '!') throw new TypeError('a mistake');
        return undefined;
      };
      const listener = await startDnsListener({
        endpoint: { address, port: 0 },
        answer,
        log: createFakeLog(),
        meter: countingMeter(),
      });
      const { socket, isClosed } = await open(listener);
      socket.write(bytes);
      await until(isClosed, 'the end');
      await listener.close();
    });
  }

  test('whoever sends no whole message for so long is cut off, however busy', async () => {
    await withListener({ idleMs: 500 }, async ({ listener }) => {
      const [silent, slow, working] = [await open(listener), await open(listener), await open(listener)];
      const message = framed('x'.repeat(60_000));
      let at = 0;
      const dripping = setInterval(() => {
        slow.socket.write(message.subarray(at, at + 1));
        at++;
        working.socket.write(framed('more'));
      }, 10);
      await until(() => silent.isClosed() && slow.isClosed(), 'both are cut off');
      assert.equal(working.isClosed(), false);
      assert.ok(working.messages().length > 1);
      clearInterval(dripping);
      await until(working.isClosed, 'and so is the last, now that it is silent');
    });
  });

  test('whoever does not take answers is not read any more, and cut off', async () => {
    const seen: number[] = [];
    const answer: AnswerDns = async (packet) => {
      seen.push(packet.length);
      return Buffer.alloc(65_000);
    };
    const limits = { idleMs: 300 };
    const listener = await startDnsListener({
      endpoint: { address, port: 0 },
      answer,
      log: createFakeLog(),
      meter: countingMeter(),
      limits,
    });
    const socket = connect({ host: address, port: listener.endpoint.port });
    let isClosed = false;
    socket.once('close', () => {
      isClosed = true;
    });
    socket.on('error', () => undefined);
    socket.pause();
    const all = 20_000;
    socket.write(Buffer.concat(Array.from({ length: all }, () => framed('query'))));
    await until(() => seen.length > 0, 'the first is read');
    await until(() => {
      // What is not read does not see the end.
      if (seen.length > 0) socket.write(framed('query'));
      return isClosed;
    }, 'it is cut off');
    assert.ok(seen.length < all / 2, `${seen.length} of ${all} were answered`);
    await listener.close();
  });

  test('one address has so many connections', async () => {
    await withListener({ maxConnectionsEach: 2 }, async ({ listener, counted }) => {
      const [one, two] = [await open(listener), await open(listener)];
      const three = await open(listener);
      await until(three.isClosed, 'the third is refused');
      assert.deepEqual(counted, ['tcp dropped busy']);
      one.socket.destroy();
      await until(async () => {
        const again = await open(listener);
        again.socket.write(framed('x'));
        await until(() => again.isClosed() || again.messages().length === 1, 'it is answered or refused');
        return again.messages().length === 1;
      }, 'there is room again');
      assert.equal(two.isClosed(), false);
    });
  });

  test('where all are taken, the one that has been idle for the longest time makes room', async () => {
    await withListener({ maxConnections: 2 }, async ({ listener }) => {
      const [one, two] = [await open(listener), await open(listener)];
      two.socket.write(framed('x'));
      await until(() => two.messages().length === 1, 'the second is answered');
      one.socket.write(framed('x'));
      await until(() => one.messages().length === 1, 'the first is answered after it');
      const three = await open(listener);
      three.socket.write(framed('x'));
      await until(() => three.messages().length === 1, 'the third is answered');
      await until(two.isClosed, 'the second is gone');
      assert.equal(one.isClosed(), false);
    });
  });

  test('a thousand connections are held to the limit, and a resolver is answered all the same', async () => {
    await withListener({ maxConnections: 50, maxConnectionsEach: 10_000 }, async ({ listener }) => {
      const crowd = await Promise.all(Array.from({ length: 1000 }, () => open(listener)));
      await until(() => crowd.filter(({ isClosed }) => isClosed()).length >= 950, 'most are cut off');
      const resolver = await open(listener);
      resolver.socket.write(framed('x'));
      await until(() => resolver.messages().length === 1, 'it is answered');
      for (const { socket } of crowd) socket.destroy();
    });
  });

  test('a client that resets its connection harms nobody', async () => {
    await withListener({}, async ({ listener, release, logged }) => {
      const { socket } = await open(listener);
      socket.write(framed('~'));
      socket.resetAndDestroy();
      release();
      const other = await open(listener);
      other.socket.write(framed('x'));
      await until(() => other.messages().length === 1, 'others are answered');
      assert.equal(logged(), 0);
    });
  });
});

describe('where it listens', () => {
  test('is the same port for both, and free again after its end', async () => {
    const options = { answer: echo().answer, log: createFakeLog(), meter: countingMeter() };
    const first = await startDnsListener({ ...options, endpoint: { address, port: 0 } });
    assert.ok(first.endpoint.port > 0);
    await assert.rejects(startDnsListener({ ...options, endpoint: first.endpoint }), { code: 'EADDRINUSE', address });
    const { socket, isClosed } = await open(first);
    await first.close();
    await until(isClosed, 'the connection has ended');
    socket.destroy();
    const second = await startDnsListener({ ...options, endpoint: first.endpoint });
    await second.close();
  });

  test('is nowhere if one of both cannot be had', async () => {
    const options = { answer: echo().answer, log: createFakeLog(), meter: countingMeter() };
    const taken = createSocket('udp4');
    await new Promise<void>((resolve) => taken.bind(0, address, resolve));
    const { port } = taken.address();
    await assert.rejects(startDnsListener({ ...options, endpoint: { address, port } }), {
      code: 'EADDRINUSE',
      address,
      port,
    });
    const server = createServer();
    assert.equal(await listen(server, { address, port }), port, 'TCP was let go');
    server.close();
    taken.close();
  });
});
