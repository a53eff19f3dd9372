/** A real Apache or Caddy on loopback, with a configuration of its own, as a process that the test starts and ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { toolEnvironment, toolPath } from '../../scripts/test-tools.ts';
import { freePort } from './server-process.ts';
import { until } from './system.ts';

export interface WebServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What Debian's Apache loads and the lines need; the rest of what it needs is built in. */
const apacheModules = ['mpm_event', 'authz_core', 'alias', 'rewrite', 'proxy', 'proxy_http'] as const;

/** @param host directives inside the virtual host */
export function startApache(serverName: string, host: readonly string[]): Promise<WebServer> {
  const modules = join(dirname(toolPath('apache2')), '../lib/apache2/modules');
  return startServer('apache2', (home, port) => ({
    configuration: [
      `ServerRoot ${home}`,
      `PidFile ${home}/pid`,
      `ErrorLog ${home}/log`,
      `DefaultRuntimeDir ${home}`,
      ...apacheModules.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`),
      `Listen 127.0.0.1:${port}`,
      `<VirtualHost *:${port}>`,
      `ServerName ${serverName}`,
      ...host,
      '</VirtualHost>',
    ],
    args: ['-DFOREGROUND', '-f', `${home}/configuration`],
  }));
}

export function startCaddy(sites: readonly string[]): Promise<WebServer> {
  return startServer('caddy', (home, port) => ({
    configuration: [
      '{',
      'admin off',
      `http_port ${port}`,
      'default_bind 127.0.0.1',
      `storage file_system ${home}`,
      '}',
      ...sites,
    ],
    args: ['run', '--adapter', 'caddyfile', '--config', `${home}/configuration`],
  }));
}

interface Start {
  readonly configuration: readonly string[];
  readonly args: readonly string[];
}

async function startServer(
  tool: 'apache2' | 'caddy',
  startAt: (home: string, port: number) => Start,
): Promise<WebServer> {
  const home = await mkdtemp(join(tmpdir(), `certmux-${tool}-`));
  const port = await freePort();
  const { configuration, args } = startAt(home, port);
  await writeFile(join(home, 'configuration'), `${configuration.join('\n')}\n`);
  const log = openSync(join(home, 'log'), 'a');
  // Caddy keeps what it makes below its home.
  const env = { ...process.env, ...toolEnvironment(tool), HOME: home };
  const child = spawn(toolPath(tool), args, { stdio: ['ignore', log, log], env });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(home, { recursive: true, force: true });
  };
  try {
    await until(async () => {
      if (hasEnded(child)) throw new Error(`${tool} ended:\n${await readFile(join(home, 'log'), 'utf8')}`);
      return isListening(port);
    }, `${tool} listens`);
  } catch (thrown) {
    await close();
    throw thrown;
  }
  return { port, close };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
