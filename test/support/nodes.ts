/** Several nodes of one PostgreSQL database, each a process with a data folder of its own, and the customers' servers on loopback. */
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Role } from '../../src/config/schema.ts';
import { type LoopbackDns, startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { type LoopbackWeb, startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { loopbackValidation } from './customer.ts';
import { createDatabase, dropDatabase } from './postgres.ts';
import { freePort, type ServerProcess, startServerProcess } from './server-process.ts';

export interface Nodes {
  readonly databaseUrl: string;
  readonly folder: string;
  readonly dns: LoopbackDns;
  readonly web: LoopbackWeb;
  /** Starts the node of this name, on the port and the data folder that it had before. */
  start(name: string, role: Role, more?: StartMore): Promise<ServerProcess>;
  /** Holds configuration, data and log of the node. */
  directoryOf(name: string): string;
  close(): Promise<void>;
}

export interface StartMore {
  readonly environment?: Readonly<Record<string, string>>;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The one that all nodes have. */
export const sharedMasterKey = Buffer.alloc(32, 42).toString('base64');

export async function openNodes(): Promise<Nodes> {
  const databaseUrl = await createDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'certmux-nodes-'));
  const [dns, web] = await Promise.all([startLoopbackDns(), startLoopbackWeb()]);
  const ports = new Map<string, Promise<number>>();
  const portOf = (name: string) => {
    const port = ports.get(name) ?? freePort();
    ports.set(name, port);
    return port;
  };
  // Of the name under which a balancer would stand before all of them.
  const publicUrl = `http://127.0.0.1:${await portOf('api1')}`;
  const running = new Set<ServerProcess>();
  const directoryOf = (name: string) => join(folder, name);

  async function start(name: string, role: Role, { environment, config = {} }: StartMore = {}): Promise<ServerProcess> {
    mkdirSync(directoryOf(name), { recursive: true });
    const node = await startServerProcess({
      directory: directoryOf(name),
      port: await portOf(name),
      isCheap: true,
      environment: environment ?? { CERTMUX_MASTER_KEY: sharedMasterKey },
      config: { role, database: databaseUrl, publicUrl, ...loopbackValidation({ dns, web }), ...config },
    });
    running.add(node);
    node.child.once('exit', () => running.delete(node));
    return node;
  }

  return {
    databaseUrl,
    folder,
    dns,
    web,
    start,
    directoryOf,
    async close() {
      await Promise.all([...running].map((node) => node.kill()));
      await Promise.all([dns.close(), web.close(), dropDatabase(databaseUrl)]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
