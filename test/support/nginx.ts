/** A real nginx on loopback, with a configuration and files of its own, as a process that the test starts and ends. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { connect, type DetailedPeerCertificate } from 'node:tls';
import { toolPath } from '../../scripts/test-tools.ts';
import { selfSigned } from './self-signed.ts';
import { freePort } from './server-process.ts';
import { until } from './system.ts';

export interface Nginx {
  /** Folder of `nginx.conf`. */
  readonly home: string;
  readonly port: number;
  /** `nginx <args>` with this configuration. */
  run(args: readonly string[]): Promise<NginxRun>;
  /** `nginx -s reload`; resolves when the worker of before is gone, which would still show the old certificates. */
  reload(): Promise<NginxRun>;
  /** The certificate that it shows for a name, with its issuers. */
  certificateFor(name: string): Promise<DetailedPeerCertificate>;
  close(): Promise<void>;
}

export interface NginxRun {
  readonly isGood: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

export interface NginxOptions {
  /** Directives inside `http`; `{home}` is the folder of `nginx.conf`, `{port}` the port for TLS. */
  readonly http: string;
  /** Files beside `nginx.conf`, with the same marks. */
  readonly files: Readonly<Record<string, string>>;
  /** Certificate files without their ending, in which certificates that sign themselves wait: nginx starts only with some. */
  readonly certificates: readonly string[];
}

export async function startNginx({ http, files, certificates }: NginxOptions): Promise<Nginx> {
  const binary = toolPath('nginx');
  const home = await mkdtemp(join(tmpdir(), 'certmux-nginx-'));
  const port = await freePort();
  const filled = (text: string) => text.replaceAll('{home}', home).replaceAll('{port}', String(port));
  const write = async (name: string, text: string) => {
    await mkdir(dirname(join(home, name)), { recursive: true });
    await writeFile(join(home, name), text);
  };
  await write('nginx.conf', filled(mainFile(http)));
  for (const [name, text] of Object.entries(files)) await write(name, filled(text));
  for (const name of certificates) {
    const { cert, key } = await selfSigned('nobody.invalid');
    await write(`${name}.cer`, cert);
    await write(`${name}.key`, key);
  }
  const base = ['-p', home, '-c', join(home, 'nginx.conf'), '-e', join(home, 'error.log')];
  const child = spawn(binary, [...base, '-g', 'daemon off;'], { stdio: 'ignore' });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    await until(() => isUp(child, home, port), 'nginx answers');
  } catch (thrown) {
    child.kill('SIGKILL');
    throw thrown;
  }

  const run: Nginx['run'] = (args) =>
    new Promise((resolve) => {
      execFile(binary, [...base, ...args], (error, stdout, stderr) =>
        resolve({ isGood: error === null, stdout, stderr }),
      );
    });
  const endedWorkers = async () =>
    (await readFile(join(home, 'error.log'), 'utf8')).match(/worker process \d+ exited/g)?.length ?? 0;

  return {
    home,
    port,
    run,
    async reload() {
      const ended = await endedWorkers();
      const done = await run(['-s', 'reload']);
      if (done.isGood) await until(async () => (await endedWorkers()) > ended, 'the old worker of nginx is gone');
      return done;
    },
    certificateFor: (name) => certificateFor(port, name),
    async close() {
      child.kill('SIGTERM');
      await exited;
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Everything that nginx writes lies in its folder. Root's workers would belong to a user who may not look into it. */
function mainFile(http: string): string {
  const folders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path tmp-${name};`);
  return [
    process.getuid?.() === 0 ? 'user root root;' : '',
    'pid nginx.pid; error_log error.log notice; worker_processes 1;',
    'events { worker_connections 64; }',
    `http {\naccess_log off; server_names_hash_bucket_size 128; ${folders.join(' ')}\n${http}\n}\n`,
  ].join('\n');
}

async function isUp(child: ChildProcess, home: string, port: number): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`nginx ended:\n${await readFile(join(home, 'error.log'), 'utf8')}`);
  return certificateFor(port, 'nobody.invalid').then(
    () => true,
    () => false,
  );
}

function certificateFor(port: number, servername: string): Promise<DetailedPeerCertificate> {
  return new Promise((resolve, reject) => {
    // The test judges the certificate itself, also one of another time.
    const socket = connect({ host: '127.0.0.1', port, servername, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate(true));
      socket.destroy();
    });
    socket.once('error', reject);
  });
}
