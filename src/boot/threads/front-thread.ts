/**
 * A thread that answers requests: sockets, HTTP and front doors, whose ports are those of the core in another thread. Loading the
 * code takes most of its start, so that it is started first and told later what to serve.
 */
import { setTimeout } from 'node:timers';
import { parentPort, workerData } from 'node:worker_threads';
import type { ConfigFile } from '../../config/schema.ts';
import type { Log } from '../../domain/ports/system.ts';
import type { TlsMaterial } from '../../http/listen.ts';
import type { Mount } from '../../http/route.ts';
import {
  createClock,
  createLog,
  createPublicSuffixes,
  createRandomness,
  createRequestTurns,
  openOneTimeNumbers,
  openSharedAllowances,
} from '../../system/index.ts';
import { type Listeners, listenHere } from '../listeners.ts';
import { forwardTo } from './forward.ts';
import { type FromThread, type Observation, receive, send, type ToThread } from './messages.ts';
import { createKnownObjects } from './named-objects.ts';
import { createCaller, remotePorts } from './remote-ports.ts';

/** What a front-door thread is told, once: plain data. */
export interface ThreadStart {
  readonly config: ConfigFile;
  /** With the ports that were taken. */
  readonly urls: readonly string[];
  readonly publicUrl: string;
  readonly sendsMail: boolean;
  readonly secrets: ReadonlyMap<string, Uint8Array>;
  readonly tls: TlsMaterial | undefined;
  /** What the core answers itself. */
  readonly others: readonly Omit<Mount, 'server'>[];
  /** True if log lines go to the core's thread, which shows them to a person; else this thread writes where that one does. */
  readonly sendsLog: boolean;
}

/** Memory that all threads share. */
export interface ThreadMemory {
  /** Of `openOneTimeNumbers`. */
  readonly numberMemory: SharedArrayBuffer;
  /** Of `openSharedAllowances`. */
  readonly allowanceMemory: SharedArrayBuffer;
}

/** How long requests that were answered wait to be counted together. */
const observeEveryMs = 250;

if (parentPort === null) throw new Error('this file is the code of a thread');
const core = parentPort;
const { numberMemory, allowanceMemory }: ThreadMemory = workerData;
const tell = (message: FromThread) => send(core, message);
const objects = createKnownObjects();
const caller = createCaller(objects, (calls) => tell({ kind: 'calls', calls }));
/** What arrives while they open holds for them as well. */
let listeners: Promise<Listeners> | undefined;

core.on('message', (bytes: Uint8Array) => {
  const message = receive<ToThread<ThreadStart>>(bytes);
  switch (message.kind) {
    case 'answers':
      caller.settle(message.answers);
      return;
    case 'object':
    case 'gone':
      objects.take(message);
      return;
    case 'start':
      listeners = start(message.start);
      listeners.then(
        () => tell({ kind: 'listening' }),
        (thrown: unknown) =>
          tell({ kind: 'failed', error: thrown instanceof Error ? thrown : new Error(String(thrown)) }),
      );
      return;
    case 'tls':
      void listeners?.then((open) => open.renewTls(message.material));
      return;
    case 'close':
      void close(message.graceMs);
  }
});

async function start(options: ThreadStart): Promise<Listeners> {
  const { others, ...rest } = options;
  const clock = createClock();
  const forwarding = others.map((mount) => ({ ...mount, server: forwardTo(mount.name, caller.call) }));
  return listenHere({
    ...rest,
    ports: remotePorts(caller),
    clock,
    random: createRandomness(),
    oneTimeNumbers: openOneTimeNumbers(numberMemory),
    allowances: openSharedAllowances(allowanceMemory, clock),
    turns: createRequestTurns({ clock }),
    log: logOf(options),
    publicSuffixes: createPublicSuffixes(),
    others: forwarding,
    metrics: { observe },
    sharesPorts: true,
  });
}

async function close(graceMs: number): Promise<void> {
  await (await listeners)?.close(graceMs);
  flush();
  tell({ kind: 'closed' });
}

function logOf({ config, sendsLog }: ThreadStart): Log {
  const { level, file } = config.log;
  if (sendsLog) return createLog({ level, destination: { write: (line) => tell({ kind: 'log', line }) } });
  return createLog({ level, destination: file === undefined ? 'stdout' : { file } });
}

let observations: Observation[] = [];

function observe(mount: string, status: number, durationMs: number): void {
  observations.push([mount, status, durationMs]);
  if (observations.length === 1) setTimeout(flush, observeEveryMs).unref();
}

function flush(): void {
  if (observations.length > 0) tell({ kind: 'observations', observations });
  observations = [];
}
