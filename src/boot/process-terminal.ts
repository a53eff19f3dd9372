/** The command line's Terminal, on this process: its standard streams, its files, its environment. */

import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from '../cli/failure.ts';
import type { ConnectionFlags, FoundConnection, Terminal } from '../cli/terminal.ts';
import type { Clock, Randomness } from '../domain/ports/system.ts';
import { fileText } from '../pki/file-text.ts';
import type { Environment } from '../system/index.ts';
import { operatorFileName } from './data-directory.ts';

/** No answer of the server takes longer; a server that hangs must not hang a script. */
const requestTimeoutMs = 60_000;

export function createProcessTerminal(
  environment: Environment,
  system: { readonly clock: Clock; readonly random: Randomness },
): Terminal {
  const { variables, workingDirectory } = environment;
  const pathOf = (path: string) => resolve(workingDirectory, path);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', passOverMissingReader);
  process.stdout.once('error', endAsCutOff);

  return {
    stdout: (data) => void process.stdout.write(data),
    stderr: (text) => void process.stderr.write(text),
    // A dumb terminal cannot move its cursor: it gets what a file gets.
    isTty: process.stdout.isTTY === true && variables.TERM !== 'dumb',
    columns: environment.columns,
    colours: environment.hasColor,
    language: /^zh/i.test(variables.LC_ALL ?? variables.LC_MESSAGES ?? variables.LANG ?? '') ? 'zh' : 'en',
    ...system,
    fetch: (request) => fetch(request, { signal: AbortSignal.timeout(requestTimeoutMs) }),
    fetchOpenEnded: (request) => fetchOpenEnded(request, system.clock),
    readConnection: (flags) => findConnection(flags, environment),
    readStdin,
    askSecret: (question) => (environment.isInteractive ? askSecret(question) : Promise.resolve(undefined)),
    readFile: (path) => readText(pathOf(path)),
    readLines: (path) => linesOf(path, pathOf(path)),
    writeFile: (path, bytes) => writeFile(pathOf(path), bytes),
    writeSecretFile: (path, bytes) => writeNewFile(pathOf(path), bytes),
  };
}

async function writeNewFile(path: string, bytes: Uint8Array): Promise<boolean> {
  try {
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return false;
    throw thrown;
  }
}

async function fetchOpenEnded(request: Request, { sleep }: Clock): Promise<Response> {
  const [late, begun] = [new AbortController(), new AbortController()];
  // Rejects once the answer has begun, which is what it is for.
  const limit = sleep(requestTimeoutMs, begun.signal).then(
    () => late.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    () => undefined,
  );
  try {
    return await fetch(request, { signal: late.signal });
  } finally {
    begun.abort();
    await limit;
  }
}

/**
 * Whoever read the output may have left before its end, as `head -1` does. The rest is for nobody; the command still ends what it
 * began, since it may be a server or in the middle of a change.
 */
function passOverMissingReader(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

/** As a program ends that the signal SIGPIPE ends: 128 and its number. */
const cutOffExitCode = 141;

/** A shell that looks at all programs of a pipe (`set -o pipefail`) sees that not everything was read; a failure of its own goes first. */
function endAsCutOff(): void {
  process.once('exit', (code) => {
    if (code === 0) process.exitCode = cutOffExitCode;
  });
}

/** Flags, then the environment, then what the server's first start left in its data directory. */
async function findConnection(flags: ConnectionFlags, environment: Environment): Promise<FoundConnection> {
  const { variables, workingDirectory } = environment;
  const operatorFile = join(resolve(workingDirectory, flags.data ?? 'data'), operatorFileName);
  const kept = parseConnection(await readText(operatorFile));
  const url = flags.url ?? variables.CERTMUX_URL ?? kept.url;
  const token = flags.token ?? variables.CERTMUX_TOKEN ?? kept.token;
  const isOfFile = url !== undefined && url === kept.url && token !== undefined && token === kept.token;
  return {
    file: operatorFile,
    isOfFile,
    ...(url === undefined ? {} : { url }),
    ...(token === undefined ? {} : { token }),
  };
}

function parseConnection(text: string | undefined): { readonly url?: string; readonly token?: string } {
  if (text === undefined) return {};
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return {};
  const field = (name: string) =>
    name in value && typeof Reflect.get(value, name) === 'string' ? String(Reflect.get(value, name)) : undefined;
  const url = field('url');
  const token = field('token');
  return { ...(url === undefined ? {} : { url }), ...(token === undefined ? {} : { token }) };
}

/** In whatever encoding it is saved; PEM of a CSR, certificate or key that is saved as DER. */
async function readText(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path);
    try {
      return fileText(await upToLimit(handle.createReadStream({ autoClose: false }), path));
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
    throw thrown;
  }
}

async function* linesOf(path: string, file: string): AsyncGenerator<string> {
  const handle = path === '-' ? undefined : await openToRead(path, file);
  const input = handle === undefined ? process.stdin : handle.createReadStream({ encoding: 'utf8' });
  yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}

async function openToRead(path: string, file: string): Promise<FileHandle> {
  try {
    return await open(file);
  } catch (thrown) {
    const isMissing = thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
    throw isMissing ? new UsageError(`there is no file ${JSON.stringify(path)}`, 'check the path') : thrown;
  }
}

async function readStdin(): Promise<string> {
  return fileText(await upToLimit(process.stdin, 'standard input'));
}

/** More than any list of revoked certificates that a server takes. */
const longestMiB = 64;

/** A device never ends. */
async function upToLimit(input: AsyncIterable<unknown>, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      const bytes = Buffer.from(chunk as Uint8Array);
      size += bytes.length;
      if (size > longestMiB * 2 ** 20)
        throw new UsageError(`${name} is larger than ${longestMiB} MiB`, 'check the path');
      chunks.push(bytes);
    }
  } catch (thrown) {
    // Of a folder only opening it says the path; reading it does not.
    if (thrown instanceof Error && 'code' in thrown && !('path' in thrown)) Object.assign(thrown, { path: name });
    throw thrown;
  }
  return Buffer.concat(chunks);
}

/** A line typed without being shown. */
function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  return new Promise((resolveLine) => {
    lines.question('', (answer) => {
      lines.close();
      process.stderr.write('\n');
      resolveLine(answer);
    });
  });
}
