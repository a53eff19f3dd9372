/** Servers written in Go: built once by the go command, kept in `node_modules/.cache`, and run without a word. */
import { execFile, spawn } from 'node:child_process';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openConnection } from '../http-connection.ts';
import type { RunningPeer } from './peer.ts';

const run = promisify(execFile);
const cache = fileURLToPath(new URL('../../node_modules/.cache/certmux-peers/', import.meta.url));

export interface GoProgram {
  /** The path of its command's package. */
  readonly package: string;
  readonly version: string;
}

/** The program's path. Building it takes minutes, and the network. @throws {Error} with the last word of the go command */
export async function goProgram({ package: source, version }: GoProgram): Promise<string> {
  const folder = join(cache, version);
  const program = join(folder, source.split('/').at(-1) ?? '');
  const isBuilt = await access(program).then(
    () => true,
    () => false,
  );
  if (isBuilt) return program;
  console.log(`building ${source}@${version} …`);
  await mkdir(folder, { recursive: true });
  const env = { ...process.env, CGO_ENABLED: '0', GOBIN: folder };
  await run('go', ['install', `${source}@${version}`], { env, maxBuffer: 64 << 20 });
  return program;
}

export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly directoryUrl: string;
  readonly roots: string;
}

const patienceMs = 30_000;

/** Runs it until its directory can be connected to. What it writes goes nowhere: a log costs it, and nobody reads it. */
export async function runPeer({ program, args, folder, environment, directoryUrl, roots }: Run): Promise<RunningPeer> {
  const child = spawn(program, args, { cwd: folder, stdio: 'ignore', env: { ...process.env, ...environment } });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const giveUpMs = performance.now() + patienceMs;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}: ${args.join(' ')}`);
    const connection = await openConnection(directoryUrl, roots).catch(() => undefined);
    connection?.close();
    if (connection !== undefined) break;
    if (performance.now() > giveUpMs) {
      child.kill();
      throw new Error(`${program} could not be connected to within ${patienceMs / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    directoryUrl,
    roots,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
