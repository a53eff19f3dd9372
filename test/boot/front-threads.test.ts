/** Threads of front doors that end before the server does, and ports that somebody has. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, it } from 'node:test';
import { createFrontThreads, type ServeOptions } from '../../src/boot/threads/front-threads.ts';
import { parseConfig } from '../../src/config/load.ts';
import { markLasting } from '../../src/domain/lasting.ts';
import type { Ports } from '../../src/domain/ports/index.ts';
import { createAllowanceMemory, createNumberMemory, createRequestTurns } from '../../src/system/index.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, until } from '../support/system.ts';

const dying = new URL('../support/dying-front-thread.ts', import.meta.url);
const asking = new URL('../support/asking-front-thread.ts', import.meta.url);

function scene({ listen = 'http://127.0.0.1:0', code = dying, ports = {} as Ports } = {}) {
  const clock = createFakeClock();
  const log = createFakeLog();
  const started: string[] = [];
  const random = createFakeRandomness(1);
  const memory = { numberMemory: createNumberMemory(random), allowanceMemory: createAllowanceMemory(random) };
  const threads = createFrontThreads(1, memory, code);
  const options: ServeOptions = {
    start: {
      config: parseConfig(JSON.stringify({ listen: [listen] }), 'test'),
      secrets: new Map(),
      sendsMail: false,
      publicUrl: listen,
      tls: undefined,
    },
    ports,
    turns: createRequestTurns({ clock }),
    others: [],
    metrics: { observe() {} },
    log,
    clock,
    writeLog: (line) => started.push(line),
  };
  return { clock, log, started, threads, options };
}

describe('a front-door thread', () => {
  it('that dies is started again, with the certificate of that moment', async () => {
    const { clock, started, threads, options } = scene();
    const listeners = await threads.serve(options);
    listeners.renewTls({ certificate: 'second', key: 'key' });
    await until(async () => {
      await clock.advance(1000);
      return started.length === 2;
    }, 'another thread has started');
    assert.deepEqual(started, ['none', 'second']);
    await listeners.close(0);
  });

  it('that is started again has nothing of the former one, and gets the objects of the core again', async () => {
    const product = { code: 'dv' };
    markLasting(product);
    const ports = { orders: { get: async () => ({ product }) } } as unknown as Ports;
    const { clock, started, threads, options } = scene({ code: asking, ports });
    const listeners = await threads.serve(options);
    const answered = '{"product":{"code":"dv"}}';
    assert.deepEqual(started, ['sent 1', answered, answered]);
    listeners.renewTls({ certificate: 'second', key: 'key' });
    await until(async () => {
      await clock.advance(1000);
      return started.length === 6;
    }, 'another thread has its answers');
    assert.deepEqual(started.slice(3), ['sent 1', answered, answered]);
    await listeners.close(0);
  });

  it('is not started where somebody has its port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { threads, options } = scene({ listen: `http://127.0.0.1:${port}` });
    await assert.rejects(threads.serve(options), ({ code }: NodeJS.ErrnoException) => code === 'EADDRINUSE');
    await threads.close(0);
    other.close();
  });
});
