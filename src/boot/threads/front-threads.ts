/** The front-door threads of a server, from the core's side. */
import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import type { Ports } from '../../domain/ports/index.ts';
import type { RequestTurns } from '../../domain/ports/request-turns.ts';
import type { Clock, Log } from '../../domain/ports/system.ts';
import { threadLimits } from '../../domain/thread-limits.ts';
import { socketOf, type TlsMaterial } from '../../http/listen.ts';
import type { HttpMetrics } from '../../http/metrics/index.ts';
import type { Mount } from '../../http/route.ts';
import type { Listeners } from '../listeners.ts';
import { answerForwarded, forwarded } from './forward.ts';
import type { ThreadMemory, ThreadStart } from './front-thread.ts';
import { type FromThread, type PlainRequest, receive, send, type ToThread } from './messages.ts';
import { createObjectNames } from './named-objects.ts';
import { createServedPorts, performInTurn, performOn } from './served-ports.ts';

export interface FrontThreads {
  /** Resolves once every thread listens. */
  serve(options: ServeOptions): Promise<Listeners>;
  /** Ends also threads that serve nothing yet. */
  close(graceMs: number): Promise<void>;
}

export interface ServeOptions {
  readonly start: Omit<ThreadStart, 'urls' | 'others' | 'sendsLog'>;
  readonly ports: Ports;
  /** Of the core's thread. Refuses nobody: what has begun in its own thread goes on. */
  readonly turns: RequestTurns;
  /** Mounts besides the dialects, which the core answers. */
  readonly others: readonly Mount[];
  readonly metrics: HttpMetrics;
  readonly log: Log;
  readonly clock: Clock;
  /** Takes the threads' log lines; undefined: they write where the core does. */
  readonly writeLog: ((line: string) => void) | undefined;
}

interface Thread {
  readonly worker: Worker;
  /** True once it listens. */
  isUp: boolean;
  readonly up: PromiseWithResolvers<void>;
  readonly ended: PromiseWithResolvers<void>;
}

/** A thread that dies is started again after this long, so that one that dies at every start does not keep the machine busy. */
const restartAfterMs = 1000;

/** How long after its grace a thread is ended that has not ended itself. */
const hangMs = 2000;

/**
 * Starts loading the code of so many threads at once; they serve nothing yet.
 * @param code of the threads; only tests bring another
 */
export function createFrontThreads(
  count: number,
  memory: ThreadMemory,
  code = new URL('./front-thread.ts', import.meta.url),
): FrontThreads {
  const threads = new Set<Thread>();
  let isClosing = false;
  /** `isUp`: the server has started, so that a thread that ends is replaced, and no longer the server's end. */
  let serving: { readonly options: ServeOptions; start: ThreadStart; isUp: boolean } | undefined;

  function open(): Thread {
    const thread: Thread = {
      worker: new Worker(code, { workerData: memory, resourceLimits: threadLimits }),
      isUp: false,
      up: Promise.withResolvers(),
      ended: Promise.withResolvers(),
    };
    const { worker, up, ended } = thread;
    // Whoever waits for it hears of it; nobody else has to.
    up.promise.catch(() => undefined);
    threads.add(thread);
    worker.on('error', (error) => {
      serving?.options.log.error({ err: error }, 'a front-door thread died');
      up.reject(error);
    });
    worker.once('exit', () => {
      threads.delete(thread);
      ended.resolve();
      up.reject(new Error('a front-door thread ended before it listened'));
      if (serving?.isUp === true && !isClosing) void replace();
    });
    return thread;
  }

  async function replace(): Promise<void> {
    const { options } = serving ?? {};
    await options?.clock.sleep(restartAfterMs);
    if (serving === undefined || isClosing) return;
    begin(open(), serving.options, serving.start);
  }

  function begin(thread: Thread, options: ServeOptions, start: ThreadStart): void {
    const { worker } = thread;
    const tell = (message: ToThread<ThreadStart>) => send(worker, message);
    const others = new Map(options.others.map(({ name, server }) => [name, server]));
    const ofPorts = performInTurn(performOn(options.ports), options.turns);
    const perform = createServedPorts(
      async (port, method, args) => {
        const server = port === forwarded ? others.get(method) : undefined;
        return server === undefined ? ofPorts(port, method, args) : answerForwarded(server, args[0] as PlainRequest);
      },
      createObjectNames(tell),
      (answers) => tell({ kind: 'answers', answers }),
    );
    worker.on('message', (bytes: Uint8Array) => {
      const message = receive<FromThread>(bytes);
      switch (message.kind) {
        case 'calls':
          perform(message.calls);
          return;
        case 'observations':
          for (const [mount, status, durationMs] of message.observations)
            options.metrics.observe(mount, status, durationMs);
          return;
        case 'log':
          options.writeLog?.(message.line);
          return;
        case 'listening':
          thread.isUp = true;
          thread.up.resolve();
          return;
        case 'failed':
          options.log.error({ err: message.error }, 'a front-door thread could not start');
          thread.up.reject(message.error);
          void worker.terminate();
          return;
        case 'closed':
          void worker.terminate();
      }
    });
    tell({ kind: 'start', start });
  }

  for (let n = 0; n < count; n++) open();

  function renewTls(material: TlsMaterial): void {
    if (serving === undefined) return;
    serving.start = { ...serving.start, tls: material };
    for (const { worker } of threads) send(worker, { kind: 'tls', material } satisfies ToThread<ThreadStart>);
  }

  async function close(graceMs: number): Promise<void> {
    isClosing = true;
    const all = [...threads].map(async ({ worker, isUp, ended }) => {
      if (isUp) send(worker, { kind: 'close', graceMs } satisfies ToThread<ThreadStart>);
      else await worker.terminate();
      // One that hangs does not keep the server from stopping.
      const hung = new AbortController();
      void serving?.options.clock.sleep(graceMs + hangMs, hung.signal).then(
        () => worker.terminate(),
        () => undefined,
      );
      await ended.promise;
      hung.abort();
    });
    await Promise.all(all);
  }

  return {
    async serve(options) {
      const urls: string[] = [];
      for (const url of options.start.config.listen) urls.push(await takePort(url));
      const others = options.others.map(({ server: _, ...mount }) => mount);
      const start: ThreadStart = { ...options.start, urls, others, sendsLog: options.writeLog !== undefined };
      const begun = { options, start, isUp: false };
      serving = begun;
      const all = [...threads];
      for (const thread of all) begin(thread, options, start);
      await Promise.all(all.map(({ up }) => up.promise));
      begun.isUp = true;
      return { urls, renewTls, close };
    },
    close,
  };
}

/**
 * The URL with a port that nobody else has. The threads share it (`reusePort`), with which the system would let another server
 * take it too: so it is taken alone first.
 * @throws the error of the system when somebody has it
 */
async function takePort(url: string): Promise<string> {
  const { hostname, protocol } = new URL(url);
  const socket = socketOf(url);
  const server = createServer();
  const port = await new Promise<number>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : socket.port);
    });
  });
  await new Promise((resolve) => server.close(resolve));
  return `${protocol}//${hostname}:${port}`;
}
