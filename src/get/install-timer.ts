/** Writes the units of the timer and enables it; or shows them. */
import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { CommandFailure } from '../cli/failure.ts';
import { getWords } from '../cli/get-words.ts';
import type { TimerRequest } from '../cli/local.ts';
import type { Language } from '../domain/language.ts';
import { type Environment, writeFileAtomically } from '../system/index.ts';
import { folderNameOf } from './certificate-folder.ts';
import { type TimerUnits, timerUnits } from './systemd-timer.ts';
import { problemOf } from './world.ts';

interface Surroundings {
  readonly environment: Pick<Environment, 'program' | 'workingDirectory'>;
  readonly language: Language;
  readonly machine?: Machine;
}

/** What of the machine matters here. Tests bring another one. */
export interface Machine {
  readonly isRoot: boolean;
  /** systemd is what runs this machine (sd_booted(3)). */
  hasSystemd(): Promise<boolean>;
  write(path: string, content: string, mode: number): Promise<void>;
  run(command: readonly string[]): Promise<void>;
}

const thisMachine: Machine = {
  isRoot: process.geteuid?.() === 0,
  hasSystemd: async () => (await stat('/run/systemd/system').catch(() => undefined))?.isDirectory() === true,
  async write(path, content, mode) {
    await mkdir(dirname(path), { recursive: true });
    await writeFileAtomically(path, content, { mode });
  },
  async run([program = '', ...args]) {
    await promisify(execFile)(program, args, { timeout: 60_000 });
  },
};

/** @returns what to show the person @throws {CommandFailure} */
export async function installTimer(
  { names, command, variables, dryRun }: TimerRequest,
  { environment, language, machine = thisMachine }: Surroundings,
): Promise<readonly string[]> {
  const words = getWords[language];
  const units = timerUnits({
    folderName: folderNameOf(names[0] ?? ''),
    names,
    command: [...environment.program, ...command],
    workingDirectory: environment.workingDirectory,
    variables,
  });
  if (dryRun) return shown(units, words.timerWouldRun);
  if (!(await machine.hasSystemd())) {
    const cron = `23 5,17 * * * cd ${shellWord(environment.workingDirectory)} && ${[...environment.program, ...command].map(shellWord).join(' ')}`;
    return [
      words.noSystemd,
      '',
      ...shown(units, words.timerWouldRun),
      '',
      words.cronInstead,
      cron.replaceAll('%', '\\%'),
    ];
  }
  if (!machine.isRoot) throw new CommandFailure('usage', words.timerNeedsRoot);
  for (const { path, content, mode } of units.files) {
    await attempt(path, () => machine.write(path, content, mode));
  }
  for (const one of units.commands) await attempt(one.join(' '), () => machine.run(one));
  return [words.timerInstalled(units.timer)];

  async function attempt(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      throw new CommandFailure('failure', words.timerFailed(what, problemOf(thrown)));
    }
  }
}

function shown({ files, commands }: TimerUnits, then: string): readonly string[] {
  return [
    // A secret is written for root alone, and shown to nobody.
    ...files.flatMap(({ path, content, mode }) => [
      `# ${path}`,
      ...(mode === 0o600 ? hidden(content) : content.split('\n')),
    ]),
    `# ${then}`,
    ...commands.map((command) => command.join(' ')),
  ];
}

function hidden(content: string): readonly string[] {
  return content.split('\n').map((line) => line.replace(/(TOKEN=").*(")/, '$1…$2'));
}

/** For crontab, where a per cent sign ends the command. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
