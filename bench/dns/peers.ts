/** The servers of the comparison: each answers the same zone with one thread. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toolEnvironment, toolPath } from '../../scripts/test-tools.ts';
import { createRandomness, createResolver } from '../../src/system/index.ts';
import { freePort } from '../../test/support/server-process.ts';
import { until } from '../../test/support/system.ts';
import { settings, zoneFile } from './zone.ts';

export interface DnsPeer {
  readonly name: string;
  /** @param folder of its own */
  start(folder: string): Promise<RunningPeer>;
}

export interface RunningPeer {
  readonly port: number;
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

export const dnsPeers: readonly DnsPeer[] = [
  {
    name: 'certmux',
    start: (folder) =>
      run(folder, (port) => ({ file: process.execPath, args: [join(import.meta.dirname, 'server.ts'), String(port)] })),
  },
  {
    name: 'BIND 9.18 (named -n 1)',
    async start(folder) {
      await writeFile(join(folder, 'zone'), zoneFile());
      return run(folder, async (port) => {
        await writeFile(join(folder, 'named.conf'), bindConfiguration(folder, port));
        const args = ['-f', '-n', '1', '-c', join(folder, 'named.conf')];
        return { file: toolPath('named'), args, environment: toolEnvironment('named') };
      });
    },
  },
  {
    name: 'NSD 4.6 (server-count 1)',
    async start(folder) {
      await writeFile(join(folder, 'zone'), zoneFile());
      return run(folder, async (port) => {
        await writeFile(join(folder, 'nsd.conf'), nsdConfiguration(folder, port));
        const args = ['-d', '-c', join(folder, 'nsd.conf')];
        return { file: toolPath('nsd'), args, environment: toolEnvironment('nsd') };
      });
    },
  },
];

function bindConfiguration(folder: string, port: number): string {
  return `options {
  directory "${folder}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; minimal-responses yes;
};
controls { };
zone "${settings.zone}" { type primary; file "${join(folder, 'zone')}"; };
`;
}

function nsdConfiguration(folder: string, port: number): string {
  return `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "${folder}"
  database: ""
  pidfile: "${join(folder, 'pid')}"
  logfile: "${join(folder, 'log')}"
  xfrdfile: "${join(folder, 'xfrd')}"
  xfrdir: "${folder}"
  zonelistfile: "${join(folder, 'zones')}"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "${settings.zone}"
  zonefile: "zone"
`;
}

interface Program {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

async function run(cwd: string, programAt: (port: number) => Program | Promise<Program>): Promise<RunningPeer> {
  const port = await freePort();
  const { file, args, environment = {} } = await programAt(port);
  const child = spawn(file, args, { cwd, stdio: 'ignore', env: { ...process.env, ...environment } });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };
  const servers = [{ address: '127.0.0.1', port }];
  const resolver = createResolver({ servers, random: createRandomness(), timeoutMs: 500, attempts: 1 });
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`${file} ended with ${child.exitCode}: ${args.join(' ')}`);
      return (await resolver.query(settings.zone, 'SOA', new AbortController().signal)).ok;
    }, `${file} answers`);
  } catch (thrown) {
    await stop();
    throw thrown;
  }
  return { port, pid: child.pid, stop };
}
