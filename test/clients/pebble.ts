/** Pebble, the test server of Let's Encrypt's makers, in one of its manners, with what it logs. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeOwnCertificate } from '../../bench/peers/certificates.ts';
import { goProgram } from '../../bench/peers/program.ts';
import { createFetchUpstream } from '../../src/system/fetch-upstream.ts';
import { freePort } from '../support/server-process.ts';
import { until } from '../support/system.ts';

export const pebbleVersion = '2.10.3';

export interface PebbleOptions {
  readonly folder: string;
  /** `address:port` of the resolver that knows every name. */
  readonly resolver: string;
  /** Where HTTP is answered for every name. */
  readonly httpPort: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Accounts must be bound to one of these: base64url by key id. */
  readonly externalKeys?: Readonly<Record<string, string>>;
}

export interface Pebble {
  readonly directoryUrl: string;
  /** PEM: whom its clients have to trust. */
  readonly tlsRoots: string;
  /** Text of its directory. */
  directory(): Promise<string>;
  /** What it has logged so far. */
  log(): string;
  /** A page of its management: `/roots/0`. */
  managed(path: string): Promise<string>;
  stop(): Promise<void>;
}

/** Seconds of validity by profile; the first is for orders that name none. */
export const pebbleProfiles = { classic: 7_776_000, shortlived: 518_400 } as const;

const startMs = 60_000;

export async function startPebble(options: PebbleOptions): Promise<Pebble> {
  const { folder, resolver, httpPort, environment = {}, args = [], externalKeys } = options;
  const program = await goProgram({
    package: 'github.com/letsencrypt/pebble/v2/cmd/pebble',
    version: `v${pebbleVersion}`,
  });
  const { certificateFile, keyFile, tlsRoots } = await writeOwnCertificate(folder);
  const [port, managementPort] = [await freePort(), await freePort()];
  const profiles = Object.entries(pebbleProfiles).map(
    ([name, validityPeriod]) => [name, { description: name, validityPeriod }] as const,
  );
  const pebble = {
    listenAddress: `127.0.0.1:${port}`,
    managementListenAddress: `127.0.0.1:${managementPort}`,
    certificate: certificateFile,
    privateKey: keyFile,
    httpPort,
    tlsPort: 5001,
    keyAlgorithm: 'ecdsa',
    profiles: Object.fromEntries(profiles),
    ...(externalKeys && { externalAccountBindingRequired: true, externalAccountMACKeys: externalKeys }),
  };
  writeFileSync(join(folder, 'pebble.json'), JSON.stringify({ pebble }));
  const child = spawn(program, ['-config', 'pebble.json', '-dnsserver', resolver, ...args], {
    cwd: folder,
    env: { ...process.env, ...environment },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const { fetch, close } = createFetchUpstream({ caPem: tlsRoots });
  const textAt = async (url: string) => {
    const reply = await fetch(new Request(url, { headers: { 'User-Agent': 'certmux-test' } }));
    if (!reply.ok) throw new Error(`${url} answered ${reply.status}`);
    return reply.text();
  };
  const directoryUrl = `https://localhost:${port}/dir`;
  const isUp = () => {
    if (child.exitCode !== null) throw new Error(`Pebble ended: ${log}`);
    return textAt(directoryUrl).then(
      () => true,
      () => false,
    );
  };
  await until(isUp, 'Pebble answers', startMs);
  return {
    directoryUrl,
    tlsRoots,
    directory: () => textAt(directoryUrl),
    log: () => log,
    managed: (path) => textAt(`https://localhost:${managementPort}${path}`),
    async stop() {
      close();
      child.kill('SIGTERM');
      await exited;
    },
  };
}
