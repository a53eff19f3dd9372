/** A real recursive resolver on loopback, whose world are a few zones, each with the server that it is asked at. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolEnvironment, toolPath } from '../../scripts/test-tools.ts';
import { createRandomness, createResolver, type Endpoint } from '../../src/system/index.ts';
import { freePort } from './server-process.ts';
import { until } from './system.ts';

export interface Unbound {
  readonly endpoint: Endpoint;
  /** What it has learnt so far counts for nothing. */
  forget(): Promise<void>;
  close(): Promise<void>;
}

/**
 * @param zones the port on loopback of the server of each; `probe` is a name in one of them that is there
 * @param anchors keys that it trusts, as DNSKEY records: their zones are validated
 */
export async function startUnbound(
  zones: Readonly<Record<string, number>>,
  probe: string,
  anchors: readonly string[] = [],
): Promise<Unbound> {
  // Its port is free when it is chosen, and may be taken before it listens.
  for (let left = 3; ; left--) {
    try {
      return await startOnce({ zones, probe, anchors });
    } catch (thrown) {
      if (left === 0) throw thrown;
    }
  }
}

interface World {
  readonly zones: Readonly<Record<string, number>>;
  readonly probe: string;
  readonly anchors: readonly string[];
}

async function startOnce({ zones, probe, anchors }: World): Promise<Unbound> {
  const home = await mkdtemp(join(tmpdir(), 'certmux-unbound-'));
  const port = await freePort();
  await writeFile(join(home, 'unbound.conf'), configuration(home, port, { zones, anchors }));
  const env = { ...process.env, ...toolEnvironment('unbound') };
  const child = spawn(toolPath('unbound'), ['-d', '-c', join(home, 'unbound.conf')], { stdio: 'ignore', env });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(home, { recursive: true, force: true });
  };
  const endpoint = { address: '127.0.0.1', port };
  const resolver = createResolver({ servers: [endpoint], random: createRandomness(), timeoutMs: 500, attempts: 1 });
  const answers = () =>
    until(async () => {
      if (child.exitCode !== null)
        throw new Error(`unbound ended:\n${await readFile(join(home, 'log'), 'utf8').catch(String)}`);
      return (await resolver.query(probe, 'SOA', new AbortController().signal)).ok;
    }, 'unbound answers');
  try {
    await answers();
  } catch (thrown) {
    await close();
    throw thrown;
  }
  const forget = async () => {
    // It says in its log that it has begun anew.
    const restarts = async () => (await readFile(join(home, 'log'), 'utf8')).split('Restart of unbound').length;
    const before = await restarts();
    child.kill('SIGHUP');
    await until(async () => (await restarts()) > before, 'unbound has begun anew');
    await answers();
  };
  return { endpoint, forget, close };
}

/** As resolvers are run today: DNSSEC, names as short as possible (RFC 9156), their case at random (0x20). */
function configuration(home: string, port: number, { zones, anchors }: Omit<World, 'probe'>): string {
  const stubs = Object.entries(zones).map(
    ([name, at]) => `stub-zone:\n  name: "${name}"\n  stub-addr: 127.0.0.1@${at}\n`,
  );
  return `server:
  interface: 127.0.0.1
  port: ${port}
  username: ""
  chroot: ""
  directory: "${home}"
  pidfile: ""
  use-syslog: no
  logfile: "${join(home, 'log')}"
  num-threads: 1
  outgoing-range: 64
  do-not-query-localhost: no
  qname-minimisation: yes
  qname-minimisation-strict: yes
  use-caps-for-id: yes
  harden-referral-path: yes
  module-config: "validator iterator"
  local-zone: "test." nodefault
${anchors.map((anchor) => `  trust-anchor: "${anchor}"\n`).join('')}remote-control:
  control-enable: no
${stubs.join('')}`;
}
