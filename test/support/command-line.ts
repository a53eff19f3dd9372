/** `certmux` in this process, as a person calls it: its commands on real files, real time, and what it prints. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createLocalCommands } from '../../src/boot/local-commands.ts';
import { runCli } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import { withDefined } from '../../src/domain/with-defined.ts';
import { createClock, createRandomness, type Environment, readEnvironment } from '../../src/system/index.ts';
import { cheapSecrets } from './cheap-secrets.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandLineOptions {
  readonly workingDirectory: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export async function certmux(
  words: readonly string[],
  { workingDirectory, variables = {} }: CommandLineOptions,
): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const environment: Environment = { ...readEnvironment(), variables, workingDirectory, arguments: words };
  const terminal: Terminal = {
    stdout: (data) => {
      stdout += typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
    },
    stderr: (text) => {
      stderr += text;
    },
    isTty: false,
    columns: 80,
    colours: false,
    language: /^zh/.test(variables.LANG ?? '') ? 'zh' : 'en',
    clock: createClock(),
    random: createRandomness(),
    fetch: (request) => fetch(request),
    fetchOpenEnded: (request) => fetch(request),
    readConnection: async ({ url, token }) => ({
      file: 'operator.json',
      isOfFile: false,
      ...withDefined({ url, token }),
    }),
    readStdin: async () => '',
    askSecret: async () => undefined,
    readFile: (path) => readFile(resolve(workingDirectory, path), 'utf8'),
    async *readLines() {},
    writeFile: (path, bytes) => writeFile(resolve(workingDirectory, path), bytes),
    writeSecretFile: (path, bytes) =>
      writeFile(resolve(workingDirectory, path), bytes, { flag: 'wx', mode: 0o600 }).then(() => true),
  };
  const code = await runCli(words, createLocalCommands(environment, terminal, cheapSecrets()), terminal);
  return { code, stdout, stderr };
}
