/** `certmux` in this process, as a person calls it: its commands on real files, real time, and what it prints. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createLocalCommands } from '../../src/boot/local-commands.ts';
import { createProcessTerminal } from '../../src/boot/process-terminal.ts';
import { runCli } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
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
  const system = { clock: createClock(), random: createRandomness() };
  const terminal: Terminal = {
    ...createProcessTerminal(environment, system),
    isTty: false,
    columns: 80,
    colours: false,
    stdout: (data) => {
      stdout += typeof data === 'string' ? data : Buffer.from(data).toString('utf8');
    },
    stderr: (text) => {
      stderr += text;
    },
    readFile: (path) => readFile(resolve(workingDirectory, path), 'utf8'),
  };
  const code = await runCli(words, createLocalCommands(environment, terminal, cheapSecrets()), terminal);
  return { code, stdout, stderr };
}
