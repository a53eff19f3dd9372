/** What a revocation costs where very many are revoked already: the call, the wait for the list that shows it, and the list's readers. */

import { createNativeClient, type NativeClient } from '../../src/dialects/native/client.ts';
import type { Certificate } from '../../src/domain/certificate.ts';
import { nextId } from '../../src/domain/ids.ts';
import type { Database } from '../../src/domain/ports/stores/index.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { operatorToken } from '../../test/support/server-process.ts';
import { fetchRequest } from '../customers/customer.ts';
import { percentile } from '../percentile.ts';
import { openStores, system } from './generator.ts';
import type { Measured } from './lists.ts';
import { startWatchedServer, type Turns, type WatchedServer } from './world.ts';

const dayMs = 86_400_000;
const insertedAtOnce = 500;
const revocations = 20;
/** What a server does for the first times it does slowly, as V8 has not compiled it yet. */
const warmups = 40;

export async function measureRevocations(
  directory: string,
  { revoked, only }: { readonly revoked: number; readonly only: RegExp },
): Promise<readonly Measured[]> {
  const titles = {
    first: `first list of ${revoked} revoked`,
    revocation: `revocation beside ${revoked} revoked`,
    list: `until the list of ${revoked} shows it`,
    download: `the list of ${revoked}, sent`,
  };
  if (!Object.values(titles).some((title) => only.test(title))) return [];
  const database = await openStores(directory);
  const path = await insertRevoked(database, revoked).finally(() => database.close());
  const server = await startWatchedServer({ directory });
  try {
    const token = await operatorToken(directory);
    const operator = createNativeClient({ baseUrl: server.url, token, fetch: fetchRequest });
    // Loading the code is no list.
    await server.longestBlockMs();
    const startedMs = performance.now();
    const first = await settledList(server, path, revoked);
    const lines: Measured[] = [
      line(titles.first, { ms: performance.now() - startedMs, blockMs: first.blockMs, note: `${first.size} bytes` }),
    ];
    lines.push(...(await measureRevoking(server, operator, { path, titles })));
    return lines;
  } finally {
    await server.stop();
  }
}

/** Of one day after the other, as if they had been issued over half a year. @returns the path of their list */
async function insertRevoked(database: Database, wanted: number): Promise<string> {
  const [pattern] = await database.read.certificates.list({ accountId: null, limit: 1 });
  if (pattern === undefined) throw new Error('there is no certificate');
  const counted = (await database.read.settings.get('bench.revoked')) ?? 0;
  for (let from = Number(counted); from < wanted; from += insertedAtOnce) {
    await database.write(async (tx) => {
      for (let index = from; index < from + insertedAtOnce; index++) {
        const serial = Buffer.from(system.random.bytes(16));
        serial[0] = 0x41;
        const copy: Omit<Certificate, 'number'> = {
          ...pattern,
          id: await nextId('certificate', { ...system, database }),
          serial: serial.toString('hex'),
          keyHash: Buffer.from(system.random.bytes(32)).toString('hex'),
          notAfter: new Date(system.clock.now().getTime() + (1 + (index % 190)) * dayMs),
          state: 'revoked',
          revokedAt: system.clock.now(),
          revocationReason: 'superseded',
        };
        await tx.certificates.insert(copy);
      }
      await tx.settings.put('bench.revoked', from + insertedAtOnce);
    });
  }
  const url = /http:\/\/[^\s]+\.crl/.exec(Buffer.from(parseCertificate(pattern.der).der).toString('latin1'));
  if (url === null) throw new Error('the certificate names no list');
  return new URL(url[0]).pathname;
}

/** Waits until the list has all entries, and nothing is under way any more. */
async function settledList(server: WatchedServer, path: string, entries: number) {
  const leastBytes = entries * 30;
  let blockMs = 0;
  for (;;) {
    const response = await fetch(`${server.url}${path}`, { method: 'HEAD' });
    const size = Number(response.headers.get('content-length'));
    blockMs = Math.max(blockMs, await server.longestBlockMs());
    if (response.ok && size >= leastBytes) return { size, blockMs };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function measureRevoking(
  server: WatchedServer,
  operator: NativeClient,
  {
    path,
    titles,
  }: { readonly path: string; readonly titles: Readonly<Record<'revocation' | 'list' | 'download', string>> },
): Promise<readonly Measured[]> {
  const { items } = await operator.certificates.list({ state: 'valid', limit: warmups + revocations });
  const revoke = (certificate: string) => operator.certificates.revoke({ certificate, reason: 'superseded' });
  for (const { id } of items.slice(0, warmups)) await revoke(id);
  const tagOf = async () => (await fetch(`${server.url}${path}`, { method: 'HEAD' })).headers.get('etag');
  const [calls, waits, downloads, held]: number[][] = [[], [], [], []];
  const [ofCall, ofList]: [Turns[], Turns[]] = [[], []];
  let [blockMs, sentBlockMs] = [0, 0];
  for (const { id } of items.slice(warmups)) {
    // Beyond the rest between two long lists.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const before = await tagOf();
    await server.longestBlockMs();
    const endCall = await server.countTurns();
    const startMs = performance.now();
    await revoke(id);
    calls?.push(performance.now() - startMs);
    ofCall.push(await endCall());
    const endList = await server.countTurns();
    while ((await tagOf()) === before) await new Promise((resolve) => setTimeout(resolve, 5));
    waits?.push(performance.now() - startMs);
    ofList.push(await endList());
    const block = await server.longestBlockMs();
    held?.push(block);
    blockMs = Math.max(blockMs, block);
    const sentMs = performance.now();
    await (await fetch(`${server.url}${path}`)).arrayBuffer();
    downloads?.push(performance.now() - sentMs);
    sentBlockMs = Math.max(sentBlockMs, await server.longestBlockMs());
  }
  const median = (values: readonly number[] = []) => percentile(values, 50);
  const worst = (values: readonly number[] = []) => `p50; p99 ${percentile(values, 99).toFixed(1)} ms`;
  const cpuOf = (turns: readonly Turns[]) => {
    const of = (what: keyof Turns) => median(turns.map((one) => one[what])).toFixed(1);
    return `CPU, medians: main thread ${of('mainMs')}, its longest turn ${of('longestMs')}, other threads ${of('othersMs')} ms`;
  };
  const holds = `held: p50 ${median(held).toFixed(1)} ms`;
  return [
    line(titles.revocation, { ms: median(calls), blockMs, note: `${worst(calls)}; ${cpuOf(ofCall)}` }),
    line(titles.list, { ms: median(waits), blockMs, note: `${worst(waits)}; ${holds}; ${cpuOf(ofList)}` }),
    line(titles.download, { ms: median(downloads), blockMs: sentBlockMs, note: worst(downloads) }),
  ];
}

function line(title: string, rest: Omit<Measured, 'title'>): Measured {
  console.log(
    `${rest.ms.toFixed(1).padStart(8)} ms ${rest.blockMs.toFixed(1).padStart(8)} ms  ${title}  (${rest.note})`,
  );
  return { title, ...rest };
}
