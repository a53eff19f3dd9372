/** certmux as it is installed, with its own CA, over TLS. */
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import { startLoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import { startLoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import { loopbackValidation } from '../../test/support/customer.ts';
import { freePort, operatorToken, startServerProcess } from '../../test/support/server-process.ts';
import { createAcmeKey } from '../customers/acme.ts';
import { type BenchWorld, benchNames, fetchRequest, type Supply, valueIn } from '../customers/customer.ts';
import { wosignFor } from '../customers/wosign.ts';
import { writeOwnCertificate } from './certificates.ts';
import { fileStorage, postgresStorage, type StorageKind } from './certmux-storage.ts';
import { type AcmePeer, lifetimeDays, type SigningCustomer, type SigningPeer } from './peer.ts';

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));

export const certmuxAcme: readonly AcmePeer[] = [
  createAcmePeer({ name: 'certmux', threads: 1 }),
  createAcmePeer({ name: 'certmux on all cores', threads: 'auto' }),
];

function createAcmePeer({ name, threads }: Pick<Variant, 'name' | 'threads'>): AcmePeer {
  return {
    name,
    version,
    storage: fileStorage.name,
    async start({ folder, resolver, httpPort, nodeOptions }) {
      const node = await prepareNode(folder, {
        threads,
        dns: { resolvers: [resolver] },
        validation: { httpPort, dangerAllowAddresses: ['127.0.0.0/8'] },
      });
      const running = await node.start(nodeOptions);
      const { directoryUrl, externalKey } = await createAcmeKey(running.operator);
      const { pid, stop } = running;
      return { directoryUrl, externalKey, roots: node.tlsRoots, pid, stop };
    },
  };
}

export const certmuxSigning: readonly SigningPeer[] = [
  createPeer({ name: 'certmux, 1 thread', kind: fileStorage, threads: 1, processes: 1 }),
  createPeer({ name: 'certmux, all cores', kind: fileStorage, threads: 'auto', processes: 1 }),
  createPeer({ name: 'certmux, PostgreSQL', kind: postgresStorage, threads: 1, processes: 1 }),
  createPeer({ name: 'certmux, PostgreSQL, 2 nodes', kind: postgresStorage, threads: 1, processes: 2 }),
];

interface Variant {
  readonly name: string;
  readonly kind: StorageKind;
  readonly threads: number | 'auto';
  readonly processes: number;
}

/** By the WoSign API, where one call is answered with the certificate; its names are proved once. */
function createPeer({ name, kind, threads, processes }: Variant): SigningPeer {
  return {
    name,
    version,
    storage: kind.name,
    signsAgain: false,
    async prepare(folder, protocol) {
      const storage = await kind.open(folder);
      const dns = await startLoopbackDns();
      const web = await startLoopbackWeb();
      const config = {
        ...loopbackValidation({ dns, web }),
        ...storage.settings,
        threads,
        profiles: { 'private-dv': { maxValidityDays: lifetimeDays } },
      };
      const folders = Array.from({ length: processes }, (_, index) => join(folder, `node-${index + 1}`));
      const nodes: PreparedNode[] = [];
      for (const own of folders) {
        await mkdir(own);
        nodes.push(await prepareNode(own, config));
      }
      const stopAll = (running: readonly RunningNode[]) => Promise.all(running.map(({ stop }) => stop()));
      return {
        async start() {
          const running: RunningNode[] = [];
          try {
            for (const [index, node] of nodes.entries()) {
              // The keys of the CA: every node has them.
              if (index > 0) await copyKeys(folders[0] ?? folder, folders[index] ?? folder);
              running.push(await node.start());
            }
          } catch (error) {
            await stopAll(running);
            throw error;
          }
          const [first] = running;
          if (first === undefined) throw new Error('there is no node');
          return {
            urls: nodes.map(({ plainUrl, secureUrl }) => (protocol === 'https' ? secureUrl : plainUrl)),
            tlsRoots: nodes.map(({ tlsRoots }) => tlsRoots).join('\n'),
            pids: [...running.map(({ pid }) => pid), ...storage.pids],
            readyMs: Math.max(...running.map(({ readyMs }) => readyMs)),
            enter: (supply) => enter(first, { dns, web }, supply),
            stop: async () => void (await stopAll(running)),
          };
        },
        count: () => storage.count(join(folders[0] ?? folder, 'data')),
        async close() {
          await Promise.all([dns.close(), web.close(), storage.close()]);
        },
      };
    },
  };
}

async function enter(
  { url, operator }: RunningNode,
  world: Pick<BenchWorld, 'dns' | 'web'>,
  supply: Supply,
): Promise<SigningCustomer> {
  const customer = await wosignFor([benchNames[0]]).enter({ url, operator, ...world }, supply);
  const roots = await (await fetch(`${url}/pki/root.pem`)).text();
  return {
    ...customer,
    authorities: { roots, intermediates: '' },
    certificateIn: (reply) => String(valueIn(JSON.parse(reply), 'certificate')),
  };
}

interface PreparedNode {
  readonly plainUrl: string;
  readonly secureUrl: string;
  readonly tlsRoots: string;
  start(nodeOptions?: readonly string[]): Promise<RunningNode>;
}

interface RunningNode {
  readonly url: string;
  readonly operator: NativeClient;
  readonly pid: number | undefined;
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** It is the same server whenever it is started: on the same ports, with the same certificate. */
async function prepareNode(folder: string, config: Readonly<Record<string, unknown>>): Promise<PreparedNode> {
  const { tlsRoots, ...tls } = await writeOwnCertificate(folder);
  const port = await freePort();
  const plainUrl = `http://127.0.0.1:${port}`;
  const secureUrl = `https://localhost:${await freePort()}`;
  return {
    plainUrl,
    secureUrl,
    tlsRoots,
    async start(nodeOptions = []) {
      const { url, child, readyMs, stop } = await startServerProcess({
        directory: folder,
        port,
        nodeOptions,
        config: { listen: [plainUrl, secureUrl], publicUrl: secureUrl, tls, ...config },
      });
      const token = await operatorToken(folder);
      return {
        url,
        operator: createNativeClient({ baseUrl: url, token, fetch: fetchRequest }),
        pid: child.pid,
        readyMs,
        async stop() {
          await stop();
        },
      };
    },
  };
}

/** Not the name under which the other node holds its jobs. */
async function copyKeys(from: string, to: string): Promise<void> {
  await cp(join(from, 'data'), join(to, 'data'), {
    recursive: true,
    filter: (path) => !/\/node(?:\.|$)/.test(path.slice(from.length)),
  });
}
