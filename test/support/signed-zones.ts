/** Zones signed as their owners sign them (ldns-signzone), served by an authoritative server (nsd) on loopback. */
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { toolEnvironment, toolPath } from '../../scripts/test-tools.ts';
import { createRandomness, createResolver } from '../../src/system/index.ts';
import { freePort } from './server-process.ts';
import { until } from './system.ts';

export interface SignedZone {
  readonly name: string;
  /** Lines of a zone file, without SOA and NS. */
  readonly records: readonly string[];
  /** Absent: not signed. */
  readonly signing?: {
    /** Of the signatures, as `ldns-signzone` takes it: a day like `20200101`; absent: in four weeks. */
    readonly until?: string;
    readonly from?: string;
    /** Done to the signed zone: what its signatures do not know of. */
    readonly after?: (zone: string) => string;
  };
}

export interface ServedZones {
  readonly port: number;
  /** The key of each signed zone, for a resolver to trust. */
  readonly anchors: readonly string[];
  /** Serves the zone of that name otherwise, signed by the key that it has. */
  change(zone: SignedZone): Promise<void>;
  close(): Promise<void>;
}

export async function serveZones(zones: readonly SignedZone[]): Promise<ServedZones> {
  const home = await mkdtemp(join(tmpdir(), 'certmux-zones-'));
  const anchors: string[] = [];
  const keys = new Map<string, string>();
  for (const zone of zones) {
    const key = await writeZone(home, zone);
    if (key === undefined) continue;
    keys.set(zone.name, key);
    anchors.push((await readFile(join(home, `${key}.key`), 'utf8')).split(';')[0]?.trim() ?? '');
  }
  const port = await freePort();
  await writeFile(join(home, 'nsd.conf'), configuration(home, port, zones));
  const env = { ...process.env, ...toolEnvironment('nsd') };
  const child = spawn(toolPath('nsd'), ['-d', '-c', join(home, 'nsd.conf')], { stdio: 'ignore', env });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(home, { recursive: true, force: true });
  };
  const servers = [{ address: '127.0.0.1', port }];
  const resolver = createResolver({ servers, random: createRandomness(), timeoutMs: 500, attempts: 1 });
  try {
    await until(async () => {
      if (child.exitCode !== null) throw new Error(`nsd ended:\n${await readFile(join(home, 'log'), 'utf8')}`);
      const never = new AbortController().signal;
      const answers = await Promise.all(zones.map(({ name }) => resolver.query(name, 'SOA', never)));
      return answers.every(({ ok }) => ok);
    }, 'nsd serves the zones');
  } catch (thrown) {
    await close();
    throw thrown;
  }
  // nsd takes a zone up again whose serial number has grown.
  let serial = 1;
  const change = async (zone: SignedZone) => {
    await writeZone(home, zone, { key: keys.get(zone.name), serial: ++serial });
    child.kill('SIGHUP');
    const never = new AbortController().signal;
    await until(async () => {
      const answer = await resolver.query(zone.name, 'SOA', never);
      return answer.ok && answer.records.some(({ data }) => data.split(' ')[2] === String(serial));
    }, 'nsd serves the changed zone');
  };
  return { port, anchors, change, close };
}

/** @returns the name of its key, where it is signed */
async function writeZone(
  home: string,
  { name, records, signing }: SignedZone,
  { key, serial }: { readonly key?: string | undefined; readonly serial: number } = { serial: 1 },
): Promise<string | undefined> {
  const file = join(home, name);
  const soa = `@ SOA ns hostmaster ${serial} 3600 600 86400 60`;
  const head = [`$ORIGIN ${name}.`, '$TTL 60', soa, '@ NS ns', 'ns A 127.0.0.1'];
  await writeFile(file, `${[...head, ...records].join('\n')}\n`);
  if (signing === undefined) return undefined;
  const signer = key ?? (await ldns(home, 'ldns-keygen', ['-k', '-a', 'ECDSAP256SHA256', name])).trim();
  const dates = [
    ...(signing.from === undefined ? [] : ['-i', signing.from]),
    ...(signing.until === undefined ? [] : ['-e', signing.until]),
  ];
  await ldns(home, 'ldns-signzone', [...dates, '-f', file, file, signer]);
  const signed = await readFile(file, 'utf8');
  const { after = (zone: string) => zone } = signing;
  await writeFile(file, after(signed));
  return signer;
}

async function ldns(cwd: string, program: string, args: readonly string[]): Promise<string> {
  const path = join(dirname(toolPath('ldns-signzone')), program);
  const env = { ...process.env, ...toolEnvironment('ldns-signzone') };
  return (await promisify(execFile)(path, args, { cwd, env })).stdout;
}

function configuration(home: string, port: number, zones: readonly SignedZone[]): string {
  return `server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  chroot: ""
  zonesdir: "${home}"
  database: ""
  pidfile: "${join(home, 'pid')}"
  logfile: "${join(home, 'log')}"
  xfrdfile: "${join(home, 'xfrd')}"
  xfrdir: "${home}"
  zonelistfile: "${join(home, 'zones')}"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
${zones.map(({ name }) => `zone:\n  name: "${name}"\n  zonefile: "${name}"\n`).join('')}`;
}
