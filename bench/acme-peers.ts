/**
 * `npm run bench:acme`: whole orders over ACME through certmux and beside it through other servers, in one run with the same client, the
 * same responder for http-01, over TLS and with keys on P-256.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startLoopbackDns } from '../src/quickstart/loopback-dns.ts';
import { type AcmeAccount, openAcmeAccount } from './acme-account.ts';
import { type AcmeLoad, type PeerResults, renderPeers } from './acme-table.ts';
import { acmeNames, acmeNamesOf } from './customers/acme.ts';
import { startFileResponder } from './file-responder.ts';
import { measureLoad } from './measured-load.ts';
import { acmePeers } from './peers/index.ts';
import type { AcmePeer, RunningAcmePeer } from './peers/peer.ts';
import { makeRequests } from './requests.ts';
import { storeResults } from './results.ts';

const { values: flags } = parseArgs({
  options: {
    /** Names of servers, with commas; all by default. */
    only: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    /** Seconds before anything is measured: V8 compiles for that long, and what it costs is no cost of an order. */
    warmup: { type: 'string', default: '30' },
    /** How many orders there may be in all for each server. */
    requests: { type: 'string', default: '16000' },
    connections: { type: 'string', default: '1,8,32' },
    /** Writes a CPU profile of certmux into this directory. */
    profile: { type: 'string' },
  },
});

async function main(): Promise<void> {
  const wanted = flags.only?.toLowerCase().split(',');
  const chosen = acmePeers.filter(({ name }) => wanted?.includes(name.toLowerCase()) ?? true);
  const count = Number(flags.requests);
  console.log(`making ${count} certificate requests …`);
  const csrs = await makeRequests(count, acmeNamesOf);
  const all: PeerResults[] = [];
  for (const peer of chosen) all.push(await measure(peer, csrs));
  console.log(renderPeers(all));
  if (chosen.length === acmePeers.length) await storeResults('acme-peers', { servers: all });
}

async function measure(peer: AcmePeer, csrs: readonly string[]): Promise<PeerResults> {
  // Beside the project rather than in the system's temporary folder, which may be memory and never flush.
  const folder = await mkdtemp(fileURLToPath(new URL('../.bench-', import.meta.url)));
  await mkdir(join(folder, 'data'), { recursive: true });
  const responder = await startFileResponder();
  const dns = await startLoopbackDns({ records: [{ name: acmeNames, type: 'A', value: responder.address }] });
  const resolver = `${dns.address}:${dns.port}`;
  const nodeOptions = flags.profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${flags.profile}`];
  const server = await peer.start({ folder, resolver, httpPort: responder.httpPort, nodeOptions });
  try {
    const supply = { csrs, orders: csrs.length };
    const account = await openAcmeAccount(server, supply, { namesOf: acmeNamesOf, placeFile: responder.place });
    const place = createLoad(server, account, csrs.length);
    console.log(`${peer.name}: warming up …`);
    await place(8, Number(flags.warmup));
    const loads: AcmeLoad[] = [];
    for (const connections of flags.connections.split(',').map(Number)) {
      console.log(`${peer.name}: measuring ${connections} …`);
      loads.push(await place(connections, Number(flags.seconds)));
    }
    const { name, version, storage } = peer;
    return { name, version, storage, loads };
  } finally {
    await server.stop();
    await Promise.all([dns.close(), responder.close()]);
    await rm(folder, { recursive: true, force: true });
  }
}

function createLoad({ pid, directoryUrl, roots }: RunningAcmePeer, account: AcmeAccount, orders: number) {
  let next = 0;
  const server = {
    urls: [directoryUrl],
    ...(roots === undefined ? {} : { roots }),
    pids: [pid],
    customer: account,
    nextOrder: () => (next < orders ? next++ : undefined),
  };
  return async (connections: number, seconds: number): Promise<AcmeLoad> => {
    const signed = account.signedUs();
    const load = await measureLoad(server, { connections, seconds, patienceMs });
    return { ...load, signedUs: (account.signedUs() - signed) / load.orders };
  };
}

/** A server that does not answer for so long does not answer any more. */
const patienceMs = 10_000;

await main();
