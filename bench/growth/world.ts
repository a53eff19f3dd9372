/**
 * The installation whose growth is measured: a data directory that stays between runs, one large account with keys to some APIs, and
 * a small one whose order is the pattern of all that the generator makes.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { loopbackValidation } from '../../test/support/customer.ts';
import {
  freePort,
  operatorToken,
  type ServerProcess,
  type ServerProcessOptions,
  startServerProcess,
} from '../../test/support/server-process.ts';
import { benchNames, fetchRequest, valueIn } from '../customers/customer.ts';
import { digicert } from '../customers/digicert.ts';
import { racent } from '../customers/racent.ts';
import { makeRequests } from '../requests.ts';

/** What a client enters of a key. */
export type ClientSettings = Readonly<Record<string, string>>;

export interface GrowthWorld {
  /** The id of the large account. */
  readonly account: string;
  /** Its keys, as their clients send them. */
  readonly digicertKey: string;
  readonly racentToken: string;
  readonly nativeToken: string;
  /** Undefined until `wosignKey` has made it. */
  readonly wosign?: ClientSettings;
  /** The operator's, for the native API. */
  readonly operatorToken: string;
}

export interface WatchedServer extends ServerProcess {
  /** The longest time for which its main thread answered nobody since the last call, in ms. */
  longestBlockMs(): Promise<number>;
  /** What its main thread holds after a collection: in the heap, in buffers, and otherwise outside of the heap. */
  /** Begins to count the CPU time of its main thread; the answer ends that. */
  countTurns(): Promise<() => Promise<Turns>>;
  /** What V8 holds in the other threads, all together, after a collection, and what it has committed for all heaps. */
  threads(): Promise<{
    readonly count: number;
    readonly usedMiB: number;
    readonly externalMiB: number;
    readonly committedMiB: number;
  }>;
  heap(): Promise<{ readonly heapMiB: number; readonly buffersMiB: number; readonly externalMiB: number }>;
}

/** CPU time, ms. */
export interface Turns {
  /** Of the main thread. */
  readonly mainMs: number;
  /** Of its longest turn: for so long it answers nobody where it has a processor to itself. */
  readonly longestMs: number;
  /** Of all other threads. */
  readonly othersMs: number;
}

/** As `watch.ts` answers, bytes. */
type Held = Readonly<Record<'usedHeap' | 'committedHeap' | 'external', number>>;

const watch = fileURLToPath(new URL('./watch.ts', import.meta.url));

/** A server whose main thread is watched. One thread only: what holds it up holds up everybody. */
export async function startWatchedServer(
  options: Omit<ServerProcessOptions, 'port'> & { readonly port?: number },
): Promise<WatchedServer> {
  const watchPort = await freePort();
  const server = await startServerProcess({
    ...options,
    port: options.port ?? (await freePort()),
    config: { threads: 1, dialects: { digicert: { requestLimits: 'off' } }, ...options.config },
    nodeOptions: ['--import', watch, ...(options.nodeOptions ?? [])],
    environment: { GROWTH_WATCH_PORT: String(watchPort) },
  });
  return {
    ...server,
    async longestBlockMs() {
      return Number(await (await fetch(`http://127.0.0.1:${watchPort}/`)).text());
    },
    async countTurns() {
      await fetch(`http://127.0.0.1:${watchPort}/turns`);
      return async () => JSON.parse(await (await fetch(`http://127.0.0.1:${watchPort}/turns/end`)).text());
    },
    async threads() {
      const { main, others }: { main: Held; others: readonly Held[] } = JSON.parse(
        await (await fetch(`http://127.0.0.1:${watchPort}/threads`)).text(),
      );
      const sum = (all: readonly Held[], what: keyof Held) =>
        all.reduce((total, one) => total + one[what], 0) / 2 ** 20;
      return {
        count: others.length,
        usedMiB: sum(others, 'usedHeap'),
        externalMiB: sum(others, 'external'),
        committedMiB: sum([main, ...others], 'committedHeap'),
      };
    },
    async heap() {
      const used: unknown = await (await fetch(`http://127.0.0.1:${watchPort}/heap`)).json();
      const inMiB = (name: string) => Number(valueIn(used, name)) / 2 ** 20;
      return { heapMiB: inMiB('heapUsed'), buffersMiB: inMiB('arrayBuffers'), externalMiB: inMiB('external') };
    },
  };
}

/** Makes the accounts and the pattern orders, unless the directory has them. */
export async function openWorld(directory: string): Promise<GrowthWorld> {
  if (existsSync(keysFile(directory)))
    return { ...(await readKeys(directory)), operatorToken: await operatorToken(directory) };
  await mkdir(directory, { recursive: true });
  const dns = await startLoopbackDns();
  const web = await startLoopbackWeb();
  const server = await startWatchedServer({ directory, config: loopbackValidation({ dns, web }) });
  try {
    const { url } = server;
    const operator = createNativeClient({ baseUrl: url, token: await operatorToken(directory), fetch: fetchRequest });
    const csrs = await makeRequests(1, () => benchNames);
    for (const script of [digicert, racent]) await script.enter({ url, operator, dns, web }, { csrs, orders: 1 });
    const account = await operator.accounts.create({ name: 'growth', currency: 'USD' });
    const keyTo = async (dialect: string) =>
      (await operator.credentials.create({ account: account.id, dialect, label: 'growth' })).clientSettings;
    const keys = {
      account: account.id,
      digicertKey: (await keyTo('digicert'))['X-DC-DEVKEY'] ?? '',
      racentToken: (await keyTo('racent')).api_token ?? '',
      nativeToken: (await keyTo('native')).token ?? '',
    };
    await writeKeys(directory, keys);
    return { ...keys, operatorToken: await operatorToken(directory) };
  } finally {
    await server.stop();
    await Promise.all([dns.close(), web.close()]);
  }
}

type Keys = Omit<GrowthWorld, 'operatorToken'>;

const keysFile = (directory: string) => join(directory, 'world.json');

async function readKeys(directory: string): Promise<Keys> {
  return JSON.parse(await readFile(keysFile(directory), 'utf8'));
}

async function writeKeys(directory: string, keys: Keys): Promise<void> {
  await writeFile(keysFile(directory), JSON.stringify(keys));
}

/** The large account's key to WoSign, made when it is first wanted: directories made before have none. */
export async function wosignKey(directory: string, operator: NativeClient): Promise<ClientSettings> {
  const keys = await readKeys(directory);
  if (keys.wosign !== undefined) return keys.wosign;
  const made = await operator.credentials.create({
    ...{ account: keys.account, dialect: 'wosign', label: 'growth' },
    roles: ['requester'],
  });
  await writeKeys(directory, { ...keys, wosign: made.clientSettings });
  return made.clientSettings;
}
